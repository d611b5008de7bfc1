"""Random hospitals under random commands: what must always be true."""

from collections import Counter
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from queue_server.core import Hospital, Step, apply, views
from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.transitions import TRANSITIONS, Act
from queue_server.core.vocabulary import StepState as S
from tests.queue_server.core.makers import TODAY, Day, clock, slot

CHILDREN = st.sampled_from("abcdefgh")
POINTS = st.sampled_from(["a1", "a2", "l1", "l2", "x1", "p1"])
DRIFT = st.integers(-30, 30).map(lambda count: timedelta(minutes=count))


class AnyDay(RuleBasedStateMachine):
    """Families, nurses and doctors do anything in any order."""

    @initialize()
    def open(self) -> None:
        self.day = Day(now=clock(8))

    @rule(
        child=CHILDREN, hour=st.sampled_from([None, 8, 9]), doctor=st.sampled_from([None, "wang"])
    )
    def register(self, child: str, hour: int | None, doctor: str | None) -> None:
        booked = slot(hour) if hour else None
        self.day.do(
            c.Register(f"v-{child}", child, child, "resp", TODAY, f"card-{child}", doctor, booked)
        )

    @rule(child=CHILDREN, drift=DRIFT, synced=st.booleans())
    def scan(self, child: str, drift: timedelta, synced: bool) -> None:
        self.day.do(c.Scan("k1", self.day.now + drift, synced, f"card-{child}"))

    @rule(child=CHILDREN, number=st.integers(1, 3))
    def provisional(self, child: str, number: int) -> None:
        self.day.do(c.GiveAlias("k1", f"K01-{number:03d}", self.day.now, f"card-{child}"))

    @rule(point=POINTS, act=st.sampled_from([c.CallNext, c.Recall, c.Miss, c.Start, c.PausePoint]))
    def at_point(self, point: str, act: type[c.CallNext]) -> None:
        self.day.do(act(point, "nurse"))

    @rule(point=POINTS)
    def open_again(self, point: str) -> None:
        self.day.do(c.OpenPoint(point, "nurse"))

    @rule(
        point=POINTS,
        tests=st.sampled_from([(), ("lab",), ("lab", "xray")]),
        then=st.sampled_from([(), ("drugs",)]),
    )
    def finish(self, point: str, tests: tuple[str, ...], then: tuple[str, ...]) -> None:
        self.day.do(c.Finish(point, "wang", tests, then))

    @rule(
        child=CHILDREN,
        act=st.sampled_from([c.Hold, c.Release, c.PutBack, c.CheckInAtDesk, c.Cancel]),
    )
    def by_hand(self, child: str, act: type[c.PutBack]) -> None:
        self.day.do(act(f"v-{child}", "nurse"))

    @rule(span=st.sampled_from([1, 20, 600]))
    def wait(self, span: int) -> None:
        self.day.do(c.OpenDay(), timedelta(minutes=span))

    @invariant()
    def everybody_who_waits_stands_in_exactly_one_line(self) -> None:
        h = self.day.hospital
        standing = Counter(
            rank.step for group in h.site.groups for rank in h.lines.everybody(group)
        )
        waiting = [id for id, step in h.steps.items() if step.state is S.WAITING]
        assert standing == Counter(waiting)

    @invariant()
    def a_point_has_whom_it_called_and_nobody_else(self) -> None:
        h = self.day.hospital
        there = {
            id: step.point for id, step in h.steps.items() if step.state in (S.CALLED, S.SERVING)
        }
        assert there == {state.step: id for id, state in h.points.items() if state.step}

    @invariant()
    def numbers_are_unique(self) -> None:
        tickets = [visit.ticket for visit in self.day.hospital.visits.values() if visit.ticket]
        assert len(tickets) == len(set(tickets))

    @invariant()
    def nobody_is_checked_in_twice(self) -> None:
        counts = Counter(event.visit for event in self.day.events if isinstance(event, e.CheckedIn))
        assert all(count == 1 for count in counts.values())

    @invariant()
    def each_round_of_tests_has_one_return(self) -> None:
        for visit in self.day.hospital.visits.values():
            returns = [step for step in visit.steps.values() if step.plan.is_return]
            rounds = sum(
                any(plan.is_return for plan in event.plan)
                for event in self.day.events
                if isinstance(event, e.StepsPlanned) and event.visit == visit.id
            )
            assert len(returns) == rounds

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


def dump(h: Hospital) -> dict[str, object]:
    """The state as comparable values."""
    return {
        "day": h.day,
        "visits": {
            id: (v.ticket, v.alias, v.cancelled, v.checked_in_at) for id, v in h.visits.items()
        },
        "steps": {id: _values(step) for id, step in h.steps.items()},
        "lines": {group: list(h.lines.everybody(group)) for group in h.site.groups},
        "points": {id: (p.open, p.step) for id, p in h.points.items()},
        "missed": {group: list(steps) for group, steps in h.missed.items() if steps},
        "returns": {group: steps for group, steps in h.expected_returns.items() if steps},
        "tickets": h.tickets,
        "attention": list(h.attention),
    }


def _values(step: Step) -> tuple[object, ...]:
    return tuple(getattr(step, field) for field in step.__slots__)


AnyDay.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
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
