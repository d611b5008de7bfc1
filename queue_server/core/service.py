"""Being served: start, finish, and what comes next in the itinerary (就诊流程)."""

from collections.abc import Iterator
from datetime import datetime

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.calling import moved_on, refused
from queue_server.core.ranking import rank_when_ready
from queue_server.core.state import Hospital, Step, Visit
from queue_server.core.vocabulary import TESTS, StepState


def start(h: Hospital, command: c.Start, now: datetime) -> c.Decision:
    """The called family has come in (接诊)."""
    if late := moved_on(h, command):
        return late
    step = h.current(command.point)
    if step is None or step.state is not StepState.CALLED:
        return refused(c.Reason.NOBODY_CALLED, command.point)
    started = e.Started(now, step.visit, step.plan.step, command.point, command.by)
    return c.Decision((started,), c.Stood((step.visit,)))


def finish(h: Hospital, command: c.Finish, now: datetime) -> c.Decision:
    """Done here. Tests lead back to the same doctor, exactly once, when the last of them is done."""
    if late := moved_on(h, command):
        return late
    step = h.current(command.point)
    if step is None or step.state is not StepState.SERVING:
        return refused(c.Reason.NOBODY_SERVED, command.point)
    wrong = _wrong_orders(h, command)
    if wrong:
        return c.Decision((), wrong)
    visit = h.visits[step.visit]
    plan = tuple(_ordered(h, visit, step, command))
    happened: list[e.Event] = [e.Finished(now, visit.id, step.plan.step, command.point, command.by)]
    if plan:
        happened.append(e.StepsPlanned(now, visit.id, plan, command.by))
    happened += _now_open(visit, plan, step, now)
    return c.Decision(tuple(happened), c.Stood((visit.id,)))


def _wrong_orders(h: Hospital, command: c.Finish) -> c.Refused | None:
    for group in (*command.tests, *command.then):
        if group not in h.site.groups:
            return c.Refused(c.Reason.UNKNOWN_GROUP, point=command.point, detail=group)
    for group in command.tests:
        if h.site.groups[group].kind not in TESTS:
            return c.Refused(c.Reason.NOT_A_TEST, point=command.point, detail=group)
    return None


def _ordered(h: Hospital, visit: Visit, step: Step, command: c.Finish) -> Iterator[e.StepPlan]:
    """The steps that the doctor's orders add: tests side by side, the return after all of them, then the rest."""
    number = len(visit.steps)
    done = (step.plan.step,)

    def plan(group: str, after: tuple[str, ...], **more: str | bool | None) -> e.StepPlan:
        nonlocal number
        number += 1
        kind = h.site.groups[group].kind
        return e.StepPlan(f"{visit.id}/{number}", kind, group, after, **more)  # type: ignore[arg-type]  # doctor, is_return

    tests = [plan(group, done) for group in dict.fromkeys(command.tests)]
    yield from tests
    if tests:
        doctor = h.site.points[command.point].doctor if command.point in h.site.points else None
        back = plan(
            step.plan.group,
            tuple(test.step for test in tests),
            doctor=doctor or step.plan.doctor,
            is_return=True,
        )
        yield back
        done = (back.step,)
    for group in dict.fromkeys(command.then):
        yield plan(group, done)


def _now_open(
    visit: Visit, added: tuple[e.StepPlan, ...], finished: Step, now: datetime
) -> Iterator[e.StepQueued]:
    """Steps whose last prerequisite is the one just finished."""
    done = {id for id, step in visit.steps.items() if step.state is StepState.DONE}
    done.add(finished.plan.step)
    planned = [s.plan for s in visit.steps.values() if s.state is StepState.PLANNED]
    for plan in (*planned, *added):
        if done.issuperset(plan.after):
            yield e.StepQueued(now, visit.id, plan.step, rank_when_ready(now, plan.step))
