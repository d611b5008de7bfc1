"""Lines: who waits, in order. Each group has one line for everybody and one for each named doctor.

Held families are not in a line; they keep their rank and come back to it.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator
from heapq import merge

from queue_server.core.vocabulary import Rank


class Lines:
    """Sorted lists of ranks by (group, doctor); doctor None is the pool.

    Joining and leaving cost a binary search and a memory move; the head is free.
    """

    def __init__(self) -> None:
        self._lines: dict[str, dict[str | None, list[Rank]]] = {}

    def join(self, group: str, doctor: str | None, rank: Rank) -> None:
        """Stand at `rank`."""
        insort(self._lines.setdefault(group, {}).setdefault(doctor, []), rank)

    def leave(self, group: str, doctor: str | None, rank: Rank) -> None:
        """Step out.

        Raises:
            KeyError: nobody stands there.
        """
        line = self._lines[group][doctor]
        index = bisect_left(line, rank)
        if index == len(line) or line[index] != rank:
            raise KeyError(rank)
        del line[index]

    def head(self, group: str, doctor: str | None) -> Rank | None:
        """Who is first for a point where `doctor` sits (None: a point of the pool only)."""
        return next(self.eligible(group, doctor), None)

    def eligible(self, group: str, doctor: str | None) -> Iterator[Rank]:
        """Everybody who may be called to a point where `doctor` sits, in order."""
        lines = self._lines.get(group, {})
        pool = lines.get(None, [])
        if doctor is None or doctor not in lines:
            return iter(pool)
        return merge(pool, lines[doctor])

    def count(self, group: str, doctor: str | None) -> int:
        """How many wait who may be called to a point where `doctor` sits."""
        lines = self._lines.get(group, {})
        own = len(lines.get(doctor, ())) if doctor is not None else 0
        return own + len(lines.get(None, ()))

    def ahead(self, group: str, doctor: str | None, rank: Rank) -> int:
        """How many may be called before `rank`: those of the pool and, with a named doctor, that doctor's.

        For a family of the pool it counts the named doctors' families too, for they take those doctors' time.
        """
        lines = self._lines.get(group, {})
        rivals = lines.values() if doctor is None else (lines.get(None, []), lines.get(doctor, []))
        return sum(bisect_left(line, rank) for line in rivals)

    def everybody(self, group: str) -> Iterator[Rank]:
        """All who wait in a group, in order."""
        return merge(*self._lines.get(group, {}).values())

    def length(self, group: str) -> int:
        """How many wait in a group."""
        return sum(len(line) for line in self._lines.get(group, {}).values())
