"""At which door a phone stands: the strongest area of the last seconds wins, clearly or not at all. Pure; no clock.

An agent claims a phone that came near it and stayed. The claim waits `wait_s`, in which other agents say how they hear the
same phone. Then the area that hears it strongest has it, if it leads by `margin_db`, by more the weaker the phone is heard, and
has led for `hold_s`. While none does, or another area does, the claim stays open until `give_up_s`: who comes along a row of
doors is still loud at the last one. Then nobody has it, and the family is asked for its card. What is heard at two places
between which nobody can have walked is relayed or replayed, and checks nobody in.

Times are seconds of the server's own clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from itertools import combinations
from math import hypot, log10
from typing import Final

PHONES_KEPT: Final = 20_000
AGENTS_KEPT: Final = 24
"""Of one phone: those that heard it last."""


@dataclass(frozen=True, slots=True)
class ArbitrationRules:
    """How doors are told apart."""

    wait_s: float = 1.5
    hold_s: float = 1.25
    """So long an area must have led without a break: who walks by leads for a moment."""
    fresh_s: float = 3.0
    """What was heard longer ago does not count."""
    margin_db: float = 3.0
    """Of a phone that is heard strongly."""
    doubt: float = 0.5
    """For each dB that it is heard weaker than `strong_dbm`, the lead must be so much larger."""
    give_up_s: float = 15.0
    strong_dbm: float = -62.0
    """A phone heard so strongly is within a few metres, whatever the building."""
    reach_m: float = 6.0
    """… within so many: twice that may lie between two agents that hear it strongly at once."""
    halfway_dbm: float = -48.0
    """A loud phone at one metre. Two agents that both hear it louder than such a phone halfway between them hear two phones."""
    exponent: float = 1.7
    fastest_m_s: float = 3.0
    """Nobody walks faster through a hospital; a parent who runs does not wait at a door."""
    remembered_s: float = 600.0


class Ruling(Enum):
    """What becomes of a claim."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    """Another area hears the phone better: it only passed this one, or stands next door."""
    UNCLEAR = "unclear"
    TWO_PLACES = "two_places"


@dataclass(frozen=True, slots=True)
class Hearing:
    """How one agent hears a phone."""

    agent: str
    area: str
    """An agent of no area stands for itself."""
    at_s: float
    level_dbm: float
    loudest_dbm: float = -127.0
    """Its loudest advert of late: of two phones with one token, the middle level is that of the one that sends more."""

    @property
    def peak_dbm(self) -> float:
        """The loudest, or the level where nothing is said of it."""
        return max(self.level_dbm, self.loudest_dbm)


@dataclass(frozen=True, slots=True)
class Ruled:
    """A phone's claims, decided; `winner` is the claim that is granted."""

    phone: str
    ruling: Ruling
    winner: Hearing | None = None


@dataclass(slots=True)
class _Phone:
    heard: dict[str, Hearing] = field(default_factory=dict)
    claims: dict[str, Hearing] = field(default_factory=dict)
    first_claim_s: float = 0.0
    strong: Hearing | None = None
    """The last strong hearing that led, for the question whether it can have walked from there."""
    torn: bool = False
    leads: str | None = None
    leads_since_s: float = 0.0


