"""A day of the journal as its families lived it: when they came, how long each thing took, what was ordered."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from queue_server.core import Hospital, apply
from queue_server.core import events as e
from queue_server.core.site import Site
from queue_server.core.steps import StepPlan
from queue_server.core.vocabulary import TESTS, HoldReason, Need, StepKind
from queue_server.errors import QueueServerError

ASIDE = frozenset({HoldReason.AWAY, HoldReason.NAP, HoldReason.FEEDING, HoldReason.PAYING})
"""Reasons of the family's own, which would be the same under other rules."""


class NoSuchDay(QueueServerError):
    """The journal has nothing of this day."""


@dataclass(slots=True)
class Service:
    """How it went at one step."""

    way_in: timedelta = timedelta(seconds=40)
    """From the call to the start."""
    took: timedelta | None = None
    """None: it was not finished that day."""
    tests: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    unpaid: bool = False
    paid_after: timedelta | None = None
    result_after: timedelta | None = None
    """From the end of a test to its result; None: at once."""
    misses: list[tuple[timedelta, timedelta | None]] = field(default_factory=list)
    """For each missed call: how long it was called, and after how long the family signed in again."""


ServiceKey = tuple[StepKind, bool, int]
"""Kind, whether a return, and which one of its kind in the visit."""


@dataclass(slots=True)
class Family:
    """One visit of the day."""

    visit: str
    came_at: datetime
    services: dict[ServiceKey, Service] = field(default_factory=dict)


@dataclass(slots=True)
class DayTrace:
    """A day: how the hospital was in the morning, and what came from outside."""

    day: date
    before: Hospital
    """The state at the start of the day; not to be changed."""
    families: dict[str, Family]
    outside: list[e.Event]
    """Registrations, payments before check-in, doctors seated, rooms opened and paused, holds; in order."""
    worked: dict[str, tuple[datetime, datetime]]
    """Of each point: its first call, its last end of a service."""
    called: dict[tuple[str, ServiceKey], datetime]
    """When each step was first called."""


OUTSIDE = (
    e.PatientNamed,
    e.CardBound,
    e.PatientFindable,
    e.VisitRegistered,
    e.VisitPaid,
    e.Screened,
    e.PointOpened,
    e.PointPaused,
    e.DoctorsSeated,
    e.PriorityGiven,
    e.VisitCancelled,
    e.ReportRecognised,
    e.PhoneSeen,
)


def traced(site: Site, events: Iterable[e.Event], day: date) -> DayTrace:
    """Read a day.

    Raises:
        NoSuchDay: the journal does not have it.
    """
    hospital, today = Hospital(site), False
    before: Hospital | None = None
    reader: _Reader | None = None
    for event in events:
        if isinstance(event, e.DayOpened):
            if today:
                break
            today = event.day == day
        if today and before is None:
            apply(hospital, event)
            hospital.moment = event.at
            before = deepcopy(hospital)
            reader = _Reader(hospital, DayTrace(day, before, {}, [], {}, {}))
            continue
        apply(hospital, event)
        if reader:
            reader.read(event)
    if reader is None:
        raise NoSuchDay(f"The journal has nothing of {day}.")
    return reader.trace


class _Reader:
    """Follows the events of the day; `hospital` is the state after each."""

    def __init__(self, hospital: Hospital, trace: DayTrace) -> None:
        self._h = hospital
        self.trace = trace
        self._finished: dict[str, datetime] = {}
        self._called: dict[str, datetime] = {}
        self._missed: dict[str, datetime] = {}
        self._counts: defaultdict[str, dict[ServiceKey, str]] = defaultdict(dict)

    def read(self, event: e.Event) -> None:
        if isinstance(event, OUTSIDE) or (isinstance(event, e.Held) and event.reason in ASIDE):
            self.trace.outside.append(event)
        match event:
            case e.CheckedIn(at=at, visit=visit):
                self.trace.families[visit] = Family(visit, at)
            case e.Released(by=by) if by:
                self.trace.outside.append(event)
            case e.Called(at=at, step=step, point=point):
                self._called[step] = at
                first, last = self.trace.worked.get(point, (at, at))
                self.trace.worked[point] = (first, max(at, last))
                self.trace.called.setdefault((event.visit, self._key(event.visit, step)), at)
            case e.Started(at=at, visit=visit, step=step):
                self._service(visit, step).way_in = at - self._called.get(step, at)
            case e.Finished(at=at, visit=visit, step=step, point=point):
                started = self._h.steps[step].started_at or at
                self._service(visit, step).took = at - started
                self._finished[step] = at
                first, last = self.trace.worked.get(point, (at, at))
                self.trace.worked[point] = (first, max(at, last))
            case _:
                self._read_rest(event)

    def _read_rest(self, event: e.Event) -> None:
        match event:
            case e.StepsPlanned(visit=visit, plan=plan):
                self._orders(visit, plan)
            case e.NeedMet(at=at, visit=visit, step=step, need=Need.PAID):
                for before in self._h.steps[step].plan.after:
                    if before in self._finished:
                        self._service(visit, before).paid_after = at - self._finished[before]
            case e.ResultReady(at=at, visit=visit, step=step):
                if step in self._finished:
                    self._service(visit, step).result_after = at - self._finished[step]
            case e.Missed(at=at, visit=visit, step=step):
                called = self._called.get(step, at)
                self._service(visit, step).misses.append((at - called, None))
                self._missed[step] = at
            case e.Requeued(at=at, visit=visit, step=step) if step in self._missed:
                misses = self._service(visit, step).misses
                misses[-1] = (misses[-1][0], at - self._missed.pop(step))
            case _:
                pass

    def _orders(self, visit: str, plan: Sequence[StepPlan]) -> None:
        """What a finished consult ordered: tests lead to a return, the rest comes after."""
        awaited = {step for each in plan if each.is_return for step in each.after}
        for each in plan:
            finished = [step for step in each.after if step in self._finished]
            returns = [other.step for other in plan if other.is_return]
            parent = finished[-1] if finished else None
            if parent is None and returns and each.after and each.after[-1] in returns:
                parent = next(
                    (s for other in plan for s in other.after if s in self._finished), None
                )
            if parent is None or each.is_return:
                continue
            what = each.services or (each.group,)
            service = self._service(visit, parent)
            service.unpaid = service.unpaid or Need.PAID in each.needs
            if each.step in awaited and each.kind in TESTS:
                service.tests += what
            else:
                service.then += what

    def _service(self, visit: str, step: str) -> Service:
        family = self.trace.families.get(visit)
        if family is None:  # checked in on an earlier day
            family = self.trace.families[visit] = Family(visit, self.trace.before.moment)
        return family.services.setdefault(self._key(visit, step), Service())

    def _key(self, visit: str, step: str) -> ServiceKey:
        for key, known in self._counts[visit].items():
            if known == step:
                return key
        plan = self._h.steps[step].plan
        same = [key for key in self._counts[visit] if key[:2] == (plan.kind, plan.is_return)]
        key = (plan.kind, plan.is_return, len(same))
        self._counts[visit][key] = step
        return key
