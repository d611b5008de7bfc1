"""The itinerary (就诊流程): being served, what is ordered, what must come first, and what opens next."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.asking import nothing, refuse, refused_at, step_id, unknown
from queue_server.core.calling import moved_on
from queue_server.core.ranking import rank_back_in, rank_when_ready
from queue_server.core.routing import best_group
from queue_server.core.rules import BackAt, HoldUntil, Rules
from queue_server.core.state import OVER, Hospital, Visit
from queue_server.core.steps import Step, StepPlan
from queue_server.core.vocabulary import (
    TESTS,
    HoldReason,
    Lane,
    Need,
    Rank,
    StepKind,
    StepState,
)

# ---- being served -------------------------------------------------------------------------------


def start(h: Hospital, command: c.Start, now: datetime) -> c.Decision:
    """The called family has come in (接诊)."""
    if late := moved_on(h, command):
        return late
    step = h.current(command.point)
    if step is None or step.state is not StepState.CALLED:
        return refused_at(c.Reason.NOBODY_CALLED, command.point)
    started = e.Started(now, step.visit, step.plan.step, command.point, command.by)
    return c.Decision((started,), c.Stood((step.visit,)))


def finish(h: Hospital, command: c.Finish, now: datetime) -> c.Decision:
    """Done here. Tests lead back to the same doctor, exactly once, when the last result is there."""
    if late := moved_on(h, command):
        return late
    step = h.current(command.point)
    if step is None or step.state is not StepState.SERVING:
        return refused_at(c.Reason.NOBODY_SERVED, command.point)
    wrong = _wrong_orders(h, (*command.tests, *command.then), command.tests, command.point)
    if wrong:
        return nothing(wrong)
    visit = h.visits[step.visit]
    later = step.plan.kind in TESTS and h.rules(step.plan.group).results_reported
    happened: list[e.Event] = [
        e.Finished(now, visit.id, step.plan.step, command.point, command.by, later)
    ]
    happened += _paid_here(visit, step, command, now)
    plan = tuple(_ordered(h, visit, step, command, now))
    if plan:
        happened.append(e.StepsPlanned(now, visit.id, plan, command.by))
    return c.Decision(tuple(happened), c.Stood((visit.id,)))


def _paid_here(
    visit: Visit, step: Step, command: c.Finish, now: datetime
) -> Iterator[e.VisitPaid | e.NeedMet]:
    """Done at a cashier means: all that was owed is paid."""
    if step.plan.kind is StepKind.CASHIER:
        yield from _payments(visit, command.by, now)


def _wrong_orders(
    h: Hospital, all_of_them: Iterable[str], tests: Iterable[str], point: str | None = None
) -> c.Refused | None:
    for service in all_of_them:
        if service not in h.site.serving:
            return c.Refused(c.Reason.UNKNOWN_SERVICE, point=point, detail=service)
    for service in tests:
        if any(h.site.groups[group].kind not in TESTS for group in h.site.serving[service]):
            return c.Refused(c.Reason.NOT_A_TEST, point=point, detail=service)
    return None


# ---- what is ordered ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is true of all steps of one order."""

    after: tuple[str, ...] = ()
    unpaid: bool = False
    fasting: bool = False
    before: datetime | None = None
    previsit: bool = False


class _Planner:
    """Makes plans for one visit, each with an id of its own."""

    def __init__(self, h: Hospital, visit: Visit, now: datetime) -> None:
        self._h, self._visit, self._now = h, visit, now
        self._known = set(visit.steps)

    def _id(self) -> str:
        id = step_id(self._visit, self._known)
        self._known.add(id)
        return id

    def plans(self, services: Iterable[str], wish: _Wish) -> list[StepPlan]:
        """One step for each group that the services go to."""
        by_group: dict[str, list[str]] = {}
        for service in dict.fromkeys(services):
            group = best_group(self._h, self._visit, self._h.site.serving[service], self._now)
            by_group.setdefault(group, []).append(service)
        return [self._plan(group, tuple(each), wish) for group, each in by_group.items()]

    def _plan(self, group: str, services: tuple[str, ...], wish: _Wish) -> StepPlan:
        id, kind = self._id(), self._h.site.groups[group].kind
        return StepPlan(
            id,
            kind,
            group,
            wish.after,
            needs=tuple(self._needs(kind, group, wish)),
            before=wish.before,
            services=tuple(each for each in services if each != group),
            order=f"{id}#order" if kind in TESTS else None,
            previsit=wish.previsit,
        )

    def _needs(self, kind: StepKind, group: str, wish: _Wish) -> Iterator[Need]:
        if wish.unpaid and kind is not StepKind.CASHIER:
            yield Need.PAID
        if wish.fasting and kind in TESTS:
            yield Need.FASTING
        if self._h.rules(group).brings_specimen:
            yield Need.SPECIMEN
        if kind is StepKind.PHARMACY and self._h.rules(group).prepare_first:
            yield from (Need.REVIEWED, Need.PREPARED)

    def back(self, consult: Step, tests: tuple[str, ...], doctor: str | None) -> StepPlan:
        """The return: to the same line and doctor, after all of the tests."""
        return StepPlan(
            self._id(),
            consult.plan.kind,
            consult.plan.group,
            tests,
            doctor=doctor,
            is_return=True,
        )


