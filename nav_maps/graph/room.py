"""How much room there is around points of a free space, and whether a line stays in it."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from nav_maps.doctor.plan import Numbers

GROWN_M: Final = 0.005
FLAT: Final = 1e-9


class Room:
    """A space's free area, ready to be asked many times."""

    def __init__(self, free: BaseGeometry) -> None:
        """Take the area."""
        self._grown = shapely.buffer(free, GROWN_M, join_style="mitre", mitre_limit=2.0)
        shapely.prepare(self._grown)
        rings = [
            shapely.get_coordinates(ring)
            for polygon in shapely.get_parts(shapely.orient_polygons(free))
            for ring in (polygon.exterior, *polygon.interiors)
        ]
        none = np.empty((0, 2))
        self._starts = np.concatenate([ring[:-1] for ring in rings] or [none])
        self._along = np.concatenate([np.diff(ring, axis=0) for ring in rings] or [none])

    def holds(self, line: Sequence[Numbers]) -> bool:
        """Whether a line (points in metres) stays inside."""
        return bool(shapely.covers(self._grown, LineString(np.array(line))))

    def seen(self, points: Numbers, towards: Numbers, most_m: float) -> Numbers:
        """Metres from points inside (n, 2) in a direction (a unit vector) to where the area ends, at most `most_m`.

        Only borders that are crossed outwards end it: a point on a border has all the room on the inner side.
        """
        across = towards[0] * self._along[:, 1] - towards[1] * self._along[:, 0]
        apart = self._starts[None] - points[:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            far = (apart[..., 0] * self._along[:, 1] - apart[..., 1] * self._along[:, 0]) / across
            on = (apart[..., 0] * towards[1] - apart[..., 1] * towards[0]) / across
            met = (across > FLAT) & (far > -2 * GROWN_M) & (on >= 0) & (on <= 1)
        found = np.where(met, np.maximum(far, 0.0), most_m).min(axis=1, initial=most_m)
        return np.asarray(found)
