"""From OSM elements to an archive of our own: units, openings, ways between levels, amenities, occupants."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final

import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from nav_maps.categories import VERTICAL, Use, use_of
from nav_maps.findings import Finding, finding
from nav_maps.osm.archive import MODES, archive_of
from nav_maps.osm.elements import Tags, read_elements
from nav_maps.osm.ground import Ground, Patch
from nav_maps.osm.parts import Door, Parts, Room, feature_of, id_of
from nav_maps.osm.select import is_door, is_outline, patches, stretches
from nav_maps.osm.tags import category_of, levels_of, metres_of, names_of, point_category
from nav_maps.projection import Projection
from nav_maps.reading.archive import Archive, Feature
from nav_maps.reading.files import NotAMap
from nav_maps.reading.shapes import polygons_of
from nav_maps.walls import along_wall

CORRIDOR_M: Final = 2.0
STEPS_M: Final = 1.5
LIFT_M: Final = 1.8
DOOR_M: Final = 0.9
MAIN_DOOR_M: Final = 1.8
ON_WALL_M: Final = 0.3
CRUMB_M2: Final = 0.2


def import_osm(path: Path, findings: list[Finding]) -> tuple[Archive, Projection]:
    """An archive of what an OSM file says of a building's inside.

    Raises:
        NotAMap: it is no OSM file, or has nothing indoor.
        OSError: it can't be read.
    """
    ground = Ground(read_elements(path, findings))
    building = _Building(ground, findings)
    building.take_areas()
    building.take_lines()
    building.take_lifts()
    if not building.parts.units:
        raise NotAMap(
            f"{path} has nothing indoor: no room, corridor or area with Simple Indoor Tagging (indoor=*, level=*)."
        )
    building.cut_vertical_out()
    building.take_doors()
    building.take_points()
    building.say()
    return archive_of(building.parts), ground.projection


@dataclass(slots=True)
class _Building:
    """What is gathered from an OSM file."""

    ground: Ground
    findings: list[Finding]
    parts: Parts = field(default_factory=Parts)
    unlevelled: int = 0

    def take_areas(self) -> None:
        """Rooms, corridors, areas and what else is closed."""
        for patch in patches(self.ground, self.findings):
            if is_outline(patch.tags):
                self.parts.outlines.append(patch)
                continue
            rooms = [self._room(patch, level) for level in self._levels(patch.tags)]
            self.parts.units += rooms
            self._link(patch.id, patch.tags, rooms)

    def take_lines(self) -> None:
        """Corridors and steps that are drawn as lines, unless an area is there already."""
        for stretch in stretches(self.ground):
            category = category_of({"highway": "corridor", **stretch.tags})
            width = metres_of(stretch.tags.get("width"))
            half = (width or (CORRIDOR_M if category == "walkway" else STEPS_M)) / 2.0
            area = polygons_of(
                shapely.buffer(stretch.line, half, cap_style="flat", join_style="mitre")
            )
            if area is None:
                continue
            patch = Patch(stretch.id, {"highway": "corridor", **stretch.tags}, area, frozenset())
            rooms = [
                self._room(patch, level)
                for level in self._levels(stretch.tags)
                if category != "walkway" or not self._covered(stretch.line, level)
            ]
            self.parts.units += rooms
            self._link(stretch.id, stretch.tags, rooms)

    def take_lifts(self) -> None:
        """Lifts that are only a node become a car with a door towards the passage they stand in."""
        for node in self.ground.elements.nodes.values():
            if node.tags.get("highway") != "elevator" and node.tags.get("room") != "elevator":
                continue
            point = self.ground.point(node.id)
            if point is None or any(
                self._within_lift(point, level) for level in levels_of(node.tags)
            ):
                continue
            car = shapely.box(
                point.x - LIFT_M / 2,
                point.y - LIFT_M / 2,
                point.x + LIFT_M / 2,
                point.y + LIFT_M / 2,
            )
            patch = Patch(f"node/{node.id}", {"highway": "elevator", **node.tags}, car, frozenset())
            rooms = [self._room(patch, level) for level in self._levels(node.tags)]
            self.parts.units += rooms
            self._link(patch.id, node.tags, rooms)
            for room in rooms:
                self._open_car(room, car)

    def cut_vertical_out(self) -> None:
        """Stairs and lifts that stand in a passage are cut out of it, so that units do not overlap."""
        by_level: dict[float, list[Room]] = defaultdict(list)
        for room in self.parts.units:
            by_level[room.level].append(room)
        for rooms in by_level.values():
            shafts = [room for room in rooms if use_of(room.category) in VERTICAL]
            for room in rooms:
                inside = [each.area for each in shafts if each.area.intersects(room.area)]
                if room in shafts or not inside:
                    continue
                left = shapely.difference(room.area, shapely.union_all(inside))
                parts = [part for part in shapely.get_parts(left) if part.area > CRUMB_M2]
                whole = polygons_of(shapely.union_all(parts)) if parts else None
                room.area = whole if whole is not None else room.area

    def take_doors(self) -> None:
        """Doors and entrances: nodes on outlines, and lines."""
        for node in self.ground.elements.nodes.values():
            if not is_door(node.tags):
                continue
            point = self.ground.point(node.id)
            if point is None:
                continue
            made = [
                door
                for level in self._door_levels(node.id, node.tags)
                if (door := self._door(f"node/{node.id}", node.tags, level, point, node.id))
            ]
            self.parts.doors += made
            if not made:
                self.findings.append(
                    finding("osm-door-alone", "opening", f"node/{node.id}", id=f"node/{node.id}")
                )
        for way in self.ground.elements.ways.values():
            line = self.ground.line(way.id) if is_door(way.tags) else None
            if line is not None and not line.is_closed and line.length > 0.1:
                for level in levels_of(way.tags) or (0.0,):
                    self.parts.doors.append(
                        Door(id_of("opening", f"way/{way.id}", level), level, line, way.tags)
                    )

    def take_points(self) -> None:
        """Amenities, and names that stand as nodes in rooms."""
        for node in self.ground.elements.nodes.values():
            point = self.ground.point(node.id) if node.tags else None
            if point is None or is_door(node.tags):
                continue
            for level in levels_of(node.tags):
                self.parts.points += self._point(node.id, node.tags, level, point)

    def say(self) -> None:
        """Findings about the whole."""
        if self.ground.missing:
            self.findings.append(finding("osm-incomplete", "osm", count=len(self.ground.missing)))
        if self.unlevelled:
            self.findings.append(finding("osm-no-level", "osm", count=self.unlevelled))

    def _levels(self, tags: Tags) -> tuple[float, ...]:
        found = levels_of(tags)
        if not found:
            self.unlevelled += 1
        return found or (0.0,)

    def _room(self, patch: Patch, level: float) -> Room:
        id = id_of("unit", patch.id, level)
        return Room(
            id, patch.id, level, category_of(patch.tags), patch.area, patch.tags, patch.nodes
        )

    def _link(self, id: str, tags: Tags, rooms: list[Room]) -> None:
        """What spans levels leads from one to the next."""
        use = use_of(category_of(tags))
        if use not in MODES:
            return
        if len(rooms) > 1:
            self.parts.links.append((id, tags, tuple(sorted(rooms, key=lambda room: room.level))))
        elif use is not Use.RAMP and rooms and not self._stacked(rooms[0]):
            self.findings.append(finding("osm-link-alone", "unit", rooms[0].id, id=id))

    def _stacked(self, room: Room) -> bool:
        """Whether the same kind stands above or below: then the link is plain without words."""
        return any(
            use_of(each.category) is use_of(room.category)
            and each.level != room.level
            and each.area.intersects(room.area)
            for each in self.parts.units
        )

    def _covered(self, line: LineString, level: float) -> bool:
        areas = [room.area for room in self.parts.units if room.level == level]
        near = [area for area in areas if area.intersects(line)]
        inside = shapely.intersection(line, shapely.union_all(near)).length if near else 0.0
        return bool(inside > 0.5 * line.length)

    def _within_lift(self, point: Point, level: float) -> bool:
        return any(
            use_of(room.category) is Use.ELEVATOR
            and room.level == level
            and room.area.distance(point) < 0.5
            for room in self.parts.units
        )

    def _open_car(self, room: Room, car: Polygon) -> None:
        around = [
            each
            for each in self.parts.units
            if each.level == room.level and each is not room and each.area.intersects(car)
        ]
        passages = [each for each in around if use_of(each.category) is Use.PASSAGE] or around
        if not passages:
            return
        towards = max(passages, key=lambda each: each.area.intersection(car).area).area
        corners = list(car.exterior.coords)
        walls = [LineString(pair) for pair in pairwise(corners)]
        best = max(walls, key=lambda wall: _open_ground(wall, towards))
        line = along_wall(best, best.interpolate(0.5, normalized=True), DOOR_M)
        if line is not None:
            self.parts.doors.append(
                Door(id_of("opening", room.source, room.level), room.level, line, {})
            )

    def _door_levels(self, node: str, tags: Tags) -> tuple[float, ...]:
        """Levels of a door: its own, or those of all the outlines it is on."""
        if given := levels_of(tags):
            return given
        outlines = [room for room in self.parts.units if node in room.nodes]
        shared: dict[float, int] = defaultdict(int)
        for room in outlines:
            shared[room.level] += 1
        both = [level for level, count in shared.items() if count > 1]
        return tuple(sorted(both or shared or ([0.0] if "entrance" in tags else [])))

    def _door(self, source: str, tags: Tags, level: float, point: Point, node: str) -> Door | None:
        rooms = [room for room in self.parts.units if room.level == level]
        touching = [room for room in rooms if node in room.nodes] or [
            room for room in rooms if room.area.boundary.distance(point) <= ON_WALL_M
        ]
        if not touching:
            return None
        # the smaller unit's wall: a corridor's outline may run past many doors
        room = min(touching, key=lambda each: each.area.area)
        wanted = metres_of(tags.get("width")) or (
            MAIN_DOOR_M if tags.get("entrance") == "main" else DOOR_M
        )
        line = along_wall(room.area.boundary, point, wanted)
        return None if line is None else Door(id_of("opening", source, level), level, line, tags)

    def _point(self, node: str, tags: Tags, level: float, point: Point) -> Iterator[Feature]:
        inside = [
            room for room in self.parts.units if room.level == level and room.area.intersects(point)
        ]
        room = min(inside, key=lambda each: each.area.area, default=None)
        names = names_of(tags)
        if category := point_category(tags):
            yield feature_of(
                "amenity",
                id_of("amenity", node, level),
                point,
                category=category,
                name=names or None,
                unit_ids=[room.id] if room else [],
                hours=tags.get("opening_hours"),
            )
        elif names and room is not None and use_of(room.category) is Use.ROOM:
            anchor = id_of("anchor", node, level)
            kind = next(
                (tags[key] for key in ("healthcare", "shop", "office", "amenity") if key in tags),
                "",
            )
            yield feature_of("anchor", anchor, point, unit_id=room.id, address_id=None)
            yield feature_of(
                "occupant",
                id_of("occupant", node, level),
                None,
                category=kind or "unspecified",
                name=names,
                anchor_id=anchor,
                hours=tags.get("opening_hours"),
            )


def _open_ground(wall: LineString, area: BaseGeometry) -> float:
    """How much of the ground before a wall belongs to an area."""
    return float(shapely.intersection(shapely.buffer(wall, 1.0, cap_style="flat"), area).area)
