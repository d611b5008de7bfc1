"""Undo: the last act of a member of staff is taken back, as long as nobody has built on it.

What was there before the act is remembered in memory only: after a restart of the server there is nothing to undo. The
act and its undoing both stay in the journal.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.asking import nothing, refuse
from queue_server.core.state import Hospital
from queue_server.core.steps import VisitImage
from queue_server.core.vocabulary import StepState

UNDO_WITHIN: Final = timedelta(minutes=10)

Undoable = (
    c.CallNext
    | c.CallOne
    | c.ConfirmArrival
    | c.Miss
    | c.Start
    | c.Finish
    | c.Park
    | c.PutBack
    | c.Hold
    | c.Release
    | c.Move
    | c.AssignDoctor
    | c.SetPriority
    | c.Transfer
    | c.Drop
    | c.CheckInAtDesk
    | c.Order
    | c.Pay
    | c.MeetNeed
    | c.ChooseDelivery
)


def visit_of(events: Sequence[e.Event]) -> str | None:
    """The visit that events are about: that of the first one which names any."""
    return next((visit for ev in events if (visit := getattr(ev, "visit", None))), None)


def undo(h: Hospital, command: c.Undo, now: datetime) -> c.Decision:
    """Make the visit as it was before the last act of who asks.

    Refused when there is none, when it is too long ago, when somebody has done something with the visit since, and
    when the room it was in has somebody else by now.
    """
    memo = h.memos.get(command.by)
    visit = h.visits.get(memo.visit) if memo else None
    if memo is None or visit is None:
        return nothing(c.Refused(c.Reason.NOTHING_TO_UNDO))
    if now - memo.at > UNDO_WITHIN:
        return refuse(c.Reason.UNDO_TOO_LATE, visit, memo.what)
    if visit.version != memo.version or not _fits(h, memo.before):
        return refuse(c.Reason.MOVED_ON, visit, memo.what)
    undone = e.Undone(now, visit.id, memo.what, command.by, memo.before)
    return c.Decision((undone,), c.Stood((visit.id,)))


def _fits(h: Hospital, before: VisitImage) -> bool:
    """Whether the room is still free that the family was in, and its number still its own."""
    own = {step.plan.step for step in before.steps}
    for step in before.steps:
        if step.state in (StepState.CALLED, StepState.SERVING) and step.point:
            there = h.current(step.point)
            if there and there.plan.step not in own:
                return False
        if step.state is StepState.AT_DOOR and (not step.point or not h.is_open(step.point)):
            return False
    return True
