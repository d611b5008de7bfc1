"""Random hospitals under random commands: what must always be true."""

from collections import Counter
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from queue_server.core import Hospital, apply, views
from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.explain import explained
from queue_server.core.rules import Rules
from queue_server.core.transitions import TRANSITIONS, Act
from queue_server.core.vocabulary import HoldReason, Lane, Need, Way, Why
from queue_server.core.vocabulary import StepState as S
from tests.queue_server.core.any_rules import RULES, site_with
from tests.queue_server.core.makers import TODAY, ZONE, Day, clock, slot
from tests.queue_server.shell import dump

CHILDREN = st.sampled_from("abcdefgh")
ALL = "abcdefgh"
ROOMS = st.sampled_from(["a1", "a2", "a3", "a4", "d1", "f1"])
LATER = st.sampled_from(["l1", "m1", "x1", "c1", "p1"])
TESTS = st.sampled_from([(), (), ("lab",), ("blood", "xray"), ("blood", "urine")])
THEN = st.sampled_from([(), ("drugs",), ("cash", "drugs")])
FAMILIES = st.fixed_dictionaries(
    {
        "slot": st.sampled_from([None, slot(8), slot(9)]),
        "doctor": st.sampled_from([None, None, "wang", "chen", "nobody"]),
        "paid": st.booleans(),
        "serial": st.sampled_from([None, 3, 7]),
        "add_on": st.booleans(),
        "reasons": st.sampled_from([(), ("发热",)]),
        "priority": st.sampled_from([None, None, None, "level-1", "statutory", "moon"]),
    }
)
GUARDIANS = {"a": "mum", "b": "mum", "c": "dad", "d": "dad"}
POINTS = st.sampled_from(["a1", "a2", "a3", "a4", "d1", "f1", "l1", "l2", "m1", "x1", "c1", "p1"])
DOCTORS = st.sampled_from([None, "wang", "chen", "nobody"])
GROUPS = st.sampled_from(["resp", "skin", "fever", "lab", "lab2", "drugs", "moon"])
SERVICES = st.sampled_from(["blood", "urine", "lab", "xray", "drugs", "cash", "moon"])
DRIFT = st.integers(-30, 30).map(lambda count: timedelta(minutes=count))
SPANS = st.sampled_from([None, timedelta(minutes=5), timedelta(0), timedelta(days=9)])
REASONS = st.sampled_from(["发烧 39 度", "发烧 39 度", "急", "", "x" * 300])
STAFF = st.sampled_from(["nurse", "doctor"])


