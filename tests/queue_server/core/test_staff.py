"""What staff do by hand: each act with its reason, its refusals and its undoing."""

from datetime import timedelta

import pytest

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.explain import explained
from queue_server.core.rules import Order
from queue_server.core.vocabulary import HoldReason, Name, Why
from queue_server.core.vocabulary import StepState as S
from tests.queue_server.core.makers import ZONE, Day, clock, minutes, small_site
from tests.queue_server.core.rule_table import shows
from tests.queue_server.shell import dump


def refusal(answer: c.Answer) -> c.Reason:
    assert isinstance(answer, c.Refused), answer
    return answer.reason


def a_day(**rules: object) -> Day:
    day = Day(small_site(**{"order": Order.CHECK_IN, **rules}), clock(8))
    day.do(c.PausePoint("a2", "chen"))
    for child in "1234":
        day.now += minutes(1)
        day.arrive(child)
    return day


def order_of(day: Day, count: int = 4) -> str:
    """Who is called and served one after the other, as children's names."""
    found = ""
    for _ in range(count):
        answer = day.do(c.CallNext("a1", "nurse"))
        assert isinstance(answer, c.CallAnswer), answer
        found += answer.visit.removeprefix("v-")
        day.do(c.Start("a1", "wang")), day.do(c.Finish("a1", "wang"))
    return found


@shows("Staff", "call one by name: with a reason, and how many were overtaken is kept")
def test_call_one_by_name() -> None:
    day = a_day()
    assert refusal(day.do(c.CallOne("a1", "v-3", "nurse", " "))) is c.Reason.NO_REASON
    answer = day.do(c.CallOne("a1", "v-3", "nurse", "孩子抽搐"))
    assert isinstance(answer, c.CallAnswer)
    choice = next(ev.choice for ev in day.events if isinstance(ev, e.Called))
    assert (choice.why, choice.reason, choice.overtook) == (Why.BY_NAME, "孩子抽搐", 2)
    assert refusal(day.do(c.CallOne("a1", "v-1", "nurse", "x"))) is c.Reason.POINT_BUSY


@shows("Staff", "nobody is called by name who is held, at another room, or in another line")
def test_whom_one_can_not_call_by_name() -> None:
    day = a_day()
    day.do(c.Hold("v-1", "nurse", HoldReason.NAP))
    assert refusal(day.do(c.CallOne("a1", "v-1", "nurse", "x"))) is c.Reason.HELD
    assert refusal(day.do(c.CallOne("l1", "v-2", "nurse", "x"))) is c.Reason.WRONG_LINE
    assert refusal(day.do(c.CallOne("a1", "v-9", "nurse", "x"))) is c.Reason.UNKNOWN_VISIT
    assert refusal(day.do(c.CallOne("a2", "v-2", "nurse", "x"))) is c.Reason.POINT_PAUSED
    day.register("5")
    assert refusal(day.do(c.CallOne("a1", "v-5", "nurse", "x"))) is c.Reason.NOT_WAITING


@shows("Staff", "recall, confirm the arrival, start, finish")
def test_recall_confirm_start_finish() -> None:
    day = a_day()
    day.call()
    day.do(c.Recall("a1", "nurse"))
    assert isinstance(day.do(c.ConfirmArrival("a1", "nurse")), c.Stood)
    known = len(day.events)
    day.do(c.ConfirmArrival("a1", "nurse"))
    assert len(day.events) == known
    day.do(c.Start("a1", "wang")), day.do(c.Finish("a1", "wang"))
    assert day.states("v-1") == [S.DONE]
    assert refusal(day.do(c.ConfirmArrival("a1", "nurse"))) is c.Reason.NOBODY_CALLED


@shows("Staff", "hold: a nap, feeding, away, paying: the place is kept, with or without a limit")
def test_hold_keeps_the_place() -> None:
    day = a_day()
    day.do(c.Hold("v-1", "nurse", HoldReason.FEEDING, timedelta(minutes=10)))
    assert order_of(day, 1) == "2"
    day.now += minutes(10)
    day.do(c.Tick())
    assert order_of(day, 3) == "134"
    assert refusal(day.do(c.Hold("v-1", "nurse"))) is c.Reason.NOT_WAITING
    assert refusal(day.do(c.Release("v-1", "nurse"))) is c.Reason.NOT_HELD


@shows("Staff", "park who is called or being served: the room is free, the place is kept")
def test_park_frees_the_room() -> None:
    day = a_day()
    day.call(), day.do(c.Start("a1", "wang"))
    assert isinstance(day.do(c.Park("a1", "wang")), c.Stood)
    assert order_of(day, 1) == "2"
    day.do(c.Release("v-1", "wang"))
    assert order_of(day, 3) == "134"