def _ordered(
    h: Hospital, visit: Visit, step: Step, command: c.Finish, now: datetime
) -> Iterator[StepPlan]:
    """Tests side by side, the return after all of them, then the rest. What is under way is not ordered again."""
    planner = _Planner(h, visit, now)
    wish = _Wish((step.plan.step,), unpaid=command.unpaid)
    under_way = _under_way(visit)
    tests = planner.plans([each for each in command.tests if each not in under_way], wish)
    yield from tests
    awaited = [test.step for test in tests]
    awaited += [under_way[each] for each in command.tests if each in under_way]
    if awaited:
        doctor = _doctor_at(h, command.point, step, now)
        back = planner.back(step, tuple(dict.fromkeys(awaited)), doctor)
        yield back
        wish = replace(wish, after=(back.step,))
    yield from planner.plans(command.then, wish)


def _under_way(visit: Visit) -> dict[str, str]:
    """What is ordered already and has no result yet: service → step."""
    steps = [s for s in visit.steps.values() if s.plan.kind in TESTS]
    return {
        service: step.plan.step
        for step in steps
        if step.state not in OVER or step.result_due
        for service in (*step.plan.services, step.plan.group)
    }


def _doctor_at(h: Hospital, point: str, step: Step, now: datetime) -> str | None:
    """Whom the family has just seen."""
    here = h.doctors_at(h.site.points[point], now)
    if step.doctor is None or step.doctor in here:
        return step.doctor or next(iter(here), None)
    return next(iter(here), step.doctor)


def order(h: Hospital, command: c.Order, now: datetime) -> c.Decision:
    """More orders while the visit goes on; with `comes_back` they lead back to the doctor seen last."""
    visit = h.visits.get(command.visit)
    if visit is None:
        return unknown(command.visit)
    if visit.cancelled or visit.checked_in_at is None:
        return refuse(c.Reason.NOT_HERE, visit)
    tests = command.services if command.comes_back or command.fasting else ()
    wrong = _wrong_orders(h, command.services, tests)
    if wrong or not command.services:
        return nothing(wrong or c.Refused(c.Reason.NOT_ORDERED, visit.id, visit.ticket))
    if command.before and command.before <= now:
        return refuse(c.Reason.BAD_LENGTH, visit)
    planner = _Planner(h, visit, now)
    wish = _Wish((), command.unpaid, command.fasting, command.before)
    plans = planner.plans(command.services, wish)
    seen = _last_seen(visit)
    if command.comes_back:
        if seen is None:
            return refuse(c.Reason.NOT_READY, visit)
        tests_of_it = tuple(plan.step for plan in plans)
        plans.append(planner.back(seen, tests_of_it, _doctor_seen(h, seen, now)))
    planned = e.StepsPlanned(now, visit.id, tuple(plans), command.by)
    return c.Decision((planned,), c.Stood((visit.id,)))


def _last_seen(visit: Visit) -> Step | None:
    seen = [s for s in visit.steps.values() if s.plan.kind is StepKind.CLINIC and s.started_at]
    return seen[-1] if seen else None


def _doctor_seen(h: Hospital, step: Step, now: datetime) -> str | None:
    if step.doctor or step.point not in h.site.points:
        return step.doctor
    return _doctor_at(h, step.point, step, now) if step.point else None


# ---- what must be true first --------------------------------------------------------------------


