"""A command and all that follows from it at once: decide, apply, and let the rules react until nothing more happens.

Who drives a hospital (the server's writer, a simulation, a test) goes through `carry_out`, so that a finished test
opens the return and a free room its next call the same everywhere. What has followed stands in the events; replaying
them needs no reaction.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.apply import apply
from queue_server.core.decide import decide
from queue_server.core.state import Hospital
from queue_server.core.steps import Memo, VisitImage
from queue_server.core.undo import Undoable, visit_of

MOST_REACTIONS: Final = 5_000
"""More in one go means that rules answer each other in a circle."""
AUTOMATIC: Final = "auto"
"""Stands for who gave a command that the rules themselves gave."""


class OutOfStep(Exception):
    """What was decided does not fit the state: a fault in the rules. The state must not be used any more."""


def carry_out(
    hospital: Hospital, command: c.Command, now: datetime, *, undoable: bool = True
) -> c.Decision:
    """Decide a command, apply it, and all that follows from it.

    Args:
        hospital: its state is changed.
        command: what is wanted.
        now: aware.
        undoable: remember how the visit was, so that staff can take their act back; a simulation does without.

    Returns:
        All events in order, and the answer to the command itself. They have been applied.

    Raises:
        OutOfStep: an event did not fit the state, which is now undefined.
        Exception: whatever the rule raised; nothing has changed.
    """
    hospital.moment = max(hospital.moment, now)
    decision = decide(hospital, command, now)
    if not decision.events:
        return decision
    before = _before(hospital, command, decision.events) if undoable else None
    happened: list[e.Event] = []
    try:
        _apply(hospital, decision.events, happened)
        if isinstance(command, c.LoadSite):
            hospital.site = command.site
        _react(hospital, decision.events, now, happened)
    except Exception as error:
        raise OutOfStep(f"{type(command).__name__}: {error!r}") from error
    if undoable:
        _remember(hospital, command, before, happened, now)
    return c.Decision(tuple(happened), decision.answer)


def _apply(h: Hospital, events: Sequence[e.Event], happened: list[e.Event]) -> None:
    for event in events:
        apply(h, event)
    happened += events


# ---- what follows -------------------------------------------------------------------------------


def _react(h: Hospital, events: Sequence[e.Event], now: datetime, happened: list[e.Event]) -> None:
    todo = list(dict.fromkeys(_reactions(h, events)))
    done = 0
    while todo:
        done += 1
        if done > MOST_REACTIONS:
            raise RuntimeError("reactions without end")
        more = decide(h, todo.pop(0), now).events
        if more:
            _apply(h, more, happened)
            todo += [each for each in dict.fromkeys(_reactions(h, more)) if each not in todo]


Reaction = c.OpenSteps | c.ConsiderLab | c.FillDoors | c.CallNext


def _reactions(h: Hospital, events: Sequence[e.Event]) -> Iterator[Reaction]:
    eager = h.site.eager
    for event in events:
        match event:
            case e.CheckedIn(visit=visit):
                yield c.ConsiderLab(visit)
                yield c.OpenSteps(visit)
            case (
                e.Finished(visit=visit)
                | e.ResultReady(visit=visit)
                | e.StepExpired(visit=visit)
                | e.NeedMet(visit=visit)
                | e.StepsPlanned(visit=visit)
                | e.DeliveryChosen(visit=visit)
                | e.LabAnswered(visit=visit)
                | e.Released(visit=visit)
            ):
                yield c.OpenSteps(visit)
            case _:
                pass
        if eager:
            yield from _calls(h, event)


def _calls(h: Hospital, event: e.Event) -> Iterator[c.FillDoors | c.CallNext]:
    """A line or a room has changed: fill the doors, and call where rooms call by themselves."""
    for group in _groups(h, event):
        rules = h.rules(group)
        if rules.two_stage:
            yield c.FillDoors(group)
        if rules.auto_call:
            for point in h.site.points_of.get(group, ()):
                if h.is_open(point.id) and h.current(point.id) is None:
                    yield c.CallNext(point.id, AUTOMATIC)


def _groups(h: Hospital, event: e.Event) -> Iterator[str]:
    """Lines where somebody may be called now who could not be before."""
    match event:
        case (
            e.CheckedIn(step=step)
            | e.StepQueued(step=step)
            | e.Released(step=step)
            | e.Requeued(step=step)
            | e.AskedToDoor(step=step)
            | e.DoctorAssigned(step=step)
            | e.BackToHall(step=step)
        ):
            yield h.steps[step].plan.group
        case (
            e.Called(visit=visit)
            | e.Missed(visit=visit)
            | e.Finished(visit=visit)
            | e.Parked(visit=visit)
            | e.Held(visit=visit)
            | e.VisitCancelled(visit=visit)
            | e.Transferred(visit=visit)
            | e.StepExpired(visit=visit)
            | e.Undone(visit=visit)
        ):
            yield from _lines_of_family(h, visit)
        case e.PointOpened(point=point) | e.PointPaused(point=point) | e.DoctorsSeated(point=point):
            known = h.site.points.get(point)
            if known:
                yield known.group
        case _:
            pass


def _lines_of_family(h: Hospital, visit_id: str) -> list[str]:
    """All lines of a visit, and those where the same family waits with another child."""
    visit = h.visits[visit_id]
    visits = {id: None for person in visit.people() for id in h.visits_of.get(person, ())}
    steps = (step for id in visits for step in h.visits[id].steps.values())
    return list(dict.fromkeys(step.plan.group for step in steps))


# ---- undo ---------------------------------------------------------------------------------------


def _before(h: Hospital, command: c.Command, events: Sequence[e.Event]) -> VisitImage | None:
    """The visit that a staff's act is about, as it is before the act."""
    if not isinstance(command, Undoable) or command.by == AUTOMATIC:
        return None
    visit = h.visits.get(visit_of(events) or "")
    return visit.image() if visit else None


def _remember(
    h: Hospital,
    command: c.Command,
    before: VisitImage | None,
    events: Sequence[e.Event],
    now: datetime,
) -> None:
    if isinstance(command, c.Undo):
        h.memos.pop(command.by, None)
    visit = h.visits.get(visit_of(events) or "")
    if before and visit and isinstance(command, Undoable):
        what = type(command).__name__
        h.memos[command.by] = Memo(now, what, visit.id, visit.version, before)
