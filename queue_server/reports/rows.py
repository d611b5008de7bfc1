"""From what is known of a visit to the rows of its tables, in the order of their columns."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Final

from queue_server.core.vocabulary import StepState
from queue_server.journal.timestamps import timestamp
from queue_server.reports.facts import CallFacts, Stay, StepFacts, VisitFacts
from queue_server.reports.tables import ACTS, CALLS, HISTORY_VISITS, STAYS, STEPS, VISITS

Value = str | int | None
Row = tuple[Value, ...]
Rows = dict[str, list[Row]]
"""By table."""

IN_LINE: Final = (StepState.WAITING, StepState.AT_DOOR)


def rows_of(facts: VisitFacts, zone: tzinfo) -> Rows:
    """All rows of one visit; hours are local ones of `zone`."""
    steps = facts.steps.values()
    return {
        VISITS.name: [_visit(facts, zone)],
        STEPS.name: [_step(facts, step, zone) for step in steps],
        STAYS.name: [
            _stay(facts, step, n, stay) for step in steps for n, stay in enumerate(step.stays, 1)
        ],
        CALLS.name: [_call(facts, call, zone) for call in facts.calls],
        ACTS.name: list(_acts(facts)),
        HISTORY_VISITS.name: [_whose(facts)],
    }


def _visit(facts: VisitFacts, zone: tzinfo) -> Row:
    steps = list(facts.steps.values())
    first = _first(facts)
    left = facts.left_at
    here = facts.checked_in_at
    slot = facts.slot
    return (
        facts.visit,
        facts.day.isoformat(),
        facts.ticket,
        first.group,
        first.plan.doctor,
        _when(slot.start if slot else None),
        _when(slot.end if slot else None),
        int(slot is None),
        int(facts.add_on),
        facts.priority,
        facts.way.value if facts.way else None,
        _when(facts.registered_at),
        _when(here),
        _hour(here, zone),
        _when(left) if here else None,
        max(0, round((left - here).total_seconds())) if left and here else None,
        len(steps),
        sum(step.state is StepState.DONE for step in steps),
        _sum(step.seconds(*IN_LINE) for step in steps),
        _sum(step.seconds(StepState.HELD) for step in steps),
        _sum(step.seconds(StepState.SERVING) for step in steps),
        sum(step.calls for step in steps),
        sum(step.misses for step in steps),
        facts.ended.value if facts.ended else None,
        facts.end_reason,
    )


def _first(facts: VisitFacts) -> StepFacts:
    """The step at which one checks in; after a transfer, the one it led to."""
    step = next(iter(facts.steps.values()))
    while step.moved_to:
        step = facts.steps[step.moved_to]
    return step


def _sum(parts: Iterator[int | None]) -> int | None:
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


def _step(facts: VisitFacts, step: StepFacts, zone: tzinfo) -> Row:
    return (
        step.plan.step,
        facts.visit,
        step.n,
        facts.day.isoformat(),
        facts.ticket,
        step.group,
        step.plan.kind.value,
        step.doctor,
        int(step.plan.is_return),
        int(step.plan.previsit),
        step.lane.value if step.lane else None,
        facts.priority,
        _when(step.planned_at),
        _when(step.queued_at),
        _hour(step.queued_at, zone),
        _when(step.first_called_at),
        _when(step.called_at),
        _when(step.started_at),
        _when(step.finished_at),
        _hour(step.finished_at, zone),
        _when(step.result_at),
        step.point,
        step.seconds(*IN_LINE),
        step.seconds(StepState.HELD),
        step.seconds(StepState.CALLED),
        step.seconds(StepState.MISSED),
        step.seconds(StepState.SERVING),
        step.calls,
        step.recalls,
        step.misses,
        step.holds,
        step.overtook,
        step.overtaken,
        step.why,
        step.reason,
        step.state.value,
        step.ended.value if step.ended else None,
        step.end_reason,
    )


def _stay(facts: VisitFacts, step: StepFacts, n: int, stay: Stay) -> Row:
    return (
        step.plan.step,
        n,
        facts.visit,
        facts.day.isoformat(),
        stay.group,
        stay.doctor,
        stay.state.value,
        stay.reason,
        stay.point,
        _when(stay.since),
        _when(stay.until),
        stay.seconds,
    )


def _call(facts: VisitFacts, call: CallFacts, zone: tzinfo) -> Row:
    over = call.over_at
    return (
        call.position,
        _when(call.at),
        facts.day.isoformat(),
        _hour(call.at, zone),
        call.stage,
        call.call,
        facts.visit,
        call.step,
        facts.ticket,
        call.group,
        call.point,
        call.by,
        call.why,
        call.policy,
        call.overtook,
        call.overtaken,
        call.candidates,
        call.passed_by,
        call.reason,
        " ".join(call.doctors),
        call.recalls,
        call.outcome,
        max(0, round((over - call.at).total_seconds())) if over else None,
    )


def _acts(facts: VisitFacts) -> Iterator[Row]:
    for act in facts.acts:
        step = facts.steps.get(act.step or "") or _first(facts)
        yield (
            act.position,
            _when(act.at),
            facts.day.isoformat(),
            act.what,
            facts.visit,
            act.step,
            facts.ticket,
            step.group,
            act.detail,
            act.reason,
            act.by,
        )


def _whose(facts: VisitFacts) -> Row:
    return (
        facts.visit,
        facts.day.isoformat(),
        facts.patient,
        facts.guardian,
        facts.ticket,
        facts.alias,
    )


@lru_cache(maxsize=4096)  # the same moment stands in several rows of a visit
def _when(moment: datetime | None) -> str | None:
    return None if moment is None else timestamp(moment)


@lru_cache(maxsize=4096)
def _hour(moment: datetime | None, zone: tzinfo) -> int | None:
    return None if moment is None else moment.astimezone(zone).hour
