"""The line of a walk as somebody would go: the shortest, moved off the walls towards the middle where that costs little.

The shortest way runs along walls at the least clearance. People don't: where a straight stretch has more room on one side, it
is moved there, and corners are taken a little wider. What that adds is kept below `MOST_LONGER` of the walk.
"""

from collections.abc import Sequence
from itertools import groupby, pairwise
from math import hypot
from typing import Final

from nav_maps.graph.room import Room
from nav_maps.graph.ways import FLAT_M, WayGraph
from nav_maps.route import Metres

MOST_LONGER: Final = 0.014
MOST_ASIDE_M: Final = 0.8
LEAST_ASIDE_M: Final = 0.12
LONG_M: Final = 4.0
"""Shorter stretches stay where they are."""
RAMP_M: Final = 2.0
"""So far from its ends a stretch has been moved aside (a third of a short one)."""
WIDER_M: Final = 0.3
SHORT_M: Final = 1.0
"""A corner next to such a short stretch stays."""
LEAST_TURN: Final = 0.2
"""In radians, nearly: less is no corner."""
SEES_M: Final = 3.0
SCALES: Final = (1.0, 0.75, 0.5, 0.25)


def taut_line(graph: WayGraph, edges: Sequence[int]) -> tuple[Metres, ...]:
    """The shortest line along some edges."""
    return _joined([graph.line(edge) for edge in edges])


def natural_line(graph: WayGraph, edges: Sequence[int]) -> tuple[Metres, ...]:
    """The line to draw: from the same place through the same doors to the same place."""
    taut = taut_line(graph, edges)
    stretches = [
        (space, _joined([graph.line(edge) for edge in group]))
        for space, group in groupby(edges, key=lambda edge: int(graph.edges.space[edge]))
    ]
    for scale in SCALES:
        line = _joined([_moved(stretch, graph.room(space), scale) for space, stretch in stretches])
        if length(line) <= (1 + MOST_LONGER) * length(taut):
            return line
    return taut


def length(line: Sequence[Metres]) -> float:
    """Metres along a line."""
    return sum(_apart(one, other) for one, other in pairwise(line))


def _joined(lines: Sequence[Sequence[Metres]]) -> tuple[Metres, ...]:
    points: list[Metres] = []
    for line in lines:
        for point in line:
            if not points or _apart(points[-1], point) > FLAT_M:
                points.append(point)
    return tuple(points) if len(points) > 1 else (points[0], points[0])


def _moved(line: tuple[Metres, ...], room: Room, scale: float) -> tuple[Metres, ...]:
    """A line within one space, off its walls."""
    points = _wider_corners(line, room, scale)
    found = [points[0]]
    for one, other in pairwise(points):
        found += _aside(one, other, room, scale)
        found.append(other)
    return tuple(found)


def _wider_corners(line: tuple[Metres, ...], room: Room, scale: float) -> list[Metres]:
    """The corners within a line, moved away from what one turns around."""
    points = list(line)
    for index in range(1, len(points) - 1):
        before, at, after = points[index - 1 : index + 2]
        back, ahead = _apart(at, before), _apart(at, after)
        if min(back, ahead) < SHORT_M:
            continue
        out = tuple((at[n] - before[n]) / back + (at[n] - after[n]) / ahead for n in (0, 1))
        size = hypot(*out)
        if size < LEAST_TURN:
            continue
        moved = (at[0] + out[0] / size * WIDER_M * scale, at[1] + out[1] / size * WIDER_M * scale)
        if room.holds([before, moved, after]):
            points[index] = moved
    return points


def _aside(one: Metres, other: Metres, room: Room, scale: float) -> list[Metres]:
    """The two points by which a straight stretch is moved aside; none when it stays."""
    long = _apart(one, other)
    if long < LONG_M:
        return []
    ahead = ((other[0] - one[0]) / long, (other[1] - one[1]) / long)
    left = (-ahead[1], ahead[0])
    free = room.beside(one, other, SEES_M)
    aside = min(max((free[0] - free[1]) / 2, -MOST_ASIDE_M), MOST_ASIDE_M) * scale
    ramp = min(RAMP_M, long / 3)
    for _ in range(3):
        if abs(aside) < LEAST_ASIDE_M:
            return []
        first = (
            one[0] + ahead[0] * ramp + left[0] * aside,
            one[1] + ahead[1] * ramp + left[1] * aside,
        )
        last = (
            other[0] - ahead[0] * ramp + left[0] * aside,
            other[1] - ahead[1] * ramp + left[1] * aside,
        )
        if room.holds([one, first, last, other]):
            return [first, last]
        aside /= 2
    return []


def _apart(one: Metres, other: Metres) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])
