"""What one sees on a level: walls, how far it is to the next one, and whether a thing is in view."""

from collections.abc import Mapping
from math import cos, radians, sin
from typing import Final

import numpy as np
from shapely import LineString, Point, STRtree, union_all
from shapely.geometry.base import BaseGeometry

from nav_maps.categories import Use, use_of
from nav_maps.model import IndoorMap, Opening, Unit
from nav_maps.route import Metres

OPEN: Final = frozenset({Use.PASSAGE, Use.RAMP, Use.OUTSIDE})
"""Units that one walks through and sees across; all others are rooms, ways to other floors, or solid."""
DOORWAY_M: Final = 0.25
"""An opening reaches this far beyond its line, for maps draw it beside the wall."""
FARTHEST_M: Final = 80.0


def is_open(unit: Unit | None) -> bool:
    """Whether people walk through it on their way."""
    return unit is not None and use_of(unit.category) in OPEN


class Sight:
    """The walls of one level. A door into a room counts as wall: one does not look through it."""

    def __init__(self, indoor_map: IndoorMap, level: str) -> None:
        """Take the walls of a level; costs some milliseconds."""
        self.units: Mapping[str, Unit] = {
            unit.id: unit for unit in indoor_map.units.values() if unit.level == level
        }
        openings = [each for each in indoor_map.openings.values() if each.level == level]
        self._walls = _walls(list(self.units.values()), openings)
        self._tree = STRtree(self._walls)

    def clear_m(self, at: Metres, heading_deg: float) -> float:
        """Metres from a point to the first wall in a direction, at most `FARTHEST_M`."""
        turn = radians(heading_deg)
        end = (at[0] + FARTHEST_M * cos(turn), at[1] + FARTHEST_M * sin(turn))
        ray = LineString([at, end])
        hits = self._tree.query(ray, predicate="intersects")
        here = Point(at)
        met = [here.distance(self._walls[i].intersection(ray)) for i in hits]
        return min([distance for distance in met if distance > 1e-6], default=FARTHEST_M)

    def sees(self, a: Metres, b: Metres) -> bool:
        """Whether no wall stands between two points; the last metre may be one, for things hang on walls."""
        line = LineString([a, b])
        if line.length < 1.0:
            return True
        short = LineString([a, _xy(line.interpolate(line.length - 1.0))])
        return not len(self._tree.query(short, predicate="intersects"))


def _xy(point: Point) -> Metres:
    return (point.x, point.y)


def _walls(units: list[Unit], openings: list[Opening]) -> list[BaseGeometry]:
    if not units:
        return []
    tree = STRtree([unit.area for unit in units])
    gaps = []
    for opening in openings:
        gap = opening.line.buffer(DOORWAY_M)
        middle = opening.line.interpolate(0.5, normalized=True).buffer(DOORWAY_M)
        beside = [units[i] for i in tree.query(middle, predicate="intersects")]
        if sum(is_open(unit) for unit in beside) >= 2:
            gaps.append(gap)
    edges: list[BaseGeometry] = [unit.area.boundary for unit in units]
    if not gaps:
        return edges
    gap_tree = STRtree(gaps)
    cut = []
    for edge in edges:
        near = gap_tree.query(edge, predicate="intersects")
        cut.append(
            edge.difference(union_all(np.asarray(gaps, dtype=object)[near])) if len(near) else edge
        )
    return [edge for edge in cut if not edge.is_empty]
