"""Where a walked line turns, as a person would say it: corners, not the vertices that smoothing or cutting corners leaves."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import atan2, degrees, hypot
from typing import Final

from shapely import LineString

from nav_maps.route import Metres
from nav_maps.words.steps import Side

TOLERANCE_M: Final = 0.35
"""How far a line may stray from straight without anybody noticing (Douglas-Peucker)."""
WINDOW_M: Final = 4.0
"""Bends nearer to each other than this are one corner."""
TURN_DEG: Final = 32.0
"""Less is no turn: one follows the floor."""
CORNER_DEG: Final = 50.0
"""Two opposite bends of at least this are two corners, even inside a window …"""
JOG_M: Final = 1.2
"""… when they are this far apart;"""
BRIEF_M: Final = 9.0
"""A stretch shorter than this is too short for fine shades of direction."""
ROUND_M: Final = 1.0
"""two bends to the same side when they are this far apart."""
CHORD_M: Final = 5.0
"""The direction of a stretch is that of so much of it: nobody walks as straight as a ruler."""
SHORT_M: Final = 1.2
"""A stretch shorter than this has no direction of its own."""
BEND_M: Final = 14.0
"""A chain of bends longer than this is a winding corridor, no corner."""


@dataclass(frozen=True, slots=True)
class Corner:
    """A turn: from `from_m` to `to_m` along the line, at its sharpest point `at_m`; degrees, to the left positive."""

    at_m: float
    from_m: float
    to_m: float
    degrees: float
    at: Metres
    heading_in: float
    """Direction of walking before it, degrees from east against the clock."""


def heading(a: Metres, b: Metres) -> float:
    """Direction from `a` to `b`: degrees from east, against the clock."""
    return degrees(atan2(b[1] - a[1], b[0] - a[0]))


def turned(from_deg: float, to_deg: float) -> float:
    """The turn from one heading to another, in (-180, 180]; to the left positive."""
    turn = (to_deg - from_deg) % 360.0
    return turn - 360.0 if turn > 180.0 else turn


def side_of(turn_deg: float, beside_m: float = 99.0) -> Side:
    """What people call a turn. `beside_m` is the shorter of the stretches before and after it: beside a short one nobody tells
    a slight or a sharp turn from a plain one."""
    size = abs(turn_deg)
    if size < TURN_DEG:
        return Side.AHEAD
    if size > 150.0:
        return Side.BACK
    left = turn_deg > 0
    if beside_m < BRIEF_M:
        return Side.LEFT if left else Side.RIGHT
    if size < CORNER_DEG:
        return Side.SLIGHT_LEFT if left else Side.SLIGHT_RIGHT
    if size > 127.0:
        return Side.SHARP_LEFT if left else Side.SHARP_RIGHT
    return Side.LEFT if left else Side.RIGHT


def plain(line: Sequence[Metres]) -> list[Metres]:
    """A line without points that lie on each other."""
    points: list[Metres] = []
    for point in line:
        if not points or hypot(point[0] - points[-1][0], point[1] - points[-1][1]) > 0.01:
            points.append((point[0], point[1]))
    return points


def length(line: Sequence[Metres]) -> float:
    """Metres along a line."""
    return sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(line))


@dataclass(frozen=True, slots=True)
class _Vertex:
    at_m: float
    point: Metres
    bend: float
    heading_in: float


class Path:
    """A line made plain: its straight parts, their headings, and its corners in order."""

    def __init__(self, line: Sequence[Metres]) -> None:
        """Take a line of at least two points that differ."""
        points = plain(line)
        kept = [(x, y) for x, y in LineString(points).simplify(TOLERANCE_M).coords]
        self._along, self._points = _placed(points, kept)
        self._headings = [heading(a, b) for a, b in pairwise(kept)]
        self.line = LineString(points)
        self.metres = self._along[-1]
        """Its length."""
        self.corners = self._corners()

    def heading_at(self, along_m: float) -> float:
        """Direction of walking at a place along it."""
        index = bisect_right(self._along, along_m) - 1
        return self._headings[max(0, min(index, len(self._headings) - 1))]

    def point_at(self, along_m: float) -> Metres:
        """A place along it."""
        point = self.line.interpolate(max(0.0, min(along_m, self.metres)))
        return (point.x, point.y)

    def _corners(self) -> list[Corner]:
        vertices = [
            _Vertex(
                self._along[i],
                self._points[i],
                turned(self._headings[i - 1], self._headings[i]),
                self._headings[i - 1],
            )
            for i in range(1, len(self._points) - 1)
        ]
        runs = [run for chain in _chains(vertices) for run in _runs(chain)]
        found = [corner for run in runs if (corner := _corner(run)) is not None]
        return [each for each in self._steadied(found) if abs(each.degrees) >= TURN_DEG]

    def _steadied(self, found: list[Corner]) -> list[Corner]:
        """Corners with the directions of the stretches before and after them, not of their nearest vertices."""
        steady = []
        for i, corner in enumerate(found):
            before = found[i - 1].to_m if i else 0.0
            after = found[i + 1].from_m if i + 1 < len(found) else self.metres
            into = self.direction(max(before, corner.from_m - CHORD_M), corner.from_m)
            out = self.direction(corner.to_m, min(after, corner.to_m + CHORD_M))
            if into is not None and out is not None and abs(corner.degrees) < 150:
                corner = replace(corner, degrees=turned(into, out))
            steady.append(corner if into is None else replace(corner, heading_in=into))
        return steady

    def direction(self, from_m: float, to_m: float) -> float | None:
        """The direction of a stretch of it; None when that is too short to have one."""
        a, b = self.point_at(from_m), self.point_at(to_m)
        return heading(a, b) if hypot(b[0] - a[0], b[1] - a[1]) >= SHORT_M else None


def _placed(points: Sequence[Metres], kept: Sequence[Metres]) -> tuple[list[float], list[Metres]]:
    """Where along the true line each kept point lies: simplification keeps points of the line, in their order."""
    along, walked, at = [0.0], 0.0, 1
    for a, b in pairwise(points):
        walked += hypot(b[0] - a[0], b[1] - a[1])
        if at < len(kept) - 1 and b == kept[at]:
            along.append(walked)
            at += 1
    return [*along, walked], list(kept)


def _corner(run: Sequence[_Vertex]) -> Corner | None:
    total = sum(vertex.bend for vertex in run)
    if abs(total) < TURN_DEG or run[-1].at_m - run[0].at_m > BEND_M:
        return None
    sharp = [vertex for vertex in run if vertex.bend * total > 0]
    weight = sum(abs(vertex.bend) for vertex in sharp)
    at_m = sum(vertex.at_m * abs(vertex.bend) for vertex in sharp) / weight
    nearest = min(run, key=lambda vertex: abs(vertex.at_m - at_m))
    clipped = max(-180.0, min(180.0, total))
    return Corner(at_m, run[0].at_m, run[-1].at_m, clipped, nearest.point, run[0].heading_in)


def _chains(vertices: Sequence[_Vertex]) -> list[list[_Vertex]]:
    chains: list[list[_Vertex]] = []
    for vertex in vertices:
        if chains and vertex.at_m - chains[-1][-1].at_m <= WINDOW_M:
            chains[-1].append(vertex)
        else:
            chains.append([vertex])
    return chains


def _runs(chain: list[_Vertex]) -> list[list[_Vertex]]:
    """A chain cut where a real corner to one side is followed by one to the other; else the chain as a whole."""
    runs: list[list[_Vertex]] = []
    for vertex in chain:
        if runs and (vertex.bend > 0) == (runs[-1][-1].bend > 0):
            runs[-1].append(vertex)
        else:
            runs.append([vertex])
    if len(runs) < 2:
        return _round(chain)
    real = all(abs(sum(v.bend for v in run)) >= CORNER_DEG for run in runs)
    apart = all(b[0].at_m - a[-1].at_m >= JOG_M for a, b in pairwise(runs))
    return runs if real and apart else [chain]


def _round(run: list[_Vertex]) -> list[list[_Vertex]]:
    """A run to one side cut where two real corners follow one another, as round the end of a wall: at its longest straight."""
    gaps = [
        (run[i].at_m - run[i - 1].at_m, i)
        for i in range(1, len(run))
        if min(abs(_total(run[:i])), abs(_total(run[i:]))) >= CORNER_DEG + 10
    ]
    if not gaps or max(gaps)[0] < ROUND_M:
        return [run]
    at = max(gaps)[1]
    return [run[:at], run[at:]]


def _total(run: Sequence[_Vertex]) -> float:
    return sum(vertex.bend for vertex in run)
