"""How much room there is around points of a free space, and whether a line stays in it."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from nav_maps.doctor.plan import Numbers
from nav_maps.route import Metres

GROWN_M: Final = 0.005
FLAT: Final = 1e-9
STATIONS: Final = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Where along a stretch the room beside it is looked at."""


class Room:
    """A space's free area, ready to be asked many times."""

    def __init__(self, free: BaseGeometry) -> None:
        """Take the area."""
        self._grown = shapely.buffer(free, GROWN_M, join_style="mitre", mitre_limit=2.0)
        self._wall = self._grown.boundary
        shapely.prepare(self._grown)
        shapely.prepare(self._wall)
        rings = [
            shapely.get_coordinates(ring)
            for polygon in shapely.get_parts(shapely.orient_polygons(free))
            for ring in (polygon.exterior, *polygon.interiors)
        ]
        none = np.empty((0, 2))
        self._starts = np.concatenate([ring[:-1] for ring in rings] or [none])
        self._along = np.concatenate([np.diff(ring, axis=0) for ring in rings] or [none])

    def holds(self, line: Sequence[Metres]) -> bool:
        """Whether a line (points in metres) stays inside."""
        return bool(shapely.covers(self._grown, shapely.linestrings(line)))

    def sees(self, point: Metres, others: Numbers) -> NDArray[np.bool_]:
        """Which points inside (n, 2) one sees from a point inside."""
        ends = np.stack([np.broadcast_to(np.array(point), others.shape), others], axis=1)
        return ~np.asarray(shapely.intersects(self._wall, shapely.linestrings(ends)), dtype=bool)

    def beside(self, one: Metres, other: Metres, most_m: float) -> tuple[float, float]:
        """The least room (metres, at most `most_m`) to the left and to the right of a straight stretch inside.

        Only borders that are crossed outwards end it: a stretch along a border has all the room on the inner side.
        """
        start, ahead = np.array(one), np.array(other) - np.array(one)
        stations = start + np.outer(STATIONS, ahead)
        left = np.array([-ahead[1], ahead[0]]) / np.hypot(*ahead)
        across = left[0] * self._along[:, 1] - left[1] * self._along[:, 0]
        which = np.flatnonzero(np.abs(across) > FLAT)
        across, along = across[which], self._along[which]
        apart = self._starts[which][None] - stations[:, None]
        far = (apart[..., 0] * along[:, 1] - apart[..., 1] * along[:, 0]) / across
        on = (apart[..., 0] * left[1] - apart[..., 1] * left[0]) / across
        met = (on >= 0) & (on <= 1)
        found = []
        for side in (1.0, -1.0):
            out = met & (side * across > 0) & (side * far > -2 * GROWN_M)
            gaps = np.maximum(side * far[out], 0.0)
            found.append(float(min(gaps.min(initial=most_m), most_m)))
        return found[0], found[1]
