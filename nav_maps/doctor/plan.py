"""A map laid out for questions: which unit is at a point, what lies near, what is inside the building.

Where units overlap, the smallest is meant: rooms are often drawn on top of a corridor that covers the whole floor.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from typing import Final, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from nav_maps.categories import Use, use_of
from nav_maps.labels import said
from nav_maps.model import IndoorMap, Labels, Level, Unit

Numbers: TypeAlias = NDArray[np.float64]
CLOSED_M: Final = 0.6
"""Walls up to twice this thick between units are taken as part of the building."""


HELD: Final = 0.9
"""A level's outline that holds less of its units than this is not meant as such."""


class Floor:
    """One level: its units that can be walked on, by an index of their shapes."""

    def __init__(self, level: Level, units: Sequence[Unit]) -> None:
        self.level = level.id
        self._drawn = level.area
        self._outdoor = level.outdoor
        self.units = tuple(units)
        self.shapes = np.array([unit.area for unit in units], dtype=object)
        self._areas = shapely.area(self.shapes) if len(units) else np.empty(0)
        self.tree = shapely.STRtree(self.shapes)

    def at(self, points: Numbers) -> list[Unit | None]:
        """The smallest unit at each of some points (shape (n, 2), metres), or None."""
        found: list[Unit | None] = [None] * len(points)
        if not self.units or not len(points):
            return found
        which, unit = self.tree.query(shapely.points(points), predicate="intersects")
        for index in np.lexsort((-self._areas[unit], which)):
            found[int(which[index])] = self.units[int(unit[index])]
        return found

    def near(self, geometry: BaseGeometry, metres: float) -> list[Unit]:
        """Units within a distance, nearest first."""
        if not self.units:
            return []
        found = self.tree.query(geometry, predicate="dwithin", distance=metres)
        units = [self.units[int(index)] for index in found]
        return sorted(units, key=lambda unit: (unit.area.distance(geometry), unit.area.area))

    @cached_property
    def inside(self) -> BaseGeometry:
        """The floor's outline: its units with the walls between them, holes filled."""
        grown = shapely.union_all(shapely.buffer(self.shapes, CLOSED_M, join_style="mitre"))
        filled = [Polygon(part.exterior) for part in shapely.get_parts(grown)]
        joined = shapely.union_all(filled)
        outline: BaseGeometry = shapely.buffer(joined, -CLOSED_M, join_style="mitre")
        shapely.prepare(outline)
        return outline

    @cached_property
    def ground(self) -> BaseGeometry:
        """Where the building stands: the level's own outline where it holds the units, else `inside`."""
        if self._drawn is None or self._outdoor or not self.units:
            return self.inside
        whole = shapely.union_all(self.shapes)
        if shapely.intersection(whole, self._drawn).area < HELD * whole.area:
            return self.inside
        ground: BaseGeometry = shapely.union(self._drawn, self.inside)
        shapely.prepare(ground)
        return ground


class Plan:
    """All floors of a map, without what is solid."""

    def __init__(self, built: IndoorMap) -> None:
        self.map = built
        by_level: dict[str, list[Unit]] = defaultdict(list)
        for unit in built.units.values():
            if use_of(unit.category) is not Use.SOLID:
                by_level[unit.level].append(unit)
        self.floors = {id: Floor(level, by_level[id]) for id, level in built.levels.items()}

    def unit_at(self, level: str, point: Point) -> Unit | None:
        """The smallest unit at a point."""
        return self.floors[level].at(np.array([[point.x, point.y]]))[0]

    @cached_property
    def walkable(self) -> dict[str, Unit]:
        """Units by id that somebody may walk on."""
        return {unit.id: unit for floor in self.floors.values() for unit in floor.units}

    @cached_property
    def occupants(self) -> dict[str, Labels]:
        """Names of units by what occupies them."""
        return {
            each.unit: each.names
            for each in self.map.occupants.values()
            if each.unit is not None and each.names
        }

    def names(self, unit: Unit) -> Labels:
        """What people call a unit: its own name, its occupant's, or its number; empty when there is none."""
        return unit.names or self.occupants.get(unit.id, {}) or unit.number

    def called(self, unit: Unit) -> Labels:
        """A unit for a sentence: its name, or its category and id."""
        names = self.names(unit)
        number = unit.number if names is not unit.number else {}
        if not names:
            return {"zh": f"{unit.category} {unit.id[:8]}", "en": f"{unit.category} {unit.id[:8]}"}
        return {
            language: _with_number(said(names, language), said(number, language))
            for language in ("zh", "en")
        }


def _with_number(name: str, number: str) -> str:
    return name if not number or number in name else f"{name} {number}"


def largest(area: BaseGeometry) -> Polygon | None:
    """The largest polygon of an area."""
    parts = shapely.get_parts(area) if isinstance(area, MultiPolygon) else [area]
    polygons = [part for part in parts if isinstance(part, Polygon) and not part.is_empty]
    return max(polygons, key=lambda part: part.area, default=None)
