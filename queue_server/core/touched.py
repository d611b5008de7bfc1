"""Which boards and consoles may differ after something happened."""

from collections.abc import Iterable, Iterator

from queue_server.core import events as e
from queue_server.core.state import Hospital
from queue_server.core.vocabulary import Need, StepKind


def areas_touched(hospital: Hospital, happened: Iterable[e.Event]) -> Iterator[str]:
    """Ids of areas whose board or consoles may differ after these events (which have been applied)."""
    for event in happened:
        yield from _areas_of(hospital, event)
        if _owes_or_pays(event):
            groups = hospital.site.groups.values()
            yield from (each.area for each in groups if each.kind is StepKind.CASHIER)


def _areas_of(hospital: Hospital, event: e.Event) -> Iterator[str]:
    site = hospital.site
    match event:
        case e.DayOpened() | e.SiteLoaded():
            yield from site.areas
        case e.Announced(area=area):
            yield from [area] if area else site.areas
        case e.AnnouncementEnded():
            yield from site.areas
        case e.PointOpened(point=point) | e.PointPaused(point=point) | e.DoctorsSeated(point=point):
            if point in site.points:
                yield site.groups[site.points[point].group].area
        case (
            e.StepsPlanned(visit=visit)
            | e.VisitCancelled(visit=visit)
            | e.PriorityGiven(visit=visit)
            | e.Transferred(visit=visit)
            | e.Undone(visit=visit)
            | e.DeliveryChosen(visit=visit)
            | e.LabOffered(visit=visit)
            | e.LabAnswered(visit=visit)
            | e.VisitPaid(visit=visit)
            | e.GuardianChanged(visit=visit)
            | e.PhoneSeen(visit=visit)
            | e.Called(visit=visit)
            | e.Finished(visit=visit)
        ):
            # all lines of the visit: a family that is called to one room is passed by in the others
            yield from _areas_of_visit(hospital, visit)
        case (
            e.CheckedIn(step=step)
            | e.ScannedEarlier(step=step)
            | e.StepQueued(step=step)
            | e.Held(step=step)
            | e.Released(step=step)
            | e.AskedToDoor(step=step)
            | e.BackToHall(step=step)
            | e.Recalled(step=step)
            | e.Parked(step=step)
            | e.Moved(step=step)
            | e.DoctorAssigned(step=step)
            | e.StepExpired(step=step)
            | e.ArrivalConfirmed(step=step)
            | e.Missed(step=step)
            | e.Requeued(step=step)
            | e.Started(step=step)
            | e.NeedMet(step=step)
            | e.ResultReady(step=step)
        ):
            group = site.groups.get(hospital.steps[step].plan.group)
            if group:
                yield group.area
        case _:
            pass


def _owes_or_pays(event: e.Event) -> bool:
    """Whether a cashier's list of what is to be paid has changed."""
    match event:
        case e.StepsPlanned(plan=plan):
            return any(Need.PAID in each.needs for each in plan)
        case e.NeedMet(need=need):
            return need is Need.PAID
        case _:
            return False


def _areas_of_visit(hospital: Hospital, visit: str) -> Iterator[str]:
    for step in hospital.visits[visit].steps.values():
        group = hospital.site.groups.get(step.plan.group)
        if group:
            yield group.area