def pay(h: Hospital, command: c.Pay, now: datetime) -> c.Decision:
    """The registration and all that was ordered is paid; a place at the cashier is needed no more."""
    visit = h.visits.get(command.visit)
    if visit is None:
        return unknown(command.visit)
    happened: list[e.Event] = list(_payments(visit, command.by, now, command.steps))
    still_owed = owed_steps(visit) - set(command.steps) if command.steps is not None else ()
    for step in () if still_owed else visit.steps.values():
        at_cashier = step.plan.kind is StepKind.CASHIER
        waits = (StepState.PLANNED, StepState.READY, StepState.WAITING, StepState.HELD)
        if at_cashier and step.state in waits:
            happened.append(e.StepExpired(now, visit.id, step.plan.step, "paid"))
    return c.Decision(tuple(happened), c.Stood((visit.id,)))


def owed_steps(visit: Visit) -> set[str]:
    """Ids of the steps that must be paid and are not."""
    return {
        step.plan.step
        for step in visit.steps.values()
        if step.state not in OVER and Need.PAID in step.lacks
    }


def _payments(
    visit: Visit, by: str, now: datetime, only: tuple[str, ...] | None = None
) -> Iterator[e.VisitPaid | e.NeedMet]:
    if not visit.paid:
        yield e.VisitPaid(now, visit.id, by)
    owed = owed_steps(visit)
    for step in visit.steps:
        if step in owed and (only is None or step in only):
            yield e.NeedMet(now, visit.id, step, Need.PAID, by)


def meet_need(h: Hospital, command: c.MeetNeed, now: datetime) -> c.Decision:
    """Fasting confirmed, prescription reviewed, drugs prepared. Drugs are prepared when reviewed and paid."""
    visit = h.visits.get(command.visit)
    if visit is None:
        return unknown(command.visit)
    if command.need is Need.PAID:
        return pay(h, c.Pay(command.visit, command.by), now)
    steps = [s for s in visit.steps.values() if s.state not in OVER]
    lacking = [step for step in steps if command.need in step.lacks]
    if not lacking:
        met = any(command.need in step.met for step in visit.steps.values())
        return c.Decision((), c.Stood((visit.id,))) if met else refuse(c.Reason.NOT_ORDERED, visit)
    if command.need is Need.PREPARED:
        lacking = [s for s in lacking if not s.lacks & {Need.PAID, Need.REVIEWED}]
        if not lacking:
            return refuse(c.Reason.NEED_NOT_YET, visit)
    met_now = [e.NeedMet(now, visit.id, s.plan.step, command.need, command.by) for s in lacking]
    return c.Decision(tuple(met_now), c.Stood((visit.id,)))


def result(h: Hospital, command: c.ReportResult, now: datetime) -> c.Decision:
    """A result is ready (报告已出)."""
    step = h.steps.get(h.orders.get(command.order, ""))
    if step is None:
        return nothing(c.Refused(c.Reason.UNKNOWN_ORDER, detail=command.order))
    if step.result_at or (step.state in OVER and not step.result_due):
        return c.Decision((), c.Stood((step.visit,)))
    if not step.result_due:
        return refuse(c.Reason.NOT_READY, h.visits[step.visit], command.order)
    ready = e.ResultReady(now, step.visit, step.plan.step, command.by)
    return c.Decision((ready,), c.Stood((step.visit,)))


def choose_delivery(h: Hospital, command: c.ChooseDelivery, now: datetime) -> c.Decision:
    """The drugs come by express: the pharmacy's line is skipped."""
    visit = h.visits.get(command.visit)
    if visit is None:
        return unknown(command.visit)
    chosen = [
        e.DeliveryChosen(now, visit.id, step.plan.step, command.by)
        for step in visit.steps.values()
        if step.plan.kind is StepKind.PHARMACY
        and step.state
        in (StepState.PLANNED, StepState.READY, StepState.WAITING, StepState.HELD, StepState.MISSED)
    ]
    if not chosen:
        return refuse(c.Reason.NO_DELIVERY, visit)
    return c.Decision(tuple(chosen), c.Stood((visit.id,)))


# ---- what opens next ----------------------------------------------------------------------------


