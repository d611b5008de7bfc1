"""The day once more, under given rules: rooms call as soon as they are free, families are as they were."""

import heapq
from collections import defaultdict
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from queue_server.core import Hospital, apply, carry_out
from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.picking import door_of
from queue_server.core.ranking import rank_at_check_in
from queue_server.core.site import Site
from queue_server.core.steps import Step
from queue_server.core.vocabulary import StepState
from queue_server.whatif.trace import DayTrace, Service, ServiceKey

BETWEEN: Final = timedelta(seconds=20)
"""From the end of one service to the next call."""
LONGEST: Final = timedelta(hours=30)
"""Nothing is looked at that would happen later after midnight."""
STAFF: Final = "whatif"


@dataclass(frozen=True, slots=True)
class CallMade:
    """A step's first call in a rerun."""

    visit: str
    ticket: str
    group: str
    is_return: bool
    queued_at: datetime
    at: datetime

    @property
    def waited(self) -> float:
        """Minutes in the line."""
        return (self.at - self.queued_at).total_seconds() / 60


@dataclass(slots=True)
class Rerun:
    """What came of it."""

    calls: dict[tuple[str, ServiceKey], CallMade] = field(default_factory=dict)
    never_called: int = 0


def rerun(trace: DayTrace, site: Site) -> Rerun:
    """Run a day under the rules of `site`."""
    return _Run(trace, site).run()


