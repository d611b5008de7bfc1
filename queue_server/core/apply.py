"""How each event changes the state.

The state is a pure function of the events: replaying the journal gives the same state, for every figure that a rule
of the site file decided stands in the event itself.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import singledispatch

from queue_server.core import events as e
from queue_server.core.state import Hospital, Step, Visit
from queue_server.core.transitions import OPEN_STATES, Act
from queue_server.core.vocabulary import Rank, StepState


def apply(hospital: Hospital, event: e.Event) -> None:
    """Let one event change the state.

    Raises:
        KeyError: the event does not fit the state; the journal was written by other rules, or is damaged.
    """
    _change(event, hospital)


@singledispatch
def _change(ev: e.Event, _: Hospital) -> None:
    raise KeyError(f"No change is known for {type(ev).__name__}")


@_change.register
def _day_opened(ev: e.DayOpened, h: Hospital) -> None:
    h.day = ev.day
    h.last_number.clear()
    h.attention.clear()
    for visit in [visit for visit in h.visits.values() if visit.day < ev.day]:
        if not visit.here() or (ev.day - visit.day).days > 1:
            _forget(h, visit)


def _forget(h: Hospital, visit: Visit) -> None:
    """Close what is left of a visit and let it go: its story stays in the journal."""
    for step in visit.steps.values():
        if step.state in OPEN_STATES:
            _leave_place(h, step)
            step.act(Act.EXPIRE)
        del h.steps[step.plan.step]
    del h.visits[visit.id]
    h.visits_of[visit.patient].remove(visit.id)
    if visit.ticket and h.tickets.get(visit.ticket) == visit.id:
        del h.tickets[visit.ticket]
    if visit.alias:
        h.tickets.pop(visit.alias, None)


def _leave_place(h: Hospital, step: Step) -> None:
    """Take a step out of its line, its room and the lists that boards show."""
    group = step.plan.group
    match step.state:
        case StepState.WAITING if step.rank:
            h.lines.leave(group, step.plan.doctor, step.rank)
        case StepState.CALLED | StepState.SERVING if step.point:
            h.points[step.point].step = None
        case StepState.MISSED:
            h.missed[group].pop(step.plan.step, None)
        case StepState.PLANNED:
            h.expected_returns[group].discard(step.plan.step)
        case _:
            pass


@_change.register
def _site_loaded(ev: e.SiteLoaded, h: Hospital) -> None:
    h.site_version = ev.version


@_change.register
def _patient_named(ev: e.PatientNamed, h: Hospital) -> None:
    h.names[ev.patient] = ev.name


@_change.register
def _card_bound(ev: e.CardBound, h: Hospital) -> None:
    h.cards[ev.card] = ev.patient


@_change.register
def _visit_registered(ev: e.VisitRegistered, h: Hospital) -> None:
    visit = Visit(ev.visit, ev.patient, ev.day, ev.slot, ev.campus)
    h.visits[ev.visit] = visit
    h.visits_of[ev.patient].append(ev.visit)
    _plan(h, visit, ev.plan)


def _plan(h: Hospital, visit: Visit, plan: Iterable[e.StepPlan]) -> None:
    for item in plan:
        state = StepState.PLANNED if item.after else StepState.READY
        step = Step(visit.id, item, state)
        visit.steps[item.step] = step
        h.steps[item.step] = step
        if item.is_return:
            h.expected_returns[item.group].add(item.step)


@_change.register
def _visit_cancelled(ev: e.VisitCancelled, h: Hospital) -> None:
    visit = h.visits[ev.visit]
    visit.cancelled = True
    for step in visit.steps.values():
        if step.state in OPEN_STATES:
            _leave_place(h, step)
            step.act(Act.CANCEL)


@_change.register
def _checked_in(ev: e.CheckedIn, h: Hospital) -> None:
    visit = h.visits[ev.visit]
    visit.ticket = ev.ticket
    visit.checked_in_at = ev.at
    h.tickets[ev.ticket] = ev.visit
    step = h.steps[ev.step]
    h.last_number[step.plan.group] = ev.number
    _stand_in_line(h, step, ev.rank, Act.QUEUE, ev.at)


def _stand_in_line(h: Hospital, step: Step, rank: Rank, act: Act, at: datetime) -> None:
    step.act(act)
    step.rank = rank
    step.queued_at = step.queued_at or at
    h.lines.join(step.plan.group, step.plan.doctor, rank)


@_change.register
def _scanned_earlier(ev: e.ScannedEarlier, h: Hospital) -> None:
    h.visits[ev.visit].checked_in_at = ev.at
    step = h.steps[ev.step]
    if step.state is StepState.WAITING and step.rank:
        h.lines.leave(step.plan.group, step.plan.doctor, step.rank)
        h.lines.join(step.plan.group, step.plan.doctor, ev.rank)
    step.rank = ev.rank


@_change.register
def _attention(ev: e.ScanRefused | e.ProvisionalUnmatched | e.SequenceGap, h: Hospital) -> None:
    h.attention.append(ev)


@_change.register
def _alias_given(ev: e.AliasGiven, h: Hospital) -> None:
    h.visits[ev.visit].alias = ev.alias
    h.tickets[ev.alias] = ev.visit


@_change.register
def _help_asked(ev: e.HelpAsked, h: Hospital) -> None:
    h.help_asked[ev.agent] = ev.at


@_change.register
def _help_answered(ev: e.HelpAnswered, h: Hospital) -> None:
    h.help_asked.pop(ev.agent, None)


@_change.register
def _steps_planned(ev: e.StepsPlanned, h: Hospital) -> None:
    _plan(h, h.visits[ev.visit], ev.plan)


@_change.register
def _step_queued(ev: e.StepQueued, h: Hospital) -> None:
    step = h.steps[ev.step]
    _leave_place(h, step)
    if step.state is StepState.PLANNED:
        step.act(Act.PREPARE)
    _stand_in_line(h, step, ev.rank, Act.QUEUE, ev.at)


@_change.register
def _held(ev: e.Held, h: Hospital) -> None:
    step = h.steps[ev.step]
    _leave_place(h, step)
    step.act(Act.HOLD)
    step.hold = ev.reason


@_change.register
def _released(ev: e.Released, h: Hospital) -> None:
    step = h.steps[ev.step]
    step.hold = None
    if step.rank:
        _stand_in_line(h, step, step.rank, Act.RELEASE, ev.at)


@_change.register
def _called(ev: e.Called, h: Hospital) -> None:
    step = h.steps[ev.step]
    _leave_place(h, step)
    step.act(Act.CALL)
    step.call, step.point, step.times, step.called_at = ev.call, ev.point, 1, ev.at
    h.points[ev.point].step = ev.step


@_change.register
def _recalled(ev: e.Recalled, h: Hospital) -> None:
    step = h.steps[ev.step]
    step.act(Act.RECALL)
    step.times, step.called_at = ev.times, ev.at


@_change.register
def _missed(ev: e.Missed, h: Hospital) -> None:
    step = h.steps[ev.step]
    _leave_place(h, step)
    step.act(Act.MISS)
    step.misses += 1
    step.times, step.point = 0, None
    h.missed[step.plan.group][ev.step] = None


@_change.register
def _requeued(ev: e.Requeued, h: Hospital) -> None:
    step = h.steps[ev.step]
    _leave_place(h, step)
    _stand_in_line(h, step, ev.rank, Act.REQUEUE, ev.at)


@_change.register
def _started(ev: e.Started, h: Hospital) -> None:
    step = h.steps[ev.step]
    step.act(Act.START)
    step.started_at = ev.at


@_change.register
def _finished(ev: e.Finished, h: Hospital) -> None:
    step = h.steps[ev.step]
    _leave_place(h, step)
    step.act(Act.FINISH)
    step.finished_at = ev.at


@_change.register
def _point_opened(ev: e.PointOpened, h: Hospital) -> None:
    h.points[ev.point].open = True


@_change.register
def _point_paused(ev: e.PointPaused, h: Hospital) -> None:
    h.points[ev.point].open = False
