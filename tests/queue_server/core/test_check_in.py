"""Check-in, rule by rule."""

from datetime import timedelta

import pytest

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.vocabulary import StepState
from tests.queue_server.core.makers import TODAY, Day, clock, minutes, slot, small_site


def refusal(answer: c.Answer) -> c.Reason:
    assert isinstance(answer, c.Refused), answer
    return answer.reason


def test_a_scan_gives_the_next_number_of_the_line() -> None:
    day = Day()
    assert [day.arrive("1"), day.arrive("2")] == ["A001", "A002"]


def test_a_second_scan_says_where_one_stands_and_changes_nothing() -> None:
    day = Day()
    day.arrive("1")
    happened = len(day.events)
    answer = day.scan("1", agent="k2")
    assert answer == c.Stood(("v-1",), frozenset({"v-1"}))
    assert len(day.events) == happened


def test_all_visits_of_today_of_one_child_are_checked_in_together() -> None:
    day = Day()
    day.register("1")
    assert day.do(c.Register("second", "1", "张小1", "xray", TODAY)) == c.Accepted()
    answer = day.scan("1")
    assert isinstance(answer, c.Stood)
    assert set(answer.visits) == {"v-1", "second"}
    assert {day.ticket(visit) for visit in answer.visits} == {"A001", "X001"}


def test_a_card_that_is_not_good_is_refused_by_its_own_code_and_kept() -> None:
    day = Day()
    answer = day.do(c.Scan("k1", day.now, True, problem="revoked"))
    assert refusal(answer) is c.Reason.BAD_CARD
    assert day.hospital.attention[-1] == e.ScanRefused(day.now, "k1", "revoked")


def test_a_card_nobody_knows_is_refused_and_kept() -> None:
    day = Day()
    assert refusal(day.scan("x")) is c.Reason.UNKNOWN_CARD
    assert len(day.hospital.attention) == 1


def test_another_day_is_told_with_the_day() -> None:
    day = Day()
    day.register("1", day=TODAY + timedelta(days=3))
    answer = day.scan("1")
    assert isinstance(answer, c.Refused)
    assert (answer.reason, answer.day) == (c.Reason.NOT_TODAY, TODAY + timedelta(days=3))


def test_a_visit_given_back_is_told_so() -> None:
    day = Day()
    day.register("1")
    day.do(c.Cancel("v-1", "clerk"))
    assert refusal(day.scan("1")) is c.Reason.CANCELLED


def test_the_wrong_campus_is_told_with_the_right_one() -> None:
    day = Day()
    day.register("1", campus="south")
    answer = day.scan("1")
    assert isinstance(answer, c.Refused)
    assert (answer.reason, answer.detail) == (c.Reason.WRONG_CAMPUS, "south")


def test_too_early_is_told_when_to_come_back() -> None:
    day = Day(small_site(early=minutes(30)))
    day.register("1", slot=slot(11))
    answer = day.scan("1")
    assert isinstance(answer, c.Refused)
    assert (answer.reason, answer.when) == (c.Reason.TOO_EARLY, clock(10, 30))


def test_a_nurse_may_check_in_before_the_window_opens() -> None:
    day = Day(small_site(early=minutes(30)))
    visit = day.register("1", slot=slot(11))
    assert day.do(c.CheckInAtDesk(visit, "nurse")) == c.Stood((visit,))


def test_a_scan_counts_from_the_moment_it_was_made_not_from_its_arrival() -> None:
    day = Day()
    day.register("1")
    day.register("2")
    day.now = clock(9, 30)
    day.scan("2", at=clock(9, 5))
    day.scan("1", at=clock(9, 1))
    assert [day.call("a1"), day.call("a2")] == [day.ticket("v-1"), day.ticket("v-2")]


@pytest.mark.parametrize("ahead", [minutes(3), timedelta(hours=5), timedelta(days=400)])
def test_a_scan_from_the_future_counts_from_its_arrival(ahead: timedelta) -> None:
    day = Day()
    day.register("1")
    day.scan("1", at=day.now + ahead)
    assert day.hospital.visits["v-1"].checked_in_at == day.now


def test_a_clock_known_to_be_wrong_is_not_believed() -> None:
    day = Day()
    day.register("1")
    day.do(c.Scan("k1", day.now - timedelta(days=10), False, "card-1"))
    assert day.hospital.visits["v-1"].checked_in_at == day.now


def test_an_undisciplined_clock_is_believed_for_minutes_so_that_a_message_sent_again_keeps_its_place() -> (
    None
):
    day = Day()
    day.register("1")
    day.register("2")
    day.now = clock(9, 30)
    day.do(c.Scan("k1", clock(9, 29), False, "card-2"))
    day.do(c.Scan("k1", clock(9, 28), False, "card-1"))
    assert [day.call("a1"), day.call("a2")] == [day.ticket("v-1"), day.ticket("v-2")]


