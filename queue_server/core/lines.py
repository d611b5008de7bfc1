"""Lines: who waits, in order. A line has lanes: one for each kind of entry, priority class and named doctor.

Inside a lane the order is fixed when one joins it; which lane's head is called is for the rules to say. Held families are
in no lane; they keep their rank and come back to it.
"""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from heapq import merge
from typing import NamedTuple

from queue_server.core.vocabulary import FIRSTS, Lane, Rank


class LaneKey(NamedTuple):
    """Which lane of a line."""

    tier: int
    lane: Lane
    doctor: str | None
    """None: the pool, called by anybody of the group."""


class Ahead(NamedTuple):
    """How many stand before somebody, by what they are there for."""

    firsts: int
    returns: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.firsts + self.returns


class Counted(NamedTuple):
    """An answer that was counted, and all that was asked: it holds as long as the very same is asked."""

    asked: tuple[object, ...]
    ahead: Mapping[str | None, Ahead]


class Lines:
    """Sorted lists of ranks by group and lane, and the counts by which the kinds of entry take turns.

    Joining and leaving cost a binary search and a memory move; heads are free.
    """

    def __init__(self) -> None:
        self.changes = 0
        """Grows whenever anything here changes: what was counted before may be wrong then."""
        self.counted = Counted((), {})
        """Who was counted last as standing ahead of somebody (`picking.ahead_by_doctor`)."""
        self._lanes: dict[str, dict[LaneKey, list[Rank]]] = {}
        self._calls: Counter[tuple[str, str | None]] = Counter()
        self._firsts: Counter[tuple[str, str | None, Lane]] = Counter()
        self._of_kind: Counter[tuple[str, Lane]] = Counter()

    def join(self, group: str, doctor: str | None, rank: Rank) -> None:
        """Stand at `rank`."""
        self.changes += 1
        lanes = self._lanes.setdefault(group, {})
        key = LaneKey(rank.tier, rank.lane, doctor)
        lane = lanes.get(key)
        if lane is None:
            lane = lanes[key] = []
        if not lane and rank.lane not in FIRSTS:
            # turns are counted from when somebody stands there who can take one
            self._firsts[group, doctor, rank.lane] = 0
        insort(lane, rank)
        self._of_kind[group, rank.lane] += 1

    def leave(self, group: str, doctor: str | None, rank: Rank) -> None:
        """Step out.

        Raises:
            KeyError: nobody stands there.
        """
        self.changes += 1
        lanes = self._lanes[group]
        key = LaneKey(rank.tier, rank.lane, doctor)
        lane = lanes[key]
        index = bisect_left(lane, rank)
        if index == len(lane) or lane[index] != rank:
            raise KeyError(rank)
        del lane[index]
        self._of_kind[group, rank.lane] -= 1
        if not lane:
            del lanes[key]

    def count_call(self, group: str, doctors: Iterable[str], lane: Lane) -> None:
        """Somebody of a lane was called to a point where `doctors` sit."""
        self.changes += 1
        for doctor in (None, *doctors):
            self._calls[group, doctor] += 1
            if lane in FIRSTS:
                for other in (Lane.RETURN, Lane.MISSED, Lane.LATE):
                    self._firsts[group, doctor, other] += 1
            else:
                self._firsts[group, doctor, lane] = 0

    def calls(self, group: str, doctor: str | None) -> int:
        """How many calls were made today in a group (None), or to a doctor's points."""
        return self._calls[group, doctor]

    def firsts_since(self, group: str, doctor: str | None, lane: Lane) -> int:
        """How many first visits were called since the last call of a lane, or since somebody stands in it."""
        return self._firsts[group, doctor, lane]

    def firsts_waiting(self, group: str) -> int:
        """How many first visits wait in a group."""
        counts = self._of_kind
        return sum([counts[group, lane] for lane in FIRSTS])

    def returns_waiting(self, group: str) -> int:
        """How many returns wait in a group."""
        return self._of_kind[group, Lane.RETURN]

    def begin_day(self) -> None:
        """Count from zero again."""
        self.changes += 1
        self._calls.clear()
        self._firsts.clear()

    def lanes(self, group: str) -> dict[LaneKey, list[Rank]]:
        """The lanes of a group that somebody stands in; not to be changed."""
        return self._lanes.get(group, {})

    def tiers(self, group: str) -> set[int]:
        """The tiers of those who wait in a group."""
        return {key.tier for key in self.lanes(group)}

    def everybody(self, group: str) -> Iterator[Rank]:
        """All who wait in a group, lane by lane merged by rank."""
        return merge(*self.lanes(group).values())

    def length(self, group: str) -> int:
        """How many wait in a group."""
        return sum(map(len, self.lanes(group).values()))
