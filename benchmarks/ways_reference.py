"""The true shortest walkable path, found another way than the product does, and an inspector of walks.

The reference takes a whole level at once: passages and the two rooms of a pair, kept off walls by the clearance with round
corners, joined through their doors (as wide as the door less the clearance on both sides), and every line of sight in it,
with Dijkstra by networkx. Slow and plain.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import networkx as nx
import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

from nav_maps import Profile, Route, Walk, WayGraph
from nav_maps.graph.spaces import Border
from nav_maps.graph.visibility import corners, visible_pairs
from nav_maps.routing.network import allowed

CLEARANCE_M = 0.4
THROUGH_M = 0.02
CORNER_M2 = 0.05


class Reference:
    """True lengths on one level of a map, among points of open spaces and rooms with doors."""

    def __init__(self, graph: WayGraph, level: str) -> None:
        self._graph, self._level = graph, level
        self._rounded: dict[int, BaseGeometry] = {}
        self._spaces = [
            index for index, space in enumerate(graph.divided.spaces) if space.level == level
        ]
        self._passages = [i for i in self._spaces if graph.divided.spaces[i].is_open]

    def metres(self, start: str, end: str) -> float:
        """The shortest way between two terminals of this level, through no third room; infinite when there is none."""
        terminals = [self._graph.terminals[each] for each in (start, end)]
        spaces = [self._graph.divided.space_of[each.spot.unit] for each in terminals]
        ground = self._ground(frozenset({*self._passages, *spaces}))
        at = np.array([each.spot.point for each in terminals])
        stand = np.array(
            [
                self._graph.feet.get((each.arrive, space), each.spot.point)
                for each, space in zip(terminals, spaces, strict=True)
            ]
        )
        off = float(np.hypot(*(stand - at).T).sum())
        turns = corners(ground)
        every = np.concatenate([stand, turns[0]])
        pairs = visible_pairs(ground, stand, turns)
        sees: nx.Graph[int] = nx.Graph()
        sees.add_nodes_from(range(len(every)))
        gaps = np.hypot(*(every[pairs[:, 0]] - every[pairs[:, 1]]).T)
        sees.add_weighted_edges_from(
            (int(one), int(other), float(gap))
            for (one, other), gap in zip(pairs, gaps, strict=True)
        )
        try:
            return off + float(nx.dijkstra_path_length(sees, 0, 1))
        except nx.NetworkXNoPath:
            return float("inf")

    def _ground(self, spaces: frozenset[int]) -> BaseGeometry:
        parts = [self._free(index) for index in spaces]
        for border in self._graph.divided.borders:
            sides = [self._graph.divided.space_of[u] for u in (border.one, border.other) if u]
            if len(sides) == 2 and all(side in spaces for side in sides):
                parts.append(self._throat(border, parts_of=(sides[0], sides[1])))
        return shapely.union_all(parts)

    def _free(self, space: int) -> BaseGeometry:
        if space not in self._rounded:
            self._rounded[space] = _rounded(self._graph.divided.spaces[space].free)
        return self._rounded[space]

    def _throat(self, border: Border, parts_of: tuple[int, int]) -> BaseGeometry:
        line = border.line
        kept = max(line.length - 2 * CLEARANCE_M, THROUGH_M) / 2 / line.length
        ends = shapely.line_interpolate_point(line, [0.5 - kept, 0.5 + kept], normalized=True)
        slit = LineString(ends)
        reach = max(
            float(self._graph.divided.spaces[side].free.distance(slit)) for side in parts_of
        )
        return shapely.buffer(slit, reach + 0.02, cap_style="flat")


@dataclass(frozen=True, slots=True)
class Fault:
    """What a walk does that nobody can."""

    what: str
    level: str
    where: tuple[float, float]


class Inspector:
    """Looks at walks with nothing but the map: no walls, no rooms crossed, no fixtures."""

    def __init__(self, graph: WayGraph) -> None:
        self._graph, self._map = graph, graph.map
        self._plain: dict[Profile, csr_array] = {}
        self._plan = graph.plan
        self._doors: Mapping[str, list[BaseGeometry]] = {level: [] for level in graph.map.levels}
        for opening in graph.map.openings.values():
            self._doors[opening.level].append(shapely.buffer(opening.line, 0.45))
        self._passages = {
            unit
            for space in graph.divided.spaces
            if space.is_open
            for unit in (u.id for u in space.units)
        }
        self._solid = {
            level: shapely.union_all(
                [each.area for each in graph.map.fixtures.values() if each.level == level]
            )
            for level in graph.map.levels
        }
        self._gates = {level: shapely.union_all(doors) for level, doors in self._doors.items()}

    def faults(self, route: Route) -> list[Fault]:
        """Everything wrong with a route's walks."""
        return [
            fault
            for piece in route.pieces
            if isinstance(piece, Walk) and len(piece.line) > 1
            for fault in self._walk(piece, route)
        ]

    def _walk(self, walk: Walk, route: Route) -> list[Fault]:
        line = LineString(walk.line)
        found = []
        ends = (
            {walk.units[0], walk.units[-1], route.start.unit, route.end.unit}
            if walk.units
            else set()
        )
        crossed = [
            unit for unit in walk.units[1:-1] if unit not in self._passages and unit not in ends
        ]
        if crossed and not self._only_way(route):
            found.append(Fault(f"crosses {crossed}", walk.level, walk.line[0]))
        ground = shapely.union_all([self._map.units[unit].area.buffer(0.03) for unit in walk.units])
        off = shapely.difference(shapely.difference(line, ground), self._gates[walk.level])
        if off.length > 0.05:
            found.append(Fault("leaves its units", walk.level, _place(off)))
        within = shapely.intersection(line, self._solid[walk.level])
        if within.length > 0.05:
            found.append(Fault("runs through a fixture", walk.level, _place(within)))
        found += self._borders(walk, line)
        return found

    def _borders(self, walk: Walk, line: LineString) -> list[Fault]:
        """From unit to unit only by a door, or between passages that run into each other."""
        found = []
        for passed in walk.passed:
            if passed.opening is not None:
                continue
            one, other = (self._map.units[id] for id in (passed.from_unit, passed.to_unit))
            at = Point(line.interpolate(passed.at_m))
            if (
                one.area.distance(other.area) > 0.06
                or max(one.area.distance(at), other.area.distance(at)) > 0.5
            ):
                found.append(Fault(f"jumps from {one.id} to {other.id}", walk.level, (at.x, at.y)))
            elif not self._run_together(one.id, other.id):
                found.append(
                    Fault(f"through the wall of {one.id} and {other.id}", walk.level, (at.x, at.y))
                )
        return found

    def _run_together(self, one: str, other: str) -> bool:
        uses = {self._map.units[id].category for id in (one, other)}
        return (one in self._passages and other in self._passages) or bool(
            uses & {"stairs", "escalator", "steps", "ramp", "elevator"}
        )

    def _only_way(self, route: Route) -> bool:
        """Whether nobody of the profile gets there without crossing a room."""
        graph = self._graph
        if route.profile not in self._plain:
            kept = np.flatnonzero(allowed(graph, route.profile) & ~graph.edges.reluctant)
            ends = graph.edges.tail[kept], graph.edges.head[kept]
            ways = csr_array((np.ones(len(kept)), ends), shape=(graph.nodes, graph.nodes))
            self._plain[route.profile] = ways
        start, end = (graph.terminals[spot.feature] for spot in (route.start, route.end))
        found = breadth_first_order(
            self._plain[route.profile], start.leave, return_predecessors=False
        )
        return end.arrive not in found


def _rounded(free: BaseGeometry) -> BaseGeometry:
    """A free area whose corners are passed on an arc: only the little pieces at corners are added, never what closes a gap."""
    grown = shapely.buffer(free, CLEARANCE_M - 0.01, join_style="mitre", mitre_limit=2.0)
    closed = shapely.buffer(grown, 0.01 - CLEARANCE_M, quad_segs=6)
    more = shapely.get_parts(shapely.difference(closed, free))
    return shapely.union_all([free, *(part for part in more if part.area < CORNER_M2)])


def _place(geometry: BaseGeometry) -> tuple[float, float]:
    point = geometry.representative_point()
    return round(point.x, 2), round(point.y, 2)