def test_a_ten_day_old_scan_checks_nobody_in_and_is_kept() -> None:
    day = Day()
    day.register("1")
    assert refusal(day.scan("1", at=day.now - timedelta(days=10))) is c.Reason.STALE_SCAN
    assert day.states("v-1") == [StepState.READY]
    assert isinstance(day.hospital.attention[-1], e.ScanRefused)


def test_a_missed_family_that_scans_again_comes_in_behind_three() -> None:
    day = Day()
    tickets = [day.arrive(str(n)) for n in range(1, 7)]
    assert day.call() == tickets[0]
    day.do(c.Miss("a1", "nurse"))
    day.scan("1")
    order = [day.serve() for _ in range(6)]
    assert order == [*tickets[1:4], tickets[0], *tickets[4:]]


def test_a_family_that_missed_too_often_is_sent_to_the_desk_and_the_nurse_may_put_it_back() -> None:
    day = Day()
    day.arrive("1")
    for _ in range(4):
        day.scan("1")
        assert day.call() == "A001"
        day.do(c.Miss("a1", "nurse"))
    assert refusal(day.scan("1")) is c.Reason.TOO_MANY_MISSES
    assert day.do(c.PutBack("v-1", "nurse")) == c.Stood(("v-1",))
    assert day.call() == "A001"


def test_a_provisional_number_becomes_a_second_name_of_the_visit() -> None:
    day = Day()
    day.arrive("1")
    day.do(c.GiveAlias("k7", "K07-012", day.now, "card-1"))
    day.do(c.GiveAlias("k7", "K07-012", day.now, "card-1"))
    assert day.hospital.visits["v-1"].alias == "K07-012"
    assert sum(isinstance(event, e.AliasGiven) for event in day.events) == 1


def test_a_provisional_number_that_comes_before_its_scan_checks_in() -> None:
    day = Day()
    day.register("1")
    day.do(c.GiveAlias("k7", "K07-012", day.now, "card-1"))
    assert day.ticket("v-1") == "A001"


def test_a_provisional_number_without_a_visit_is_shown_to_the_nurses() -> None:
    day = Day()
    day.do(c.GiveAlias("k7", "K07-012", day.now, "card-x"))
    assert day.hospital.attention[-1] == e.ProvisionalUnmatched(
        day.now, "k7", "K07-012", "unknown_card"
    )


def test_numbers_start_again_each_day_but_never_while_one_is_still_carried() -> None:
    day = Day(now=clock(23, 50))
    day.arrive("1")
    day.now = clock(23, 50) + minutes(20)
    day.do(c.OpenDay())
    assert day.ticket("v-1") == "A001"
    assert day.arrive("2", day=TODAY + timedelta(days=1)) == "A002"


def test_a_clock_set_back_does_not_open_yesterday_again() -> None:
    day = Day()
    happened = len(day.events)
    day.now -= timedelta(days=1)
    day.do(c.OpenDay())
    assert len(day.events) == happened


def test_the_same_registration_twice_is_one_and_a_different_one_is_refused() -> None:
    day = Day()
    day.register("1")
    happened = len(day.events)
    day.register("1")
    assert len(day.events) == happened
    answer = day.do(c.Register("v-1", "1", "张小1", "xray", TODAY))
    assert refusal(answer) is c.Reason.VISIT_DIFFERS


def test_the_place_is_by_the_earliest_scan_whichever_message_came_first() -> None:
    day = Day()
    day.register("1")
    day.arrive("2")
    day.now += minutes(10)
    day.scan("1", agent="k2")
    answer = day.scan("1", at=day.now - minutes(20))  # made first, but its kiosk was offline
    assert answer == c.Stood(("v-1",), frozenset({"v-1"}))
    assert [day.call("a1"), day.call("a2")] == [day.ticket("v-1"), day.ticket("v-2")]


def test_an_earlier_scan_that_comes_late_moves_a_held_place_too() -> None:
    day = Day()
    day.register("1")
    day.arrive("2")
    day.now += minutes(10)
    day.scan("1")
    day.do(c.Hold("v-1", "nurse"))
    day.scan("1", at=day.now - minutes(20))
    day.do(c.Release("v-1", "nurse"))
    assert day.call() == day.ticket("v-1")


def test_an_earlier_scan_that_comes_late_moves_nobody_who_was_called() -> None:
    day = Day()
    day.arrive("1")
    day.call()
    happened = len(day.events)
    day.scan("1", at=day.now - minutes(5))
    assert len(day.events) == happened


def test_a_scan_from_before_the_call_that_comes_late_does_not_say_that_a_missed_family_is_back() -> (
    None
):
    day = Day()
    day.arrive("1")
    early = day.now
    day.now += minutes(30)
    day.call()
    day.do(c.Miss("a1", "nurse"))
    day.scan("1", at=early + minutes(5))
    assert day.states("v-1") == [StepState.MISSED]
    day.scan("1", at=day.now + minutes(1))
    assert day.states("v-1") == [StepState.WAITING]
