"""The kinds of geometry that features must have, and categories that can't be meant."""

from collections import Counter
from typing import Final

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from nav_maps.categories import OPENINGS, STANDARD, VERTICAL, Use, use_of
from nav_maps.findings import Finding, finding
from nav_maps.reading.archive import Archive, Feature
from nav_maps.reading.shapes import line_of, polygons_of
from nav_maps.reading.values import word
from nav_maps.walls import along_wall

DOOR_WIDTH_M: Final = 0.9
MOST_ALIKE: Final = 20
PILED: Final = ("unit", "opening", "fixture")
AREAS: Final = ("unit", "level", "fixture")
LINES: Final = ("opening",)
POINTS: Final = ("amenity", "anchor")
_NOT_FOR_PEOPLE: Final = frozenset({"automobile", "bicycle"})
_USED: Final = {
    Use.PASSAGE: ("走道", "a passage"),
    Use.STAIRS: ("楼梯", "stairs"),
    Use.ELEVATOR: ("电梯", "a lift"),
    Use.ESCALATOR: ("扶梯", "an escalator"),
    Use.RAMP: ("坡道", "a ramp"),
    Use.SOLID: ("不可通行处", "solid"),
    Use.OUTSIDE: ("室外", "outside"),
    Use.ROOM: ("房间", "a room"),
}


def tidy(archive: Archive, findings: list[Finding]) -> None:
    """Shapes of the kind that each feature type wants, or none; categories that doors for people have."""
    for type in PILED:
        _unpile(archive, type, findings)
    for feature in archive.of(*AREAS):
        _area(feature, findings)
    for feature in archive.of(*POINTS):
        _point(feature, findings)
    _lines(archive, findings)
    _unlikely_openings(archive, findings)
    _unlikely_restrictions(archive, findings)
    _unknown_categories(archive, findings)


def _unpile(archive: Archive, type: str, findings: list[Finding]) -> None:
    """Nobody draws the same shape twenty times in one place: a program went round in circles."""
    placed = [each for each in archive.of(type) if each.shape is not None]
    seen: Counter[tuple[str, bytes | None]] = Counter()
    dropped = 0
    for feature in placed:
        key = (str(feature.properties.get("level_id")), shapely.to_wkb(feature.shape))
        seen[key] += 1
        if seen[key] > MOST_ALIKE:
            feature.shape, dropped = None, dropped + 1
    if dropped:
        findings.append(finding("piled-up", type, count=dropped, most=MOST_ALIKE))


def _area(feature: Feature, findings: list[Finding]) -> None:
    given = feature.shape
    if given is None:
        if feature.type == "unit" and feature.given.get("geometry") is None:
            findings.append(
                _missing(feature, "无法到达，也不会画出", "nobody can go there and it is not drawn")
            )
        return
    if isinstance(given, Polygon | MultiPolygon):
        return
    feature.shape = polygons_of(_closed(given))
    if feature.shape is None:
        findings.append(_kind(feature, given, "Polygon"))
    else:
        feature.changed = True


def _closed(given: BaseGeometry) -> BaseGeometry:
    if isinstance(given, LineString) and given.is_ring:
        return Polygon(given)
    return given


def _point(feature: Feature, findings: list[Finding]) -> None:
    if feature.shape is None:
        if feature.type == "amenity":
            findings.append(_missing(feature, "没有使用", "it was not used"))
    elif not isinstance(feature.shape, Point):
        feature.shape = feature.shape.representative_point()
        feature.changed = True


def _lines(archive: Archive, findings: list[Finding]) -> None:
    walls = _Walls(archive)
    for feature in archive.of(*LINES):
        given = feature.shape
        if given is None:
            if feature.given.get("geometry") is None:
                findings.append(_missing(feature, "没有使用", "it was not used"))
            continue
        if isinstance(given, LineString) and given.length > 0.01:
            continue
        feature.shape = _line(given, walls, str(feature.properties.get("level_id")))
        feature.changed = True
        if feature.shape is None:
            findings.append(_kind(feature, given, "LineString"))
        else:
            drawn, width = given.geom_type, round(feature.shape.length, 1)
            findings.append(
                finding(
                    "opening-drawn-otherwise",
                    feature.type,
                    feature.id,
                    given=drawn,
                    width=width,
                    level=str(feature.properties.get("level_id")),
                    point=shapely.centroid(feature.shape),
                )
            )


