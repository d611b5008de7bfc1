"""Openings: on a wall, touching two units or one and the outside, wide enough, drawn once."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import shapely

from nav_maps.doctor.contacts import STEPS_M, Contact, Kind
from nav_maps.doctor.mending import laid_along_wall, move_repair, moved_to_wall, threshold_repair
from nav_maps.doctor.patient import Patient
from nav_maps.findings import Finding, Repair, from_slots

GAP_M: Final = 0.12
NARROW_M: Final = 0.7
SAME_M: Final = 0.15


def check_openings(patient: Patient) -> Iterator[Finding]:
    """Findings about openings."""
    taken = _joined(patient)
    for contact in patient.contacts.values():
        yield from _placed(patient, contact, taken)
        width = contact.opening.line.length
        if width < NARROW_M:
            yield _finding("opening-narrow", contact, None, width=f"{width:.2f}")
    yield from _twice(patient)


def _joined(patient: Patient) -> set[frozenset[str]]:
    return {
        frozenset(unit.id for unit in contact.units)
        for contact in patient.contacts.values()
        if contact.kind is Kind.JOINS
    }


def _placed(patient: Patient, contact: Contact, taken: set[frozenset[str]]) -> Iterator[Finding]:
    plan = patient.plan
    reach = STEPS_M[-1]
    match contact.kind:
        case Kind.JOINS if contact.gap_m > GAP_M:
            unit = contact.left if contact.left_m >= contact.right_m else contact.right
            assert unit is not None  # noqa: S101  # it joins two
            yield _finding(
                "opening-gap",
                contact,
                threshold_repair(plan, contact),
                unit=plan.called(unit),
                gap=contact.gap_m,
            )
        case Kind.ACROSS:
            one, other = contact.units
            repair = laid_along_wall(plan, contact)
            called = {"one": plan.called(one), "other": plan.called(other)}
            yield _finding("opening-across", contact, repair, **called)
        case Kind.ONE_SIDED:
            called = {"unit": plan.called(contact.units[0])}
            repair = _to_wall(patient, contact, taken)
            yield _finding("opening-one-sided", contact, repair, reach=reach, **called)
        case Kind.INSIDE:
            called = {"unit": plan.called(contact.units[0])}
            yield _finding("opening-inside", contact, _to_wall(patient, contact, taken), **called)
        case Kind.NOWHERE:
            yield _finding(
                "opening-nowhere", contact, _to_wall(patient, contact, taken), reach=reach
            )


def _to_wall(patient: Patient, contact: Contact, taken: set[frozenset[str]]) -> Repair | None:
    moved = moved_to_wall(patient.plan, contact.opening, taken)
    return None if moved is None else move_repair(patient.plan, contact.opening, moved)


def _twice(patient: Patient) -> Iterator[Finding]:
    openings = [contact.opening for contact in patient.contacts.values()]
    if not openings:
        return
    middles = shapely.line_interpolate_point(
        np.array([each.line for each in openings], dtype=object), 0.5, normalized=True
    )
    tree = shapely.STRtree(middles)
    first, second = tree.query(middles, predicate="dwithin", distance=SAME_M)
    for one, other in zip(first, second, strict=True):
        here, there = openings[int(one)], openings[int(other)]
        if one < other and here.level == there.level:
            yield _finding("opening-twice", patient.contacts[there.id], None, other=here.id)


def _finding(rule: str, contact: Contact, repair: Repair | None, **slots: object) -> Finding:
    opening = contact.opening
    return from_slots(
        rule,
        "opening",
        opening.id,
        slots,
        level=opening.level,
        point=opening.line.interpolate(0.5, normalized=True),
        repair=repair,
    )
