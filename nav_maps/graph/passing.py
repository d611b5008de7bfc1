"""Rooms as ways through: never a short cut, only to what can't be reached otherwise."""

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

FAR: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class Crossing:
    """Through a space, in by one neighbour and out to another."""

    space: int
    one: int
    other: int


def depths(
    neighbours: Mapping[int, Collection[int]], passages: Collection[int], roots: Iterable[int]
) -> dict[int, int]:
    """How many rooms one must cross to get into each space from the roots (the main passages); `FAR` when one can't.

    Passages cost nothing to cross, rooms one.
    """
    open_spaces = frozenset(passages)
    found: dict[int, int] = dict.fromkeys(roots, 0)
    queue = deque(found)
    while queue:
        space = queue.popleft()
        cost = found[space] + (0 if space in open_spaces else 1)
        for near in neighbours.get(space, ()):
            if cost < found.get(near, FAR):
                found[near] = cost
                (queue.append if cost > found[space] else queue.appendleft)(near)
    return found


def may_cross(depth: Mapping[int, int], crossing: Crossing) -> bool:
    """Whether a room may be crossed between two of its neighbours: only when one of them lies behind it."""
    own = depth.get(crossing.space, FAR)
    return max(depth.get(crossing.one, FAR), depth.get(crossing.other, FAR)) > own