def open_steps(h: Hospital, command: c.OpenSteps, now: datetime) -> c.Decision:
    """Queue the steps of which all that comes before is over; let the place go that was kept for tests."""
    visit = h.visits.get(command.visit)
    if visit is None or visit.cancelled:
        return c.Decision((), c.Accepted())
    happened: list[e.Event] = [
        _opened(h, visit, step, now)
        for step in visit.steps.values()
        if step.state is StepState.PLANNED and _may_open(visit, step)
    ]
    opened = {ev.step for ev in happened if isinstance(ev, e.StepQueued)}
    happened += _kept_place(h, visit, opened, now)
    return c.Decision(tuple(happened), c.Accepted())


def _may_open(visit: Visit, step: Step) -> bool:
    return not step.lacks and all(is_settled(visit, before) for before in step.plan.after)


def is_settled(visit: Visit, id: str) -> bool:
    """Whether a step is over, its result included; a transferred one when that is over to which it led."""
    step = visit.steps.get(id)
    while step is not None and step.moved_to:
        step = visit.steps.get(step.moved_to)
    return step is None or (step.state in OVER and not step.result_due)


def _opened(h: Hospital, visit: Visit, step: Step, now: datetime) -> e.StepQueued | e.StepExpired:
    if step.plan.before and now >= step.plan.before:
        return e.StepExpired(now, visit.id, step.plan.step, "too_late")
    group = _group_now(h, visit, step, now)
    rank = _rank_now(h, visit, step, h.rules(group), now)
    moved = "" if group == step.plan.group else group
    return e.StepQueued(now, visit.id, step.plan.step, rank, moved)


def _group_now(h: Hospital, visit: Visit, step: Step, now: datetime) -> str:
    """Where several lines serve all that is to be done: the one with the shortest expected wait."""
    serving = [set(h.site.serving.get(each, ())) for each in step.plan.services]
    if not serving:
        return step.plan.group
    able = set.intersection(*serving)
    groups = [group for group in h.site.groups if group in able]
    return best_group(h, visit, groups, now) if groups else step.plan.group


def _rank_now(h: Hospital, visit: Visit, step: Step, rules: Rules, now: datetime) -> Rank:
    tier = h.tier(visit)
    if step.plan.is_return and rules.returns.at is not BackAt.LINE:
        return rank_back_in(
            rules.returns,
            now,
            rules,
            h.site,
            step.plan.step,
            calls=h.lines.calls(step.plan.group, step.doctor),
            lane=Lane.RETURN,
            serial=visit.serial,
            tier=tier,
        )
    return rank_when_ready(
        now,
        step.plan.step,
        rules,
        serial=visit.serial,
        tier=tier,
        is_return=step.plan.is_return,
        before=step.plan.before,
    )


def _kept_place(h: Hospital, visit: Visit, opened: set[str], now: datetime) -> Iterator[e.Event]:
    """While tests before the consult are under way, the place in the clinic's line is kept, up to the limit."""
    tests = [step for step in visit.steps.values() if step.plan.previsit]
    clinic = _clinic_in_line(visit) if tests else None
    if clinic is None:
        return
    under_way = any(not _is_enough(h, test) for test in tests)
    if clinic.state is StepState.HELD:
        if clinic.hold is HoldReason.AT_LAB and not under_way:
            yield e.Released(now, visit.id, clinic.plan.step)
        return
    begun = [test.queued_at or now for test in tests if test.queued_at or test.plan.step in opened]
    if under_way and begun:
        until = min(begun) + h.rules(clinic.plan.group).hold_limit
        if now < until:
            yield e.Held(now, visit.id, clinic.plan.step, HoldReason.AT_LAB, until)


def _clinic_in_line(visit: Visit) -> Step | None:
    in_line = (StepState.WAITING, StepState.AT_DOOR, StepState.HELD)
    clinics = [step for step in visit.steps.values() if step.plan.kind is StepKind.CLINIC]
    return next((step for step in clinics if step.state in in_line), None)


def _is_enough(h: Hospital, test: Step) -> bool:
    """Whether the consult need not wait for a test any more."""
    if h.rules(test.plan.group).hold_until is HoldUntil.COLLECTED:
        return test.state in OVER
    return test.state in OVER and not test.result_due


def previsit_plans(
    h: Hospital, visit: Visit, services: Iterable[str], unpaid: bool, now: datetime
) -> tuple[StepPlan, ...]:
    """Steps for tests before the consult; each carries an order of its own."""
    return tuple(_Planner(h, visit, now).plans(services, _Wish(unpaid=unpaid, previsit=True)))
