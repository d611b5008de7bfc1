"""Where all phones are that agents hear: the filter of `belief` for each, bounded in number and in time spent. Pure; no clock."""

from dataclasses import dataclass, replace
from typing import Final, Protocol

from queue_server.whereabouts.belief import Belief, Offsets, Reading, Tracker, Whereabout
from queue_server.whereabouts.calibration import Look, Traffic
from queue_server.whereabouts.hindsight import in_hindsight, recent
from queue_server.whereabouts.steady import Steady, look

PHONES_KEPT: Final = 2_000
LOOK_EVERY_S: Final = 1.0
"""What agents say within a second is taken together."""
LOOKS_AT_ONCE: Final = 25
"""More phones than this wait for the next turn: what is told of them is perishable, the writer's time is not."""
GONE_S: Final = 300.0


class Levelled(Protocol):
    """What is needed of a sighting."""

    @property
    def rssi_mean_dbm(self) -> float:
        """The mean level of its adverts."""
        ...

    @property
    def count(self) -> int:
        """How many there were."""
        ...


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one phone: where it was at a moment up to `LATE_S` ago, and the zone to tell people."""

    where: Whereabout
    zone: str


@dataclass(slots=True)
class _Phone:
    recent: tuple[Belief, ...]
    """The last is the belief of now."""
    steady: Steady
    heard: dict[str, Reading]
    heard_s: float
    known: Known | None = None


class Following:
    """All phones of a building."""

    def __init__(self, tracker: Tracker) -> None:
        self.tracker = tracker
        self.offsets: Offsets = tracker.unknown_offsets()
        """Replaced in one piece, from any thread, when the receivers were calibrated."""
        self._phones: dict[str, _Phone] = {}
        self._fresh: dict[str, float] = {}
        """Phones with readings that were not looked at, and when that is due."""
        self._traffic = Traffic()

    def __len__(self) -> int:
        return len(self._phones)

    def hear(self, phone: str, agent: str, at_s: float, sighting: Levelled) -> None:
        """An agent's report of one phone."""
        if agent not in self.tracker.column:
            return
        known = self._phones.pop(phone, None)
        if known is None or at_s - known.heard_s > GONE_S:
            known = _Phone((self.tracker.start(at_s),), Steady(), {}, at_s)
        self._phones[phone] = known  # the youngest is last
        if len(self._phones) > PHONES_KEPT:
            oldest = next(iter(self._phones))
            del self._phones[oldest]
            self._fresh.pop(oldest, None)
        known.heard[agent] = Reading(agent, sighting.rssi_mean_dbm, sighting.count)
        known.heard_s = max(known.heard_s, at_s)
        self._fresh.setdefault(phone, at_s + LOOK_EVERY_S)

    def look(self, now_s: float) -> None:
        """Take in what was heard, of the phones that are due."""
        due = [phone for phone, at_s in self._fresh.items() if at_s <= now_s][:LOOKS_AT_ONCE]
        for phone in due:
            del self._fresh[phone]
            self._look(phone, self._phones[phone])

    def _look(self, phone: str, known: _Phone) -> None:
        readings = tuple(known.heard.values())
        known.heard = {}
        belief = self.tracker.hear(known.recent[-1], known.heard_s, readings, self.offsets)
        known.recent = recent(known.recent, belief)
        where = self.tracker.whereabout(in_hindsight(self.tracker, known.recent))
        known.steady = look(known.steady, known.heard_s, where.zones)
        known.known = Known(where, self.tracker.places.zones[known.steady.zone])
        self._traffic.note(phone, Look(known.heard_s, readings))

    def known(self, phone: str, now_s: float) -> Known | None:
        """Where a phone is; None when nothing was heard of it for long."""
        found = self._phones.get(phone)
        if found is None or now_s - found.heard_s > GONE_S:
            return None
        return found.known

    def offset_db(self, agent: str) -> float:
        """By how much an agent hears louder than the others, as far as it was learned."""
        column = self.tracker.column.get(agent)
        return 0.0 if column is None else float(self.offsets.mean[column])

    def traffic(self) -> Traffic:
        """What was heard lately, as a copy that another thread may learn from."""
        copied = {phone: list(looks) for phone, looks in self._traffic.paths.items()}
        return replace(self._traffic, paths=copied)
