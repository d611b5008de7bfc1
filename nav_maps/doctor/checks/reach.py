"""Who gets where from the entrances and kiosks, and why somebody does not."""

from collections.abc import Iterator
from typing import Final

from nav_maps.categories import VERTICAL, Use, use_of
from nav_maps.doctor.checks.passages import check_passages
from nav_maps.doctor.contacts import Kind
from nav_maps.doctor.mending import move_repair, moved_to_wall
from nav_maps.doctor.new_doors import new_door
from nav_maps.doctor.patient import Patient, grouped
from nav_maps.doctor.ways import Who, is_for_staff
from nav_maps.findings import Finding, Repair, finding, from_slots, sentence
from nav_maps.labels import said
from nav_maps.model import Labels, Unit
from nav_maps.rules import Severity

SHOWN: Final = 5


def check_reach(patient: Patient) -> Iterator[Finding]:
    """Findings about reaching."""
    everywhere = {id for id, unit in patient.plan.walkable.items() if _counts(unit)}
    if not patient.starts or not everywhere:
        return
    reached = patient.reached(Who.PUBLIC)
    if patient.guessed:
        yield finding("no-entrance", "opening", count=len(reached & everywhere))
    yield from _starts(patient, everywhere)
    by_staff = patient.reached(Who.STAFF)
    yield from _islands(patient, everywhere - by_staff, by_staff)
    yield from _staff_only(patient, everywhere & by_staff - reached)
    yield from _wheelchair(patient, everywhere & reached)
    yield from _closed_shafts(patient, by_staff)
    yield from _traps(patient, everywhere & reached)
    yield from check_passages(patient, everywhere & reached)


def _counts(unit: Unit) -> bool:
    return use_of(unit.category) is not Use.OUTSIDE


def _starts(patient: Patient, everywhere: set[str]) -> Iterator[Finding]:
    """Starts from which far fewer units are reached than from the best one."""
    if patient.guessed or len(patient.starts) < 2:
        return
    reach = {
        start.unit: len(patient.ways.reached([start.unit], Who.PUBLIC) & everywhere)
        for start in patient.starts
    }
    most = max(reach.values())
    for start in patient.starts:
        if reach[start.unit] < 0.5 * most:
            unit = patient.plan.walkable[start.unit]
            yield finding(
                "start-cut-off",
                "unit",
                unit.id,
                level=unit.level,
                point=unit.area.representative_point(),
                unit=start.names
                if start.names["en"].startswith("kiosk")
                else patient.plan.called(unit),
                count=reach[start.unit],
                most=most,
            )


def _islands(patient: Patient, lost: set[str], reached: set[str]) -> Iterator[Finding]:
    """Units that even staff can't reach, by what hangs together: one missing door cuts off many."""
    for island in patient.ways.islands(lost):
        units = [patient.plan.walkable[id] for id in sorted(island)]
        if all(patient.map.levels[unit.level].outdoor for unit in units):
            continue
        speaker = max(units, key=lambda unit: (_is_room(unit), unit.area.area))
        if len(units) == 1 and not patient.doors.get(speaker.id):
            why, repair = _no_door(patient, speaker, reached)
        else:
            why, repair = _cause(patient, units, reached)
        rule = "unit-no-opening" if why is None else "unit-unreachable"
        severity = Severity.WARNING if all(is_for_staff(unit) for unit in units) else None
        reasons = why or {"zh": "", "en": ""}
        yield finding(
            rule,
            "unit",
            speaker.id,
            level=speaker.level,
            point=speaker.area.representative_point(),
            repair=repair,
            severity=severity,
            unit=patient.plan.called(speaker),
            start=patient.starts[0].names,
            list=_list(patient, units, speaker),
            why_zh=reasons["zh"],
            why_en=reasons["en"],
        )


def _is_room(unit: Unit) -> bool:
    return use_of(unit.category) is Use.ROOM


def _list(patient: Patient, units: list[Unit], speaker: Unit) -> Labels:
    """The others that are cut off with a unit, for a sentence; empty when there are none."""
    others = [unit for unit in units if unit is not speaker]
    if not others:
        return {"zh": "", "en": ""}
    more = "…" if len(others) > SHOWN else ""
    names = [patient.plan.called(unit) for unit in others[:SHOWN]]
    zh = "、".join(name["zh"] for name in names)
    en = ", ".join(name["en"] for name in names)
    return sentence(
        "（还有 {count} 个单元：{names}{more}）",
        " (nor {count} more: {names}{more})",
        count=len(others),
        names={"zh": zh, "en": en},
        more=more,
    )


