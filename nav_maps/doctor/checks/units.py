"""Units: overlaps, passages that do not quite meet, units off their level."""

from collections.abc import Iterator
from typing import Final

import shapely
from shapely import Point, Polygon

from nav_maps.categories import Use, use_of
from nav_maps.doctor.contacts import Contact, Kind
from nav_maps.doctor.patient import Patient
from nav_maps.doctor.plan import Floor, largest
from nav_maps.doctor.ways import JOINED_M, OPEN_BORDER_M, Who, near_pairs, shared_border_m
from nav_maps.findings import AddFeature, CutOut, Finding, Grow, Remove, Repair, finding, sentence
from nav_maps.labels import said
from nav_maps.model import Unit

SLIVER_M2: Final = 0.05
SLIVER_SHARE: Final = 0.02
APART_M: Final = 0.35
SLIP_M: Final = 0.1
"""A wider gap between passages that are joined elsewhere is a wall."""
SAME_SHARE: Final = 0.95
OFF_SHARE: Final = 0.3
LEAST_DOORS: Final = 2
LEAST_GROUND_M2: Final = 2.0
SLIT_M: Final = 0.7
ONTO_M: Final = 0.3
"""Ground narrower than a slit is wall; a door within `ONTO_M` of wider ground opens onto it."""


def check_units(patient: Patient) -> Iterator[Finding]:
    """Findings about units."""
    for floor in patient.plan.floors.values():
        for one, other in near_pairs(floor, 0.0):
            yield from _overlap(patient, one, other)
        yield from _apart(patient, floor)
        yield from _off_level(patient, floor)
        yield from _undrawn(patient, floor)


def _overlap(patient: Patient, one: Unit, other: Unit) -> Iterator[Finding]:
    small, large = sorted((one, other), key=lambda unit: (unit.area.area, unit.id))
    shared = shapely.intersection(one.area, other.area)
    if shared.area <= max(SLIVER_M2, SLIVER_SHARE * small.area.area):
        return
    unit, cut = patient.plan.called(large), patient.plan.called(small)
    at = shared.representative_point()
    if shared.area >= SAME_SHARE * large.area.area:
        yield _twin(patient, one, other, at)
        return
    yield finding(
        "units-overlap",
        "unit",
        large.id,
        level=large.level,
        point=at,
        repair=_cut(patient, large, small, shared.area),
        area=round(shared.area, 1),
        unit=unit,
        other=cut,
    )


def _twin(patient: Patient, one: Unit, other: Unit, at: Point) -> Finding:
    """Two units in one place. The one that says less goes; unasked only when they say the same."""
    kept, gone = sorted((one, other), key=lambda unit: (-_says(patient, unit), unit.id))
    same = (kept.names, kept.number, kept.category) == (gone.names, gone.number, gone.category)
    says = sentence("删去 {id}。", "Remove {id}.", id=gone.id)
    return finding(
        "unit-twice",
        "unit",
        gone.id,
        level=gone.level,
        point=at,
        repair=Repair(says, (Remove("unit", gone.id),), same and not _is_named(patient, gone)),
        unit=patient.plan.called(gone),
        other=patient.plan.called(kept),
    )


def _says(patient: Patient, unit: Unit) -> int:
    return len(unit.names) + len(unit.number) + 4 * _is_named(patient, unit)


def _is_named(patient: Patient, unit: Unit) -> bool:
    """Whether something else of the map points to a unit."""
    built = patient.map
    return (
        unit.id in patient.plan.occupants
        or any(unit.id in each.units for each in built.amenities.values())
        or any(unit.id == each.unit for each in built.navigation.places)
        or any(unit.id in each.units for each in built.navigation.pathways)
    )


def _cut(patient: Patient, large: Unit, small: Unit, shared_m2: float) -> Repair | None:
    """Cut the smaller unit out of the larger; unasked when it lies within it or only a sliver is lost."""
    left = [
        part
        for part in shapely.get_parts(shapely.difference(large.area, small.area))
        if part.area > SLIVER_M2
    ]
    if not left:
        return None
    within = shared_m2 >= SAME_SHARE * small.area.area
    sliver = shared_m2 <= 0.05 * large.area.area and shared_m2 <= 0.25 * small.area.area
    says = sentence(
        "从{unit}中裁去{other}的范围。",
        "Cut {other} out of {unit}.",
        unit=patient.plan.called(large),
        other=patient.plan.called(small),
    )
    whole = len(left) == len(shapely.get_parts(large.area))
    return Repair(says, (CutOut("unit", large.id, small.area),), (within or sliver) and whole)


