"""How each event changes the state.

The state is a pure function of the events: replaying the journal gives the same state, for every figure that a rule
of the site file decided stands in the event itself.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import singledispatch
from typing import Final

from queue_server.core import events as e
from queue_server.core.overtaking import overtaken_by
from queue_server.core.state import Hospital, Seen, Visit
from queue_server.core.steps import Screening, Step, StepPlan
from queue_server.core.transitions import OPEN_STATES, Act
from queue_server.core.vocabulary import Rank, StepState

REPORTS_KEPT: Final = timedelta(days=30)
AT_A_POINT: Final = frozenset({StepState.AT_DOOR, StepState.CALLED, StepState.SERVING})
"""States in which a family can be nowhere else."""


def apply(hospital: Hospital, event: e.Event) -> None:
    """Let one event change the state.

    Raises:
        KeyError: the event does not fit the state; the journal was written by other rules, or is damaged.
    """
    _CHANGES[type(event)](event, hospital)
    visit = hospital.visits.get(getattr(event, "visit", None) or "")
    if visit is not None and type(event) is not e.PhoneSeen:
        visit.version += 1


@singledispatch
def _change(ev: e.Event, _: Hospital) -> None:
    raise KeyError(f"No change is known for {type(ev).__name__}")


# ---- places: where a step stands in the lists of the state --------------------------------------


def _leave_place(h: Hospital, step: Step) -> None:
    """Take a step out of its line, its room and the lists that boards show."""
    group, id = step.plan.group, step.plan.step
    match step.state:
        case StepState.WAITING if step.rank:
            h.lines.leave(group, step.doctor, step.rank)
        case StepState.AT_DOOR if step.point:
            h.points[step.point].door.remove(id)
        case StepState.CALLED | StepState.SERVING if step.point:
            h.points[step.point].step = None
        case StepState.HELD:
            h.held[group].pop(id, None)
        case StepState.MISSED:
            h.missed[group].pop(id, None)
        case StepState.PLANNED:
            h.planned[group].pop(id, None)
            h.expected_returns[group].discard(id)
        case StepState.READY:
            _count_booked(h, step, -1)
        case _:
            pass
    if step.state in AT_A_POINT:
        _count_busy(h, h.visits[step.visit].family, -1)


def _take_place(h: Hospital, step: Step) -> None:
    """Enter a step into the lists of its state; the reverse of leaving."""
    group, id = step.plan.group, step.plan.step
    match step.state:
        case StepState.WAITING if step.rank:
            h.lines.join(group, step.doctor, step.rank)
        case StepState.AT_DOOR if step.point:
            h.points[step.point].door.append(id)
        case StepState.CALLED | StepState.SERVING if step.point:
            h.points[step.point].step = id
        case StepState.HELD:
            h.held[group][id] = None
        case StepState.MISSED:
            h.missed[group][id] = None
        case StepState.PLANNED:
            h.planned[group][id] = None
            if step.plan.is_return:
                h.expected_returns[group].add(id)
        case StepState.READY:
            _count_booked(h, step, 1)
        case _:
            pass
    if step.state in AT_A_POINT:
        _count_busy(h, h.visits[step.visit].family, 1)


def _count_booked(h: Hospital, step: Step, by: int) -> None:
    """Count the families that are booked and still to come."""
    slot = h.visits[step.visit].slot
    if slot is None:
        return
    booked = h.booked[step.plan.group]
    booked[slot.start] += by
    if not booked[slot.start]:
        del booked[slot.start]


def _count_busy(h: Hospital, family: str, by: int) -> None:
    h.busy[family] += by
    if not h.busy[family]:
        del h.busy[family]


def _stand_in_line(h: Hospital, step: Step, rank: Rank, act: Act, at: datetime) -> None:
    step.act(act)
    step.rank = rank
    step.queued_at = step.queued_at or at
    _take_place(h, step)


def _count_choice(h: Hospital, step: Step, choice: e.Choice) -> None:
    """Somebody is chosen out of a line (and stands in it no more): count it, and whom it overtook."""
    if step.rank is None:
        return
    group = step.plan.group
    for id in overtaken_by(h.lines, group, choice.doctors, choice.tiers, step.rank):
        other = h.steps[id]
        other.overtaken += 1
        h.most_overtaken[group] = max(h.most_overtaken[group], other.overtaken)
    h.lines.count_call(group, choice.doctors, step.rank.lane)
    if step.overtaken >= h.most_overtaken[group] > 0:
        waiting = (h.steps[rank.step].overtaken for rank in h.lines.everybody(group))
        h.most_overtaken[group] = max(waiting, default=0)


# ---- the day, the site, the desk ----------------------------------------------------------------


@_change.register
def _day_opened(ev: e.DayOpened, h: Hospital) -> None:
    h.day = ev.day
    h.last_number.clear()
    h.attention.clear()
    h.announcements.clear()
    for visit in [visit for visit in h.visits.values() if visit.day < ev.day]:
        if not visit.here() or (ev.day - visit.day).days > 1:
            _forget(h, visit)
    h.lines.begin_day()
    for patient, reports in list(h.reports.items()):
        kept = {what: at for what, at in reports.items() if ev.at - at < REPORTS_KEPT}
        if kept:
            h.reports[patient] = kept
        else:
            del h.reports[patient]


def _forget(h: Hospital, visit: Visit) -> None:
    """Close what is left of a visit and let it go: its story stays in the journal."""
    for step in visit.steps.values():
        if step.state in OPEN_STATES:
            _leave_place(h, step)
            step.act(Act.EXPIRE)
        _drop_step(h, step)
    del h.visits[visit.id]
    for person in visit.people():
        h.visits_of[person].remove(visit.id)
    if visit.ticket and h.tickets.get(visit.ticket) == visit.id:
        del h.tickets[visit.ticket]
    if visit.alias:
        h.tickets.pop(visit.alias, None)


def _drop_step(h: Hospital, step: Step) -> None:
    del h.steps[step.plan.step]
    h.deadlines.pop(step.plan.step, None)
    h.results_due[step.plan.group].pop(step.plan.step, None)
    if step.plan.order:
        h.orders.pop(step.plan.order, None)


@_change.register
def _site_loaded(ev: e.SiteLoaded, h: Hospital) -> None:
    h.site_version = ev.version


@_change.register
def _attention(ev: e.ScanRefused | e.ProvisionalUnmatched | e.SequenceGap, h: Hospital) -> None:
    h.attention.append(ev)


@_change.register
def _help_asked(ev: e.HelpAsked, h: Hospital) -> None:
    h.help_asked[ev.agent] = ev.at


@_change.register
def _help_answered(ev: e.HelpAnswered, h: Hospital) -> None:
    h.help_asked.pop(ev.agent, None)


@_change.register
def _announced(ev: e.Announced, h: Hospital) -> None:
    h.announcements[ev.id] = ev


@_change.register
def _announcement_ended(ev: e.AnnouncementEnded, h: Hospital) -> None:
    h.announcements.pop(ev.id, None)


@_change.register
def _way_closed(ev: e.WayClosed, h: Hospital) -> None:
    h.ways_closed[ev.feature] = ev


@_change.register
def _way_opened(ev: e.WayOpened, h: Hospital) -> None:
    h.ways_closed.pop(ev.feature, None)


# ---- registrations ------------------------------------------------------------------------------


@_change.register
def _patient_named(ev: e.PatientNamed, h: Hospital) -> None:
    h.names[ev.patient] = ev.name


@_change.register
def _card_bound(ev: e.CardBound, h: Hospital) -> None:
    h.cards[ev.card] = ev.patient


@_change.register
def _patient_findable(ev: e.PatientFindable, h: Hospital) -> None:
    h.findable[ev.handle][ev.patient] = None


@_change.register
def _visit_registered(ev: e.VisitRegistered, h: Hospital) -> None:
    visit = Visit(
        ev.visit,
        ev.patient,
        ev.day,
        ev.slot,
        ev.campus,
        guardian=ev.guardian,
        serial=ev.serial,
        paid=ev.paid,
        priority=ev.priority,
        reasons=ev.reasons,
        born=ev.born,
        add_on=ev.add_on,
    )
    h.visits[ev.visit] = visit
    for person in visit.people():
        h.visits_of[person].append(ev.visit)
    _plan(h, visit, ev.plan)


def _plan(h: Hospital, visit: Visit, plan: Iterable[StepPlan]) -> None:
    checked_in = visit.checked_in_at is not None
    for item in plan:
        # the first step waits for the check-in; later ones for all that must come before them
        state = StepState.PLANNED if item.after or checked_in else StepState.READY
        _enter(h, visit, Step(visit.id, item, state, item.doctor))


def _enter(h: Hospital, visit: Visit, step: Step) -> None:
    visit.steps[step.plan.step] = step
    h.steps[step.plan.step] = step
    if step.plan.before:
        h.deadlines[step.plan.step] = step.plan.before
    if step.plan.order:
        h.orders[step.plan.order] = step.plan.step
    if step.result_due:
        h.results_due[step.plan.group][step.plan.step] = None
    _take_place(h, step)


@_change.register
def _visit_cancelled(ev: e.VisitCancelled, h: Hospital) -> None:
    visit = h.visits[ev.visit]
    visit.cancelled = True
    for step in visit.steps.values():
        if step.state in OPEN_STATES:
            _leave_place(h, step)
            step.act(Act.CANCEL)


@_change.register
def _visit_paid(ev: e.VisitPaid, h: Hospital) -> None:
    h.visits[ev.visit].paid = True


@_change.register
def _screened(ev: e.Screened, h: Hospital) -> None:
    h.visits[ev.visit].screening = Screening(ev.at, ev.abnormal)


@_change.register
def _guardian_changed(ev: e.GuardianChanged, h: Hospital) -> None:
    visit = h.visits[ev.visit]
    there = sum(step.state in AT_A_POINT for step in visit.steps.values())
    if there:
        _count_busy(h, visit.family, -there)
    for person in visit.people():
        h.visits_of[person].remove(visit.id)
    visit.guardian = ev.guardian
    for person in visit.people():
        h.visits_of[person].append(visit.id)
    if there:
        _count_busy(h, visit.family, there)


# ---- check-in -----------------------------------------------------------------------------------


@_change.register
def _checked_in(ev: e.CheckedIn, h: Hospital) -> None:
    visit = h.visits[ev.visit]
    visit.ticket = ev.ticket
    visit.checked_in_at = ev.at
    h.tickets[ev.ticket] = ev.visit
    step = h.steps[ev.step]
    h.last_number[ev.series or step.plan.group] = ev.number
    _leave_place(h, step)
    _stand_in_line(h, step, ev.rank, Act.QUEUE, ev.at)


@_change.register
def _scanned_earlier(ev: e.ScannedEarlier, h: Hospital) -> None:
    h.visits[ev.visit].checked_in_at = ev.at
    _put_at(h, h.steps[ev.step], ev.rank)


def _put_at(h: Hospital, step: Step, rank: Rank) -> None:
    """Another place in the line; who is not standing in it comes back to that one."""
    if step.state is StepState.WAITING:
        _leave_place(h, step)
        step.rank = rank
        _take_place(h, step)
    else:
        step.rank = rank


@_change.register
def _phone_seen(ev: e.PhoneSeen, h: Hospital) -> None:
    h.visits[ev.visit].seen = Seen(ev.area, ev.at)
    for id in ev.away:
        step = h.steps[id]
        _count_away(step, ev.at)
        step.away_at = ev.at
    for id in ev.near:
        step = h.steps[id]
        _count_away(step, ev.at)
        step.away_at, step.seen_at = None, ev.at


def _count_away(step: Step, at: datetime) -> None:
    if step.away_at is not None:
        step.away_for += max(timedelta(), at - step.away_at)


@_change.register
def _alias_given(ev: e.AliasGiven, h: Hospital) -> None:
    h.visits[ev.visit].alias = ev.alias
    h.tickets[ev.alias] = ev.visit


# ---- the itinerary ------------------------------------------------------------------------------


@_change.register
def _steps_planned(ev: e.StepsPlanned, h: Hospital) -> None:
    _plan(h, h.visits[ev.visit], ev.plan)


@_change.register
def _step_queued(ev: e.StepQueued, h: Hospital) -> None:
    step = h.steps[ev.step]
    _leave_place(h, step)
    if ev.group:
        step.plan = replace(step.plan, group=ev.group)
    if step.state is StepState.PLANNED:
        step.act(Act.PREPARE)
    _stand_in_line(h, step, ev.rank, Act.QUEUE, ev.at)


@_change.register
def _step_expired(ev: e.StepExpired, h: Hospital) -> None:
    step = h.steps[ev.step]
    _leave_place(h, step)
    step.act(Act.EXPIRE)
    step.finished_at = ev.at


@_change.register
def _need_met(ev: e.NeedMet, h: Hospital) -> None:
    step = h.steps[ev.step]
    step.met |= {ev.need}


@_change.register
def _result_ready(ev: e.ResultReady, h: Hospital) -> None:
    step = h.steps[ev.step]
    if step.result_due and step.finished_at:
        taken = (ev.at - step.finished_at).total_seconds() / 60
        h.turnarounds[step.plan.group].note(max(0.0, taken))
    step.result_due = False
    step.result_at = ev.at
    h.results_due[step.plan.group].pop(ev.step, None)


@_change.register
def _transferred(ev: e.Transferred, h: Hospital) -> None:
    step = h.steps[ev.step]
    _leave_place(h, step)
    step.act(Act.TRANSFER)
    step.moved_to = ev.plan.step
    step.times = 0
    after = Step(ev.visit, ev.plan, StepState.READY, ev.plan.doctor)
    after.overtaken, after.met = step.overtaken, step.met
    _enter(h, h.visits[ev.visit], after)


@_change.register
def _delivery_chosen(ev: e.DeliveryChosen, h: Hospital) -> None:
    step = h.steps[ev.step]
    _leave_place(h, step)
    step.act(Act.CANCEL)
    step.finished_at = ev.at


# ---- in line ------------------------------------------------------------------------------------


@_change.register
def _held(ev: e.Held, h: Hospital) -> None:
    step = h.steps[ev.step]
    _leave_place(h, step)
    step.act(Act.HOLD)
    step.point = None
    step.hold, step.held_until = ev.reason, ev.until
    _take_place(h, step)


@_change.register
def _released(ev: e.Released, h: Hospital) -> None:
    step = h.steps[ev.step]
    _leave_place(h, step)
    step.hold = step.held_until = None
    if step.rank:
        _stand_in_line(h, step, step.rank, Act.RELEASE, ev.at)


@_change.register
def _requeued(ev: e.Requeued, h: Hospital) -> None:
    step = h.steps[ev.step]
    _leave_place(h, step)
    _stand_in_line(h, step, ev.rank, Act.REQUEUE, ev.at)


@_change.register
def _moved(ev: e.Moved, h: Hospital) -> None:
    _put_at(h, h.steps[ev.step], ev.rank)


@_change.register
def _doctor_assigned(ev: e.DoctorAssigned, h: Hospital) -> None:
    step = h.steps[ev.step]
    if step.state is StepState.WAITING:
        _leave_place(h, step)
        step.doctor = ev.doctor
        _take_place(h, step)
    else:
        step.doctor = ev.doctor


@_change.register
def _priority_given(ev: e.PriorityGiven, h: Hospital) -> None:
    h.visits[ev.visit].priority = ev.priority
    for rank in ev.ranks:
        _put_at(h, h.steps[rank.step], rank)


# ---- calling ------------------------------------------------------------------------------------


@_change.register
def _asked_to_door(ev: e.AskedToDoor, h: Hospital) -> None:
    step = h.steps[ev.step]
    _leave_place(h, step)
    step.act(Act.APPROACH)
    step.point = ev.point
    _take_place(h, step)
    _count_choice(h, step, ev.choice)


@_change.register
def _back_to_hall(ev: e.BackToHall, h: Hospital) -> None:
    step = h.steps[ev.step]
    _leave_place(h, step)
    step.act(Act.STEP_BACK)
    step.point = None
    _take_place(h, step)


@_change.register
def _called(ev: e.Called, h: Hospital) -> None:
    step = h.steps[ev.step]
    from_hall = step.state is StepState.WAITING
    _leave_place(h, step)
    step.act(Act.CALL)
    step.call, step.point, step.times, step.called_at = ev.call, ev.point, 1, ev.at
    step.calls += 1
    step.first_called_at = ev.at
    step.confirmed_at = None
    step.away_at, step.away_for = None, timedelta()
    _take_place(h, step)
    if from_hall:
        _count_choice(h, step, ev.choice)


@_change.register
def _recalled(ev: e.Recalled, h: Hospital) -> None:
    step = h.steps[ev.step]
    step.act(Act.RECALL)
    step.times, step.called_at = ev.times, ev.at


@_change.register
def _arrival_confirmed(ev: e.ArrivalConfirmed, h: Hospital) -> None:
    h.steps[ev.step].confirmed_at = ev.at


@_change.register
def _missed(ev: e.Missed, h: Hospital) -> None:
    step = h.steps[ev.step]
    _leave_place(h, step)
    step.act(Act.MISS)
    step.misses += 1
    step.times, step.point = 0, None
    _take_place(h, step)


@_change.register
def _parked(ev: e.Parked, h: Hospital) -> None:
    step = h.steps[ev.step]
    _leave_place(h, step)
    step.act(Act.PARK)
    step.times, step.point = 0, None
    step.hold, step.held_until = ev.reason, ev.until
    _take_place(h, step)


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
    step.result_due = ev.result_due
    if ev.result_due:
        h.results_due[step.plan.group][ev.step] = None
    h.points[ev.point].last_finished_at = ev.at
    if step.first_called_at:
        minutes = max(0.0, (ev.at - step.first_called_at).total_seconds() / 60)
        h.paces[step.plan.group, step.plan.is_return].note(minutes)


# ---- points -------------------------------------------------------------------------------------


@_change.register
def _point_opened(ev: e.PointOpened, h: Hospital) -> None:
    h.points[ev.point].open = True
    h.points[ev.point].reason = ""


@_change.register
def _point_paused(ev: e.PointPaused, h: Hospital) -> None:
    h.points[ev.point].open = False
    h.points[ev.point].reason = ev.reason


@_change.register
def _doctors_seated(ev: e.DoctorsSeated, h: Hospital) -> None:
    h.points[ev.point].doctors = ev.doctors


# ---- tests before the consult -------------------------------------------------------------------


@_change.register
def _report_recognised(ev: e.ReportRecognised, h: Hospital) -> None:
    known = h.reports[ev.patient]
    known[ev.service] = max(ev.taken_at, known.get(ev.service, ev.taken_at))


@_change.register
def _lab_offered(ev: e.LabOffered, h: Hospital) -> None:
    visit = h.visits[ev.visit]
    visit.offer, visit.offer_rule = ev.services, ev.rule


@_change.register
def _lab_answered(ev: e.LabAnswered, h: Hospital) -> None:
    h.visits[ev.visit].offer_accepted = ev.accepted


@_change.register
def _lab_not_offered(ev: e.LabNotOffered, h: Hospital) -> None:
    h.visits[ev.visit].offer_rule = ev.rule


# ---- taking back --------------------------------------------------------------------------------


@_change.register
def _undone(ev: e.Undone, h: Hospital) -> None:
    visit = h.visits[ev.visit]
    for step in visit.steps.values():
        _leave_place(h, step)
    for step in list(visit.steps.values()):
        _drop_step(h, step)
    visit.steps.clear()
    _restore(h, visit, ev)
    for step in _copies(ev.image.steps):
        _enter(h, visit, step)


def _copies(steps: Iterable[Step]) -> Iterator[Step]:
    return (step.copied() for step in steps)


def _restore(h: Hospital, visit: Visit, ev: e.Undone) -> None:
    image = ev.image
    if visit.ticket and visit.ticket != image.ticket:
        h.tickets.pop(visit.ticket, None)
    visit.ticket = image.ticket
    visit.checked_in_at = image.checked_in_at
    visit.cancelled = image.cancelled
    visit.priority = image.priority
    visit.paid = image.paid
    visit.offer, visit.offer_rule = image.offer, image.offer_rule
    visit.offer_accepted = image.offer_accepted
    visit.screening = image.screening


_CHANGES: Final = dict(_change.registry)
"""The function for each kind of event; looking it up here is faster than going through the dispatcher."""
