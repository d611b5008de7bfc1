"""Where the middle of a body can be: a walkable area without what stands in it, kept off the walls."""

from collections.abc import Sequence
from typing import Final, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

CLEARANCE_M: Final = 0.4
NARROWER_M: Final = (0.25, 0.12, 0.03)
"""What is tried, one after the other, where a corridor or a gap is narrower than twice the clearance."""
PLAIN_M: Final = 0.02
"""Outlines are simplified by this: curves are drawn with more corners than anybody turns at."""
LEAST_M2: Final = 0.005
T = TypeVar("T", BaseGeometry, NDArray[np.object_])


def shrunk(areas: NDArray[np.object_], metres: float = CLEARANCE_M) -> NDArray[np.object_]:
    """Areas without the strip along their walls; empty where nothing is left."""
    kept = shapely.buffer(areas, -metres, join_style="mitre", mitre_limit=2.0)
    return np.asarray(shapely.simplify(kept, PLAIN_M), dtype=object)


def free_spaces(
    areas: NDArray[np.object_], doors: Sequence[NDArray[np.object_]]
) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
    """The free parts of areas, and the least clearance used for each. `doors` are the lines that lead into each area.

    Where an area at full clearance falls apart or keeps off one of its doors, strips with less clearance join the parts,
    and only there: a thin body gets wherever the area leads.
    """
    free = shrunk(areas)
    reach = shapely.buffer(free, CLEARANCE_M + 0.005, join_style="mitre", mitre_limit=4.0)
    lost = shapely.area(shapely.difference(areas, reach)) > LEAST_M2
    used = np.full(len(areas), CLEARANCE_M)
    for index in np.flatnonzero(lost):
        free[index], used[index] = _bridged(areas[index], free[index], doors[int(index)])
    return free, used


def _bridged(
    area: BaseGeometry, free: BaseGeometry, doors: NDArray[np.object_]
) -> tuple[BaseGeometry, float]:
    """A free space with the strips that a smaller clearance adds and that lead somewhere."""
    parts, used, whole = [(free, CLEARANCE_M)], CLEARANCE_M, free
    for metres in NARROWER_M:
        thinner = shapely.buffer(area, -metres, join_style="mitre", mitre_limit=2.0)
        reach = shapely.union_all([_wider(part, width - metres + 0.02) for part, width in parts])
        left = np.array(
            [
                part
                for part in shapely.get_parts(shapely.difference(thinner, reach))
                if part.area > LEAST_M2
            ],
            dtype=object,
        )
        grown = _wider(left, CLEARANCE_M - metres + 0.06)
        strips = shapely.intersection(grown, thinner)
        kept = [strip for strip in strips if _leads_somewhere(strip, whole, doors, metres)]
        if kept:
            parts.append((shapely.union_all(kept), metres))
            whole, used = polygons(shapely.union_all([whole, *kept])), metres
    return polygons(shapely.simplify(whole, PLAIN_M)), used


def _wider(shapes: T, metres: float) -> T:
    wider: T = shapely.buffer(shapes, metres, join_style="mitre", mitre_limit=4.0)
    return wider


def _leads_somewhere(
    strip: BaseGeometry, free: BaseGeometry, doors: NDArray[np.object_], metres: float
) -> bool:
    if free.is_empty or len(shapely.get_parts(shapely.intersection(strip, free))) > 1:
        return True
    near = shapely.dwithin(doors, strip, metres + 0.1)
    far = ~shapely.dwithin(doors, free, CLEARANCE_M + 0.15)
    return bool((near & far).any())


def polygons(geometry: BaseGeometry) -> BaseGeometry:
    """Only the polygons of a geometry, as one valid geometry."""
    parts = [
        part
        for part in shapely.get_parts(geometry)
        if isinstance(part, Polygon) and not part.is_empty
    ]
    return shapely.union_all(parts) if parts else Polygon()
