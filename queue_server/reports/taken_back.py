"""Which events were taken back later: an undone act must not count in a report, and a story shows it struck out.

`Undone` names the act. What the act had done to the visit are the events right before it: nothing else may have happened
with the visit in between, or the undoing would have been refused.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from queue_server.core import events as e

_ACTS: Final[Mapping[str, tuple[type[e.Event], ...]]] = {
    "CallNext": (e.Called,),
    "CallOne": (e.Called,),
    "ConfirmArrival": (e.ArrivalConfirmed,),
    "Miss": (e.Missed,),
    "Start": (e.Started,),
    "Finish": (e.Finished,),
    "Park": (e.Parked,),
    "PutBack": (e.Requeued,),
    "Hold": (e.Held,),
    "Release": (e.Released,),
    "Move": (e.Moved,),
    "AssignDoctor": (e.DoctorAssigned,),
    "SetPriority": (e.PriorityGiven,),
    "Transfer": (e.Transferred,),
    "Drop": (e.VisitCancelled,),
    "CheckInAtDesk": (e.CheckedIn, e.Requeued, e.ScannedEarlier),
    "Order": (e.StepsPlanned,),
    "Pay": (e.VisitPaid, e.NeedMet, e.StepExpired),
    "MeetNeed": (e.NeedMet, e.VisitPaid),
    "ChooseDelivery": (e.DeliveryChosen,),
}
"""The event by which each act is known."""
_BEFORE: Final[Mapping[str, tuple[type[e.Event], ...]]] = {
    "CallOne": (e.Requeued,),
    "Finish": (e.VisitPaid, e.NeedMet),
    "CheckInAtDesk": (e.Transferred, e.StepQueued, e.Screened),
    "Pay": _ACTS["Pay"],
    "MeetNeed": (*_ACTS["MeetNeed"], e.StepExpired),
    "ChooseDelivery": _ACTS["ChooseDelivery"],
}
"""What the same act may have done before it."""


def taken_back(events: Sequence[e.Event]) -> frozenset[int]:
    """Indexes of the events that were taken back; `events` are all of one visit in the order of the journal."""
    gone: set[int] = set()
    for index, event in enumerate(events):
        if isinstance(event, e.Undone):
            before = [i for i in range(index) if i not in gone and not _is_undoing(events[i])]
            gone.update(before[_first(event.what, [events[i] for i in before]) :])
    return frozenset(gone)


def _is_undoing(event: e.Event) -> bool:
    return isinstance(event, e.Undone)


def _first(what: str, events: Sequence[e.Event]) -> int:
    """Where the last act began."""
    if not events:
        return 0
    at, known = events[-1].at, _ACTS.get(what)
    first = len(events) - 1
    if known:
        while first > 0 and not isinstance(events[first], known) and events[first - 1].at == at:
            first -= 1
    also = _BEFORE.get(what, ()) if known else (e.Event,)
    while first > 0 and events[first - 1].at == at and isinstance(events[first - 1], also):
        first -= 1
    return first
