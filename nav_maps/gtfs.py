"""A map's ways as GTFS: `levels.txt`, `stops.txt` and `pathways.txt`, as the GTFS Schedule reference describes them.

A hospital is no station, but every program that draws or routes stations can then read it. The building is the station
(`location_type` 1), doors to the outside are entrances (2), units that some way leads to are generic nodes (3). A pathway joins
two units by a door, an open border, or a way between levels; its length is that between the units' points, through the door.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from shapely import LineString, Point

from nav_maps.categories import Use
from nav_maps.doctor.contacts import Contact, Kind
from nav_maps.doctor.links import Link, level_ways
from nav_maps.doctor.patient import Patient, admit
from nav_maps.labels import said
from nav_maps.model import IndoorMap, Pathway, PathwayMode, Unit

Row: TypeAlias = Mapping[str, object]
STATION: Final = "building"
LEVELS: Final = ("level_id", "level_index", "level_name")
STOPS: Final = (
    "stop_id", "stop_name", "stop_lat", "stop_lon", "location_type", "parent_station", "level_id", "wheelchair_boarding",
)  # fmt: skip
PATHWAYS: Final = (
    "pathway_id", "from_stop_id", "to_stop_id", "pathway_mode", "is_bidirectional", "length", "traversal_time",
    "stair_count", "max_slope", "min_width", "signposted_as",
)  # fmt: skip
_MODES: Final = {
    Use.STAIRS: PathwayMode.STAIRS,
    Use.ELEVATOR: PathwayMode.ELEVATOR,
    Use.ESCALATOR: PathwayMode.ESCALATOR,
    Use.RAMP: PathwayMode.RAMP,
}


def gtfs_files(built: IndoorMap, language: str = "en") -> Mapping[str, bytes]:
    """The three files, names in the language wanted where there are such."""
    patient = admit(built)
    pathways = list(_pathways(patient, language))
    joined = {str(row[end]) for row in pathways for end in ("from_stop_id", "to_stop_id")}
    return {
        "levels.txt": _csv(LEVELS, _levels(built, language)),
        "stops.txt": _csv(STOPS, _stops(patient, language, joined)),
        "pathways.txt": _csv(PATHWAYS, pathways),
    }


def _csv(columns: tuple[str, ...], rows: Iterable[Row]) -> bytes:
    written = io.StringIO()
    writer = csv.DictWriter(written, columns, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode()


def _levels(built: IndoorMap, language: str) -> Iterator[Row]:
    for level in sorted(built.levels.values(), key=lambda level: level.ordinal):
        name = said(level.names, language) or said(level.short, language)
        yield {"level_id": level.id, "level_index": float(level.ordinal), "level_name": name}


def _stops(patient: Patient, language: str, joined: set[str]) -> Iterator[Row]:
    built = patient.map
    name = said(built.names, language) or "Building"
    yield {
        "stop_id": STATION,
        "stop_name": name,
        "stop_lat": built.projection.latitude,
        "stop_lon": built.projection.longitude,
        "location_type": 1,
    }
    for unit in patient.plan.walkable.values():
        if unit.id not in joined:
            continue
        yield _stop(
            patient, unit.id, _point(unit), 3, unit.level, said(patient.plan.called(unit), language)
        )
    for contact in _entrances(patient):
        middle = contact.opening.line.interpolate(0.5, normalized=True)
        named = said(contact.opening.names, language) or {"zh": "入口"}.get(language, "Entrance")
        yield _stop(patient, contact.opening.id, middle, 2, contact.opening.level, named)


def _stop(patient: Patient, id: str, point: Point, kind: int, level: str, name: str) -> Row:
    longitude, latitude = patient.map.projection.to_degrees(point.x, point.y)
    return {
        "stop_id": id,
        "stop_name": name,
        "stop_lat": f"{latitude:.7f}",
        "stop_lon": f"{longitude:.7f}",
        "location_type": kind,
        "parent_station": STATION,
        "level_id": level,
    }


def _point(unit: Unit) -> Point:
    return unit.display_point or unit.area.representative_point()


def _entrances(patient: Patient) -> Iterator[Contact]:
    return (each for each in patient.contacts.values() if each.kind is Kind.ENTRANCE)


def _pathways(patient: Patient, language: str) -> Iterator[Row]:
    yield from _doors(patient)
    for unit, steps in patient.ways.steps.items():
        for step in steps:
            if not step.via and step.origin < step.target:
                one, other = patient.plan.walkable[unit], patient.plan.walkable[step.target]
                length = _point(one).distance(_point(other))
                yield _row(f"{one.id}-{other.id}", one.id, other.id, 1, True, length=length)
    for link in level_ways(patient.map):
        yield from _links(link, None, link.source, language)
    named = {each.id: each for each in patient.map.navigation.pathways}
    for index, link in enumerate(patient.links):
        yield from _links(link, named.get(link.source), link.source or f"link-{index}", language)


def _doors(patient: Patient) -> Iterator[Row]:
    rules = {rule.opening: rule for rule in patient.map.navigation.doors}
    for contact in patient.contacts.values():
        id, width = contact.opening.id, round(contact.opening.line.length, 2)
        if contact.kind is Kind.ENTRANCE:
            unit = contact.units[0]
            length = _point(unit).distance(contact.opening.line)
            yield _row(f"in-{id}", id, unit.id, 1, True, length=length, min_width=width)
        elif contact.kind in {Kind.JOINS, Kind.ACROSS}:
            one, other = contact.units
            rule = rules.get(id)
            one_way = rule is not None and bool(rule.from_unit or rule.to_unit)
            if rule is not None and (rule.from_unit == other.id or rule.to_unit == one.id):
                one, other = other, one
            length = _through(one, contact.opening.line, other)
            yield _row(id, one.id, other.id, 1, not one_way, length=length, min_width=width)


def _through(one: Unit, line: LineString, other: Unit) -> float:
    middle = line.interpolate(0.5, normalized=True)
    return float(_point(one).distance(middle) + middle.distance(_point(other)))


def _links(link: Link, pathway: Pathway | None, id: str, language: str) -> Iterator[Row]:
    mode = pathway.mode if pathway is not None else _MODES.get(link.use, PathwayMode.WALKWAY)
    for leg, (start, end) in enumerate(zip(link.units[:-1], link.units[1:], strict=True)):
        more: dict[str, object] = {}
        if pathway is not None:
            whole = len(link.units) == 2
            more = {
                "length": pathway.length_m if whole else None,
                "traversal_time": _seconds(pathway) if whole else None,
                "stair_count": pathway.stair_count if whole else None,
                "max_slope": pathway.max_slope,
                "min_width": pathway.min_width_m,
                "signposted_as": said(pathway.names, language),
            }
        yield _row(
            f"{id}-{leg}",
            start,
            end,
            mode.gtfs,
            not link.one_way,
            **more,
        )


def _seconds(pathway: Pathway) -> int | None:
    """GTFS wants whole seconds, one at least."""
    given = pathway.traversal_time_s
    return None if given is None else max(round(given), 1)


def _row(id: str, start: str, end: str, mode: int, both: bool, **more: object) -> Row:
    given = {key: value for key, value in more.items() if value not in (None, "")}
    rounded = {
        key: round(value, 2) if isinstance(value, float) else value for key, value in given.items()
    }
    return {
        "pathway_id": id,
        "from_stop_id": start,
        "to_stop_id": end,
        "pathway_mode": mode,
        "is_bidirectional": int(both),
        **rounded,
    }