@shows("Staff", "put back with a delay: called again only after it")
def test_put_back_with_a_delay() -> None:
    day = a_day()
    day.call()
    day.do(c.Park("a1", "nurse", timedelta(minutes=12)))
    assert order_of(day, 1) == "2"
    day.now += minutes(12)
    day.do(c.Tick())
    assert order_of(day, 1) == "1"
    day.call()
    day.do(c.Miss("a1", "nurse"))
    assert isinstance(day.do(c.PutBack("v-3", "nurse", timedelta(minutes=5))), c.Stood)
    assert order_of(day, 1) == "4"
    day.now += minutes(5)
    day.do(c.Tick())
    assert order_of(day, 1) == "3"


@shows(
    "Staff",
    "move: to the front, to the end, behind n others, back to the line's order; always with a reason",
)
@pytest.mark.parametrize(
    ("to", "count", "expected"),
    [
        (c.MoveTo.FRONT, 3, "4123"),
        (c.MoveTo.PLACES, 2, "1243"),
        (c.MoveTo.PLACES, 1, "1423"),
    ],
)
def test_move_in_line(to: c.MoveTo, count: int, expected: str) -> None:
    day = a_day()
    assert isinstance(day.do(c.Move("v-4", to, "nurse", "爷爷有心脏病", count)), c.Stood)
    assert order_of(day) == expected
    assert refusal(day.do(c.Move("v-1", to, "nurse", "x", 2))) is c.Reason.NOT_WAITING


def test_move_to_the_end_and_back_to_the_order() -> None:
    day = a_day()
    day.do(c.Move("v-1", c.MoveTo.END, "nurse", "家长要求"))
    day.do(c.Move("v-2", c.MoveTo.FRONT, "nurse", "x"))
    day.do(c.Move("v-2", c.MoveTo.ORDER, "nurse", "弄错了"))
    assert order_of(day) == "2341"
    assert refusal(day.do(c.Move("v-2", c.MoveTo.END, "nurse", ""))) is c.Reason.NO_REASON


@shows(
    "Staff", "assign a doctor, or take the family back to the pool; the place in the order stays"
)
def test_assign_a_doctor() -> None:
    day = a_day()
    day.do(c.AssignDoctor("v-1", "chen", "nurse"))
    assert order_of(day, 1) == "2"
    day.do(c.AssignDoctor("v-1", None, "nurse"))
    assert order_of(day, 3) == "134"
    assert refusal(day.do(c.AssignDoctor("v-1", "wang", "n"))) is c.Reason.NOT_WAITING
    day.arrive("5")
    assert refusal(day.do(c.AssignDoctor("v-5", "nobody", "n"))) is c.Reason.UNKNOWN_DOCTOR


@shows("Staff", "drop: out of the day with a reason; not while being served")
def test_drop() -> None:
    day = a_day()
    assert refusal(day.do(c.Drop("v-1", "nurse", ""))) is c.Reason.NO_REASON
    day.do(c.Drop("v-1", "nurse", "已去急诊"))
    assert order_of(day, 1) == "2"
    day.call(), day.do(c.Start("a1", "wang"))
    assert refusal(day.do(c.Drop("v-3", "nurse", "x"))) is c.Reason.BEING_SERVED
    assert refusal(day.do(c.Cancel("v-3", "clerk"))) is c.Reason.BEING_SERVED


@shows("Staff", "broadcast to an area or all boards, for a time")
def test_broadcasts() -> None:
    day = a_day()
    day.do(c.Broadcast("n1", "三诊室停诊", "Room 3 is closed", "nurse", "east", minutes(30)))
    assert [each.zh for each in day.hospital.announcements.values()] == ["三诊室停诊"]
    day.now += minutes(31)
    day.do(c.Tick())
    assert not day.hospital.announcements
    wrong = day.do(c.Broadcast("n2", "x", "x", "nurse", "moon"))
    assert refusal(wrong) is c.Reason.UNKNOWN_AREA


@shows("Staff", "two people clicking at once: one outcome, and a clear message for the other")
def test_two_people_clicking_at_once() -> None:
    day = a_day()
    first, second = day.do(c.CallNext("a1", "n1")), day.do(c.CallNext("a1", "n2"))
    assert isinstance(first, c.CallAnswer)
    assert isinstance(second, c.Refused)
    assert (second.reason, second.ticket) == (c.Reason.POINT_BUSY, "A001")


