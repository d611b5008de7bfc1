"""Calling, serving and the itinerary, rule by rule."""

from queue_server.core import commands as c
from queue_server.core.rules import Order
from queue_server.core.vocabulary import StepState as S
from tests.queue_server.core.makers import Day, clock, slot, small_site


def refusal(answer: c.Answer) -> c.Reason:
    assert isinstance(answer, c.Refused), answer
    return answer.reason


def test_the_earlier_slot_is_called_first_then_the_earlier_check_in() -> None:
    day = Day(now=clock(8, 30))
    ten = day.arrive("ten", slot=slot(10))
    late_nine = day.arrive("nine", slot=slot(9))
    day.now = clock(8, 31)
    second_nine = day.arrive("nine2", slot=slot(9))
    assert [day.serve() for _ in range(3)] == [late_nine, second_nine, ten]


def test_who_is_late_for_the_slot_stands_by_the_check_in_not_by_the_slot() -> None:
    day = Day(now=clock(10, 10))
    punctual = day.arrive("punctual", slot=slot(10))
    day.now = clock(10, 16)
    late = day.arrive("late", slot=slot(9))
    assert [day.serve() for _ in range(2)] == [punctual, late]


def test_a_quarter_of_an_hour_after_the_slot_is_still_on_time() -> None:
    day = Day(small_site(order=Order.SLOT), clock(10, 10))
    other = day.arrive("punctual", slot=slot(10))
    day.now = clock(10, 15)
    assert [day.arrive("nine", slot=slot(9)), other] == [day.serve(), day.serve()]


def test_a_family_that_chose_a_doctor_is_called_only_there() -> None:
    day = Day()
    chen, pool = day.arrive("c", doctor="chen"), day.arrive("p")
    assert [day.call("a1"), day.call("a2")] == [pool, chen]


def test_two_nurses_clicking_at_once_call_one_family() -> None:
    day = Day()
    day.arrive("1"), day.arrive("2")
    first, second = (day.do(c.CallNext("a1", nurse)) for nurse in ("n1", "n2"))
    assert isinstance(first, c.CallAnswer)
    assert isinstance(second, c.Refused)
    assert (second.reason, second.ticket) == (c.Reason.POINT_BUSY, "A001")


def test_nobody_is_called_to_a_paused_point() -> None:
    day = Day()
    day.arrive("1")
    day.do(c.PausePoint("a1", "wang"))
    assert day.call("a1") == c.Reason.POINT_PAUSED
    day.do(c.OpenPoint("a1", "wang"))
    assert day.call("a1") == "A001"


def test_a_recall_counts() -> None:
    day = Day()
    day.arrive("1")
    day.call()
    answers = [day.do(c.Recall("a1", "nurse")) for _ in range(2)]
    assert [answer.times for answer in answers if isinstance(answer, c.CallAnswer)] == [2, 3]


def test_a_held_family_is_skipped_and_finds_its_place_again() -> None:
    day = Day()
    first, second, third = day.arrive("1"), day.arrive("2"), day.arrive("3")
    day.do(c.Hold("v-1", "nurse"))
    assert day.serve() == second
    day.do(c.Release("v-1", "nurse"))
    assert [day.serve(), day.serve()] == [first, third]


def test_tests_lead_back_to_the_same_doctor_once_when_the_last_is_done() -> None:
    day = Day()
    ticket = day.arrive("1")
    day.serve("a2", tests=("lab", "xray"))
    assert day.states("v-1") == [S.DONE, S.WAITING, S.WAITING, S.PLANNED]
    day.serve("l1")
    assert day.states("v-1")[-1] is S.PLANNED
    day.serve("x1")
    assert day.states("v-1")[-1] is S.WAITING
    assert day.call("a1") == c.Reason.NOBODY_WAITING
    assert day.call("a2") == ticket


def test_the_pharmacy_opens_after_the_return() -> None:
    day = Day()
    ticket = day.arrive("1")
    day.serve("a1", tests=("lab",), then=("drugs",))
    day.serve("l1")
    assert day.call("p1") == c.Reason.NOBODY_WAITING
    day.serve("a1")
    assert day.serve("p1") == ticket
    assert set(day.states("v-1")) == {S.DONE}


def test_the_same_test_ordered_twice_in_one_go_is_one() -> None:
    day = Day()
    day.arrive("1")
    day.serve("a1", tests=("lab", "lab"))
    assert len(day.states("v-1")) == 3


def test_a_pharmacy_is_no_test() -> None:
    day = Day()
    day.arrive("1")
    day.call()
    day.do(c.Start("a1", "wang"))
    assert refusal(day.do(c.Finish("a1", "wang", tests=("drugs",)))) is c.Reason.NOT_A_TEST
    assert refusal(day.do(c.Finish("a1", "wang", then=("moon",)))) is c.Reason.UNKNOWN_SERVICE


def test_finish_without_start_and_start_without_call_are_refused() -> None:
    day = Day()
    day.arrive("1")
    assert refusal(day.do(c.Start("a1", "wang"))) is c.Reason.NOBODY_CALLED
    day.call()
    assert refusal(day.do(c.Finish("a1", "wang"))) is c.Reason.NOBODY_SERVED


def test_a_visit_given_back_leaves_its_room_and_its_line() -> None:
    day = Day()
    day.arrive("1")
    day.call()
    day.do(c.Cancel("v-1", "clerk"))
    assert day.call() == c.Reason.NOBODY_WAITING
    assert day.states("v-1") == [S.CANCELLED]


def test_a_late_click_hits_nobody_else() -> None:
    day = Day()
    day.arrive("1"), day.arrive("2")
    day.call()
    day.do(c.Miss("a1", "colleague"))
    day.call()
    for late in (
        c.Recall("a1", "n", "v-1/1"),
        c.Miss("a1", "n", "v-1/1"),
        c.Start("a1", "n", "v-1/1"),
    ):
        answer = day.do(late)
        assert isinstance(answer, c.Refused)
        assert (answer.reason, answer.ticket) == (c.Reason.MOVED_ON, "A002")
    assert day.states("v-2") == [S.CALLED]
