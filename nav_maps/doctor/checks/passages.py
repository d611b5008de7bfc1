"""Rooms that ways would have to lead through: some are passages that were given another category."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from nav_maps.categories import Use, use_of
from nav_maps.doctor.patient import Patient
from nav_maps.findings import Finding, Repair, SetProperties, finding, sentence
from nav_maps.model import Labels, Unit

HUB: Final = 4
"""A room through which alone so many others are reached is hardly a room."""
_CALLED: Final = re.compile(
    r"走廊|走道|过道|通道|连廊|大厅|门厅|候诊|corridor|hallway|(?:entrance|main|waiting) hall|^hall$"
    r"|passage|concourse|lobby|foyer|waiting|atrium|通路|廊下|couloir|\bflur\b|коридор",
    re.IGNORECASE,
)
_MEANT: Final = (
    (re.compile(r"候诊|waiting", re.I), "waitingroom"),
    (re.compile(r"厅|lobby|foyer|hall$", re.I), "lobby"),
)


def check_passages(patient: Patient, reached: set[str]) -> Iterator[Finding]:
    """Rooms that seem to be passages, and rooms behind other rooms."""
    behind = _behind(patient, reached)
    hubs: set[str] = set()
    for id in sorted(reached):
        unit = patient.plan.walkable[id]
        if not _is_room(unit) or len({step.target for step in patient.ways.steps.get(id, ())}) < 2:
            continue
        called = any(_CALLED.search(name) for name in patient.plan.names(unit).values())
        count = sum(through == {id} for through in behind.values())
        if called or count >= HUB:
            hubs.add(id)
            yield _miscalled(patient, unit, called, count)
    for id, through in behind.items():
        if not through & hubs:
            other = patient.plan.walkable[min(through)]
            yield _room_behind(patient, patient.plan.walkable[id], other)


def _behind(patient: Patient, reached: set[str]) -> dict[str, set[str]]:
    """Rooms all of whose doors lead into other rooms, and into which."""
    starts = {start.unit for start in patient.starts}
    found: dict[str, set[str]] = defaultdict(set)
    for id in sorted(reached - starts):
        if not _is_room(patient.plan.walkable[id]):
            continue
        beside = {step.target for step in patient.ways.steps.get(id, ())} & reached
        if beside and all(_is_room(patient.plan.walkable[each]) for each in beside):
            found[id] = beside
    return found


def _is_room(unit: Unit) -> bool:
    return use_of(unit.category) is Use.ROOM


def _miscalled(patient: Patient, unit: Unit, called: bool, count: int) -> Finding:
    why = (
        sentence("它的名称这样说", "its name says so")
        if called
        else sentence(
            "有 {count} 个房间只能穿过它到达",
            "{count} rooms are reached only through it",
            count=count,
        )
    )
    category = _meant(patient.plan.names(unit))
    says = sentence("把类别改为 {category}。", "Make its category {category}.", category=category)
    changed = SetProperties("unit", unit.id, {"category": category})
    return finding(
        "passage-miscalled",
        "unit",
        unit.id,
        level=unit.level,
        point=unit.area.representative_point(),
        repair=Repair(says, (changed,), called and count > 0),
        unit=patient.plan.called(unit),
        category=unit.category,
        why_zh=why["zh"],
        why_en=why["en"],
    )


def _meant(names: Labels) -> str:
    for pattern, category in _MEANT:
        if any(pattern.search(name) for name in names.values()):
            return category
    return "walkway"


def _room_behind(patient: Patient, unit: Unit, other: Unit) -> Finding:
    return finding(
        "room-through-room",
        "unit",
        unit.id,
        level=unit.level,
        point=unit.area.representative_point(),
        unit=patient.plan.called(unit),
        other=patient.plan.called(other),
    )
