"""A simulated day as the export of a hospital: the same columns, so that a fit can be tried before the first real one."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from beacon_sim.day import Drawn, Run
from beacon_sim.day.run import MIDNIGHT, index_of
from beacon_sim.day.site import clinic_id
from beacon_sim.fit.columns import COLUMNS, Kind
from beacon_sim.fit.errors import FitError
from queue_server.core import Step, StepKind
from queue_server.core import events as e

KIND_OF: Final = {
    StepKind.EXAM: Kind.EXAM,
    StepKind.CASHIER: Kind.CASHIER,
    StepKind.PHARMACY: Kind.PHARMACY,
}
Cells = dict[str, str]


def write_export(run: Run, path: Path) -> int:
    """Write a day that was run with `keep_events=True`; returns how many rows.

    Raises:
        FitError: the file can't be written.
    """
    rows = list(export_rows(run))
    try:
        with path.open("w", newline="", encoding="utf-8-sig") as file:
            writer = csv.DictWriter(file, tuple(COLUMNS), restval="")
            writer.writeheader()
            writer.writerows(rows)
    except OSError as error:
        raise FitError(f"{path} can't be written: {error.strerror}.") from error
    return len(rows)


def export_rows(run: Run) -> Iterator[Cells]:
    """The rows: each visit's steps, and the booked visits that nobody came to."""
    times: defaultdict[str, dict[str, datetime]] = defaultdict(dict)
    for event in run.events:
        match event:
            case e.CheckedIn(at=at, step=step):
                times[step]["checked_in"] = at
            case e.Called(at=at, step=step):
                times[step]["called"] = at
            case e.Started(at=at, step=step):
                times[step]["started"] = at
            case e.Finished(at=at, step=step):
                times[step]["finished"] = at
            case e.ResultReady(at=at, step=step):
                times[step]["result_at"] = at
            case _:
                pass
    for visit in run.hospital.visits.values():
        index = index_of(visit.id)
        first = True
        for each in visit.steps.values():
            known = times.get(each.plan.step, {})
            if first or "called" in known:
                yield {
                    **_about(run, index, each, first),
                    **{name: _written(at) for name, at in known.items()},
                }
            first = False


def _about(run: Run, index: int, step: Step, first: bool) -> Cells:
    drawn = run.drawn
    cells: Cells = {
        "visit": step.visit,
        "kind": _kind(step).value,
        "department": clinic_id(int(drawn.department[index])),
    }
    if step.plan.kind is StepKind.CLINIC:
        cells["room"] = step.point or ""
    if first:
        slot = run.hospital.visits[step.visit].slot
        cells["booked_slot"] = _written(slot.start) if slot else ""
        cells["doctor"] = f"dr{int(drawn.doctor[index]):03}" if drawn.doctor[index] >= 0 else ""
        arrived = run.record.arrived[index]
        if arrived == arrived:  # not NaN
            cells["arrived"] = _written(MIDNIGHT + timedelta(minutes=arrived))
            cells["ordered"] = ";".join(_ordered(drawn, index))
    return cells


def _kind(step: Step) -> Kind:
    match step.plan.kind:
        case StepKind.CLINIC:
            return Kind.RETURN if step.plan.is_return else Kind.FIRST
        case StepKind.LAB:
            return Kind.BLOOD if step.plan.group.startswith("blood") else Kind.DROP
        case other:
            return KIND_OF[other]


def _ordered(drawn: Drawn, index: int) -> Iterator[str]:
    if drawn.labs[index]:
        if drawn.blood[index]:
            yield "blood"
        if drawn.urine[index]:
            yield "urine"
        if drawn.stool[index]:
            yield "stool"
    if drawn.other[index]:
        yield "exam"
    if drawn.prescription[index]:
        yield "drugs"


def _written(at: datetime) -> str:
    """Wall clock, whole seconds, as hospital systems write it."""
    return at.astimezone(MIDNIGHT.tzinfo).strftime("%Y-%m-%d %H:%M:%S")
