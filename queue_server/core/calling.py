"""Calling (叫号): next, by name, recall, confirm, miss, park; the doors of rooms; opening and pausing a point."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.asking import bad_length, bad_words, nothing, refused_at, step_in, unknown
from queue_server.core.events import Choice
from queue_server.core.missed import back_in
from queue_server.core.overtaking import overtaken_by
from queue_server.core.picking import door_of, pick
from queue_server.core.routing import expected_wait
from queue_server.core.site import Point
from queue_server.core.state import Hospital
from queue_server.core.steps import Step
from queue_server.core.vocabulary import HoldReason, StepState, Why

AtPoint = c.Recall | c.Miss | c.Start | c.Finish | c.ConfirmArrival | c.Park


def moved_on(h: Hospital, command: AtPoint) -> c.Decision | None:
    """The refusal when somebody else is at the point than the caller saw."""
    if command.point not in h.site.points:
        return refused_at(c.Reason.UNKNOWN_POINT, command.point)
    step = h.current(command.point)
    if command.step is None or (step and step.plan.step == command.step):
        return None
    return refused_at(c.Reason.MOVED_ON, command.point, step, h)


def _not_free(h: Hospital, point: str) -> c.Decision | None:
    """Why nobody can be called to a point now."""
    if point not in h.site.points:
        return refused_at(c.Reason.UNKNOWN_POINT, point)
    if not h.is_open(point):
        return refused_at(c.Reason.POINT_PAUSED, point)
    current = h.current(point)
    return refused_at(c.Reason.POINT_BUSY, point, current, h) if current else None


# ---- next ---------------------------------------------------------------------------------------


def call_next(h: Hospital, command: c.CallNext, now: datetime) -> c.Decision:
    """Call whoever is next. With somebody there already, it says so."""
    if refusal := _not_free(h, command.point):
        return refusal
    point = h.site.points[command.point]
    found = _at_door_or_next(h, point, now)
    if found is None:
        return refused_at(c.Reason.NOBODY_WAITING, point.id)
    return _call(*found, point, command.by, now)


def _at_door_or_next(h: Hospital, point: Point, now: datetime) -> tuple[Step, Choice] | None:
    """The first at the door; an emergency in the hall goes before."""
    at_door = _first_at_door(h, point, now)
    if at_door is None:
        return pick(h, point, now) or _helping(h, point, now)
    step = at_door[0]
    if h.lines.tiers(point.group) & h.site.urgent_tiers:
        from_hall = pick(h, point, now)
        if from_hall and _is_more_urgent(h, from_hall[0], step):
            return from_hall
    return at_door


def _helping(h: Hospital, point: Point, now: datetime) -> tuple[Step, Choice] | None:
    """Nobody of its own: a flexible window calls for the line that it helps and that waits longest."""
    for group in sorted(point.helps, key=lambda group: -expected_wait(h, group, now)):
        found = pick(h, replace(point, group=group, helps=()), now)
        if found:
            return found
    return None


def _is_more_urgent(h: Hospital, one: Step, other: Step) -> bool:
    if one.rank is None or other.rank is None:
        return False
    return one.rank.tier in h.site.urgent_tiers and one.rank.tier < other.rank.tier


def _first_at_door(h: Hospital, point: Point, now: datetime) -> tuple[Step, Choice] | None:
    for id in door_of(h, point.id):
        step = h.steps[id]
        if h.busy[h.visits[step.visit].family] <= 1:
            policy = h.rules(point.group).order.value
            doctors = h.doctors_at(point, now)
            return step, Choice(policy, Why.DOOR, doctors, rules=h.site_version or "")
    return None


def _call(step: Step, choice: Choice, point: Point, by: str, now: datetime) -> c.Decision:
    call = f"{step.plan.step}#{step.calls + 1}"
    called = e.Called(now, call, step.visit, step.plan.step, point.id, by, choice)
    return c.Decision((called,), c.CallAnswer(call, step.visit, point.id))


# ---- by name ------------------------------------------------------------------------------------


def call_one(h: Hospital, command: c.CallOne, now: datetime) -> c.Decision:
    """Call one family whatever the order; the reason is kept, and so is how many it goes before."""
    if refusal := _not_free(h, command.point):
        return refusal
    visit = h.visits.get(command.visit)
    if visit is None:
        return unknown(command.visit)
    if refusal := bad_words(command.reason, visit):
        return refusal
    point = h.site.points[command.point]
    states = (StepState.AT_DOOR, StepState.WAITING, StepState.MISSED, StepState.HELD)
    here = [step for step in visit.steps.values() if step.plan.group in point.groups]
    step = next((step for state in states for step in here if step.state is state), None)
    if step is None:
        waits = step_in(visit, *states)
        reason = c.Reason.WRONG_LINE if waits else c.Reason.NOT_WAITING
        return nothing(c.Refused(reason, visit.id, visit.ticket, point.id))
    if step.state is StepState.HELD:
        detail = step.hold.value if step.hold else ""
        return nothing(c.Refused(c.Reason.HELD, visit.id, visit.ticket, point.id, detail=detail))
    if h.busy[visit.family] > (step.state is StepState.AT_DOOR):
        return nothing(c.Refused(c.Reason.ELSEWHERE, visit.id, visit.ticket, point.id))
    return _call_by_name(h, step, point, command, now)


def _call_by_name(
    h: Hospital, step: Step, point: Point, command: c.CallOne, now: datetime
) -> c.Decision:
    doctors = h.doctors_at(point, now)
    before: tuple[e.Event, ...] = ()
    rank = step.rank
    if step.state is StepState.MISSED:
        again = back_in(h, step, command.by, now, forced=True)
        if isinstance(again, c.Refused):
            return nothing(again)
        before, rank = (again,), again.rank
    overtook = (
        sum(1 for _ in overtaken_by(h.lines, step.plan.group, doctors, (), rank)) if rank else 0
    )
    choice = Choice(
        h.rules(point.group).order.value,
        Why.BY_NAME,
        doctors,
        overtook=overtook,
        rules=h.site_version or "",
        reason=command.reason.strip(),
    )
    called = _call(step, choice, point, command.by, now)
    return c.Decision((*before, *called.events), called.answer)


# ---- while called -------------------------------------------------------------------------------


def _called_at(h: Hospital, point: str) -> Step | None:
    step = h.current(point)
    return step if step and step.state is StepState.CALLED else None


def recall(h: Hospital, command: c.Recall, now: datetime) -> c.Decision:
    """Call once more."""
    if late := moved_on(h, command):
        return late
    step = _called_at(h, command.point)
    if step is None or step.call is None:
        return refused_at(c.Reason.NOBODY_CALLED, command.point)
    times = step.times + 1
    again = e.Recalled(now, step.call, step.visit, step.plan.step, command.point, command.by, times)
    return c.Decision((again,), c.CallAnswer(step.call, step.visit, command.point, times))


def confirm(h: Hospital, command: c.ConfirmArrival, now: datetime) -> c.Decision:
    """The called family is at the door; twice is once."""
    if late := moved_on(h, command):
        return late
    step = _called_at(h, command.point)
    if step is None:
        return refused_at(c.Reason.NOBODY_CALLED, command.point)
    if step.confirmed_at:
        return c.Decision((), c.Stood((step.visit,)))
    there = e.ArrivalConfirmed(now, step.visit, step.plan.step, command.point, command.by)
    return c.Decision((there,), c.Stood((step.visit,)))


def miss(h: Hospital, command: c.Miss, now: datetime) -> c.Decision:
    """Not there: out of the line until it signs in again."""
    if late := moved_on(h, command):
        return late
    step = _called_at(h, command.point)
    if step is None or step.call is None:
        return refused_at(c.Reason.NOBODY_CALLED, command.point)
    missed = e.Missed(now, step.call, step.visit, step.plan.step, command.point, command.by)
    return c.Decision((missed,), c.Accepted())


def park(h: Hospital, command: c.Park, now: datetime) -> c.Decision:
    """Put aside whoever is at the point: the place is kept, the point is free."""
    if late := moved_on(h, command):
        return late
    step = h.current(command.point)
    if step is None:
        return refused_at(c.Reason.NOBODY_CALLED, command.point)
    if refusal := bad_length(command.delay, h.visits[step.visit]):
        return refusal
    reason = HoldReason.DELAYED if command.delay else HoldReason.PARKED
    until = now + command.delay if command.delay else None
    parked = e.Parked(now, step.visit, step.plan.step, command.point, command.by, reason, until)
    return c.Decision((parked,), c.Stood((step.visit,)))


# ---- points and their doors ---------------------------------------------------------------------


def open_or_pause(h: Hospital, command: c.OpenPoint | c.PausePoint, now: datetime) -> c.Decision:
    """Take families, or none for now; whoever is in the room stays there, whoever is at its door goes back."""
    if command.point not in h.site.points:
        return refused_at(c.Reason.UNKNOWN_POINT, command.point)
    opening = isinstance(command, c.OpenPoint)
    if h.is_open(command.point) == opening:
        return c.Decision((), c.Accepted())
    if isinstance(command, c.OpenPoint):
        return c.Decision((e.PointOpened(now, command.point, command.by),), c.Accepted())
    if command.reason and (refusal := bad_words(command.reason, None)):
        return refusal
    paused = e.PointPaused(now, command.point, command.by, command.reason.strip())
    return c.Decision((paused, *_leave_door(h, command.point, now)), c.Accepted())


def _leave_door(h: Hospital, point: str, now: datetime) -> Iterator[e.BackToHall]:
    for id in door_of(h, point):
        yield e.BackToHall(now, h.steps[id].visit, id, point)


def seat(h: Hospital, command: c.SeatDoctors, now: datetime) -> c.Decision:
    """Who sits at a point: a second doctor, an intern beside a doctor, somebody who stands in."""
    point = h.site.points.get(command.point)
    if point is None:
        return refused_at(c.Reason.UNKNOWN_POINT, command.point)
    known = h.site.doctors_of(point.group) | h.site.doctors.keys()
    for doctor in command.doctors or ():
        if doctor not in known:
            return nothing(c.Refused(c.Reason.UNKNOWN_DOCTOR, point=point.id, detail=doctor))
    doctors = command.doctors and tuple(dict.fromkeys(command.doctors))
    state = h.points.get(point.id)
    if doctors == (state.doctors if state else None):
        return c.Decision((), c.Accepted())
    return c.Decision((e.DoctorsSeated(now, point.id, doctors, command.by),), c.Accepted())


def fill_doors(h: Hospital, command: c.FillDoors, now: datetime) -> c.Decision:
    """Ask the next family to the emptiest door that has room (二次候诊). One at a time; it is asked again after."""
    limit = h.rules(command.group).two_stage
    points = [p for p in h.site.points_of.get(command.group, ()) if h.is_open(p.id)]
    for point in sorted(points, key=lambda point: len(door_of(h, point.id))):
        if len(door_of(h, point.id)) >= limit:
            break
        found = pick(h, point, now)
        if found:
            step, choice = found
            asked = e.AskedToDoor(now, step.visit, step.plan.step, point.id, "", choice)
            return c.Decision((asked,), c.Accepted())
    return c.Decision((), c.Accepted())
