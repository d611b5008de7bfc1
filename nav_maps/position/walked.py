"""Places where somebody can be, laid over the ground of a map, with the ways between them: what a position filter walks on.

Open spaces get a grid, every room one place. The fields are those the queue server's whereabouts ask for.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from nav_maps.doctor.plan import Numbers
from nav_maps.graph import WayGraph
from nav_maps.graph.spaces import Space
from nav_maps.graph.visibility import clear
from nav_maps.graph.ways import Indices

EVERY_M: Final = 2.5
REACH: Final = 1.5
"""Places within so many spacings that see each other are neighbours."""
LEAST_M: Final = 0.3


@dataclass(frozen=True)
class Walked:
    """Places and ways. `xy` (n, 2) metres, `floor` (n,) ordinals, `level` and `unit` (n,) ids.

    `ways` (m, 2) are directed pairs of places, `length_m` (m,) how far that is on foot; rides count as the metres that take
    as long for an adult.
    """

    xy: Numbers
    floor: Indices
    level: tuple[str, ...]
    unit: tuple[str, ...]
    ways: Indices
    length_m: Numbers

    def __len__(self) -> int:
        return len(self.xy)

    @cached_property
    def trees(self) -> dict[str, tuple[KDTree, NDArray[np.intp]]]:
        """For each level its places for questions of nearness, and their indices."""
        on: dict[str, list[int]] = defaultdict(list)
        for index, level in enumerate(self.level):
            on[level].append(index)
        return {
            level: (KDTree(self.xy[which]), np.array(which, dtype=np.intp))
            for level, which in on.items()
        }


def walked(graph: WayGraph, every_m: float = EVERY_M) -> Walked:
    """Lay places over a map. `every_m` is their distance in open spaces."""
    return _Laying(graph, every_m).walked()


class _Laying:
    def __init__(self, graph: WayGraph, every_m: float) -> None:
        self._graph, self._every = graph, every_m
        self._xy: list[tuple[float, float]] = []
        self._space: list[int] = []
        self._ways: list[tuple[int, int]] = []
        self._metres: list[float] = []

    def walked(self) -> Walked:
        by_space = [self._lay(n, space) for n, space in enumerate(self._graph.divided.spaces)]
        self._doors(by_space)
        self._rides(by_space)
        levels = [self._graph.divided.spaces[space].level for space in self._space]
        ordinals = [self._graph.map.levels[level].ordinal for level in levels]
        xy = np.array(self._xy, dtype=float).reshape(-1, 2)
        pairs = np.array(self._ways, dtype=np.int64).reshape(-1, 2)
        metres = np.maximum(np.array(self._metres, dtype=float), LEAST_M)
        return Walked(
            xy,
            np.array(ordinals, dtype=np.int64),
            tuple(levels),
            self._units(xy, levels),
            np.concatenate([pairs, pairs[:, ::-1]]),
            np.concatenate([metres, metres]),
        )

    def _units(self, xy: Numbers, levels: Sequence[str]) -> tuple[str, ...]:
        """The unit each place stands in."""
        found = [self._graph.divided.spaces[space].units[0].id for space in self._space]
        for level, floor in self._graph.plan.floors.items():
            which = [index for index, own in enumerate(levels) if own == level]
            for index, unit in zip(which, floor.at(xy[which]), strict=True):
                found[index] = unit.id if unit is not None else found[index]
        return tuple(found)

    def _lay(self, number: int, space: Space) -> list[int]:
        points = self._grid(space) if space.is_open else np.empty((0, 2))
        if not len(points):
            spot = self._graph.terminals[space.units[0].id].spot
            points = np.array([spot.point])
        first = len(self._xy)
        self._xy += [(float(x), float(y)) for x, y in points]
        self._space += [number] * len(points)
        if len(points) > 1:
            self._join(points, first, space)
        return list(range(first, first + len(points)))

    def _grid(self, space: Space) -> Numbers:
        if space.free.is_empty:
            return np.empty((0, 2))
        west, south, east, north = space.free.bounds
        columns = _spread(west, east, self._every)
        rows = _spread(south, north, self._every)
        points = np.stack(np.meshgrid(columns, rows, indexing="ij"), axis=-1).reshape(-1, 2)
        inside = shapely.intersects_xy(space.free, points[:, 0], points[:, 1])
        return np.asarray(points[inside])

    def _join(self, points: Numbers, first: int, space: Space) -> None:
        pairs = KDTree(points).query_pairs(REACH * self._every, output_type="ndarray")
        pairs = pairs[clear(space.free, points[pairs[:, 0]], points[pairs[:, 1]])]
        for one, other in [*pairs.tolist(), *_bridges(points, pairs)]:
            self._way(first + one, first + other)

    def _way(self, one: int, other: int, metres: float | None = None) -> None:
        (ax, ay), (bx, by) = self._xy[one], self._xy[other]
        self._ways.append((one, other))
        self._metres.append(float(np.hypot(bx - ax, by - ay)) if metres is None else metres)

    def _doors(self, by_space: list[list[int]]) -> None:
        for border in self._graph.divided.borders:
            if border.other is None:
                continue
            middle = np.array(border.line.interpolate(0.5, normalized=True).coords[0])
            ends = []
            for unit in (border.one, border.other):
                places = by_space[self._graph.divided.space_of[unit]]
                gaps = np.hypot(*(np.array([self._xy[place] for place in places]) - middle).T)
                ends.append((places[int(gaps.argmin())], float(gaps.min())))
            if ends[0][0] != ends[1][0]:
                self._way(ends[0][0], ends[1][0], ends[0][1] + ends[1][1])

    def _rides(self, by_space: list[list[int]]) -> None:
        seen = set()
        for ride in self._graph.rides:
            pair = frozenset((ride.from_unit, ride.to_unit))
            if pair in seen or abs(ride.floors) > 1:
                continue
            seen.add(pair)
            ends = [by_space[self._graph.divided.space_of[unit]][0] for unit in pair]
            if len(ends) == 2:
                self._way(ends[0], ends[1], max(ride.metres, 12.0))


def _spread(low: float, high: float, every: float) -> Numbers:
    """Places from end to end, at most `every` apart, half of that off the ends."""
    count = max(1, int(np.ceil((high - low) / every)))
    return low + (np.arange(count) + 0.5) * (high - low) / count


def _bridges(points: Numbers, pairs: NDArray[np.intp]) -> list[tuple[int, int]]:
    """The shortest pairs that join what a grid leaves apart (behind a narrow place)."""
    joined = csr_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(points),) * 2)
    _, part = connected_components(joined, directed=False)
    found: list[tuple[int, int]] = []
    while part.any():
        own, others = np.flatnonzero(part == 0), np.flatnonzero(part != 0)
        gaps, near = KDTree(points[others]).query(points[own])
        best = int(np.argmin(gaps))
        other = int(others[np.atleast_1d(near)[best]])
        found.append((int(own[best]), other))
        part[part == part[other]] = 0
    return found
