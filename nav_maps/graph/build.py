"""From a map to its walkable graph."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from nav_maps.doctor.contacts import Contact, contacts_of
from nav_maps.doctor.plan import Numbers, Plan
from nav_maps.graph.clearance import CLEARANCE_M
from nav_maps.graph.passing import Crossing, depths, may_cross
from nav_maps.graph.rides import RideWay, rides_of
from nav_maps.graph.roots import roots_of
from nav_maps.graph.spaces import Border, Divided, Space, divide
from nav_maps.graph.stops import stops_of
from nav_maps.graph.visibility import corners, visible_pairs
from nav_maps.graph.ways import FLAT_M, NONE, Edges, Terminal, WayGraph
from nav_maps.model import IndoorMap
from nav_maps.route import Metres, Spot

POINT_EVERY_M: Final = 0.7
MOST_POINTS: Final = 5
"""A wide border is crossed at one of so many points."""


def build_graph(built: IndoorMap) -> WayGraph:
    """The walkable graph of a map. Oddities end in `problems`, never in an exception."""
    plan = Plan(built)
    contacts = contacts_of(plan)
    return _Builder(plan, contacts, divide(plan, contacts)).graph()


@dataclass(slots=True)
class _Rows:
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
        self.tail.append(tail)
        self.head.append(head)
        self.metres.append(metres)
        self.space.append(np.full(len(tail), space))
        self.ride.append(np.full(len(tail), ride))
        self.count += len(tail)


class _Builder:
    def __init__(self, plan: Plan, contacts: Mapping[str, Contact], divided: Divided) -> None:
        self._plan, self._contacts, self._divided = plan, contacts, divided
        self._rides = rides_of(plan.map)
        self._levels = tuple(plan.map.levels)
        self._level_index = {level: index for index, level in enumerate(self._levels)}
        self._at: list[Metres] = []
        self._level: list[int] = []
        self._border: list[int] = []
        self._rows = _Rows()
        self._feet: dict[tuple[int, int], Metres] = {}
        self._inner: dict[int, tuple[Metres, ...]] = {}
        self._terminals: dict[str, Terminal] = {}
        self._problems: list[str] = []
        self._doors_of: dict[int, list[int]] = defaultdict(list)
        self._stops_of: dict[int, list[Terminal]] = defaultdict(list)

    def graph(self) -> WayGraph:
        self._add_borders()
        self._add_terminals()
        for index, space in enumerate(self._divided.spaces):
            if space.is_open:
                self._walk_open(index, space)
            else:
                self._walk_room(index, space)
        rides = self._rides
        self._add_rides(rides)
        return WayGraph(
            self._plan.map,
            self._plan,
            self._contacts,
            self._divided,
            self._levels,
            np.array(self._at, dtype=float).reshape(-1, 2),
            np.array(self._level, dtype=np.int64),
            np.array(self._border, dtype=np.int64),
            self._edges(rides),
            rides,
            self._terminals,
            self._feet,
            self._inner,
            tuple(self._problems),
        )

    # ---- nodes -------------------------------------------------------------------------------------

    def _node(self, at: Metres, level: str, border: int = NONE) -> int:
        self._at.append(at)
        self._level.append(self._level_index[level])
        self._border.append(border)
        return len(self._at) - 1

    def _add_borders(self) -> None:
        for index, border in enumerate(self._divided.borders):
            sides = [unit for unit in (border.one, border.other) if unit is not None]
            spaces = {self._divided.space_of[unit] for unit in sides}
            for point in _points_on(border):
                node = self._node(point, self._plan.walkable[border.one].level, index)
                for space in spaces:
                    self._doors_of[space].append(node)

    def _add_terminals(self) -> None:
        spots = list(stops_of(self._plan, self._divided))
        for spot in self._off_obstacles(spots) if spots else ():
            arrive, leave = (self._node(spot.point, spot.level) for _ in range(2))
            terminal = Terminal(spot, arrive, leave)
            self._terminals[spot.feature] = terminal
            self._stops_of[self._divided.space_of[spot.unit]].append(terminal)

    def _off_obstacles(self, spots: list[Spot]) -> list[Spot]:
        """Units' own spots, moved off what stands in their middle; what has a place of its own stays there."""
        free = np.array([space.free for space in self._divided.spaces], dtype=object)
        own = free[[self._divided.space_of[spot.unit] for spot in spots]]
        points = shapely.points([spot.point for spot in spots])
        off = ~shapely.intersects(own, points) & ~shapely.is_empty(own)
        lines = shapely.shortest_line(own, points)
        found = list(spots)
        for index in np.flatnonzero(off):
            if spots[index].feature == spots[index].unit:
                x, y = shapely.get_coordinates(lines[index])[0]
                found[index] = replace(spots[index], point=(float(x), float(y)))
        return found

    # ---- walks -------------------------------------------------------------------------------------

    def _walk_open(self, index: int, space: Space) -> None:
        """Doors, corners and terminals that see each other."""
        doors, stops = self._doors_of[index], self._stops_of[index]
        standing, off = self._stand(index, space, [*doors, *(stop.arrive for stop in stops)])
        for stop in stops:
            self._also_leaves(stop, index)
        turns = corners(space.free)
        pairs = visible_pairs(space.free, standing, turns)
        every = np.concatenate([standing, turns[0]])
        away = np.concatenate([off, np.zeros(len(turns[0]))])
        turning = [self._node((float(x), float(y)), space.level) for x, y in turns[0]]
        into = np.array([*doors, *(stop.arrive for stop in stops), *turning], dtype=np.int64)
        out = np.array([*doors, *(stop.leave for stop in stops), *turning], dtype=np.int64)
        one, other = pairs[:, 0], pairs[:, 1]
        metres = np.hypot(*(every[one] - every[other]).T) + away[one] + away[other]
        self._rows.add(out[one], into[other], metres, index)
        self._rows.add(out[other], into[one], metres, index)

    def _walk_room(self, index: int, space: Space) -> None:
        """From each door to each terminal and each other door, by the shortest way inside."""
        doors, stops = self._doors_of[index], self._stops_of[index]
        if not doors:
            if not (space.steps or space.is_open):
                self._problems.append(f"no door leads into unit {space.units[0].id}")
            return
        ends = [*doors, *(stop.arrive for stop in stops)]
        standing, off = self._stand(index, space, ends)
        for stop in stops:
            self._also_leaves(stop, index)
        lengths, ways = _inside(space, standing)
        lengths = lengths + off[:, None] + off[None, :]
        lost = np.isinf(lengths)
        if lost.any():
            self._problems.append(
                f"unit {space.units[0].id} falls apart: what stands in it cuts it"
            )
            gaps = standing[:, None, :] - standing[None, :, :]
            lengths = np.where(lost, np.hypot(gaps[..., 0], gaps[..., 1]), lengths)
        one, other = np.nonzero(~np.eye(len(ends), dtype=bool))
        for row, (start, end) in enumerate(zip(one.tolist(), other.tolist(), strict=True)):
            if way := ways(start, end):
                self._inner[self._rows.count + row] = way
        out = np.array([*doors, *(stop.leave for stop in stops)], dtype=np.int64)
        self._rows.add(out[one], np.array(ends)[other], lengths[one, other], index)

    def _stand(self, index: int, space: Space, nodes: list[int]) -> tuple[Numbers, Numbers]:
        """Where one stands in the space at each node (n, 2), and how far that is from the node (n,)."""
        points = np.array([self._at[node] for node in nodes], dtype=float).reshape(-1, 2)
        if space.free.is_empty or not len(points):
            return points, np.zeros(len(points))
        lines = shapely.shortest_line(space.free, shapely.points(points))
        standing = shapely.get_coordinates(shapely.get_point(lines, 0)).reshape(-1, 2)
        off = np.hypot(*(standing - points).T)
        for which in np.flatnonzero(off > FLAT_M):
            x, y = standing[which]
            self._feet[nodes[which], index] = (float(x), float(y))
        return standing, off

    def _also_leaves(self, stop: Terminal, space: int) -> None:
        if (foot := self._feet.get((stop.arrive, space))) is not None:
            self._feet[stop.leave, space] = foot

    # ---- rides and what edges allow ----------------------------------------------------------------

    def _add_rides(self, rides: tuple[RideWay, ...]) -> None:
        for index, ride in enumerate(rides):
            ends = self._terminals.get(ride.from_unit), self._terminals.get(ride.to_unit)
            if ends[0] is None or ends[1] is None:
                continue
            tail, head = np.array([ends[0].arrive]), np.array([ends[1].leave])
            self._rows.add(tail, head, np.array([ride.metres]), NONE, index)

    def _edges(self, rides: tuple[RideWay, ...]) -> Edges:
        rows = self._rows
        if not rows.count:
            empty = np.zeros(0, dtype=np.int64)
            none, no = np.zeros(0), np.zeros(0, dtype=bool)
            return Edges(empty, empty, none, empty, empty, none, none, no, no, no, no)
        tail, head, metres, space, ride = (
            np.concatenate(each)
            for each in (rows.tail, rows.head, rows.metres, rows.space, rows.ride)
        )
        doors = _DoorValues(self._divided.borders, np.array(self._border, dtype=np.int64))
        walked = space != NONE
        staff_spaces = np.array([each.staff_only for each in self._divided.spaces] + [False])
        staff = doors.staff[tail] | doors.staff[head] | staff_spaces[space]
        width = np.minimum(doors.width[tail], doors.width[head])
        for index in np.flatnonzero(ride != NONE):
            way = rides[ride[index]]
            staff[index], width[index] = way.staff_only, way.width_m
        kept = ~(walked & self._wrong_way(tail, head, space))
        no_public, no_staff, reluctant = self._crossings(tail, head, space)
        self._inner = _renumbered(self._inner, kept)
        return Edges(
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
        border = np.array(self._border)
        for index, (origin, target) in one_way.items():
            wrong |= (border[head] == index) & (space == self._divided.space_of[target])
            wrong |= (border[tail] == index) & (space == self._divided.space_of[origin])
        return wrong

    def _crossings(
        self, tail: np.ndarray, head: np.ndarray, space: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """For each edge: whether it crosses a room the public, a room staff may not cross; whether it crosses any."""
        border = np.array(self._border)
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
            riding = self._divided.spaces[own].use.value in {"elevator", "escalator"}
            stairs = self._divided.spaces[own].use.value == "stairs"
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
        riding = {"elevator", "escalator", "stairs"}
        free = {
            index
            for index, space in enumerate(spaces)
            if space.is_open or space.use.value in riding
        }
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


def _points_on(border: Border) -> list[Metres]:
    """Where a border is crossed: its middle, and more points when it is wide."""
    line, length = border.line, border.line.length
    edge = min(CLEARANCE_M, length / 2)
    count = int(min(MOST_POINTS, 1 + (length - 2 * edge) // POINT_EVERY_M))
    places = [length / 2] if count == 1 else np.linspace(edge, length - edge, count)
    points = shapely.line_interpolate_point(line, np.asarray(places, dtype=float))
    return [(float(x), float(y)) for x, y in shapely.get_coordinates(points)]


def _inside(space: Space, standing: Numbers) -> tuple[Numbers, "_Ways"]:
    """Lengths of the shortest walks between points of a room (n, n), and the corners they turn at."""
    turns = corners(space.free)
    if not len(turns[0]):
        gaps = standing[:, None, :] - standing[None, :, :]
        return np.hypot(gaps[..., 0], gaps[..., 1]), _Ways(None, standing)
    pairs = visible_pairs(space.free, standing, turns)
    every = np.concatenate([standing, turns[0]])
    metres = np.maximum(np.hypot(*(every[pairs[:, 0]] - every[pairs[:, 1]]).T), FLAT_M)
    sees = csr_array((metres, (pairs[:, 0], pairs[:, 1])), shape=(len(every), len(every)))
    lengths, before = dijkstra(
        sees, directed=False, indices=np.arange(len(standing)), return_predecessors=True
    )
    return lengths[:, : len(standing)], _Ways(before, every)


class _Ways:
    """The corners between two points of a room."""

    def __init__(self, before: np.ndarray | None, every: Numbers) -> None:
        self._before, self._every = before, every

    def __call__(self, one: int, other: int) -> tuple[Metres, ...]:
        if self._before is None:
            return ()
        found: list[Metres] = []
        node = int(self._before[one, other])
        while node >= 0 and node != one:
            found.append((float(self._every[node, 0]), float(self._every[node, 1])))
            node = int(self._before[one, node])
        return tuple(reversed(found))


def _renumbered(
    inner: Mapping[int, tuple[Metres, ...]], kept: np.ndarray
) -> dict[int, tuple[Metres, ...]]:
    number = np.cumsum(kept) - 1
    return {int(number[edge]): way for edge, way in inner.items() if kept[edge]}
