"""From the events of one visit to what reports know of it. Pure; kinds of events that mean nothing here are passed over."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import singledispatch
from typing import Final

from queue_server.core import events as e
from queue_server.core.steps import StepPlan
from queue_server.core.vocabulary import Rank, StepState, Why
from queue_server.reports.facts import ActFacts, CallFacts, Ended, Stay, StepFacts, VisitFacts
from queue_server.reports.taken_back import taken_back

Kept = tuple[int, e.Event]
"""An event and its position in the journal."""

IN_HOSPITAL: Final = frozenset(
    {
        StepState.WAITING,
        StepState.AT_DOOR,
        StepState.HELD,
        StepState.CALLED,
        StepState.SERVING,
        StepState.MISSED,
    }
)
"""States that take time: each is a stay."""


def folded(events: Sequence[Kept], open_day: date | None = None) -> VisitFacts | None:
    """What the events of one visit come to, in the order of the journal.

    Args:
        events: all events of the visit.
        open_day: the hospital's present day; what earlier days have left open is closed.

    Returns:
        None when the visit was never registered.
    """
    gone = taken_back([event for _, event in events])
    facts: VisitFacts | None = None
    for index, (position, event) in enumerate(events):
        if index in gone:
            continue
        if isinstance(event, e.VisitRegistered):
            facts = _registered(event)
        elif facts is not None:
            _fold(event, facts, position)
    if facts is not None:
        _conclude(facts, open_day)
    return facts


def _registered(ev: e.VisitRegistered) -> VisitFacts:
    facts = VisitFacts(
        ev.visit, ev.patient, ev.guardian, ev.day, ev.at, ev.slot, ev.add_on, ev.priority
    )
    _plan(facts, ev.plan, ev.at)
    return facts


def _plan(facts: VisitFacts, plan: Iterable[StepPlan], at: datetime) -> None:
    for item in plan:
        later = item.after or facts.checked_in_at is not None
        state = StepState.PLANNED if later else StepState.READY
        facts.steps[item.step] = StepFacts(
            item, len(facts.steps) + 1, at, item.group, item.doctor, state
        )


# ---- states -------------------------------------------------------------------------------------


def _to(step: StepFacts, state: StepState, at: datetime, reason: str = "") -> None:
    """Into another state: what it was in is over, what takes time begins."""
    _over(step, at)
    step.state = state
    if state in IN_HOSPITAL:
        at_point = state in (StepState.AT_DOOR, StepState.CALLED, StepState.SERVING)
        point = step.point if at_point else None
        step.stays.append(Stay(state, at, step.group, step.doctor, point=point, reason=reason))


def _over(step: StepFacts, at: datetime) -> None:
    if step.stays and step.stays[-1].until is None:
        step.stays[-1].until = max(at, step.stays[-1].since)


def _queue(step: StepFacts, at: datetime, rank: Rank) -> None:
    step.queued_at = step.queued_at or at
    step.lane = rank.lane
    _to(step, StepState.WAITING, at)


def _finish(
    step: StepFacts, state: StepState, ended: Ended, at: datetime, reason: str = ""
) -> None:
    _to(step, state, at)
    step.finished_at = at
    step.ended, step.end_reason = ended, reason


def _end_call(facts: VisitFacts, step: str, outcome: str, at: datetime) -> None:
    """What became of the call that stands."""
    for call in reversed(facts.calls):
        if call.step == step:
            if call.outcome is None:
                call.outcome, call.over_at = outcome, at
            return


# ---- events -------------------------------------------------------------------------------------


@singledispatch
def _fold(_ev: e.Event, _facts: VisitFacts, _position: int) -> None:
    """What means nothing to a report."""


@_fold.register
def _checked_in(ev: e.CheckedIn, facts: VisitFacts, _: int) -> None:
    facts.ticket, facts.way, facts.checked_in_at = ev.ticket, ev.way, ev.at
    _queue(facts.steps[ev.step], ev.at, ev.rank)


@_fold.register
def _scanned_earlier(ev: e.ScannedEarlier, facts: VisitFacts, _: int) -> None:
    step = facts.steps[ev.step]
    facts.checked_in_at = step.queued_at = ev.at
    if step.stays:
        step.stays[0].since = min(step.stays[0].since, ev.at)


@_fold.register
def _alias(ev: e.AliasGiven, facts: VisitFacts, _: int) -> None:
    facts.alias = ev.alias


@_fold.register
def _guardian(ev: e.GuardianChanged, facts: VisitFacts, _: int) -> None:
    facts.guardian = ev.guardian


@_fold.register
def _steps_planned(ev: e.StepsPlanned, facts: VisitFacts, _: int) -> None:
    _plan(facts, ev.plan, ev.at)


@_fold.register
def _step_queued(ev: e.StepQueued, facts: VisitFacts, _: int) -> None:
    step = facts.steps[ev.step]
    step.group = ev.group or step.group
    _queue(step, ev.at, ev.rank)


@_fold.register
def _asked_to_door(ev: e.AskedToDoor, facts: VisitFacts, position: int) -> None:
    step = facts.steps[ev.step]
    step.point = ev.point
    _chosen(facts, step, ev, position, "door", None)
    _to(step, StepState.AT_DOOR, ev.at)


@_fold.register
def _back_to_hall(ev: e.BackToHall, facts: VisitFacts, _: int) -> None:
    _end_call(facts, ev.step, "back", ev.at)
    _to(facts.steps[ev.step], StepState.WAITING, ev.at)


@_fold.register
def _called(ev: e.Called, facts: VisitFacts, position: int) -> None:
    step = facts.steps[ev.step]
    _end_call(facts, ev.step, "called", ev.at)
    step.point, step.called_at = ev.point, ev.at
    step.first_called_at = step.first_called_at or ev.at
    step.calls += 1
    _chosen(facts, step, ev, position, "call", ev.call)
    _to(step, StepState.CALLED, ev.at)


def _chosen(
    facts: VisitFacts,
    step: StepFacts,
    ev: e.Called | e.AskedToDoor,
    position: int,
    stage: str,
    call: str | None,
) -> None:
    choice = ev.choice
    own = next((each for each in choice.candidates if each.step == ev.step), None)
    step.overtook += choice.overtook
    step.overtaken = own.overtaken if own else step.overtaken
    if stage == "door" or choice.why is not Why.DOOR:
        step.why = choice.why.value
    step.reason = choice.reason
    facts.calls.append(
        CallFacts(
            position,
            ev.at,
            stage,
            call,
            ev.step,
            step.group,
            ev.point,
            ev.by,
            choice.why.value,
            choice.policy,
            choice.overtook,
            own.overtaken if own else None,
            len(choice.candidates),
            len(choice.passed_by),
            choice.reason,
            choice.doctors,
        )
    )


@_fold.register
def _recalled(ev: e.Recalled, facts: VisitFacts, _: int) -> None:
    facts.steps[ev.step].recalls += 1
    for call in reversed(facts.calls):
        if call.step == ev.step:
            call.recalls += 1
            return


@_fold.register
def _started(ev: e.Started, facts: VisitFacts, _: int) -> None:
    step = facts.steps[ev.step]
    _end_call(facts, ev.step, "started", ev.at)
    step.started_at, step.point = ev.at, ev.point
    _to(step, StepState.SERVING, ev.at)


@_fold.register
def _finished(ev: e.Finished, facts: VisitFacts, _: int) -> None:
    _finish(facts.steps[ev.step], StepState.DONE, Ended.DONE, ev.at)


@_fold.register
def _result_ready(ev: e.ResultReady, facts: VisitFacts, _: int) -> None:
    facts.steps[ev.step].result_at = ev.at


@_fold.register
def _missed(ev: e.Missed, facts: VisitFacts, _: int) -> None:
    step = facts.steps[ev.step]
    _end_call(facts, ev.step, "missed", ev.at)
    step.misses += 1
    _to(step, StepState.MISSED, ev.at)


@_fold.register
def _requeued(ev: e.Requeued, facts: VisitFacts, _: int) -> None:
    _queue(facts.steps[ev.step], ev.at, ev.rank)


@_fold.register
def _parked(ev: e.Parked, facts: VisitFacts, _: int) -> None:
    step = facts.steps[ev.step]
    _end_call(facts, ev.step, "parked", ev.at)
    step.holds += 1
    _to(step, StepState.HELD, ev.at, ev.reason.value)


@_fold.register
def _held(ev: e.Held, facts: VisitFacts, _: int) -> None:
    step = facts.steps[ev.step]
    _end_call(facts, ev.step, "held", ev.at)
    step.holds += 1
    _to(step, StepState.HELD, ev.at, ev.reason.value)


@_fold.register
def _released(ev: e.Released, facts: VisitFacts, _: int) -> None:
    _to(facts.steps[ev.step], StepState.WAITING, ev.at)


@_fold.register
def _step_expired(ev: e.StepExpired, facts: VisitFacts, _: int) -> None:
    step = facts.steps[ev.step]
    serving = step.state is StepState.SERVING
    _end_call(facts, ev.step, "cancelled", ev.at)
    state = StepState.DONE if serving else StepState.NO_SHOW
    _finish(step, state, Ended.DONE if serving else Ended.EXPIRED, ev.at, ev.reason)


@_fold.register
def _delivery(ev: e.DeliveryChosen, facts: VisitFacts, _: int) -> None:
    _finish(facts.steps[ev.step], StepState.CANCELLED, Ended.DELIVERED, ev.at)


@_fold.register
def _transferred(ev: e.Transferred, facts: VisitFacts, position: int) -> None:
    step = facts.steps[ev.step]
    _end_call(facts, ev.step, "transferred", ev.at)
    _finish(step, StepState.TRANSFERRED, Ended.TRANSFERRED, ev.at, ev.reason)
    step.moved_to = ev.plan.step
    _plan(facts, (ev.plan,), ev.at)
    facts.steps[ev.plan.step].state = StepState.READY
    detail = f"{step.group} → {ev.plan.group}"
    facts.acts.append(ActFacts(position, ev.at, "transfer", ev.step, detail, ev.reason, ev.by))


@_fold.register
def _cancelled(ev: e.VisitCancelled, facts: VisitFacts, position: int) -> None:
    facts.cancelled, facts.end_reason = True, ev.reason
    for id, step in facts.steps.items():
        if step.ended is None:
            _end_call(facts, id, "cancelled", ev.at)
            _finish(step, StepState.CANCELLED, Ended.CANCELLED, ev.at, ev.reason)
    facts.acts.append(ActFacts(position, ev.at, "cancel", None, "", ev.reason, ev.by))


@_fold.register
def _moved(ev: e.Moved, facts: VisitFacts, position: int) -> None:
    facts.steps[ev.step].lane = ev.rank.lane
    facts.acts.append(ActFacts(position, ev.at, "move", ev.step, "", ev.reason, ev.by))


@_fold.register
def _doctor_assigned(ev: e.DoctorAssigned, facts: VisitFacts, position: int) -> None:
    step = facts.steps[ev.step]
    step.doctor = ev.doctor
    if step.stays and step.stays[-1].until is None and step.state is StepState.WAITING:
        _to(step, StepState.WAITING, ev.at)
    detail = ev.doctor or ""
    facts.acts.append(ActFacts(position, ev.at, "doctor", ev.step, detail, ev.reason, ev.by))


@_fold.register
def _priority(ev: e.PriorityGiven, facts: VisitFacts, position: int) -> None:
    facts.priority = ev.priority
    detail = ev.priority or ""
    facts.acts.append(ActFacts(position, ev.at, "priority", None, detail, ev.reason, ev.by))


# ---- the end ------------------------------------------------------------------------------------


def _conclude(facts: VisitFacts, open_day: date | None) -> None:
    if open_day is not None and _is_closed(facts, open_day):
        for step in facts.steps.values():
            if step.ended is None:
                step.ended = _left_open(facts, step)
    ends = [step.ended for step in facts.steps.values()]
    if all(ends):
        facts.ended = _ended(facts, ends)


def _is_closed(facts: VisitFacts, open_day: date) -> bool:
    """As the rules do it: who is still in the hospital at midnight has one more day."""
    here = any(step.state in IN_HOSPITAL for step in facts.steps.values())
    return (open_day - facts.day).days > (1 if here else 0)


def _left_open(facts: VisitFacts, step: StepFacts) -> Ended:
    if facts.checked_in_at is None:
        return Ended.NO_SHOW
    return Ended.LEFT if step.state in IN_HOSPITAL else Ended.NOT_REACHED


def _ended(facts: VisitFacts, ends: Sequence[Ended | None]) -> Ended:
    if facts.cancelled:
        return Ended.CANCELLED
    for end in (Ended.NO_SHOW, Ended.LEFT, Ended.NOT_REACHED):
        if end in ends:
            return Ended.LEFT if end is Ended.NOT_REACHED else end
    return Ended.DONE if Ended.DONE in ends else next(end for end in reversed(ends) if end)
