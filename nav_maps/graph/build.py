"""From a map to its walkable graph."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import shapely

from nav_maps.doctor.contacts import Contact, contacts_of
from nav_maps.doctor.plan import Numbers, Plan
from nav_maps.graph.allowing import Allowing, Rows, renumbered
from nav_maps.graph.clearance import CLEARANCE_M
from nav_maps.graph.inside import inside
from nav_maps.graph.rides import RideWay, rides_of
from nav_maps.graph.spaces import Border, Divided, Space, divide
from nav_maps.graph.stops import stops_of
from nav_maps.graph.visibility import corners, visible_pairs
from nav_maps.graph.ways import FLAT_M, NONE, Terminal, WayGraph
from nav_maps.model import IndoorMap
from nav_maps.route import Metres, Spot

POINT_EVERY_M: Final = 0.7
MOST_POINTS: Final = 16
"""A wide border is crossed at one of so many points."""


def build_graph(built: IndoorMap) -> WayGraph:
    """The walkable graph of a map. Oddities end in `problems`, never in an exception."""
    plan = Plan(built)
    contacts = contacts_of(plan)
    return _Builder(plan, contacts, divide(plan, contacts)).graph()


class _Builder:
    def __init__(self, plan: Plan, contacts: Mapping[str, Contact], divided: Divided) -> None:
        self._plan, self._contacts, self._divided = plan, contacts, divided
        self._rides = rides_of(plan.map)
        self._levels = tuple(plan.map.levels)
        self._level_index = {level: index for index, level in enumerate(self._levels)}
        self._at: list[Metres] = []
        self._level: list[int] = []
        self._border: list[int] = []
        self._rows = Rows()
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
        border = np.array(self._border, dtype=np.int64)
        edges, kept = Allowing(self._divided, rides, border).edges(self._rows)
        return WayGraph(
            self._plan.map,
            self._plan,
            self._contacts,
            self._divided,
            self._levels,
            np.array(self._at, dtype=float).reshape(-1, 2),
            np.array(self._level, dtype=np.int64),
            border,
            edges,
            rides,
            self._terminals,
            self._feet,
            renumbered(self._inner, kept),
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
        lengths, ways = inside(space, standing)
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

    # ---- rides -------------------------------------------------------------------------------------

    def _add_rides(self, rides: tuple[RideWay, ...]) -> None:
        for index, ride in enumerate(rides):
            ends = self._terminals.get(ride.from_unit), self._terminals.get(ride.to_unit)
            if ends[0] is None or ends[1] is None:
                continue
            tail, head = np.array([ends[0].arrive]), np.array([ends[1].leave])
            self._rows.add(tail, head, np.array([ride.metres]), NONE, index)


def _points_on(border: Border) -> list[Metres]:
    """Where a border is crossed: its middle, and more points when it is wide."""
    line, length = border.line, border.line.length
    edge = min(CLEARANCE_M, length / 2)
    count = int(min(MOST_POINTS, 1 + (length - 2 * edge) // POINT_EVERY_M))
    places = [length / 2] if count == 1 else np.linspace(edge, length - edge, count)
    points = shapely.line_interpolate_point(line, np.asarray(places, dtype=float))
    return [(float(x), float(y)) for x, y in shapely.get_coordinates(points)]