def _line(given: BaseGeometry, walls: "_Walls", level: str) -> LineString | None:
    if isinstance(given, Polygon | MultiPolygon):
        return _long_axis(given)
    found = line_of(given)
    if found is not None and found.length > 0.01:
        return found
    return walls.door_at(given.centroid, level)


def _long_axis(area: BaseGeometry) -> LineString | None:
    box = shapely.minimum_rotated_rectangle(area)
    if not isinstance(box, Polygon):
        return line_of(box)
    corners = np.asarray(box.exterior.coords)[:4]
    sides = (corners + np.roll(corners, -1, axis=0)) / 2.0
    axes = [LineString([sides[0], sides[2]]), LineString([sides[1], sides[3]])]
    return max(axes, key=lambda axis: axis.length)


class _Walls:
    """The outlines of units by level, to lay a door that is only a point along."""

    def __init__(self, archive: Archive) -> None:
        self._units: dict[str, list[BaseGeometry]] = {}
        for unit in archive.of("unit"):
            if isinstance(unit.shape, Polygon | MultiPolygon):
                level = str(unit.properties.get("level_id"))
                self._units.setdefault(level, []).append(unit.shape.boundary)
        self._trees: dict[str, shapely.STRtree] = {}

    def door_at(self, point: Point, level: str) -> LineString | None:
        """A line of a door's width along the nearest wall, its middle there; None when no wall is within 1 m."""
        outlines = self._units.get(level)
        if not outlines:
            return None
        tree = self._trees.setdefault(level, shapely.STRtree(outlines))
        nearest = tree.query_nearest(point, max_distance=1.0, all_matches=False)
        if not len(nearest):
            return None
        return along_wall(outlines[int(nearest[0])], point, DOOR_WIDTH_M)


def _unlikely_openings(archive: Archive, findings: list[Finding]) -> None:
    """Where every door is for cars, somebody left a default."""
    openings = list(archive.of("opening"))
    categories = {word(each.properties.get("category")) for each in openings}
    if len(openings) < 3 or not categories <= _NOT_FOR_PEOPLE:
        return
    for each in openings:
        each.properties = {**each.properties, "category": "pedestrian"}
        each.changed = True
    findings.append(
        finding(
            "category-implausible",
            "opening",
            count=len(openings),
            category=", ".join(sorted(categories)),
        )
    )


def _unlikely_restrictions(archive: Archive, findings: list[Finding]) -> None:
    """Where every way up is restricted, somebody left a default."""
    ways = [
        each
        for each in archive.of("unit")
        if use_of(word(each.properties.get("category"))) in VERTICAL
    ]
    given = {word(each.properties.get("restriction")) for each in ways}
    if len(ways) < 3 or "" in given:
        return
    for each in ways:
        each.properties = {**each.properties, "restriction": None}
        each.changed = True
    shown = ", ".join(sorted(given))
    findings.append(finding("restriction-implausible", "unit", count=len(ways), given=shown))


def _unknown_categories(archive: Archive, findings: list[Finding]) -> None:
    units = Counter(word(each.properties.get("category")) for each in archive.of("unit"))
    for category, count in sorted(units.items()):
        if category not in STANDARD:
            zh, en = _USED[use_of(category)]
            findings.append(_unknown("unit", category, count, zh, en))
    openings = Counter(word(each.properties.get("category")) for each in archive.of("opening"))
    for category, count in sorted(openings.items()):
        if category not in OPENINGS:
            findings.append(_unknown("opening", category, count, "行人门", "a door for people"))


def _unknown(kind: str, category: str, count: int, zh: str, en: str) -> Finding:
    shown = category or "—"
    return finding(
        "category-unknown", kind, kind=kind, category=shown, count=count, used_zh=zh, used_en=en
    )


def _missing(feature: Feature, zh: str, en: str) -> Finding:
    return finding(
        "geometry-missing", feature.type, feature.id, consequence_zh=zh, consequence_en=en
    )


def _kind(feature: Feature, given: BaseGeometry, wanted: str) -> Finding:
    return finding("geometry-kind", feature.type, feature.id, given=given.geom_type, wanted=wanted)