class Arbitration:
    """Open claims, and what was heard lately of each phone; bounded.

    Args:
        rules: how doors are told apart.
        spots: where agents hang, (x, y, floor) in metres and storeys; an agent that is not there is never impossibly far.
    """

    def __init__(
        self,
        rules: ArbitrationRules | None = None,
        spots: dict[str, tuple[float, float, int]] | None = None,
    ) -> None:
        self.rules = rules or ArbitrationRules()
        self._spots = spots or {}
        self._phones: dict[str, _Phone] = {}
        self._open: dict[str, float] = {}
        """Phones with claims, and when they are looked at."""

    def __len__(self) -> int:
        return len(self._phones)

    def heard(self, phone: str, hearing: Hearing) -> None:
        """An agent reports how it hears a phone."""
        known = self._phones.pop(phone, None) or _Phone()
        self._phones[phone] = known  # the youngest is last
        if len(self._phones) > PHONES_KEPT:
            self._forget_one()
        before = known.heard.pop(hearing.agent, None)
        if before is None or hearing.at_s >= before.at_s:
            known.heard[hearing.agent] = hearing
        else:
            known.heard[hearing.agent] = before
        if len(known.heard) > AGENTS_KEPT:
            del known.heard[next(iter(known.heard))]
        if hearing.level_dbm >= self.rules.strong_dbm:
            self._note_strong(known, hearing)

    def _forget_one(self) -> None:
        """The phone that was silent longest, but none with an open claim: an agent waits for its answer."""
        oldest = next((each for each in self._phones if each not in self._open), None)
        if oldest is not None:
            del self._phones[oldest]

    def _note_strong(self, known: _Phone, hearing: Hearing) -> None:
        last = known.strong
        if last and self._is_too_far(last, hearing):
            known.torn = True
        if last is None or hearing.at_s >= last.at_s:
            known.strong = hearing

    def _is_too_far(self, one: Hearing, other: Hearing) -> bool:
        apart, passed = self._apart_m(one, other), abs(other.at_s - one.at_s)
        if apart is None or passed > self.rules.remembered_s:
            return False
        return apart > 2 * self.rules.reach_m + self.rules.fastest_m_s * passed

    def _apart_m(self, one: Hearing, other: Hearing) -> float | None:
        a, b = self._spots.get(one.agent), self._spots.get(other.agent)
        if a is None or b is None:
            return None
        # agents on different floors are a staircase apart, and hear each other's phones through the ceiling
        return hypot(a[0] - b[0], a[1] - b[1]) + (0 if a[2] == b[2] else 4.0)

    def claim(self, phone: str, hearing: Hearing, now_s: float) -> None:
        """An agent is sure that a phone came near it and stayed."""
        self.heard(phone, hearing)
        known = self._phones[phone]
        if not known.claims:
            known.first_claim_s = now_s
            self._open[phone] = now_s + self.rules.wait_s
        known.claims[hearing.agent] = hearing

    def due(self, now_s: float) -> list[Ruled]:
        """Claims that are decided now. Call it a few times a second while `waiting`."""
        return list(self._ruled(now_s))

    def heard_twice(self, phone: str, now_s: float) -> bool:
        """Whether a phone is heard at two places at once, or so shortly one after the other that nobody walked."""
        known = self._phones.get(phone)
        return known is not None and (known.torn or self._is_heard_twice(known, now_s))

    @property
    def waiting(self) -> int:
        """How many phones have open claims."""
        return len(self._open)

    def _ruled(self, now_s: float) -> Iterator[Ruled]:
        for phone, at_s in list(self._open.items()):
            known = self._phones[phone]
            ruling, area = self._judged(known, now_s)
            if area != known.leads:
                known.leads, known.leads_since_s = area, now_s
            if now_s < at_s or self._may_change(known, ruling, now_s):
                continue
            granted = [each for each in known.claims.values() if each.area == area]
            yield Ruled(phone, ruling, max(granted, key=_level, default=None))
            del self._open[phone]
            known.claims, known.torn, known.leads = {}, False, None

    def _may_change(self, known: _Phone, ruling: Ruling, now_s: float) -> bool:
        if now_s - known.first_claim_s >= self.rules.give_up_s or ruling is Ruling.TWO_PLACES:
            return False
        return ruling is not Ruling.HERE or now_s - known.leads_since_s < self.rules.hold_s

    def _judged(self, known: _Phone, now_s: float) -> tuple[Ruling, str | None]:
        """The ruling, and the area to which the phone is granted."""
        if known.torn or self._is_heard_twice(known, now_s):
            return Ruling.TWO_PLACES, None
        best = self._by_area(known, now_s)
        if not best:
            return Ruling.UNCLEAR, None
        ranked = sorted(best.values(), key=_level, reverse=True)
        first = ranked[0]
        if len(ranked) > 1 and first.level_dbm - ranked[1].level_dbm < self._margin(first):
            return Ruling.UNCLEAR, None
        if first.area not in {each.area for each in known.claims.values()}:
            return Ruling.ELSEWHERE, None
        return Ruling.HERE, first.area

    def _is_heard_twice(self, known: _Phone, now_s: float) -> bool:
        """Whether two agents hear it so well at the same time that one phone can't be heard so by both."""
        fresh = [each for each in known.heard.values() if now_s - each.at_s <= self.rules.fresh_s]
        return any(self._is_two(one, other) for one, other in combinations(fresh, 2))

    def _is_two(self, one: Hearing, other: Hearing) -> bool:
        apart = self._apart_m(one, other)
        if apart is None or apart <= 2 * self.rules.reach_m:
            return False
        halfway = self.rules.halfway_dbm - 10 * self.rules.exponent * log10(apart / 2)
        return min(one.peak_dbm, other.peak_dbm) > halfway

    def _margin(self, first: Hearing) -> float:
        weaker = max(0.0, self.rules.strong_dbm - first.level_dbm)
        return self.rules.margin_db + self.rules.doubt * weaker

    def _by_area(self, known: _Phone, now_s: float) -> dict[str, Hearing]:
        """How the best agent of each area hears the phone, of what is fresh; a claim may be as old as its wait."""
        best: dict[str, Hearing] = {}
        for each in known.heard.values():
            longest = self.rules.fresh_s
            if each.agent in known.claims:
                longest += self.rules.wait_s
            if now_s - each.at_s > longest:
                continue
            if each.area not in best or each.level_dbm > best[each.area].level_dbm:
                best[each.area] = each
        return best


def _level(hearing: Hearing) -> float:
    return hearing.level_dbm
