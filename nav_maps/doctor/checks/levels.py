"""Levels and the ways between them."""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

import shapely

from nav_maps.categories import VERTICAL, Use, use_of
from nav_maps.doctor.patient import Patient
from nav_maps.findings import AddFeature, Finding, Repair, finding, sentence
from nav_maps.labels import said
from nav_maps.model import Level, PathwayMode, Unit

NEAR_M: Final = 6.0
KINDS: Final = {
    Use.STAIRS: ("楼梯", "stairs"),
    Use.ELEVATOR: ("电梯", "lift"),
    Use.ESCALATOR: ("扶梯", "escalator"),
    Use.RAMP: ("坡道", "ramp"),
}
_MODES: Final = {
    Use.STAIRS: PathwayMode.STAIRS,
    Use.ELEVATOR: PathwayMode.ELEVATOR,
    Use.ESCALATOR: PathwayMode.ESCALATOR,
    Use.RAMP: PathwayMode.RAMP,
}


def check_levels(patient: Patient) -> Iterator[Finding]:
    """Findings about levels and vertical ways."""
    yield from _twice(patient)
    if len(patient.map.levels) < 2:
        return
    linked = {unit for link in patient.links for unit in link.units}
    yield from _unlinked(patient, linked)
    inferred = [link for link in patient.links if not link.source]
    if inferred:
        yield finding("vertical-inferred", "unit", count=len(inferred))
    yield from _cut_off(patient, linked)


def _twice(patient: Patient) -> Iterator[Finding]:
    for one, other in combinations(patient.map.levels.values(), 2):
        if one.ordinal == other.ordinal and _same_place(one, other):
            yield finding(
                "level-twice",
                "level",
                other.id,
                level=other.id,
                given=_name(other),
                other=_name(one),
            )


def _same_place(one: Level, other: Level) -> bool:
    if one.area is None or other.area is None or not one.area.intersects(other.area):
        return False
    shared = shapely.intersection(one.area, other.area).area
    return bool(shared > 0.5 * min(one.area.area, other.area.area))


def _name(level: Level) -> str:
    return said(level.short, "zh") or level.id


def _unlinked(patient: Patient, linked: set[str]) -> Iterator[Finding]:
    for unit in patient.plan.walkable.values():
        use = use_of(unit.category)
        if use not in VERTICAL or use is Use.RAMP or unit.id in linked:
            continue
        zh, en = KINDS[use]
        yield finding(
            "vertical-unlinked",
            "unit",
            unit.id,
            level=unit.level,
            point=unit.area.representative_point(),
            repair=_pathway(patient, unit, linked),
            unit=patient.plan.called(unit),
            kind_zh=zh,
            kind_en=en,
        )


def _pathway(patient: Patient, unit: Unit, linked: set[str]) -> Repair | None:
    """A pathway to the nearest of its kind on the next level, when that is near and not linked either on that side."""
    use, own = use_of(unit.category), patient.map.levels[unit.level].ordinal
    near = [
        each
        for each in patient.plan.walkable.values()
        if use_of(each.category) is use
        and abs(patient.map.levels[each.level].ordinal - own) == 1
        and each.area.distance(unit.area) <= NEAR_M
    ]
    if not near:
        return None
    other = min(near, key=lambda each: (each.id in linked, each.area.distance(unit.area)))
    pair = sorted((unit, other), key=lambda each: patient.map.levels[each.level].ordinal)
    says = sentence(
        "与{level}层、相距 {metres:.1f} 米的{other}用一条 pathway 连通。",
        "Link it by a pathway with {other} on level {level}, {metres:.1f} m away.",
        level=_name(patient.map.levels[other.level]),
        other=patient.plan.called(other),
        metres=other.area.distance(unit.area),
    )
    properties = {
        "kind": "pathway",
        "pathway_mode": _MODES[use].gtfs,
        "unit_ids": [each.id for each in pair],
        "is_bidirectional": 1,
    }
    added = AddFeature("x_navigation", f"pathway-{pair[0].id}-{pair[1].id}", None, properties)
    # only where they touch is it plain which belong together
    return Repair(says, (added,), other.area.distance(unit.area) == 0.0 and len(near) == 1)


def _cut_off(patient: Patient, linked: set[str]) -> Iterator[Finding]:
    levels = {patient.plan.walkable[unit].level for unit in linked if unit in patient.plan.walkable}
    for level in patient.map.levels.values():
        floor = patient.plan.floors[level.id]
        if (
            floor.units
            and level.id not in levels
            and not level.outdoor
            and _needs_link(patient, level)
        ):
            yield finding(
                "level-cut-off",
                "level",
                level.id,
                level=level.id,
                point=max(floor.units, key=lambda unit: unit.area.area).area.representative_point(),
                given=_name(level),
            )


def _needs_link(patient: Patient, level: Level) -> bool:
    """A building of one level needs none."""
    return any(
        other.id != level.id
        and (level.area is None or other.area is None or level.area.intersects(other.area))
        and patient.plan.floors[other.id].units
        for other in patient.map.levels.values()
    )


__all__ = ["KINDS", "check_levels"]
