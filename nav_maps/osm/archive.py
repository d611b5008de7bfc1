"""A building of OSM parts as an archive."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from nav_maps.categories import Use, use_of
from nav_maps.model import PathwayMode
from nav_maps.osm.parts import Parts, Room, feature_of, id_of
from nav_maps.osm.tags import (
    category_of,
    door_category,
    is_private,
    levels_of,
    metres_of,
    names_of,
    number_of,
)
from nav_maps.reading.archive import Archive, Feature

MODES: Final = {
    Use.STAIRS: PathwayMode.STAIRS,
    Use.ELEVATOR: PathwayMode.ELEVATOR,
    Use.ESCALATOR: PathwayMode.ESCALATOR,
    Use.RAMP: PathwayMode.WALKWAY,
}


def archive_of(building: Parts) -> Archive:
    """All feature types of a building."""
    return _Writing(building).archive()


class _Writing:
    """The building as features of an archive."""

    def __init__(self, building: Parts) -> None:
        self.building = building
        self.levels = sorted({room.level for room in building.units})
        self.ordinals = _ordinals(self.levels)

    def archive(self) -> Archive:
        """All feature types."""
        found = Archive(
            manifest={"version": "1.0.0", "language": "zh", "generated_by": "nav-maps import"}
        )
        for each in (*self._frame(), *self._units(), *self._openings(), *self._links()):
            found.features.setdefault(each.type, []).append(each)
        for each in self.building.points:
            found.features.setdefault(each.type, []).append(each)
        return found

    def _level_id(self, level: float) -> str:
        return id_of("level", "level", level)

    def _frame(self) -> Iterator[Feature]:
        whole = self._outline(self.building.units)
        names = next(
            (found for each in self.building.outlines if (found := names_of(each.tags))), {}
        )
        address, building = id_of("address", "address", 0), id_of("building", "building", 0)
        yield feature_of(
            "venue",
            id_of("venue", "venue", 0),
            whole,
            category="unspecified",
            name=names or None,
            address_id=address,
        )
        yield feature_of("address", address, None, address=None, locality=None, country=None)
        yield feature_of(
            "building",
            building,
            None,
            category="unspecified",
            name=names or None,
            address_id=address,
        )
        yield feature_of(
            "footprint",
            id_of("footprint", "footprint", 0),
            whole,
            category="ground",
            building_ids=[building],
        )
        for level in self.levels:
            ordinal = self.ordinals[level]
            short = f"{ordinal + 1}F" if ordinal >= 0 else f"B{-ordinal}"
            given = self._level_names(level)
            yield feature_of(
                "level",
                self._level_id(level),
                self._outline([room for room in self.building.units if room.level == level]),
                category="unspecified",
                ordinal=ordinal,
                outdoor=False,
                name=given
                or {
                    "zh": f"{ordinal + 1}层" if ordinal >= 0 else f"地下{-ordinal}层",
                    "en": f"Level {short}",
                },
                short_name={"zh": short, "en": short},
                building_ids=[building],
            )

    def _level_names(self, level: float) -> dict[str, str]:
        for each in self.building.outlines:
            if each.tags.get("indoor") == "level" and level in levels_of(each.tags):
                return dict(names_of(each.tags))
        return {}

    def _outline(self, rooms: Iterable[Room]) -> BaseGeometry:
        grown = shapely.union_all(
            [shapely.buffer(room.area, 0.5, join_style="mitre") for room in rooms]
        )
        filled = shapely.union_all([Polygon(part.exterior) for part in shapely.get_parts(grown)])
        return shapely.buffer(filled, -0.4, join_style="mitre")

    def _units(self) -> Iterator[Feature]:
        for room in self.building.units:
            yield feature_of(
                "unit",
                room.id,
                room.area,
                level_id=self._level_id(room.level),
                category=room.category,
                restriction="employeesonly" if is_private(room.tags) else None,
                accessibility=["wheelchair"] if room.tags.get("wheelchair") == "yes" else None,
                name=names_of(room.tags) or None,
                alt_name=number_of(room.tags),
                osm_id=room.source,
            )

    def _openings(self) -> Iterator[Feature]:
        known = set(self.levels)
        for door in {door.id: door for door in self.building.doors}.values():
            if door.level not in known:
                continue
            automatic = door.tags.get("automatic_door", "no") != "no"
            yield feature_of(
                "opening",
                door.id,
                door.line,
                level_id=self._level_id(door.level),
                category=door_category(door.tags),
                accessibility=["wheelchair"] if door.tags.get("wheelchair") == "yes" else None,
                access_control=None,
                door={
                    "type": door.tags.get("door", "unspecified"),
                    "automatic": automatic,
                    "material": None,
                },
                name=names_of(door.tags) or None,
            )
            if is_private(door.tags):
                id = id_of("rule", door.id, 0)
                yield feature_of(
                    "x_navigation", id, None, kind="door", opening_id=door.id, restriction="staff"
                )

    def _links(self) -> Iterator[Feature]:
        for id, tags, rooms in self.building.links:
            use = use_of(category_of(tags))
            conveying = tags.get("conveying", "")
            down = conveying == "backward"
            ordered = rooms[::-1] if down else rooms
            runs = [ordered] if use is Use.ELEVATOR else list(pairwise(ordered))
            for index, run in enumerate(runs):
                yield feature_of(
                    "x_navigation",
                    id_of("pathway", id, index),
                    None,
                    kind="pathway",
                    pathway_mode=MODES[use].gtfs,
                    unit_ids=[room.id for room in run],
                    is_bidirectional=0 if conveying in {"forward", "backward"} else 1,
                    max_slope=0.08 if use is Use.RAMP else None,
                    min_width=metres_of(tags.get("width")),
                    stair_count=int(tags["step_count"])
                    if tags.get("step_count", "").isdigit()
                    else None,
                    restriction="staff" if is_private(tags) else None,
                    name=names_of(tags) or None,
                )


def _ordinals(levels: list[float]) -> dict[float, int]:
    """Whole levels keep their number; with half levels between, they are counted from the ground."""
    if all(level.is_integer() for level in levels):
        return {level: int(level) for level in levels}
    ground = next((index for index, level in enumerate(levels) if level >= 0), len(levels))
    return {level: index - ground for index, level in enumerate(levels)}