@shows("Staff", "undo: the last act of whoever asks, as long as nobody has built on it")
@pytest.mark.parametrize(
    "acts",
    [
        (c.CallNext("a1", "n"),),
        (c.CallNext("a1", "x"), c.Miss("a1", "n")),
        (c.CallNext("a1", "x"), c.Start("a1", "n")),
        (
            c.CallNext("a1", "x"),
            c.Start("a1", "x"),
            c.Finish("a1", "n", ("lab", "xray"), ("drugs",)),
        ),
        (c.CallNext("a1", "x"), c.Park("a1", "n")),
        (c.CallOne("a1", "v-3", "n", "急"),),
        (c.Hold("v-1", "n"),),
        (c.Move("v-3", c.MoveTo.FRONT, "n", "急"),),
        (c.SetPriority("v-3", "statutory", "n", "军属"),),
        (c.AssignDoctor("v-1", "chen", "n"),),
        (c.Transfer("v-1", "xray", "n", "先拍片"),),
        (c.Drop("v-1", "n", "走了"),),
        (c.Order("v-1", ("xray",), "n"),),
    ],
    ids=lambda acts: type(acts[-1]).__name__,
)
def test_undo_restores(acts: tuple[c.Command, ...]) -> None:
    day = a_day()
    for act in acts[:-1]:
        day.do(act)
    before = dump(day.hospital.visits), _at_points(day), len(day.hospital.steps)
    day.do(acts[-1])
    assert isinstance(day.do(c.Undo("n")), c.Stood)
    after = dump(day.hospital.visits), _at_points(day), len(day.hospital.steps)
    assert _without_counts(before) == _without_counts(after)
    assert refusal(day.do(c.Undo("n"))) is c.Reason.NOTHING_TO_UNDO


def _without_counts(state: tuple[object, ...]) -> str:
    """How often others were overtaken stays: the call was made, even if it was taken back."""
    import re

    return re.sub(r"'(overtaken|version|calls)': \d+,? ?", "", repr(state))


def _at_points(day: Day) -> object:
    return {id: (p.step, p.door) for id, p in day.hospital.points.items() if p.step or p.door}


@shows(
    "Staff",
    "undo is refused when somebody has acted since, when the room has somebody else, after 10 minutes",
)
def test_undo_is_refused_when_others_have_built_on_it() -> None:
    day = a_day()
    day.do(c.CallNext("a1", "n"))
    day.do(c.Start("a1", "wang"))
    assert refusal(day.do(c.Undo("n"))) is c.Reason.MOVED_ON
    day.do(c.Finish("a1", "wang"))
    day.do(c.CallNext("a1", "n"))
    assert refusal(day.do(c.Undo("wang"))) is c.Reason.MOVED_ON
    day.now += minutes(11)
    assert refusal(day.do(c.Undo("n"))) is c.Reason.UNDO_TOO_LATE
    assert refusal(day.do(c.Undo("nobody"))) is c.Reason.NOTHING_TO_UNDO


@shows(
    "Reasons and replay",
    "each call keeps candidates, scores, who was passed by, the rules in force; it is told in words",
)
def test_a_call_explains_itself() -> None:
    day = a_day(order=Order.RETURNS_FIRST)
    day.do(c.NoteSite("v7", "…"))
    day.serve("a1", tests=("lab",))
    day.now += minutes(20)
    day.serve("l1")
    day.do(c.Hold("v-2", "nurse", HoldReason.NAP))
    assert day.call() == "A001"
    call = [ev for ev in day.events if isinstance(ev, e.Called)][-1]
    assert call.choice.rules == "v7"
    words = explained(call, "A001", Name("1 诊室", "Room 1"), ZONE)
    assert words.en == (
        "08:24: A001 was called to Room 1.",
        "A001 is a return, and in this line returns go first.",
        "It went before 2 who came earlier.",
        "Not called: A003 (not booked, counting from 08:13, 11.0 points, overtaken 0 times).",
        "Earlier, but could not be called: A002 (the child is asleep); its place is kept.",
        "Order: returns before first visits; rules v7.",
    )
    assert words.zh[1] == "A001 是回诊，这个队列回诊优先。"


@shows(
    "Reasons and replay",
    "replaying the events gives the same state and the same reasons (and `AnyDay` under random rules)",
)
def test_replay_gives_the_same_reasons() -> None:
    from queue_server.core import Hospital, apply

    day = a_day()
    order_of(day)
    again = Hospital(day.hospital.site)
    for event in day.events:
        apply(again, event)
    assert dump(again) == dump(day.hospital)
