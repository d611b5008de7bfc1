"""From a position that is no place of its own: the first steps to a node of the graph from which a tree knows the way."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely import Point

from nav_maps.graph.ways import Indices, WayGraph
from nav_maps.model import Unit
from nav_maps.route import Metres, Spot

NEAR_M: Final = 3.0
"""A position this far off every unit is nowhere on the map."""


@dataclass(frozen=True, slots=True)
class Start:
    """A position on the map: its spot, its space, where one stands there, and the nodes in sight with their metres."""

    spot: Spot
    space: int
    standing: Metres
    nodes: Indices
    metres: np.ndarray

    @property
    def lead(self) -> tuple[Metres, ...]:
        """The points before the first node."""
        return (self.spot.point, self.standing)


def start_at(graph: WayGraph, level: str, point: Metres) -> Start | None:
    """Where on the map a position (metres) is; None when it is nowhere near."""
    if level not in graph.plan.floors:
        return None
    at = Point(point)
    unit = graph.plan.unit_at(level, at) or _nearest(graph, level, at)
    if unit is None:
        return None
    space = graph.divided.space_of[unit.id]
    free = graph.divided.spaces[space].free
    standing = point
    if not free.is_empty and not shapely.intersects(free, at):
        x, y = shapely.get_coordinates(shapely.shortest_line(free, at))[0]
        standing = (float(x), float(y))
    names = graph.plan.names(unit)
    spot = Spot("", unit.id, level, point, names)
    nodes, places, off = _in_sight(graph, space, unit, standing)
    gaps = np.hypot(*(places - np.array(standing)).T) + off
    return Start(spot, space, standing, nodes, gaps + np.hypot(*np.subtract(standing, point)))


def _nearest(graph: WayGraph, level: str, at: Point) -> Unit | None:
    return next(iter(graph.plan.floors[level].near(at, NEAR_M)), None)


def _in_sight(
    graph: WayGraph, space: int, unit: Unit, standing: Metres
) -> tuple[Indices, np.ndarray, np.ndarray]:
    """Nodes that walks in a space lead to and that one sees; the unit's own spot when there is none."""
    edges = graph.edges
    nodes = np.unique(edges.head[edges.space == space])
    places = np.array(
        [graph.feet.get((node, space), graph.point(node)) for node in nodes.tolist()]
    ).reshape(-1, 2)
    seen = graph.room(space).sees(standing, places) if len(nodes) else np.zeros(0, dtype=bool)
    if not seen.any():
        nodes = np.array([graph.terminals[unit.id].leave])
        places = graph.at[nodes]
        seen = np.ones(1, dtype=bool)
    nodes, places = nodes[seen], places[seen]
    off = np.hypot(*(graph.at[nodes] - places).T)
    return nodes, places, off


def first_steps(graph: WayGraph, start: Start, node: int) -> tuple[Metres, ...]:
    """The points from a position up to a node."""
    foot = graph.feet.get((node, start.space))
    return (*start.lead, *(() if foot is None else (foot,)), graph.point(node))
