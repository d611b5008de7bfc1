"""What `x_navigation.geojson` says, held against the rooms."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import shapely
from shapely import Point

from nav_maps.doctor.patient import Patient
from nav_maps.findings import Finding, Repair, SetGeometry, finding, sentence
from nav_maps.labels import said

STANDS_M = 0.3
"""A screen on a wall may stick out of its room by this."""


def check_navigation(patient: Patient) -> Iterator[Finding]:
    """Findings about devices, landmarks, places and closures."""
    navigation = patient.map.navigation
    for device in navigation.devices:
        yield from _standing(patient, "device", device.id, device.level, device.point)
    for landmark in navigation.landmarks:
        named = said(landmark.names, "zh") or landmark.id
        yield from _standing(patient, "landmark", named, landmark.level, landmark.point)
    yield from _places(patient)
    yield from _twice("device", (each.id for each in navigation.devices))
    yield from _twice("place", (each.id for each in navigation.places))
    yield from _closures(patient)


def _standing(
    patient: Patient, kind: str, name: str, level: str, point: Point
) -> Iterator[Finding]:
    near = patient.plan.floors[level].near(point, 50.0)
    metres = near[0].area.distance(point) if near else 50.0
    if near and metres <= STANDS_M:
        return
    unit = patient.plan.called(near[0]) if near else {"zh": "—", "en": "none"}
    yield finding(
        "outside-unit",
        "x_navigation",
        name,
        level=level,
        point=point,
        kind=kind,
        name=name,
        unit=unit,
        metres=round(metres, 1),
    )


def _places(patient: Patient) -> Iterator[Finding]:
    for place in patient.map.navigation.places:
        unit = patient.map.units[place.unit]
        if place.point is None or unit.area.distance(place.point) <= STANDS_M:
            continue
        inside = shapely.shortest_line(unit.area, place.point).coords[0]
        says = sentence(
            "把点移到{unit}内最近处。",
            "Move the point to the nearest spot in {unit}.",
            unit=patient.plan.called(unit),
        )
        yield finding(
            "place-off-unit",
            "x_navigation",
            place.id,
            level=unit.level,
            point=place.point,
            repair=Repair(says, (SetGeometry("x_navigation", place.id, Point(inside)),), False),
            name=place.id,
            unit=patient.plan.called(unit),
        )


def _twice(kind: str, ids: Iterable[str]) -> Iterator[Finding]:
    seen: set[str] = set()
    for id in ids:
        if id in seen:
            yield finding("twice-named", "x_navigation", id, kind=kind, name=id)
        seen.add(id)


def _closures(patient: Patient) -> Iterator[Finding]:
    for closure in patient.map.navigation.closures:
        if closure.start is None or closure.end is None:
            continue
        start, end = (_moment(each) for each in (closure.start, closure.end))
        if end <= start:
            yield finding(
                "closure-never",
                "x_navigation",
                ", ".join(closure.features),
                start=closure.start,
                end=closure.end,
            )


def _moment(written: str) -> datetime:
    """A time; one without an offset is compared as the site's own."""
    return datetime.fromisoformat(written.replace(" ", "T").upper()).replace(tzinfo=None)