def _no_door(
    patient: Patient, unit: Unit, reached: set[str]
) -> tuple[Labels | None, Repair | None]:
    """A unit without a door: a broken one may be meant for it; else propose one."""
    broken = [
        contact
        for contact in patient.contacts.values()
        if contact.kind in {Kind.ONE_SIDED, Kind.NOWHERE, Kind.INSIDE}
        and contact.opening.level == unit.level
        and unit.area.distance(contact.opening.line) <= 1.0
    ]
    if broken:
        nearest = min(broken, key=lambda contact: unit.area.distance(contact.opening.line))
        if nearest.kind is Kind.ONE_SIDED and nearest.units[0].id == unit.id:
            why = sentence(
                "门 {id} 的另一侧没有画出任何单元",
                "on the other side of its opening {id} no unit is drawn",
                id=nearest.opening.id,
            )
            return why, new_door(patient, [unit], reached)
        why = sentence(
            "门 {id} 离它的墙 {metres:.2f} 米，没有连通两侧",
            "opening {id} lies {metres:.2f} m from its wall and joins no two units",
            id=nearest.opening.id,
            metres=unit.area.boundary.distance(nearest.opening.line),
        )
        moved = moved_to_wall(patient.plan, nearest.opening, set())
        mends = moved is not None and unit.id in {moved.one.id, moved.other.id}
        repair = move_repair(patient.plan, nearest.opening, moved) if mends and moved else None
        return why, repair
    return None, new_door(patient, [unit], reached)


def _cause(patient: Patient, units: list[Unit], reached: set[str]) -> tuple[Labels, Repair | None]:
    """Why a part is cut off, and what would join it."""
    levels = grouped((unit.id for unit in units), patient.plan)
    untouched = [
        level
        for level in levels
        if not any(patient.plan.walkable[id].level == level for id in reached)
    ]
    repair = new_door(patient, units, reached)
    if len(untouched) == len(levels) and repair is None:
        names = ", ".join(said(patient.map.levels[level].short, "en") for level in untouched)
        verticals = [unit for unit in units if use_of(unit.category) in VERTICAL]
        if verticals:
            return (
                sentence(
                    "{names} 层的楼梯和电梯与其他楼层没有连通",
                    "the stairs and lifts of level {names} are not linked to another level",
                    names=names,
                ),
                None,
            )
        why = sentence(
            "{names} 层没有楼梯和电梯", "level {names} has no stairs and no lift", names=names
        )
        return why, None
    if repair is not None:
        return sentence(
            "它们与可到达部分共用墙，却没有门", "they share a wall with the rest but no opening"
        ), repair
    return sentence("周围没有与它们相邻的可到达单元", "no reachable unit lies beside them"), None


def _closed_shafts(patient: Patient, reached: set[str]) -> Iterator[Finding]:
    """Stairs and lifts that one only gets into from other levels."""
    for id in sorted(reached):
        unit = patient.plan.walkable[id]
        if use_of(unit.category) not in VERTICAL or use_of(unit.category) is Use.RAMP:
            continue
        beside = {step.target for step in patient.ways.steps.get(id, ())} & reached
        if any(patient.plan.walkable[each].level == unit.level for each in beside):
            continue
        level = patient.map.levels[unit.level]
        others = {each for each in reached if patient.plan.walkable[each].level == unit.level} - {
            id
        }
        if others:
            yield _about(
                "vertical-closed",
                patient,
                unit,
                new_door(patient, [unit], others),
                given=said(level.short, "zh"),
            )


def _staff_only(patient: Patient, units: set[str]) -> Iterator[Finding]:
    for id in sorted(units):
        unit = patient.plan.walkable[id]
        if not is_for_staff(unit) and use_of(unit.category) is Use.ROOM:
            yield _about("unit-staff-only", patient, unit)


def _wheelchair(patient: Patient, walked: set[str]) -> Iterator[Finding]:
    """Levels that adults reach and wheelchairs do not, then single parts of other levels."""
    rolled = patient.reached(Who.WHEELCHAIR)
    lost = {
        id for id in walked - rolled if use_of(patient.plan.walkable[id].category) not in VERTICAL
    }
    for level, units in grouped(sorted(lost), patient.plan).items():
        here = [id for id in walked if patient.plan.walkable[id].level == level]
        if not any(id in rolled for id in here):
            yield finding(
                "level-no-lift",
                "level",
                level,
                level=level,
                point=patient.plan.walkable[units[0]].area.representative_point(),
                given=said(patient.map.levels[level].short, "zh"),
            )
            continue
        why_zh, why_en = "只有楼梯或扶梯通到那里", "only stairs or escalators lead there"
        for island in patient.ways.islands(units):
            members = [patient.plan.walkable[id] for id in sorted(island)]
            speaker = max(members, key=lambda unit: (_is_room(unit), unit.area.area))
            yield _about(
                "unit-unreachable-wheelchair",
                patient,
                speaker,
                start=patient.starts[0].names,
                list=_list(patient, members, speaker),
                why_zh=why_zh,
                why_en=why_en,
            )


def _traps(patient: Patient, reached: set[str]) -> Iterator[Finding]:
    home = patient.ways.reaching((start.unit for start in patient.starts), Who.PUBLIC)
    for id in sorted(reached - home):
        yield _about("one-way-trap", patient, patient.plan.walkable[id])


def _about(
    rule: str, patient: Patient, unit: Unit, repair: Repair | None = None, **slots: object
) -> Finding:
    return from_slots(
        rule,
        "unit",
        unit.id,
        {"unit": patient.plan.called(unit), **slots},
        repair=repair,
        level=unit.level,
        point=unit.area.representative_point(),
    )
