"""One day on SimPy: rooms, windows and families around the real rules of the queue, on a virtual clock.

Whatever concerns the queue is a command to `queue_server.core`, whatever follows is read off its events; here is only what
happens to people: how long they walk, talk, wait for a specimen, and whether they are there when called.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

import simpy

from beacon_sim.day.draw import Drawn
from beacon_sim.day.model import Levers
from beacon_sim.day.places import Places, own_places
from beacon_sim.day.site import ZONE
from beacon_sim.day.walks import Walks, drawn_walks
from queue_server.core import (
    HoldReason,
    Hospital,
    Need,
    Slot,
    Step,
    StepKind,
    StepState,
    Visit,
    Why,
    carry_out,
)
from queue_server.core import commands as c
from queue_server.core import events as e

DAY: Final = date(2026, 3, 2)
MIDNIGHT: Final = datetime(DAY.year, DAY.month, DAY.day, tzinfo=ZONE)
NOON: Final = 780.0
TICK: Final = 5.0
LATEST: Final = 24 * 60.0
WINDOWS_OPEN: Final = (450.0, 1_230.0)
"""Laboratories, cashiers and pharmacies."""
OVERTIME: Final = (90.0, 300.0)
"""A doctor stays so long at most after the session: in the morning until the afternoon's begins."""
CLEARS_UP: Final = 45.0
"""And so long at least, for those who come late."""
HOUR: Final = timedelta(hours=1)

AT_LAB: Final = frozenset({StepState.WAITING, StepState.CALLED, StepState.SERVING})

Process = Generator[Any, Any, None]  # what SimPy yields and sends is untyped


@dataclass(slots=True)
class Record:
    """What became of the families, one value each; minutes."""

    arrived: list[float]
    left: list[float]
    """When the last thing was done; NaN for those who are not finished by midnight."""
    queueing: list[float]
    """Minutes in lines, at kiosks and desks, and until drugs are prepared while standing there."""
    returned: list[float] = field(default_factory=list)
    """Waits of returns."""
    missed: int = 0
    called_at_lab: int = 0
    calls: int = 0
    unexplained: int = 0
    order: list[tuple[str, str]] = field(default_factory=list)
    """Calls in order: step and point."""
    at_lab_before: list[bool] = field(default_factory=list)
    """Whether tests before the consult were done."""


@dataclass(slots=True)
class Run:
    """A finished day."""

    drawn: Drawn
    levers: Levers
    hospital: Hospital
    record: Record
    events: list[e.Event]


Do = Callable[[Hospital, c.Command, datetime], Sequence[e.Event]]
"""Carries out a command and says what happened; faults may be put between."""


def _plainly(hospital: Hospital, command: c.Command, now: datetime) -> Sequence[e.Event]:
    return carry_out(hospital, command, now, undoable=False).events


def run_day(
    drawn: Drawn,
    levers: Levers,
    do: Do = _plainly,
    keep_events: bool = False,
    places: Places | None = None,
    walks: Walks | None = None,
) -> Run:
    """Run a day.

    Args:
        drawn: the families, with all that is random about them.
        levers: what the hospital does.
        do: how commands are carried out.
        keep_events: keep every event; costs memory.
        places: the hospital; one made for the day when left out.
        walks: how long its families walk; as drawn when left out.
    """
    return Day(drawn, levers, do, keep_events, places=places, walks=walks).run()


