"""What edges allow: whom they let through, in which direction, and which rooms they are no short cut through."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from nav_maps.categories import Use
from nav_maps.graph.passing import Crossing, depths, may_cross
from nav_maps.graph.rides import RideWay
from nav_maps.graph.roots import roots_of
from nav_maps.graph.spaces import Border, Divided
from nav_maps.graph.ways import NONE, Edges, Flags, Indices
from nav_maps.route import Metres


@dataclass(slots=True)
class Rows:
    """Edges being collected, in blocks of arrays."""

    tail: list[np.ndarray] = field(default_factory=list)
    head: list[np.ndarray] = field(default_factory=list)
    metres: list[np.ndarray] = field(default_factory=list)
    space: list[np.ndarray] = field(default_factory=list)
    ride: list[np.ndarray] = field(default_factory=list)
    count: int = 0

    def add(
        self, tail: np.ndarray, head: np.ndarray, metres: np.ndarray, space: int, ride: int = NONE
    ) -> None:
        """Add edges (n,) of one space, or a ride."""
        self.tail.append(tail)
        self.head.append(head)
        self.metres.append(metres)
        self.space.append(np.full(len(tail), space))
        self.ride.append(np.full(len(tail), ride))
        self.count += len(tail)


class Allowing:
    """Judges collected edges by the borders and spaces they belong to."""

    def __init__(self, divided: Divided, rides: tuple[RideWay, ...], border: Indices) -> None:
        """Take the spaces, the rides, and the border each node stands on (or -1)."""
        self._divided, self._rides, self._border = divided, rides, border

    def edges(self, rows: Rows) -> tuple[Edges, Flags]:
        """The edges, and which of the collected ones they are (n,): one-way doors take some away."""
        if not rows.count:
            empty = np.zeros(0, dtype=np.int64)
            none, no = np.zeros(0), np.zeros(0, dtype=bool)
            return Edges(empty, empty, none, empty, empty, none, none, no, no, no, no), no
        tail, head, metres, space, ride = (
            np.concatenate(each)
            for each in (rows.tail, rows.head, rows.metres, rows.space, rows.ride)
        )
        doors = _DoorValues(self._divided.borders, self._border)
        walked = space != NONE
        staff_spaces = np.array([each.staff_only for each in self._divided.spaces] + [False])
        staff = doors.staff[tail] | doors.staff[head] | staff_spaces[space]
        width = np.minimum(doors.width[tail], doors.width[head])
        for index in np.flatnonzero(ride != NONE):
            way = self._rides[ride[index]]
            staff[index], width[index] = way.staff_only, way.width_m
        kept = ~(walked & self._wrong_way(tail, head, space))
        no_public, no_staff, reluctant = self._crossings(tail, head, space)
        found = Edges(
            *(
                each[kept]
                for each in (
                    tail.astype(np.int64),
                    head.astype(np.int64),
                    metres,
                    space.astype(np.int64),
                    ride.astype(np.int64),
                    width,
                    np.where(walked, doors.delay[head], 0.0),
                    staff,
                    no_public,
                    no_staff,
                    reluctant,
                )
            )
        )
        return found, kept

    def _wrong_way(self, tail: np.ndarray, head: np.ndarray, space: np.ndarray) -> np.ndarray:
        """Edges up to a one-way door from behind, or away from it on its front side."""
        wrong = np.zeros(len(tail), dtype=bool)
        one_way = {
            index: sides
            for index, border in enumerate(self._divided.borders)
            if (sides := _allowed(border)) is not None
        }
        if not one_way:
            return wrong
        border = self._border
        for index, (origin, target) in one_way.items():
            wrong |= (border[head] == index) & (space == self._divided.space_of[target])
            wrong |= (border[tail] == index) & (space == self._divided.space_of[origin])
        return wrong

    def _crossings(
        self, tail: np.ndarray, head: np.ndarray, space: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """For each edge: whether it crosses a room the public, a room staff may not cross; whether it crosses any."""
        border = self._border
        rooms = np.array([not each.is_open for each in self._divided.spaces] + [False])
        crosses = (border[tail] != NONE) & (border[head] != NONE) & rooms[space]
        crosses &= space != NONE
        no_public, no_staff = np.zeros(len(tail), dtype=bool), np.zeros(len(tail), dtype=bool)
        public, staff = self._depths(False), self._depths(True)
        for index in np.flatnonzero(crosses):
            own = int(space[index])
            near = [self._other_side(int(border[node[index]]), own) for node in (tail, head)]
            if near[0] is None or near[1] is None:
                no_public[index] = no_staff[index] = True
                continue
            crossing = Crossing(own, near[0], near[1])
            riding = self._divided.spaces[own].use in {Use.ELEVATOR, Use.ESCALATOR}
            stairs = self._divided.spaces[own].use is Use.STAIRS
            no_public[index] = riding or not (stairs or may_cross(public, crossing))
            no_staff[index] = riding or not (stairs or may_cross(staff, crossing))
        return no_public, no_staff, crosses

    def _other_side(self, border: int, space: int) -> int | None:
        found = self._divided.borders[border]
        sides = [self._divided.space_of[unit] for unit in (found.one, found.other) if unit]
        return next((side for side in sides if side != space), None)

    def _depths(self, staff: bool) -> Mapping[int, int]:
        spaces = self._divided.spaces
        near: dict[int, set[int]] = defaultdict(set)
        pairs = [
            (border.one, border.other)
            for border in self._divided.borders
            if border.other is not None
            and (staff or border.rule is None or not border.rule.staff_only)
        ]
        pairs += [(ride.from_unit, ride.to_unit) for ride in self._rides]
        for one, other in pairs:
            ends = self._divided.space_of.get(one), self._divided.space_of.get(other or "")
            if ends[0] is None or ends[1] is None or ends[0] == ends[1]:
                continue
            if staff or not (spaces[ends[0]].staff_only or spaces[ends[1]].staff_only):
                near[ends[0]].add(ends[1])
                near[ends[1]].add(ends[0])
        riding = {Use.ELEVATOR, Use.ESCALATOR, Use.STAIRS}
        free = {index for index, space in enumerate(spaces) if space.is_open or space.use in riding}
        return depths(near, free, roots_of(spaces, near, free))


class _DoorValues:
    """What each node's door asks for; nodes on no door ask for nothing."""

    def __init__(self, borders: tuple[Border, ...], of_node: np.ndarray) -> None:
        width = np.array([border.width_m if border.opening else np.inf for border in borders])
        delay = np.array([border.rule.delay_s if border.rule else 0.0 for border in borders])
        staff = np.array([bool(border.rule and border.rule.staff_only) for border in borders])
        self.width = np.append(width, np.inf)[of_node]
        self.delay = np.append(delay, 0.0)[of_node]
        self.staff = np.append(staff, False).astype(bool)[of_node]


def _allowed(border: Border) -> tuple[str, str] | None:
    """From which unit to which a one-way door leads."""
    rule = border.rule
    if rule is None or border.other is None or (rule.from_unit is None and rule.to_unit is None):
        return None
    units = (border.one, border.other)
    origin = rule.from_unit if rule.from_unit in units else None
    target = rule.to_unit if rule.to_unit in units else None
    if origin is None and target is None:
        return None
    if origin is None:
        origin = units[0] if target == units[1] else units[1]
    return origin, units[1] if origin == units[0] else units[0]


def renumbered(
    inner: Mapping[int, tuple[Metres, ...]], kept: np.ndarray
) -> dict[int, tuple[Metres, ...]]:
    """Corners within edges under the numbers that the kept edges have now."""
    number = np.cumsum(kept) - 1
    return {int(number[edge]): way for edge, way in inner.items() if kept[edge]}
