"""Names: there, in both languages, and door numbers that tell rooms apart."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from shapely import Point

from nav_maps.categories import Use, use_of
from nav_maps.doctor.patient import Patient
from nav_maps.findings import Finding, finding
from nav_maps.labels import said
from nav_maps.model import Labels, Unit

LANGUAGES: Final = {"zh": ("中文", "Chinese"), "en": ("英文", "English")}
MOST: Final = 0.5
NAMELESS: Final = frozenset(
    (
        "storage",
        "serverroom",
        "nonpublic",
        "unspecified",
        "restroom",
        "shower",
        "kitchen",
        "mailroom",
    )
)
"""Rooms that nobody looks for by name, or whose category says enough."""


def check_names(patient: Patient) -> Iterator[Finding]:
    """Findings about names."""
    named = list(_all_names(patient))
    for tag in LANGUAGES:
        yield from _language(tag, named)
    for unit in patient.plan.walkable.values():
        yield from _nameless(patient, unit)
    yield from _numbers(patient)


@dataclass(frozen=True, slots=True)
class _Named:
    names: Labels
    file: str
    feature: str
    level: str
    point: Point | None = None


def _all_names(patient: Patient) -> Iterator[_Named]:
    """What has a name of words; a bare number does for all languages."""
    for unit in patient.plan.walkable.values():
        names = patient.plan.names(unit)
        if names is not unit.number:
            point = unit.area.representative_point()
            yield _Named(names, "unit", unit.id, unit.level, point)
    for level in patient.map.levels.values():
        yield _Named(level.names, "level", level.id, level.id)
    for each in patient.map.navigation.landmarks:
        yield _Named(each.names, "x_navigation", each.id, each.level, each.point)


def _nameless(patient: Patient, unit: Unit) -> Iterator[Finding]:
    if not patient.plan.names(unit) and _is_looked_for(unit):
        yield finding(
            "name-missing",
            "unit",
            unit.id,
            level=unit.level,
            point=unit.area.representative_point(),
            unit=patient.plan.called(unit),
        )


def _is_looked_for(unit: Unit) -> bool:
    first = unit.category.split(".")[0]
    return use_of(unit.category) is Use.ROOM and first not in NAMELESS


def _language(tag: str, named: list[_Named]) -> Iterator[Finding]:
    """One finding when most names lack the language, else one for each that does."""
    zh, en = LANGUAGES[tag]
    worded = [each for each in named if any(letter.isalpha() for letter in said(each.names, "en"))]
    lacking = [each for each in worded if not each.names.get(tag)]
    if len(lacking) > max(10, MOST * len(worded)):
        yield finding(
            "language-missing",
            "unit",
            count=len(worded),
            lacking=len(lacking),
            language_zh=zh,
            language_en=en,
            tag=tag,
        )
        return
    for each in lacking:
        yield finding(
            "name-language",
            each.file,
            each.feature,
            level=each.level,
            point=each.point,
            name=said(each.names, tag),
            language_zh=zh,
            language_en=en,
            tag=tag,
        )


def _numbers(patient: Patient) -> Iterator[Finding]:
    seen: dict[tuple[str, str], list[Unit]] = defaultdict(list)
    for unit in patient.plan.walkable.values():
        number = said(unit.number, "en")
        if any(each.isdigit() for each in number):
            seen[unit.level, number.casefold()].append(unit)
    for units in seen.values():
        for unit in units[1:]:
            yield finding(
                "number-twice",
                "unit",
                unit.id,
                level=unit.level,
                point=unit.area.representative_point(),
                number=said(unit.number, "en"),
                other=units[0].id,
            )