class AnyDay(RuleBasedStateMachine):
    """Families, nurses and doctors do anything in any order, under any rules."""

    @initialize(
        rules=RULES,
        reported=st.booleans(),
        prepare=st.booleans(),
        families=st.lists(FAMILIES, min_size=4, max_size=8),
    )
    def open(
        self, rules: Rules, reported: bool, prepare: bool, families: list[dict[str, object]]
    ) -> None:
        self.day = Day(site_with(rules, reported=reported, prepare=prepare), clock(8))
        for child, more in zip(ALL, families, strict=False):
            self.register(child, more)
            self.let_in(child)

    @rule(child=CHILDREN, more=FAMILIES)
    def register(self, child: str, more: dict[str, object]) -> None:
        guardian = GUARDIANS.get(child)
        self.day.do(
            c.Register(
                f"v-{child}",
                child,
                child,
                "resp",
                TODAY,
                f"card-{child}",
                guardian=guardian,
                guardian_card=f"card-{guardian}" if guardian else None,
                **more,  # type: ignore[arg-type]  # by name
            )
        )

    @rule(child=CHILDREN)
    def let_in(self, child: str) -> None:
        """Everything that a check-in may ask for, then the check-in."""
        visit = f"v-{child}"
        self.day.do(c.Pay(visit, "nurse"))
        self.day.do(c.Screen(visit, False, "nurse"))
        self.day.do(c.CheckInAtDesk(visit, "nurse"), timedelta(seconds=20))

    @rule(point=ROOMS, tests=TESTS, then=THEN, by=STAFF, took=st.integers(0, 20))
    def serve(
        self, point: str, tests: tuple[str, ...], then: tuple[str, ...], by: str, took: int
    ) -> None:
        self.day.do(c.CallNext(point, by))
        self.day.do(c.Start(point, by), timedelta(seconds=30))
        self.day.do(c.Finish(point, by, tests, then), timedelta(minutes=took))

    @rule(point=LATER)
    def serve_later_steps(self, point: str) -> None:
        self.serve(point, (), (), "clerk", 2)

    @rule(point=ROOMS, comes_back=st.booleans())
    def nobody_answers(self, point: str, comes_back: bool) -> None:
        self.day.do(c.CallNext(point, "nurse"))
        step = self.day.hospital.current(point)
        self.day.do(c.Recall(point, "nurse"))
        self.day.do(c.Miss(point, "nurse"), timedelta(minutes=2))
        if step and comes_back:
            child = self.day.hospital.visits[step.visit].patient
            self.day.do(c.Scan("k1", self.day.now, True, f"card-{child}"), timedelta(minutes=1))

    @rule()
    def all_results(self) -> None:
        for order in list(self.day.hospital.orders):
            self.day.do(c.ReportResult(order, "lis"))

    @rule(child=CHILDREN, drift=DRIFT, synced=st.booleans(), doctor=DOCTORS, desk=st.booleans())
    def scan(
        self, child: str, drift: timedelta, synced: bool, doctor: str | None, desk: bool
    ) -> None:
        way = Way.DESK if desk else Way.QR
        at = self.day.now + drift
        self.day.do(c.Scan("k1", at, synced, f"card-{child}", way=way, doctor=doctor))

    @rule(child=CHILDREN, area=st.sampled_from(["east", "west", "moon"]), drift=DRIFT)
    def heard(self, child: str, area: str, drift: timedelta) -> None:
        self.day.do(c.SeePhone(f"v-{child}", area, "d1", self.day.now + drift))

    @rule(guardian=st.sampled_from(["mum", "dad"]), child=st.sampled_from([None, *"abcd"]))
    def scan_for_several(self, guardian: str, child: str | None) -> None:
        visit = f"v-{child}" if child else None
        self.day.do(c.Scan("k1", self.day.now, True, f"card-{guardian}", visit=visit))

    @rule(child=CHILDREN, number=st.integers(1, 3))
    def provisional(self, child: str, number: int) -> None:
        self.day.do(c.GiveAlias("k1", f"K01-{number:03d}", self.day.now, f"card-{child}"))

    @rule(
        point=POINTS,
        act=st.sampled_from(
            [c.CallNext, c.CallNext, c.Recall, c.Miss, c.Start, c.Start, c.ConfirmArrival]
        ),
        by=STAFF,
    )
    def at_point(self, point: str, act: type[c.CallNext], by: str) -> None:
        self.day.do(act(point, by))

    @rule(point=POINTS, child=CHILDREN, reason=REASONS, by=STAFF)
    def call_by_name(self, point: str, child: str, reason: str, by: str) -> None:
        self.day.do(c.CallOne(point, f"v-{child}", by, reason))

    @rule(point=POINTS, delay=SPANS)
    def park(self, point: str, delay: timedelta | None) -> None:
        self.day.do(c.Park(point, "nurse", delay))

    @rule(point=POINTS, opening=st.booleans(), reason=REASONS)
    def open_or_pause(self, point: str, opening: bool, reason: str) -> None:
        command = c.OpenPoint(point, "n") if opening else c.PausePoint(point, "n", reason)
        self.day.do(command)

    @rule(point=POINTS, doctors=st.sampled_from([None, (), ("wang",), ("wang", "chen"), ("x",)]))
    def seat(self, point: str, doctors: tuple[str, ...] | None) -> None:
        self.day.do(c.SeatDoctors(point, doctors, "nurse"))

    @rule(
        point=POINTS,
        tests=TESTS,
        then=THEN,
        unpaid=st.booleans(),
    )
    def finish(
        self, point: str, tests: tuple[str, ...], then: tuple[str, ...], unpaid: bool
    ) -> None:
        self.day.do(c.Start(point, "doctor"))
        self.day.do(c.Finish(point, "doctor", tests, then, unpaid=unpaid))

    @rule(
        child=CHILDREN,
        act=st.sampled_from([c.Release, c.CheckInAtDesk, c.Cancel, c.Pay, c.ChooseDelivery]),
    )
    def by_hand(self, child: str, act: type[c.Release]) -> None:
        self.day.do(act(f"v-{child}", "nurse"))

    @rule(child=CHILDREN, reason=st.sampled_from(HoldReason), limit=SPANS)
    def hold(self, child: str, reason: HoldReason, limit: timedelta | None) -> None:
        self.day.do(c.Hold(f"v-{child}", "nurse", reason, limit))

    @rule(child=CHILDREN, delay=SPANS)
    def put_back(self, child: str, delay: timedelta | None) -> None:
        self.day.do(c.PutBack(f"v-{child}", "nurse", delay))

    @rule(child=CHILDREN, to=st.sampled_from(c.MoveTo), reason=REASONS, places=st.integers(0, 9))
    def move(self, child: str, to: c.MoveTo, reason: str, places: int) -> None:
        self.day.do(c.Move(f"v-{child}", to, "nurse", reason, places))

    @rule(child=CHILDREN, doctor=DOCTORS)
    def assign(self, child: str, doctor: str | None) -> None:
        self.day.do(c.AssignDoctor(f"v-{child}", doctor, "nurse"))

    @rule(
        child=CHILDREN,
        priority=st.sampled_from([None, "level-1", "level-2", "statutory", "moon"]),
        reason=REASONS,
    )
    def prioritise(self, child: str, priority: str | None, reason: str) -> None:
        self.day.do(c.SetPriority(f"v-{child}", priority, "nurse", reason))

    @rule(child=CHILDREN, group=GROUPS, doctor=DOCTORS, reason=REASONS)
    def transfer(self, child: str, group: str, doctor: str | None, reason: str) -> None:
        self.day.do(c.Transfer(f"v-{child}", group, "nurse", reason, doctor))

    @rule(child=CHILDREN, reason=REASONS)
    def drop(self, child: str, reason: str) -> None:
        self.day.do(c.Drop(f"v-{child}", "nurse", reason))

    @rule(
        child=CHILDREN,
        services=st.lists(SERVICES, max_size=2).map(tuple),
        flags=st.tuples(st.booleans(), st.booleans(), st.booleans()),
        before=st.sampled_from([None, timedelta(minutes=20), timedelta(minutes=-5)]),
    )
    def order(
        self,
        child: str,
        services: tuple[str, ...],
        flags: tuple[bool, bool, bool],
        before: timedelta | None,
    ) -> None:
        until = self.day.now + before if before else None
        self.day.do(c.Order(f"v-{child}", services, "doctor", *flags, before=until))

    @rule(child=CHILDREN, need=st.sampled_from(Need))
    def meet(self, child: str, need: Need) -> None:
        self.day.do(c.MeetNeed(f"v-{child}", need, "nurse"))

    @rule(child=CHILDREN, abnormal=st.booleans())
    def screen(self, child: str, abnormal: bool) -> None:
        self.day.do(c.Screen(f"v-{child}", abnormal, "nurse"))

    @rule(child=CHILDREN, accepted=st.booleans())
    def answer(self, child: str, accepted: bool) -> None:
        self.day.do(c.AnswerOffer(f"v-{child}", accepted, "mum"))

    @rule(child=CHILDREN, service=SERVICES, ago=st.sampled_from([-1, 1, 100]))
    def report(self, child: str, service: str, ago: int) -> None:
        taken = self.day.now - timedelta(hours=ago)
        self.day.do(c.NoteReport(child, service, taken, "south"))

    @rule(pick=st.integers(0, 5))
    def result(self, pick: int) -> None:
        due = [id for id, step in self.day.hospital.orders.items() if id]
        self.day.do(c.ReportResult(due[pick % len(due)] if due else "none", "lis"))

    @rule(child=CHILDREN, card=st.sampled_from(["", "card-gran", "card-mum", "card-a"]))
    def hand_over(self, child: str, card: str) -> None:
        self.day.do(c.HandOver(f"v-{child}", card, "nurse"))

    @rule(area=st.sampled_from([None, "east", "moon"]), text=REASONS, limit=SPANS)
    def broadcast(self, area: str | None, text: str, limit: timedelta | None) -> None:
        self.day.do(c.Broadcast("n1", text, text, "nurse", area, limit))

    @rule(by=STAFF)
    def undo(self, by: str) -> None:
        h = self.day.hospital
        memo = h.memos.get(by)
        answer = self.day.do(c.Undo(by))
        if isinstance(answer, c.Stood):
            assert memo
            visit = h.visits[memo.visit]
            assert {step.plan.step for step in memo.before.steps} <= set(visit.steps)
            assert visit.ticket == memo.before.ticket
            assert visit.priority == memo.before.priority

    @rule(span=st.sampled_from([1, 20, 90, 600]))
    def wait(self, span: int) -> None:
        self.day.do(c.OpenDay(), timedelta(minutes=span))
        self.day.do(c.Tick())

    @precondition(lambda self: self.day.hospital.lines.length("resp") > 1)
    @rule()
    def everybody_is_called_in_the_end(self) -> None:
        """No starvation: with rooms at work, whoever waits is called before long, whoever joins meanwhile."""
        h = self.day.hospital
        first = min(h.lines.everybody("resp"), key=lambda rank: (rank.since, rank.step))
        step = h.steps[first.step]
        cap = h.rules("resp").overtake_cap
        assert step.overtaken <= cap + h.lines.length("resp") * len(h.site.points_of["resp"])

    # ---- what must always be true ---------------------------------------------------------------

    @invariant()
    def everybody_who_waits_stands_in_exactly_one_line(self) -> None:
        h = self.day.hospital
        standing = Counter(
            rank.step for group in h.site.groups for rank in h.lines.everybody(group)
        )
        waiting = [id for id, step in h.steps.items() if step.state is S.WAITING]
        assert standing == Counter(waiting)
        held = Counter(step for group in h.held.values() for step in group)
        assert held == Counter(id for id, step in h.steps.items() if step.state is S.HELD)
        at_doors = Counter(step for point in h.points.values() for step in point.door)
        assert at_doors == Counter(id for id, s in h.steps.items() if s.state is S.AT_DOOR)

    @invariant()
    def a_point_has_whom_it_called_and_nobody_else(self) -> None:
        h = self.day.hospital
        there = {
            id: step.point for id, step in h.steps.items() if step.state in (S.CALLED, S.SERVING)
        }
        assert there == {state.step: id for id, state in h.points.items() if state.step}

    @invariant()
    def no_family_is_at_two_rooms(self) -> None:
        h = self.day.hospital
        handed_over = {ev.visit for ev in self.day.events if isinstance(ev, e.GuardianChanged)}
        undone = {ev.visit for ev in self.day.events if isinstance(ev, e.Undone)}
        at_rooms = Counter(
            h.visits[step.visit].family
            for step in h.steps.values()
            if step.state in (S.CALLED, S.SERVING) and step.visit not in handed_over | undone
        )
        assert all(count == 1 for count in at_rooms.values())

    @invariant()
    def who_is_busy_is_counted_right(self) -> None:
        h = self.day.hospital
        busy = Counter(
            h.visits[step.visit].family
            for step in h.steps.values()
            if step.state in (S.AT_DOOR, S.CALLED, S.SERVING)
        )
        assert busy == h.busy

    @invariant()
    def doors_hold_no_more_than_the_rules_allow(self) -> None:
        h = self.day.hospital
        undone = any(isinstance(ev, e.Undone) for ev in self.day.events)
        for id, point in h.points.items():
            limit = h.rules(h.site.points[id].group).two_stage
            assert len(point.door) <= limit or undone

    @invariant()
    def numbers_are_unique(self) -> None:
        visits = [v for v in self.day.hospital.visits.values() if not v.is_over()]
        tickets = [visit.ticket for visit in visits if visit.ticket]
        assert len(tickets) == len(set(tickets))

    @invariant()
    def nobody_is_checked_in_twice(self) -> None:
        counts: Counter[str] = Counter()
        for event in self.day.events:
            if isinstance(event, e.CheckedIn):
                counts[event.visit] += 1
            if isinstance(event, e.Undone) and event.what == "CheckInAtDesk":
                counts[event.visit] -= 1
        assert all(count <= 1 for count in counts.values())

    @invariant()
    def each_round_of_tests_has_one_return(self) -> None:
        for visit in self.day.hospital.visits.values():
            undone = any(
                isinstance(ev, e.Undone) and ev.visit == visit.id for ev in self.day.events
            )
            returns = [step for step in visit.steps.values() if step.plan.is_return]
            rounds = sum(
                any(plan.is_return for plan in event.plan)
                for event in self.day.events
                if isinstance(event, e.StepsPlanned) and event.visit == visit.id
            )
            moved = sum(step.state is S.TRANSFERRED for step in returns)
            assert len(returns) - moved <= rounds
            assert len(returns) >= rounds or undone

    @invariant()
    def every_call_has_its_reason(self) -> None:
        for event in self.day.events:
            if isinstance(event, e.Called | e.AskedToDoor):
                choice = event.choice
                assert choice.why is not Why.FIRST or choice.overtook == 0
                assert choice.why is not Why.BY_NAME or choice.reason
                words = explained(event, "A001", self.day.hospital.site.areas["east"].name, ZONE)
                assert len(words.zh) == len(words.en) >= 3

    @invariant()
    def nobody_is_called_whose_place_is_kept(self) -> None:
        held: set[str] = set()
        for event in self.day.events:
            match event:
                case e.Held(step=step) | e.Parked(step=step):
                    held.add(step)
                case e.Released(step=step):
                    held.discard(step)
                case e.Undone(image=image):
                    for each in image.steps:
                        (held.add if each.state is S.HELD else held.discard)(each.plan.step)
                case e.Called(step=step) | e.AskedToDoor(step=step):
                    assert step not in held
                case _:
                    pass

    @invariant()
    def times_never_run_backwards_in_a_story(self) -> None:
        for step in self.day.hospital.steps.values():
            times = [step.queued_at, step.started_at, step.finished_at]
            known = [each for each in times if each]
            assert known == sorted(known)

    @invariant()
    def heads_of_lanes_are_sorted(self) -> None:
        h = self.day.hospital
        for group in h.site.groups:
            for key, lane in h.lines.lanes(group).items():
                assert lane == sorted(lane)
                assert key.lane is Lane.PLACED or len(lane) == len(set(lane))

    @invariant()
    def screens_can_always_be_drawn(self) -> None:
        h = self.day.hospital
        for area in h.site.areas:
            views.board(h, area)
        for visit in h.visits.values():
            views.stand(h, visit)

    @invariant()
    def replaying_the_events_gives_the_same_state(self) -> None:
        again = Hospital(self.day.hospital.site)
        for event in self.day.events:
            apply(again, event)
        assert dump(again) == dump(self.day.hospital)


AnyDay.TestCase.settings = settings(max_examples=80, stateful_step_count=50, deadline=None)
TestAnyDay = AnyDay.TestCase


def test_every_state_can_be_left_or_is_an_end() -> None:
    assert set(TRANSITIONS) == set(S)
    reachable = {S.PLANNED} | {state for acts in TRANSITIONS.values() for state in acts.values()}
    assert reachable == set(S)
    assert {act for acts in TRANSITIONS.values() for act in acts} == set(Act)


def test_every_event_can_be_applied() -> None:
    from queue_server.core.apply import _change

    plain = _change.dispatch(object)
    assert all(_change.dispatch(kind) is not plain for kind in e.EVENTS.values())


def test_every_command_has_its_rule() -> None:
    from typing import get_args

    from queue_server.core.decide import _RULES

    assert set(_RULES) == set(get_args(c.Command))
