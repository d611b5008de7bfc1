"""Calling (叫号): next, recall, miss; holding a place; opening and pausing a point."""

from datetime import datetime

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.ranking import POLICY
from queue_server.core.site import Point
from queue_server.core.state import Hospital, Step
from queue_server.core.vocabulary import StepState


def refused(
    reason: c.Reason, point: str, step: Step | None = None, h: Hospital | None = None
) -> c.Decision:
    """A refusal at a point, naming the family concerned."""
    visit = h.visits[step.visit] if h and step else None
    return c.Decision(
        (), c.Refused(reason, visit.id if visit else None, visit.ticket if visit else None, point)
    )


def moved_on(h: Hospital, command: c.Recall | c.Miss | c.Start | c.Finish) -> c.Decision | None:
    """The refusal when somebody else is at the point than the caller saw."""
    step = h.current(command.point)
    if command.step is None or (step and step.plan.step == command.step):
        return None
    return refused(c.Reason.MOVED_ON, command.point, step, h)


def call_next(h: Hospital, command: c.CallNext, now: datetime) -> c.Decision:
    """Call the first who may be called to this point. With somebody there already, it says so."""
    point = h.site.points.get(command.point)
    if point is None:
        return refused(c.Reason.UNKNOWN_POINT, command.point)
    if not h.is_open(point.id):
        return refused(c.Reason.POINT_PAUSED, point.id)
    current = h.current(point.id)
    if current:
        return refused(c.Reason.POINT_BUSY, point.id, current, h)
    rank = h.lines.head(point.group, point.doctor)
    if rank is None:
        return refused(c.Reason.NOBODY_WAITING, point.id)
    return _call(h.steps[rank.step], point, command.by, now)


def _call(step: Step, point: Point, by: str, now: datetime) -> c.Decision:
    call = f"{step.plan.step}#{step.misses + 1}"
    called = e.Called(now, call, step.visit, step.plan.step, point.id, by, POLICY)
    return c.Decision((called,), c.CallAnswer(call, step.visit, point.id))


def _called_at(h: Hospital, point: str) -> Step | None:
    step = h.current(point)
    return step if step and step.state is StepState.CALLED else None


def recall(h: Hospital, command: c.Recall, now: datetime) -> c.Decision:
    """Call once more."""
    if late := moved_on(h, command):
        return late
    step = _called_at(h, command.point)
    if step is None or step.call is None:
        return refused(c.Reason.NOBODY_CALLED, command.point)
    times = step.times + 1
    again = e.Recalled(now, step.call, step.visit, step.plan.step, command.point, command.by, times)
    return c.Decision((again,), c.CallAnswer(step.call, step.visit, command.point, times))


def miss(h: Hospital, command: c.Miss, now: datetime) -> c.Decision:
    """Not there: out of the line until it signs in again."""
    if late := moved_on(h, command):
        return late
    step = _called_at(h, command.point)
    if step is None or step.call is None:
        return refused(c.Reason.NOBODY_CALLED, command.point)
    missed = e.Missed(now, step.call, step.visit, step.plan.step, command.point, command.by)
    return c.Decision((missed,), c.Accepted())


def hold(h: Hospital, command: c.Hold, now: datetime) -> c.Decision:
    """Keep the place of a family that waits."""
    step = _step_in(h, command.visit, StepState.WAITING)
    if step is None:
        return _not(h, command.visit, c.Reason.NOT_WAITING)
    held = e.Held(now, step.visit, step.plan.step, command.reason)
    return c.Decision((held,), c.Stood((step.visit,)))


def release(h: Hospital, command: c.Release, now: datetime) -> c.Decision:
    """Back in the line, at the very place that was kept."""
    step = _step_in(h, command.visit, StepState.HELD)
    if step is None:
        return _not(h, command.visit, c.Reason.NOT_HELD)
    return c.Decision((e.Released(now, step.visit, step.plan.step),), c.Stood((step.visit,)))


def _step_in(h: Hospital, visit: str, state: StepState) -> Step | None:
    known = h.visits.get(visit)
    steps = known.steps.values() if known else ()
    return next((step for step in steps if step.state is state), None)


def _not(h: Hospital, visit: str, reason: c.Reason) -> c.Decision:
    known = h.visits.get(visit)
    if known is None:
        return c.Decision((), c.Refused(c.Reason.UNKNOWN_VISIT, visit))
    return c.Decision((), c.Refused(reason, visit, known.ticket))


def open_or_pause(h: Hospital, command: c.OpenPoint | c.PausePoint, now: datetime) -> c.Decision:
    """Take families, or none for now; whoever is at the point stays there."""
    if command.point not in h.site.points:
        return refused(c.Reason.UNKNOWN_POINT, command.point)
    opening = isinstance(command, c.OpenPoint)
    if h.is_open(command.point) == opening:
        return c.Decision((), c.Accepted())
    kind = e.PointOpened if opening else e.PointPaused
    return c.Decision((kind(now, command.point, command.by),), c.Accepted())
