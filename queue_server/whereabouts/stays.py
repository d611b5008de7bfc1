"""In which area a phone stays: what is heard clearly, for a while, of areas and not of doors. Pure; no clock.

For this it is enough to know the hall from the laboratory, and it may take half a minute; a wrong answer would have a family
passed by. So an area must hear a phone well, louder than every other area by some dB, and for some time without a break. As long
as nothing is clear, nothing is said. Times are seconds of the server's own clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from queue_server.whereabouts.arbitration import Hearing

PHONES_KEPT: Final = 20_000
AGENTS_KEPT: Final = 24


@dataclass(frozen=True, slots=True)
class StayRules:
    """When an area counts as where a phone stays."""

    clear_dbm: float = -80.0
    """A phone that is heard more weakly could be anywhere."""
    margin_db: float = 6.0
    """So much louder than in every other area."""
    hold_s: float = 10.0
    """For so long without a break: whoever walks by a door is loud there for a few seconds."""
    fresh_s: float = 3.0
    """What was heard longer ago does not count."""
    again_s: float = 60.0
    """A stay that goes on is told again after so long."""


@dataclass(frozen=True, slots=True)
class Stay:
    """A phone is in an area, and has been for a while."""

    phone: str
    area: str
    agent: str
    at_s: float


@dataclass(slots=True)
class _Phone:
    heard: dict[str, Hearing] = field(default_factory=dict)
    leads: str | None = None
    since_s: float = 0.0
    told: Stay | None = None


class Stays:
    """All phones that are heard; bounded."""

    def __init__(self, rules: StayRules | None = None) -> None:
        self.rules = rules or StayRules()
        self._phones: dict[str, _Phone] = {}
        self._fresh: dict[str, None] = {}
        """Phones of which something was heard since they were last looked at."""

    def __len__(self) -> int:
        return len(self._phones)

    def heard(self, phone: str, hearing: Hearing) -> None:
        """An agent reports how it hears a phone."""
        known = self._phones.pop(phone, None) or _Phone()
        self._phones[phone] = known  # the youngest is last
        if len(self._phones) > PHONES_KEPT:
            oldest = next(iter(self._phones))
            del self._phones[oldest]
            self._fresh.pop(oldest, None)
        before = known.heard.pop(hearing.agent, hearing)
        known.heard[hearing.agent] = max(before, hearing, key=_when)
        if len(known.heard) > AGENTS_KEPT:
            del known.heard[next(iter(known.heard))]
        self._fresh[phone] = None

    def due(self, now_s: float) -> list[Stay]:
        """What is to be told now, of the phones that were heard since the last time."""
        fresh, self._fresh = self._fresh, {}
        return [stay for phone in fresh for stay in self._looked(phone, now_s)]

    def _looked(self, phone: str, now_s: float) -> Iterator[Stay]:
        known = self._phones[phone]
        first = self._clear(known, now_s)
        area = first.area if first else None
        if area != known.leads:
            known.leads, known.since_s = area, now_s
        if first is None or now_s - known.since_s < self.rules.hold_s:
            return
        told = known.told
        if told and told.area == first.area and now_s - told.at_s < self.rules.again_s:
            return
        known.told = Stay(phone, first.area, first.agent, now_s)
        yield known.told

    def _clear(self, known: _Phone, now_s: float) -> Hearing | None:
        """The best hearing of the area that hears it clearly; None when none does."""
        best: dict[str, Hearing] = {}
        for each in known.heard.values():
            if now_s - each.at_s <= self.rules.fresh_s:
                best[each.area] = max(best.get(each.area, each), each, key=_level)
        ranked = sorted(best.values(), key=_level, reverse=True)
        if not ranked or ranked[0].level_dbm < self.rules.clear_dbm:
            return None
        others = ranked[1:2]
        clear = all(ranked[0].level_dbm - each.level_dbm >= self.rules.margin_db for each in others)
        return ranked[0] if clear else None


def _level(hearing: Hearing) -> float:
    return hearing.level_dbm


def _when(hearing: Hearing) -> float:
    return hearing.at_s