class Day:
    """The people of one day; `beacon_sim.faults` puts kiosks and their line between them and the server."""

    def __init__(
        self,
        drawn: Drawn,
        levers: Levers,
        do: Do,
        keep_events: bool,
        *,
        places: Places | None = None,
        midnight: datetime = MIDNIGHT,
        walks: Walks | None = None,
    ) -> None:
        """Prepare a day.

        Args:
            drawn: the families, with all that is random about them.
            levers: what the hospital does.
            do: how commands are carried out: the one way from people to the rules.
            keep_events: keep every event; costs memory.
            places: the hospital; one made for the day when left out.
            midnight: at which the day begins, aware.
            walks: how long its families walk; as drawn when left out.
        """
        self.drawn, self.levers = drawn, levers
        self.walks = walks or drawn_walks(drawn)
        self.places = places or own_places(drawn, levers)
        self.midnight = midnight
        self.model = drawn.model
        self.env = simpy.Environment(initial_time=min(400.0, float(drawn.arrival.min()) - 1))
        self.h = Hospital(self.places.site)
        self._carry_out = do
        self.events: list[e.Event] | None = [] if keep_events else None
        count = drawn.count
        self.record = Record([float("nan")] * count, [float("nan")] * count, [0.0] * count)
        self.since: dict[str, float] = {}
        """Since when each step stands in its line."""
        self.record.at_lab_before = [False] * count
        self.here_at = drawn.arrival.tolist()
        """When each family is where its clinic's families wait; minutes."""
        self.sitting: dict[str, str | None] = {}
        """Who works at each point, or did last."""
        self.turns: Counter[str] = Counter()
        """How often somebody has sat down there; who stays until the next half day has begun may be that one as well."""
        self.idle: defaultdict[str, dict[str, simpy.Event]] = defaultdict(dict)
        self.away: set[int] = set()
        self.gone: set[str] = set()
        self.comes_back: dict[int, simpy.Event] = {}
        self.preparers = simpy.Resource(self.env, drawn.model.windows.preparers)
        self.kiosks = simpy.Resource(self.env, drawn.model.windows.kiosks)
        self.desks = simpy.Resource(self.env, drawn.model.windows.desks)

    # ---- the clock and the rules ----------------------------------------------------------------

    @property
    def moment(self) -> datetime:
        """Now, aware."""
        return self.midnight + timedelta(minutes=self.env.now)

    def do(self, command: c.Command) -> Sequence[e.Event]:
        """Carry out a command, and let the people do what follows from its events."""
        events = self._carry_out(self.h, command, self.moment)
        if self.events is not None:
            self.events += events
        for event in events:
            self._heed(event)
        return events

    def heed(self, events: Sequence[e.Event]) -> None:
        """Let the people do what follows from events that no command of theirs led to."""
        if self.events is not None:
            self.events += events
        for event in events:
            self._heed(event)

    def after(self, minutes: float, what: Callable[[], object]) -> None:
        """Do something later; cheaper than a process."""
        event = self.env.timeout(minutes)

        def happen(_event: simpy.Event) -> None:
            what()

        event.callbacks.append(happen)

    def run(self) -> Run:
        """Run it to midnight; once only."""
        self.begin()
        self.env.run(until=LATEST)
        return self.so_far()

    def begin(self) -> None:
        """Open the day, register its families, and let everybody be on their way; then `env` is run."""
        self.do(c.OpenDay())
        self._register()
        for index in range(self.drawn.count):
            if self.drawn.shows_up[index]:
                at = float(self.drawn.arrival[index]) - self.env.now
                self.after(at, lambda index=index: self.env.process(self._family(index)))  # type: ignore[misc]
        for index, session in enumerate(self.drawn.rooms.session):
            half = self.model.sessions[session]
            doctor = self.places.doctors[index]
            self.env.process(self._room(self.places.rooms[index], half.start, half.end, doctor))
        for point in self.h.site.points.values():
            if self.h.site.groups[point.group].kind is not StepKind.CLINIC:
                self.env.process(self._room(point.id, *WINDOWS_OPEN))
        self.env.process(self._ticks())

    def so_far(self) -> Run:
        """The day as far as it has been run."""
        return Run(self.drawn, self.levers, self.h, self.record, self.events or [])

    def _ticks(self) -> Process:
        while True:
            yield self.env.timeout(TICK)
            self.do(c.Tick())

    # ---- families -------------------------------------------------------------------------------

    def visit(self, index: int) -> str:
        """Id of a family's visit."""
        return visit_id(index)

    def index(self, visit: str) -> int:
        """The family of a visit; whoever inherits may know visits of others and lend them a family's figures."""
        return index_of(visit)

    def person(self, letter: str, index: int) -> str:
        """Id of a child (`p`) or of who comes along (`g`)."""
        return f"{letter}{index}"

    def name(self, index: int) -> str:
        """Of a child."""
        return f"张小{index}"

    def reasons(self, index: int) -> tuple[str, ...]:
        """For the visit, by which rules for tests before the consult go."""
        return ("+".join(self._specimens(index)),) if self.drawn.rule_fits[index] else ()

    def _register(self) -> None:
        drawn = self.drawn
        for index in range(drawn.count):
            doctor = int(drawn.doctor[index])
            guardian = index - 1 if drawn.with_previous[index] and index else index
            self.do(
                c.Register(
                    self.visit(index),
                    self.person("p", index),
                    self.name(index),
                    self.places.clinics[int(drawn.department[index])],
                    self.midnight.date(),
                    doctor=self.places.doctors[doctor] if doctor >= 0 else None,
                    slot=self._slot(index),
                    guardian=self.person("g", guardian),
                    reasons=self.reasons(index),
                )
            )

    def _slot(self, index: int) -> Slot | None:
        hour = int(self.drawn.slot[index])
        if hour < 0:
            return None
        begin = self.model.sessions[self.drawn.session[index]].start
        start = self.midnight + timedelta(minutes=begin) + hour * HOUR
        return Slot(start, start + HOUR)

    def _family(self, index: int) -> Process:
        drawn = self.drawn
        self.record.arrived[index] = self.env.now
        if not (self.levers.phone and drawn.phone[index]):
            place = self.kiosks if drawn.slot[index] >= 0 else self.desks
            with place.request() as turn:
                yield turn
                self.record.queueing[index] += self.env.now - self.record.arrived[index]
                yield self.env.timeout(float(drawn.check_in_takes[index]))
        if self.h.rules(self.places.clinics[int(drawn.department[index])]).screening:
            self.do(c.Screen(self.visit(index), bool(drawn.abnormal[index]), "family"))
        self._check_in(index)
        if drawn.leaves[index]:
            self.after(float(drawn.leaves_after[index]), lambda: self._leave(index))

    def _check_in(self, index: int) -> None:
        self.do(c.CheckInAtDesk(self.visit(index), "kiosk"))
        self._is_in(index)

    def _is_in(self, index: int) -> None:
        """The hospital knows that the family is here; tests may be offered."""
        self.here_at[index] = self.env.now + float(self.walks.to_wait[index])
        visit = self.h.visits[self.visit(index)]
        if visit.offer:
            self._answer_offer(index, visit)

    def _answer_offer(self, index: int, visit: Visit) -> None:
        if not self.drawn.accepts[index]:
            self.do(c.AnswerOffer(visit.id, False, "family"))
            return
        self.do(c.AnswerOffer(visit.id, True, "family"))
        self._orders_given(visit.id, index, float(self.walks.before[index]))

    def _leave(self, index: int) -> None:
        """Out of the waiting area for a while, unless the turn is near and the phone says so."""
        drawn, visit = self.drawn, self.h.visits[self.visit(index)]
        step = visit.first_step()
        if step.state is not StepState.WAITING:
            return
        on_phone = self.levers.phone and bool(drawn.phone[index])
        sensed = on_phone and bool(drawn.sensed[index])
        if on_phone and not sensed and drawn.brought[index]:
            return
        self.away.add(index)
        back = self.comes_back[index] = self.env.event()
        if sensed:
            self.do(c.Hold(visit.id, "presence", HoldReason.AWAY))
        self.after(float(drawn.leaves_for[index]), lambda: self._return(index, back))

    def _return(self, index: int, back: simpy.Event) -> None:
        self.away.discard(index)
        back.succeed()
        visit = self.h.visits[self.visit(index)]
        step = visit.first_step()
        if step.state is StepState.HELD and step.hold is HoldReason.AWAY:
            self.do(c.Release(visit.id, "presence"))

    # ---- rooms and windows ----------------------------------------------------------------------

    def _room(self, point: str, opens: float, closes: float, doctor: str | None = None) -> Process:
        env = self.env
        if env.now < opens:
            yield env.timeout(opens - env.now)
        self._sits_down(point, doctor)
        turns = self.turns[point] = self.turns[point] + 1
        while True:
            step = None if self._is_over(point, closes) else self._call(point)
            if step is None:
                if env.now >= closes and not self._stays(point, closes, doctor):
                    if turns == self.turns[point] or doctor != self.sitting[point]:
                        self._goes_home(point, doctor)
                    return
                woken = env.event()
                for group in self.h.site.points[point].groups:
                    self.idle[group][point] = woken
                until = closes - env.now if env.now < closes else TICK
                yield woken | env.timeout(until)
                for group in self.h.site.points[point].groups:
                    self.idle[group].pop(point, None)
                continue
            index = self.index(step.visit)
            if index in self.away or self._is_at_lab(step):
                yield from self._nobody_comes(point, step, index)
            else:
                yield from self._serve(point, step, index)

    def _sits_down(self, point: str, doctor: str | None) -> None:
        self.sitting[point] = doctor
        self.gone.discard(doctor or "")
        if doctor and point in self.h.site.sessions_at:  # stays however long it takes
            self.do(c.SeatDoctors(point, (doctor,), point))

    def _call(self, point: str) -> Step | None:
        if not any(map(self.h.lines.lanes, self.h.site.points[point].groups)):
            return None
        for event in self.do(c.CallNext(point, point)):
            if isinstance(event, e.Called) and event.point == point:
                return self.h.steps[event.step]
        return None

    def _is_over(self, point: str, closes: float) -> bool:
        """Whether nobody works here any more, whoever may wait."""
        if self.h.site.groups[self.h.site.points[point].group].kind is StepKind.CLINIC:
            return self.env.now >= closes + OVERTIME[closes > NOON]
        return self.env.now >= LATEST - 60

    def _stays(self, point: str, closes: float, doctor: str | None) -> bool:
        """A doctor stays for those who are to come back, with results or to a place that is kept."""
        if self._is_over(point, closes):
            return False
        group = self.h.site.points[point].group
        if self.h.site.groups[group].kind is not StepKind.CLINIC:
            return True
        if self.env.now < closes + CLEARS_UP:
            return True
        waits = any(key.doctor in (None, doctor) for key in self.h.lines.lanes(group))
        to_come = {self.h.steps[id].doctor for id in self.h.expected_returns[group]}
        away = {self.h.steps[id].doctor for id in self.h.held[group]}  # their place is kept
        return waits or doctor in to_come or not away.isdisjoint((None, doctor))

    def _goes_home(self, point: str, doctor: str | None) -> None:
        """Who waits for a doctor that has gone, or will, waits for anybody from now on."""
        if doctor is None:
            return
        self.gone.add(doctor)
        group = self.h.site.points[point].group
        for key, lane in list(self.h.lines.lanes(group).items()):
            if key.doctor == doctor:
                for rank in list(lane):
                    self._to_anybody(self.h.steps[rank.step])

    def _to_anybody(self, step: Step) -> None:
        self.do(c.AssignDoctor(step.visit, None, "nurse", "doctor gone"))
        self._wake(step)

    def _is_at_lab(self, step: Step) -> bool:
        """Whether the family is having tests done elsewhere."""
        if step.plan.kind is not StepKind.CLINIC:
            return False
        steps = self.h.visits[step.visit].steps.values()
        return any(s.plan.previsit and s.state in AT_LAB for s in steps)

    def _nobody_comes(self, point: str, step: Step, index: int) -> Process:
        self.record.missed += 1
        if index not in self.away:
            self.record.called_at_lab += 1
        yield self.env.timeout(self.model.called_for)
        self.do(c.Miss(point, point, step.plan.step))
        self.env.process(self._signs_in(step, self.comes_back.get(index)))

    def _signs_in(self, step: Step, back: simpy.Event | None) -> Process:
        if back is not None and not back.processed:
            yield back
        yield self.env.timeout(1.0)
        while self._is_at_lab(step):
            yield self.env.timeout(1.0)
        if self.h.steps[step.plan.step].state is StepState.MISSED:
            self.do(c.PutBack(step.visit, "kiosk"))

    def _serve(self, point: str, step: Step, index: int) -> Process:
        if step.plan.kind is StepKind.CLINIC:
            yield self.env.timeout(max(self.model.to_room, self.here_at[index] - self.env.now))
        self.do(c.Start(point, point, step.plan.step))
        yield self.env.timeout(self._takes(step, index))
        self._finish(point, step, index)

    def _takes(self, step: Step, index: int) -> float:
        drawn = self.drawn
        match step.plan.kind:
            case StepKind.CLINIC if step.plan.is_return:
                return float(drawn.again[index])
            case StepKind.CLINIC:
                looks = self.model.looks_at_results if self._has_results(step) else 0.0
                return float(drawn.first[index] + looks * drawn.again[index])
            case StepKind.LAB if step.plan.group in self.places.drawing:
                return float(drawn.blood_takes[index])
            case StepKind.LAB:
                return float(drawn.drop_takes[index])
            case StepKind.EXAM:
                return self.model.other_room
            case StepKind.CASHIER:
                return float(drawn.cashier_takes[index])
            case _:
                return float(drawn.pharmacy_takes[index])

    def _has_results(self, step: Step) -> bool:
        tests = [s for s in self.h.visits[step.visit].steps.values() if s.plan.previsit]
        return bool(tests) and all(test.result_at for test in tests)

    # ---- after a service ------------------------------------------------------------------------

    def _finish(self, point: str, step: Step, index: int) -> None:
        match step.plan.kind:
            case StepKind.CLINIC:
                self._consulted(point, step, index)
            case StepKind.LAB | StepKind.EXAM:
                self.do(c.Finish(point, point, step=step.plan.step))
                order = step.plan.order or ""
                turn = self._turn_around(step, index)
                self.after(turn, lambda: self.do(c.ReportResult(order, "lis")))
            case _:
                self.do(c.Finish(point, point, step=step.plan.step))
        self._maybe_leaves(step.visit, index)

    def _turn_around(self, step: Step, index: int) -> float:
        if step.plan.kind is StepKind.EXAM:
            return float(self.drawn.other_takes[index]) - self.model.other_room
        blood = step.plan.group in self.places.drawing
        return float((self.drawn.blood_turn if blood else self.drawn.drop_turn)[index])

    def _consulted(self, point: str, step: Step, index: int) -> None:
        drawn = self.drawn
        tests: list[str] = []
        if not step.plan.is_return:
            done = self._has_results(step)
            if drawn.labs[index] and not done:
                tests += [_one_of(each, index) for each in self._places_of_tests(index)]
            if drawn.other[index] and self.places.exam:
                tests.append(_one_of(self.places.exam, index))
            self.record.at_lab_before[index] = done
        then: tuple[str, ...] = ()
        if drawn.prescription[index] and not tests:
            then = (_one_of(self.places.drugs, index),)
        self.do(c.Finish(point, point, tuple(tests), then, step.plan.step, unpaid=True))
        if tests or then:
            self._orders_given(step.visit, index, self._walk_to_pay(index, bool(tests)))

    def _places_of_tests(self, index: int) -> Iterator[tuple[str, ...]]:
        for specimen in self._specimens(index):
            yield self.places.blood if specimen == "blood" else self.places.drop

    def _specimens(self, index: int) -> Iterator[str]:
        if self.drawn.blood[index]:
            yield "blood"
        if self.drawn.urine[index] or self.drawn.stool[index]:
            yield "drop"

    def _walk_to_pay(self, index: int, for_tests: bool) -> float:
        """Minutes from a consult to what was ordered there."""
        walks = self.walks
        return float((walks.to_tests if for_tests else walks.to_pay)[index])

    def _orders_given(self, visit: str, index: int, walk: float) -> None:
        """Something was ordered: it is paid, on the phone or at a cashier, and people go there."""
        if self.drawn.at_cashier[index]:
            cash = _one_of(self.places.cash, index)
            self.after(walk, lambda: self.do(c.Order(visit, (cash,), "family")))
        else:
            after = float(self.drawn.pays_after[index]) + walk
            self.after(after, lambda: self.do(c.Pay(visit, "phone")))

    def _maybe_leaves(self, visit: str, index: int) -> None:
        if self.h.visits[visit].is_over():
            self.record.left[index] = self.env.now

    # ---- what follows from events ---------------------------------------------------------------

    def _heed(self, event: e.Event) -> None:
        match event:
            case e.Called(step=step, point=point):
                self.record.calls += 1
                self._out_of_line(step, called=True)
                self.record.order.append((step, point))
                if event.choice.overtook and event.choice.why is Why.FIRST:
                    self.record.unexplained += 1
            case (
                e.CheckedIn(step=step)
                | e.StepQueued(step=step)
                | e.Released(step=step)
                | e.Requeued(step=step)
            ):
                self.since[step] = self.env.now
                self._joined(self.h.steps[step])
            case e.Held(step=step) | e.StepExpired(step=step):
                self._out_of_line(step)
            case e.NeedMet(step=step, need=need):
                self._need_met(self.h.steps[step], need)
            case e.Finished(visit=visit) | e.Missed(visit=visit):
                self._wake_family(self.h.visits[visit])
            case _:
                pass

    def _wake_family(self, visit: Visit) -> None:
        """The family is free: it may be called elsewhere, with this child or another."""
        for id in self.h.visits_of[visit.family]:
            for step in self.h.visits[id].steps.values():
                if step.state is StepState.WAITING:
                    self._wake(step)

    def _out_of_line(self, step: str, called: bool = False) -> None:
        since = self.since.pop(step, None)
        if since is None:
            return
        known = self.h.steps[step]
        index = self.index(known.visit)
        waited = self.env.now - since
        self.record.queueing[index] += max(0.0, self.env.now - max(since, self.here_at[index]))
        if called and known.plan.is_return:
            self.record.returned.append(waited)

    def _joined(self, step: Step) -> None:
        if step.doctor in self.gone and step.state is StepState.WAITING:
            self._to_anybody(step)
        else:
            self._wake(step)

    def _wake(self, step: Step) -> None:
        idle = self.idle[step.plan.group]
        for point, woken in list(idle.items()):
            if step.doctor in (None, self.sitting[point]) and not woken.triggered:
                woken.succeed()
                if step.doctor is None:
                    return

    def _need_met(self, step: Step, need: Need) -> None:
        """Paid: the specimen is collected, the drugs are prepared; then the next need is met."""
        if need is not Need.PAID:
            return
        index = self.index(step.visit)
        if Need.SPECIMEN in step.lacks:
            after = float(self.drawn.collects[index] + self.walks.bring[index])
            visit = step.visit
            self.after(after, lambda: self.do(c.MeetNeed(visit, Need.SPECIMEN, "family")))
        if Need.PREPARED in step.lacks:
            self.do(c.MeetNeed(step.visit, Need.REVIEWED, "pharmacist"))
            self.env.process(self._prepare(step, index))

    def _prepare(self, step: Step, index: int) -> Process:
        walk = float(self.walks.to_drugs[index])
        paid = self.env.now
        if not self.levers.prepare_early:
            yield self.env.timeout(walk)
        with self.preparers.request() as turn:
            yield turn
            yield self.env.timeout(float(self.drawn.prepare[index]))
        left = paid + walk - self.env.now
        if left > 0:
            yield self.env.timeout(left)
        else:
            self.record.queueing[index] -= left  # the family stands there already
        self.do(c.MeetNeed(step.visit, Need.PREPARED, "preparer"))


def visit_id(index: int) -> str:
    """Id of a family's visit."""
    return f"v{index}"


def index_of(visit: str) -> int:
    """The family of a visit."""
    return int(visit[1:])


def _one_of(places: Sequence[str], index: int) -> str:
    """A family's own of several places: families are spread over them evenly."""
    return places[index % len(places)]
