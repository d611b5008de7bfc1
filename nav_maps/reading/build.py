"""From tidy features to the values of `model.py`."""

from collections.abc import Mapping

from shapely import LineString, MultiPolygon, Point, Polygon

from nav_maps.findings import Finding, finding
from nav_maps.labels import labels
from nav_maps.model import (
    Amenity,
    Area,
    Fixture,
    IndoorMap,
    Labels,
    Level,
    Occupant,
    Opening,
    Relationship,
    Unit,
)
from nav_maps.projection import Projection
from nav_maps.reading.archive import Archive, Feature
from nav_maps.reading.navigation import Ground, read_navigation
from nav_maps.reading.shapes import read_shape
from nav_maps.reading.values import flag, optional, reference, texts, word, words


def build(archive: Archive, projection: Projection, findings: list[Finding]) -> IndoorMap:
    """The map; references that lead nowhere become findings."""
    language = archive.language
    levels = {each.id: _level(each, language) for each in archive.of("level")}
    units = {
        each.id: _unit(each, area, language, projection)
        for each in archive.of("unit")
        if (area := _area(each)) is not None
    }
    openings = {
        each.id: _opening(each, each.shape, language)
        for each in archive.of("opening")
        if isinstance(each.shape, LineString)
    }
    anchors = {each.id: each for each in archive.of("anchor")}
    amenities = {
        each.id: _amenity(each, each.shape, language, units, findings)
        for each in archive.of("amenity")
        if isinstance(each.shape, Point)
    }
    ground = Ground(frozenset(levels), frozenset(units), frozenset(openings), frozenset(amenities))
    return IndoorMap(
        names=_venue_names(archive, language),
        projection=projection,
        levels=levels,
        units=units,
        openings=openings,
        amenities=amenities,
        occupants={
            each.id: _occupant(each, anchors, language, units, findings)
            for each in archive.of("occupant")
        },
        fixtures=_fixtures(archive, language),
        relationships={each.id: _relationship(each) for each in archive.of("relationship")},
        navigation=read_navigation(list(archive.of("x_navigation")), ground, language, findings),
    )


def _area(feature: Feature) -> Area | None:
    return feature.shape if isinstance(feature.shape, Polygon | MultiPolygon) else None


def _names(feature: Feature, key: str, language: str) -> Labels:
    return labels(feature.properties.get(key), language)


def _venue_names(archive: Archive, language: str) -> Labels:
    for each in (*archive.of("venue"), *archive.of("building")):
        if names := _names(each, "name", language):
            return names
    return {}


def _level(feature: Feature, language: str) -> Level:
    given = feature.properties.get("ordinal")
    ordinal = given if isinstance(given, int) else 0
    short = _names(feature, "short_name", language)
    return Level(
        id=feature.id,
        ordinal=ordinal,
        names=_names(feature, "name", language),
        short=short or {"en": f"{ordinal + 1}F" if ordinal >= 0 else f"B{-ordinal}"},
        area=_area(feature),
        outdoor=flag(feature.properties.get("outdoor")) is True,
    )


def _unit(feature: Feature, area: Area, language: str, projection: Projection) -> Unit:
    own = feature.properties
    return Unit(
        id=feature.id,
        level=reference(own.get("level_id")),
        category=word(own.get("category")) or "unspecified",
        names=_names(feature, "name", language),
        area=area,
        number=_names(feature, "alt_name", language),
        restriction=optional(word(own.get("restriction"))),
        accessibility=words(own.get("accessibility")),
        display_point=_display_point(own.get("display_point"), area, projection),
    )


def _display_point(given: object, area: Area, projection: Projection) -> Point | None:
    """The point where a label stands; None when it is not in the unit (by a metre)."""
    found = read_shape(given).geometry
    if not isinstance(found, Point):
        return None
    point = Point(projection.to_metres(found.x, found.y))
    return point if area.distance(point) <= 1.0 else None


def _opening(feature: Feature, line: LineString, language: str) -> Opening:
    own = feature.properties
    door = own.get("door")
    return Opening(
        id=feature.id,
        level=reference(own.get("level_id")),
        category=word(own.get("category")) or "pedestrian",
        line=line,
        names=_names(feature, "name", language),
        accessibility=words(own.get("accessibility")),
        access_control=words(own.get("access_control")),
        door=dict(door) if isinstance(door, Mapping) else {},
    )


def _amenity(
    feature: Feature,
    point: Point,
    language: str,
    units: Mapping[str, Unit],
    findings: list[Finding],
) -> Amenity:
    own = feature.properties
    given = texts(own.get("unit_ids")) or texts(own.get("unit_id"))
    known = tuple(each for each in given if each in units)
    findings += [_broken(feature, "unit_ids", each) for each in given if each not in units]
    return Amenity(
        id=feature.id,
        category=word(own.get("category")),
        names=_names(feature, "name", language),
        point=point,
        units=known,
        hours=optional(own.get("hours")),
    )


def _occupant(
    feature: Feature,
    anchors: Mapping[str, Feature],
    language: str,
    units: Mapping[str, Unit],
    findings: list[Finding],
) -> Occupant:
    own = feature.properties
    given = reference(own.get("anchor_id"))
    anchor = anchors.get(given)
    if given and anchor is None:
        findings.append(_broken(feature, "anchor_id", given))
    unit = reference(anchor.properties.get("unit_id")) if anchor else reference(own.get("unit_id"))
    if unit and unit not in units:
        findings.append(_broken(anchor or feature, "unit_id", unit))
    point = anchor.shape if anchor else feature.shape
    return Occupant(
        id=feature.id,
        category=word(own.get("category")),
        names=_names(feature, "name", language),
        unit=unit if unit in units else None,
        point=point if isinstance(point, Point) else None,
        hours=optional(own.get("hours")),
    )


def _broken(feature: Feature, property: str, target: str) -> Finding:
    point = feature.shape if isinstance(feature.shape, Point) else None
    return finding(
        "reference-broken", feature.type, feature.id, property=property, target=target, point=point
    )


def _fixtures(archive: Archive, language: str) -> dict[str, Fixture]:
    return {
        each.id: Fixture(
            id=each.id,
            level=reference(each.properties.get("level_id")),
            category=word(each.properties.get("category")) or each.type,
            area=area,
            names=_names(each, "name", language),
        )
        for each in archive.of("fixture", "kiosk")
        if (area := _area(each)) is not None
    }


def _relationship(feature: Feature) -> Relationship:
    own = feature.properties
    return Relationship(
        id=feature.id,
        category=word(own.get("category")),
        origin=optional(reference(own.get("origin"))),
        destination=optional(reference(own.get("destination"))),
        intermediary=texts(own.get("intermediary")),
        direction=word(own.get("direction")) or "undirected",
        hours=optional(own.get("hours")),
    )