class _Run:
    def __init__(self, trace: DayTrace, site: Site) -> None:
        self._trace = trace
        self._h: Hospital = deepcopy(trace.before)
        self._h.site = site
        self._todo: list[tuple[datetime, int, object]] = []
        self._count = 0
        self._keys: defaultdict[str, dict[str, ServiceKey]] = defaultdict(dict)
        self._missed: defaultdict[str, int] = defaultdict(int)
        self._result = Rerun()
        self._now = trace.before.moment

    def run(self) -> Rerun:
        for event in self._trace.outside:
            self._at(event.at, event)
        for visit, family in self._trace.families.items():
            self._at(family.came_at, ("come", visit))
        for point, (first, _) in self._trace.worked.items():
            self._at(first, ("free", point))
        end = self._now + LONGEST
        while self._todo and self._todo[0][0] < end:
            self._now, _, what = heapq.heappop(self._todo)
            self._happen(what)
        waiting = (s for s in self._h.steps.values() if s.state is StepState.WAITING)
        self._result.never_called = sum(1 for _ in waiting)
        return self._result

    def _at(self, moment: datetime, what: object) -> None:
        self._count += 1
        heapq.heappush(self._todo, (moment, self._count, what))

    def _do(self, command: c.Command) -> c.Answer:
        decision = carry_out(self._h, command, self._now)
        for event in decision.events:
            if isinstance(event, e.Called):
                self._called(self._h.steps[event.step], event.point)
        return decision.answer

    def _happen(self, what: object) -> None:
        match what:
            case e.Event():
                self._outside(what)
            case ("come", str() as visit):
                self._come(visit)
            case ("free", str() as point):
                self._free(point)
            case ("start", str() as point):
                self._start(point)
            case ("finish", str() as point):
                self._finish(point)
            case ("miss", str() as point):
                self._miss(point)
            case c.Pay() | c.ReportResult() | c.CheckInAtDesk():
                self._do(what)
                self._wake()
            case _:
                raise AssertionError(what)

    # ---- what comes from outside ----------------------------------------------------------------

    def _outside(self, event: e.Event) -> None:
        match event:
            case e.Held(visit=visit, reason=reason):
                self._do(c.Hold(visit, STAFF, reason))
            case e.Released(visit=visit):
                self._do(c.Release(visit, STAFF))
            case e.PriorityGiven(visit=visit, priority=priority, reason=reason):
                self._do(c.SetPriority(visit, priority, STAFF, reason))
            case e.VisitCancelled(visit=visit):
                self._do(c.Cancel(visit, STAFF))
            case e.PhoneSeen(at=at, visit=visit, area=area, agent=agent):
                self._do(c.SeePhone(visit, area, agent, at))
            case _:
                apply(self._h, event)
        self._wake()

    def _come(self, visit_id: str) -> None:
        visit = self._h.visits.get(visit_id)
        if visit is None or visit.cancelled or visit.first_step().state is not StepState.READY:
            return
        step = visit.first_step()
        rank = rank_at_check_in(
            visit.slot,
            self._now,
            self._h.rules(step.plan.group),
            self._h.site,
            step.plan.step,
            serial=visit.serial,
            tier=self._h.tier(visit),
        )
        self._do(c.CheckInAtDesk(visit_id, STAFF))
        if step.state is StepState.WAITING and step.rank != rank:
            apply(self._h, e.ScannedEarlier(self._now, visit_id, step.plan.step, rank))
        self._wake()

    # ---- rooms ----------------------------------------------------------------------------------

    def _wake(self) -> None:
        """Free rooms look whether there is somebody to call now."""
        for point in self._trace.worked:
            known = self._h.site.points.get(point)
            somebody = known and (self._h.lines.lanes(known.group) or door_of(self._h, point))
            if somebody and self._h.current(point) is None:
                self._free(point)

    def _free(self, point: str) -> None:
        first, last = self._trace.worked[point]
        if not first <= self._now <= last + LONGEST or self._h.current(point) is not None:
            return
        if point not in self._h.site.points:
            return
        self._do(c.CallNext(point, STAFF))

    def _called(self, step: Step, point: str) -> None:
        key = self._key(step)
        service = self._service(step)
        ticket = self._h.visits[step.visit].ticket or ""
        queued = step.queued_at or self._now
        self._result.calls.setdefault(
            (step.visit, key),
            CallMade(step.visit, ticket, step.plan.group, step.plan.is_return, queued, self._now),
        )
        missed = self._missed[step.plan.step]
        if missed < len(service.misses):
            self._at(self._now + service.misses[missed][0], ("miss", point))
        else:
            self._at(self._now + service.way_in, ("start", point))

    def _start(self, point: str) -> None:
        step = self._h.current(point)
        self._do(c.Start(point, STAFF))
        took = self._service(step).took if step else None
        usual = self._h.rules(step.plan.group).service_minutes if step else 1.0
        self._at(self._now + (took or timedelta(minutes=usual)), ("finish", point))

    def _finish(self, point: str) -> None:
        step = self._h.current(point)
        if step is None:
            return
        service = self._service(step)
        known = self._h.site.serving
        tests = tuple(each for each in service.tests if each in known)
        then = tuple(each for each in service.then if each in known)
        self._do(c.Finish(point, STAFF, tests, then, unpaid=service.unpaid))
        if service.unpaid:
            after = service.paid_after or timedelta(minutes=2)
            self._at(self._now + after, c.Pay(step.visit, STAFF))
        if step.result_due and step.plan.order:
            after = service.result_after or timedelta(minutes=25)
            self._at(self._now + after, c.ReportResult(step.plan.order, STAFF))
        self._at(self._now + BETWEEN, ("free", point))
        self._wake()

    def _miss(self, point: str) -> None:
        step = self._h.current(point)
        if step is None:
            return
        back = self._service(step).misses[self._missed[step.plan.step]][1]
        self._missed[step.plan.step] += 1
        self._do(c.Miss(point, STAFF))
        if back is not None:
            self._at(self._now + back, c.CheckInAtDesk(step.visit, STAFF))
        self._at(self._now + BETWEEN, ("free", point))

    # ---- which service is which -----------------------------------------------------------------

    def _service(self, step: Step) -> Service:
        family = self._trace.families.get(step.visit)
        known = family.services.get(self._key(step)) if family else None
        return known or Service()

    def _key(self, step: Step) -> ServiceKey:
        keys = self._keys[step.visit]
        known = keys.get(step.plan.step)
        if known:
            return known
        same = [key for key in keys.values() if key[:2] == (step.plan.kind, step.plan.is_return)]
        key = keys[step.plan.step] = (step.plan.kind, step.plan.is_return, len(same))
        return key


def with_rules_of(old: Site, new: Site) -> Site:
    """The old hospital under the new rules: the day had the old rooms and doctors."""
    groups = {
        id: replace(group, rules=new.groups[id].rules) if id in new.groups else group
        for id, group in old.groups.items()
    }
    return replace(old, groups=groups, classes={**old.classes, **new.classes}, hours=new.hours)
