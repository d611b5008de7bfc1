"""`examine(map)`: every check, each finding with its place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from shapely import Point

from nav_maps.categories import Use, use_of
from nav_maps.doctor.checks import CHECKS
from nav_maps.doctor.patient import admit
from nav_maps.doctor.plan import Plan
from nav_maps.doctor.ways import Who
from nav_maps.findings import Finding, Where, bounded
from nav_maps.model import IndoorMap
from nav_maps.rules import Severity

NEAR_M = 30.0
_GRAVITY = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The findings, and how many of a map's units each can get to (`units` in all)."""

    findings: tuple[Finding, ...]
    units: int
    reached: Mapping[str, int]


def examine(built: IndoorMap) -> tuple[Finding, ...]:
    """Everything that is wrong with a map as it was read: the gravest first, each with place and remedy."""
    return diagnose(built).findings


def diagnose(built: IndoorMap, read: Iterable[Finding] = ()) -> Diagnosis:
    """As `examine`, together with what the reader found, and with counts of who gets where."""
    patient = admit(built)
    found = bounded([*read, *(each for check in CHECKS for each in check(patient))])
    inside = {
        id for id, unit in patient.plan.walkable.items() if use_of(unit.category) is not Use.OUTSIDE
    }
    return Diagnosis(
        findings=tuple(sorted_findings(located(found, patient.plan))),
        units=len(inside),
        reached={str(who): len(patient.reached(who) & inside) for who in Who},
    )


def located(findings: Iterable[Finding], plan: Plan) -> list[Finding]:
    """The findings with their `where` filled in, as far as they have a level."""
    return [_located(each, plan) for each in findings]


def sorted_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Errors, then warnings, then notes; otherwise as they came."""
    return sorted(findings, key=lambda each: _GRAVITY[each.severity])


def _located(each: Finding, plan: Plan) -> Finding:
    level = plan.map.levels.get(each.level) if each.level is not None else None
    point = each.point or _own_point(each, plan)
    if point is None:
        return each
    if level is None:
        unit = plan.map.units.get(each.feature)
        level = plan.map.levels.get(unit.level) if unit else None
    longitude, latitude = plan.map.projection.to_degrees(point.x, point.y)
    near = next(
        (
            plan.names(unit)
            for unit in (plan.floors[level.id].near(point, NEAR_M)[:12] if level else ())
            if plan.names(unit)
        ),
        {},
    )
    short = level.short if level else {}
    return replace(each, where=Where(short, round(longitude, 7), round(latitude, 7), near))


def _own_point(each: Finding, plan: Plan) -> Point | None:
    """The point of the feature itself, for findings of the reader."""
    unit = plan.map.units.get(each.feature)
    if unit is not None:
        return unit.area.representative_point()
    opening = plan.map.openings.get(each.feature)
    return opening.line.interpolate(0.5, normalized=True) if opening is not None else None
