"""What sees what in a free space: the corners a shortest path can turn at, and the lines between them."""

from typing import Final, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from nav_maps.doctor.plan import Numbers

GROWN_M: Final = 0.002
"""So that lines along the border do not count as crossing it."""
FLAT: Final = 1e-9
CELL_M: Final = 0.5
MOST_CELLS: Final = 600
MANY: Final = 2000
LOOKS: Final = tuple(part / 16 for part in (8, 4, 12, 2, 6, 10, 14, 1, 3, 5, 7, 9, 11, 13, 15))
"""Where along a line is looked, the middle first."""
Pairs: TypeAlias = NDArray[np.intp]
Mask: TypeAlias = NDArray[np.bool_]


def corners(free: BaseGeometry) -> tuple[Numbers, Numbers, Numbers]:
    """Corners that stick into the free space: their points and the next points before and after along the border, (n, 2) each."""
    found: list[tuple[Numbers, Numbers, Numbers]] = []
    for polygon in shapely.get_parts(free):
        if _is_convex(polygon):
            continue
        turned = shapely.orient_polygons(polygon)
        for ring in (turned.exterior, *turned.interiors):
            points = shapely.get_coordinates(ring)[:-1]
            before, after = np.roll(points, 1, axis=0), np.roll(points, -1, axis=0)
            sticks = _cross(points - before, after - points) < -FLAT
            found.append((points[sticks], before[sticks], after[sticks]))
    if not found:
        none = np.empty((0, 2))
        return none, none, none
    at, before, after = (np.concatenate(each) for each in zip(*found, strict=True))
    return at, before, after


def _is_convex(polygon: Polygon) -> bool:
    if shapely.get_num_interior_rings(polygon):
        return False
    sides = np.diff(shapely.get_coordinates(polygon), axis=0)
    turns = _cross(sides, np.concatenate([sides[1:], sides[:1]]))
    return bool((turns >= -FLAT).all() or (turns <= FLAT).all())


def visible_pairs(
    free: BaseGeometry, points: Numbers, turns: tuple[Numbers, Numbers, Numbers]
) -> Pairs:
    """Pairs (n, 2) of indices that see each other: `points` first, then the corners of `turns`.

    Lines that do not touch a corner's border as a tangent are left out: no shortest path takes them.
    """
    every = np.concatenate([points, turns[0]])
    first, second = np.nonzero(np.triu(_tangent(every, len(points), turns), 1))
    if len(first) > MANY:
        near = ~_Blocked(free).between(every[first], every[second])
        first, second = first[near], second[near]
    seen = clear(free, every[first], every[second])
    return np.stack([first[seen], second[seen]], axis=1)


def _tangent(every: Numbers, points: int, turns: tuple[Numbers, Numbers, Numbers]) -> Mask:
    """Which lines (n, n) are tangents at both their ends, where these are corners."""
    at, before, after = turns
    kept = np.ones((len(every), len(every)), dtype=bool)
    if not len(at):
        return kept
    line = at[:, None, :] - every[None, :, :]
    back, ahead = (before - at)[:, None, :], (after - at)[:, None, :]
    fits = _cross(line, back) * _cross(line, ahead) >= -FLAT
    kept[points:] &= fits
    kept[:, points:] &= fits.T
    return kept


class _Blocked:
    """A coarse picture of what is surely not free, to rule out most lines before looking closely."""

    def __init__(self, free: BaseGeometry) -> None:
        low, high = np.array(free.bounds[:2]), np.array(free.bounds[2:])
        self._cell = cell = max(CELL_M, float((high - low).max()) / MOST_CELLS)
        self._low = low - cell
        size = ((high - self._low) / cell).astype(int) + 2
        grown = shapely.buffer(free, 0.75 * cell)
        shapely.prepare(grown)
        x, y = (self._low[axis] + cell * (np.arange(size[axis]) + 0.5) for axis in (0, 1))
        self._cells = ~shapely.intersects_xy(grown, x[:, None], y[None, :])

    def between(self, starts: Numbers, ends: Numbers) -> Mask:
        """Which lines have a blocked place among some places on them."""
        found = np.zeros(len(starts), dtype=bool)
        for part in LOOKS:
            left = np.flatnonzero(~found)
            cells = (starts[left] * (1 - part) + ends[left] * part - self._low) / self._cell
            x, y = cells.astype(int).T
            found[left] = self._cells[x, y]
        return found


def clear(free: BaseGeometry, starts: Numbers, ends: Numbers) -> Mask:
    """Which of the straight lines between points of a free space stay in it."""
    if not len(starts):
        return np.zeros(0, dtype=bool)
    wall = shapely.buffer(free, GROWN_M, join_style="mitre", mitre_limit=2.0).boundary
    shapely.prepare(wall)
    lines = shapely.linestrings(np.stack([starts, ends], axis=1))
    return ~np.asarray(shapely.intersects(wall, lines), dtype=bool)


def _cross(one: Numbers, other: Numbers) -> Numbers:
    return np.asarray(one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0])