def _apart(patient: Patient, floor: Floor) -> Iterator[Finding]:
    """Passages with a slit between them that nobody steps over."""
    joined = {
        frozenset(unit.id for unit in contact.units)
        for contact in patient.contacts.values()
        if contact.kind is Kind.JOINS
    }
    for one, other in near_pairs(floor, APART_M):
        both = use_of(one.category) is Use.PASSAGE and use_of(other.category) is Use.PASSAGE
        gap = one.area.distance(other.area)
        if not both or gap <= JOINED_M or frozenset({one.id, other.id}) in joined:
            continue
        length = shared_border_m(one, other, gap)
        is_wall = gap > SLIP_M and other.id in patient.ways.reached([one.id], Who.STAFF)
        if length < OPEN_BORDER_M or is_wall:
            continue
        small, large = sorted((one, other), key=lambda unit: unit.area.area)
        yield finding(
            "passages-apart",
            "unit",
            small.id,
            level=small.level,
            point=shapely.shortest_line(one.area, other.area).centroid,
            repair=_bridge(patient, small, large, gap),
            unit=patient.plan.called(small),
            other=patient.plan.called(large),
            gap=round(gap, 2),
            length=round(length, 1),
        )


def _bridge(patient: Patient, small: Unit, large: Unit, gap: float) -> Repair | None:
    """Let the smaller passage grow over the slit: what is within the gap of both."""
    reach = gap + 0.02
    strip = shapely.intersection(
        shapely.buffer(small.area, reach, join_style="mitre"),
        shapely.buffer(large.area, reach, join_style="mitre"),
    )
    others = [
        unit.area
        for unit in patient.plan.floors[small.level].near(strip, 0.0)
        if unit.id not in {small.id, large.id}
    ]
    strip = shapely.difference(strip, shapely.union_all([large.area, *others]))
    grown = largest(shapely.buffer(strip, 0.001))
    if grown is None or grown.area > 0.2 * small.area.area:
        return None
    says = sentence(
        "把{unit}向{other}延伸 {gap:.2f} 米，使两边重合。",
        "Extend {unit} by {gap:.2f} m so that it meets {other}.",
        unit=patient.plan.called(small),
        other=patient.plan.called(large),
        gap=gap,
    )
    # a wall is thicker than a slip of the pen
    return Repair(says, (Grow("unit", small.id, grown),), gap <= 0.15)


def _off_level(patient: Patient, floor: Floor) -> Iterator[Finding]:
    level = patient.map.levels[floor.level]
    if level.area is None or level.area.area < 1.0:
        return
    shapely.prepare(level.area)
    for unit in floor.units:
        if level.area.covers(unit.area):
            continue
        outside = shapely.difference(unit.area, level.area).area / unit.area.area
        if outside >= OFF_SHARE:
            yield finding(
                "unit-off-level",
                "unit",
                unit.id,
                level=unit.level,
                point=unit.area.representative_point(),
                unit=patient.plan.called(unit),
                share=f"{outside:.0%}",
                given=said(level.short, "en"),
            )


def _undrawn(patient: Patient, floor: Floor) -> Iterator[Finding]:
    """Ground between the units onto which several doors open."""
    doors = [
        contact
        for contact in patient.contacts.values()
        if contact.opening.level == floor.level and contact.kind is Kind.ONE_SIDED
    ]
    if len(doors) < LEAST_DOORS:
        return
    bare = shapely.difference(floor.ground, shapely.union_all(floor.shapes))
    wide = shapely.buffer(shapely.buffer(bare, -SLIT_M / 2), SLIT_M / 2 + 0.01, join_style="mitre")
    for part in shapely.get_parts(shapely.intersection(wide, bare)):
        if not isinstance(part, Polygon) or part.area < LEAST_GROUND_M2:
            continue
        onto = [each for each in doors if each.opening.line.distance(part) <= ONTO_M]
        if len(onto) >= LEAST_DOORS:
            yield _undrawn_finding(patient, floor, part, onto)


def _undrawn_finding(patient: Patient, floor: Floor, part: Polygon, onto: list[Contact]) -> Finding:
    beside = patient.plan.called(onto[0].units[0])
    says = sentence(
        "把这块 {area} 平方米的地方画成 walkway 单元。",
        "Draw these {area} m² as a unit of category walkway.",
        area=round(part.area),
    )
    first = min(each.opening.id for each in onto)
    properties = {"level_id": floor.level, "category": "walkway", "restriction": None, "name": None}
    added = AddFeature("unit", f"walkway-{first}", part, properties)
    return finding(
        "passage-missing",
        "level",
        floor.level,
        level=floor.level,
        point=part.representative_point(),
        repair=Repair(says, (added,), False),
        count=len(onto),
        area=round(part.area),
        unit=beside,
    )
