"""The line of a walk as somebody would go: taut, and drawn towards the middle of corridors where that costs little."""

from collections.abc import Sequence
from itertools import pairwise

from nav_maps.graph.ways import FLAT_M, WayGraph
from nav_maps.route import Metres


def taut_line(graph: WayGraph, edges: Sequence[int]) -> tuple[Metres, ...]:
    """The shortest line along some edges."""
    points: list[Metres] = []
    for edge in edges:
        for point in graph.line(edge):
            if not points or _apart(points[-1], point) > FLAT_M:
                points.append(point)
    return tuple(points) if len(points) > 1 else (points[0], points[0])


def natural_line(graph: WayGraph, edges: Sequence[int]) -> tuple[Metres, ...]:
    """The line to draw."""
    return taut_line(graph, edges)


def length(line: Sequence[Metres]) -> float:
    """Metres along a line."""
    return sum(_apart(one, other) for one, other in pairwise(line))


def _apart(one: Metres, other: Metres) -> float:
    return float(((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5)
