"""What sees what in a free space: the corners a shortest path can turn at, and the lines between them."""

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from nav_maps.doctor.plan import Numbers

GROWN_M: Final = 0.002
"""So that lines along the border do not count as crossing it."""
FLAT: Final = 1e-9
AT_ONCE: Final = 400_000
Pairs = NDArray[np.intp]


def corners(free: BaseGeometry) -> tuple[Numbers, Numbers, Numbers]:
    """Corners that stick into the free space: their points and the next points before and after along the border, (n, 2) each."""
    found: list[tuple[Numbers, Numbers, Numbers]] = []
    for polygon in shapely.get_parts(free):
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


def visible_pairs(
    free: BaseGeometry, points: Numbers, turns: tuple[Numbers, Numbers, Numbers]
) -> Pairs:
    """Pairs (n, 2) of indices that see each other: `points` first, then the corners of `turns`.

    Lines that do not touch a corner's border as a tangent are left out: no shortest path takes them.
    """
    at, before, after = turns
    every = np.concatenate([points, at])
    first, second = np.triu_indices(len(every), 1)
    keep = np.ones(len(first), dtype=bool)
    for one, other in ((first, second), (second, first)):
        corner = np.flatnonzero(keep & (one >= len(points)))
        which = one[corner] - len(points)
        line = at[which] - every[other[corner]]
        sides = _cross(line, before[which] - at[which]) * _cross(line, after[which] - at[which])
        keep[corner[sides < -FLAT]] = False
    pairs = np.stack([first[keep], second[keep]], axis=1)
    return pairs[clear(free, every[pairs[:, 0]], every[pairs[:, 1]])]


def clear(free: BaseGeometry, starts: Numbers, ends: Numbers) -> NDArray[np.bool_]:
    """Which of the straight lines between points of a free space stay in it."""
    if not len(starts):
        return np.zeros(0, dtype=bool)
    wall = shapely.buffer(free, GROWN_M, join_style="mitre", mitre_limit=2.0).boundary
    shapely.prepare(wall)
    lines = shapely.linestrings(np.stack([starts, ends], axis=1))
    return ~np.asarray(shapely.intersects(wall, lines), dtype=bool)


def _cross(one: Numbers, other: Numbers) -> Numbers:
    return np.asarray(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0])
