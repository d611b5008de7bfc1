"""What the rules ask of the state again and again, and the refusals that follow."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from queue_server.core import commands as c
from queue_server.core.state import Hospital, Visit
from queue_server.core.steps import Step
from queue_server.core.vocabulary import StepState

LONGEST: Final = timedelta(hours=24)
"""No place is kept longer."""
TEXT_MOST: Final = 200
"""Reasons and messages are cut off by no screen up to so many characters."""

IN_LINE: Final = (StepState.WAITING, StepState.AT_DOOR)
"""States of somebody who may be called."""
TO_MOVE: Final = (
    StepState.CALLED,
    StepState.AT_DOOR,
    StepState.WAITING,
    StepState.HELD,
    StepState.MISSED,
)
"""States in which staff can still put a step elsewhere, the most urgent first."""


def nothing(refused: c.Refused) -> c.Decision:
    """A refusal: nothing happens."""
    return c.Decision((), refused)


def refuse(reason: c.Reason, visit: Visit | None = None, detail: str = "") -> c.Decision:
    """A refusal about a visit."""
    return nothing(about(reason, visit, detail))


def about(reason: c.Reason, visit: Visit | None, detail: str = "") -> c.Refused:
    """A refusal as a value, naming the visit."""
    if visit is None:
        return c.Refused(reason, detail=detail)
    return c.Refused(reason, visit.id, visit.ticket, detail=detail)


def refused_at(
    reason: c.Reason, point: str, step: Step | None = None, h: Hospital | None = None
) -> c.Decision:
    """A refusal at a point, naming the family concerned."""
    visit = h.visits[step.visit] if h and step else None
    return nothing(
        c.Refused(reason, visit.id if visit else None, visit.ticket if visit else None, point)
    )


def unknown(visit: str) -> c.Decision:
    """There is no such visit."""
    return nothing(c.Refused(c.Reason.UNKNOWN_VISIT, visit))


def step_in(visit: Visit, *states: StepState) -> Step | None:
    """The step of a visit that is in the first of these states that any is in."""
    for state in states:
        for step in visit.steps.values():
            if step.state is state:
                return step
    return None


def bad_words(words: str, visit: Visit | None) -> c.Decision | None:
    """The refusal when a reason is empty or too long."""
    if not words.strip():
        return refuse(c.Reason.NO_REASON, visit)
    return refuse(c.Reason.BAD_TEXT, visit) if len(words) > TEXT_MOST else None


def bad_length(span: timedelta | None, visit: Visit | None) -> c.Decision | None:
    """The refusal when a span is not positive, or longer than a day."""
    if span is None or timedelta() < span <= LONGEST:
        return None
    return refuse(c.Reason.BAD_LENGTH, visit)


def step_id(visit: Visit, known: Collection[str]) -> str:
    """An id for one more step of a visit; `known` are those in use, and those about to be."""
    number = len(known) + 1
    while (id := f"{visit.id}/{number}") in known:
        number += 1
    return id
