"""Where a child stands, in one word: what its family must know at this moment. Pure; one table of cases, the first that fits."""

from enum import StrEnum

from queue_server.core import HoldReason, Need, Step, StepKind, StepState, Visit
from queue_server.core.state import OVER
from queue_server.core.vocabulary import TESTS


class Situation(StrEnum):
    """What a family must know, the most urgent first: siblings are shown in this order."""

    CALLED = "called"
    AT_DOOR = "at_door"
    MISSED = "missed"
    SERVING = "serving"
    TO_PAY = "to_pay"
    NOT_IN = "not_in"
    FEVER = "fever"
    BACK = "back"
    """The results are there: waiting to see the same doctor again."""
    TEST = "test"
    """Waiting at a laboratory or examination."""
    WAITING = "waiting"
    COLLECT = "collect"
    """Waiting at the pharmacy."""
    HELD = "held"
    RESULTS = "results"
    """All tests are made; a result is not there yet."""
    PREPARING = "preparing"
    """The drugs are being prepared."""
    LATER = "later"
    """Something comes that can't be done yet."""
    FINISHED = "finished"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


_AT_ONCE = {
    StepState.CALLED: Situation.CALLED,
    StepState.AT_DOOR: Situation.AT_DOOR,
    StepState.MISSED: Situation.MISSED,
    StepState.SERVING: Situation.SERVING,
}


def situation_of(visit: Visit, step: Step) -> Situation:
    """The situation of a visit whose current step (`views.current_step`) this is."""
    if visit.cancelled:
        return Situation.CANCELLED
    if step.state in OVER:
        missed_it = visit.checked_in_at is None and step.state is StepState.NO_SHOW
        return Situation.NO_SHOW if missed_it else Situation.FINISHED
    if visit.checked_in_at is None:
        return _before_check_in(visit)
    if step.state in _AT_ONCE:
        return _AT_ONCE[step.state]
    return _in_the_day(visit, step)


def _before_check_in(visit: Visit) -> Situation:
    if visit.screening and visit.screening.abnormal:
        return Situation.FEVER
    return Situation.NOT_IN if visit.paid else Situation.TO_PAY


def _in_the_day(visit: Visit, step: Step) -> Situation:
    match step:
        case Step(state=StepState.WAITING):
            return _in_line(step)
        case Step(state=StepState.HELD, hold=HoldReason.AT_LAB):
            return _place_kept(visit)
        case Step(state=StepState.HELD):
            return Situation.HELD
        case _ if any(Need.PAID in each.lacks for each in _open(visit)):
            return Situation.TO_PAY
        case _ if results_awaited(visit):
            return Situation.RESULTS
        case Step(plan=plan) if plan.kind is StepKind.PHARMACY:
            return Situation.PREPARING
        case _:
            return Situation.LATER


def _in_line(step: Step) -> Situation:
    if step.plan.is_return:
        return Situation.BACK
    if step.plan.kind in TESTS:
        return Situation.TEST
    return Situation.COLLECT if step.plan.kind is StepKind.PHARMACY else Situation.WAITING


def _place_kept(visit: Visit) -> Situation:
    """The place in the clinic's line is kept for tests: they must be paid, or their results awaited."""
    if any(Need.PAID in each.lacks for each in _open(visit)):
        return Situation.TO_PAY
    return Situation.RESULTS if results_awaited(visit) else Situation.HELD


def results_awaited(visit: Visit) -> bool:
    """Whether a test is made whose result is not there yet."""
    return any(step.result_due for step in visit.steps.values())


def _open(visit: Visit) -> list[Step]:
    return [step for step in visit.steps.values() if step.state not in OVER]
