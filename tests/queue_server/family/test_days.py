"""What a family's page shows of each state of the queue, in which words, and when one may walk off."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import WaitRange
from queue_server.core import HoldReason, Need
from queue_server.core import commands as c
from queue_server.core.rules import USUAL_RULES
from queue_server.core.site import PrevisitRule, Site
from queue_server.family import Act, Child, FamilyDay, Situation, back_by, family_day, told
from queue_server.family.day import areas_of
from tests.queue_server.core.makers import NINE, TODAY, Day, small_site


def page(day: Day, person: str = "1") -> FamilyDay:
    return family_day(day.hospital, person, TODAY)


def only(day: Day, person: str = "1") -> Child:
    (child,) = page(day, person).children
    return child


def reporting() -> Site:
    """The laboratory's results come later, the pharmacy prepares first."""
    site = small_site()
    rules = {
        "lab": replace(USUAL_RULES, results_reported=True),
        "drugs": replace(USUAL_RULES, prepare_first=True),
    }
    groups = {
        id: replace(each, rules=rules.get(id, each.rules)) for id, each in site.groups.items()
    }
    return replace(site, groups=groups)


def test_a_child_that_is_not_checked_in_is_told_how() -> None:
    day = Day()
    day.register("1")
    child = only(day)
    assert (child.situation, child.ahead, child.wait, child.ticket) == (
        Situation.NOT_IN,
        None,
        None,
        "",
    )
    assert Act.AWAY not in child.acts


def test_a_child_in_line_has_its_number_its_place_and_a_range() -> None:
    day = Day()
    for each in ("1", "2", "3"):
        day.arrive(each)
    child = only(day, "3")
    assert (child.situation, child.ticket, child.ahead) == (Situation.WAITING, "A003", 2)
    assert child.wait is not None
    assert child.name == "张*3"


def test_a_call_names_the_room_and_each_repetition_is_another_call() -> None:
    day = Day()
    day.arrive("1")
    day.call("a2")
    first = only(day)
    assert (first.situation, first.room and first.room.zh) == (Situation.CALLED, "2 诊室")
    assert "2 诊室" in told(first).now.zh
    assert told(first).tone == "call"
    day.do(c.Recall("a2", "nurse"))
    assert only(day).call not in ("", first.call)


def test_who_was_missed_is_told_what_to_do_and_is_not_blamed() -> None:
    day = Day()
    day.arrive("1")
    day.call()
    day.do(c.Miss("a1", "nurse"))
    child = only(day)
    assert child.situation is Situation.MISSED
    assert "就诊卡" in told(child).todo.zh
    day.scan("1")
    assert only(day).situation is Situation.WAITING


def test_the_whole_day_of_a_child_from_the_door_to_home() -> None:
    day = Day(reporting())
    seen = []

    def look() -> None:
        seen.append(only(day).situation)

    day.register("1")
    look()
    day.scan("1")
    look()
    day.call()
    look()
    day.do(c.Start("a1", "doctor"))
    look()
    day.do(c.Finish("a1", "doctor", ("lab",), ("drugs",), unpaid=True))
    look()
    day.do(c.Pay("v-1", "cashier"))
    look()
    day.call("l1")
    day.do(c.Start("l1", "nurse"))
    day.do(c.Finish("l1", "nurse"))
    look()
    assert (only(day).tests, only(day).results) == (1, 0)
    order = next(s.plan.order for s in day.hospital.visits["v-1"].steps.values() if s.plan.order)
    day.do(c.ReportResult(order, "lis"))
    look()
    assert (only(day).tests, only(day).results) == (1, 1)
    day.call()
    day.do(c.Start("a1", "doctor"))
    day.do(c.Finish("a1", "doctor"))
    look()
    for need in (Need.REVIEWED, Need.PREPARED):
        day.do(c.MeetNeed("v-1", need, "pharmacist"))
    look()
    day.call("p1")
    day.do(c.Start("p1", "pharmacist"))
    day.do(c.Finish("p1", "pharmacist"))
    look()
    s = Situation
    assert seen == [
        s.NOT_IN, s.WAITING, s.CALLED, s.SERVING, s.TO_PAY, s.TEST, s.RESULTS, s.BACK, s.PREPARING, s.COLLECT, s.FINISHED,
    ]  # fmt: skip
    assert page(day).over


def test_a_place_kept_says_why_and_till_when() -> None:
    day = Day()
    day.arrive("1")
    day.do(c.Hold("v-1", "family", HoldReason.AWAY, timedelta(minutes=20)))
    child = only(day)
    assert (child.situation, child.until) == (Situation.HELD, NINE + timedelta(minutes=20))
    assert child.acts >= {Act.BACK}
    day.do(c.Release("v-1", "family"))
    assert Act.AWAY in only(day).acts


def test_what_a_room_has_put_aside_no_family_can_take_up_again() -> None:
    day = Day()
    day.arrive("1")
    day.call()
    day.do(c.Park("a1", "nurse"))
    assert Act.BACK not in only(day).acts


def test_tests_before_the_consult_keep_the_place_and_say_so() -> None:
    rule = PrevisitRule("cough", ("resp",), ("lab",), reasons=("cough",))
    day = Day(replace(small_site(), previsit=(rule,)))
    day.arrive("1", reasons=("cough",))
    assert [text.zh for text in only(day).offer] == ["检验科"]
    assert only(day).acts >= {Act.TAKE_TESTS, Act.NO_TESTS}
    day.do(c.AnswerOffer("v-1", True, "family"))
    assert only(day).to_pay
    day.do(c.Pay("v-1", "cashier"))
    child = only(day)
    assert child.situation is Situation.TEST
    assert child.kept
    assert "号位给您留着" in told(child).todo.zh


def test_siblings_are_cards_of_one_page_the_most_urgent_first() -> None:
    day = Day()
    for each in ("1", "2"):
        day.arrive(each, guardian="g")
    day.serve("a1")
    day.call("a1")
    children = page(day, "g").children
    assert [each.ticket for each in children] == ["A002", "A001"]
    assert [each.situation for each in children] == [Situation.CALLED, Situation.FINISHED]


def test_a_page_is_told_of_the_areas_in_which_something_can_still_happen() -> None:
    day = Day(reporting())
    day.arrive("1")
    assert set(areas_of(day.hospital, "1", TODAY)) == {"east"}
    day.serve(tests=("lab",))
    assert set(areas_of(day.hospital, "1", TODAY)) == {"east", "west"}
    day.serve("l1")
    assert "west" in set(areas_of(day.hospital, "1", TODAY))


def test_who_has_given_its_registration_back_reads_that() -> None:
    day = Day()
    day.register("1")
    day.do(c.Cancel("v-1", "nurse"))
    assert only(day).situation is Situation.CANCELLED


@pytest.mark.parametrize("situation", list(Situation))
def test_every_situation_has_words_in_both_languages(situation: Situation) -> None:
    day = Day()
    day.arrive("1")
    words = told(replace(only(day), situation=situation))
    for text in (words.now, words.todo):
        assert text.zh
        assert text.en.isascii() or "“" in text.en or "呼" in text.en or "楼" in text.en
    assert words.tone in ("call", "go", "act", "calm", "done")


def waiting_for(low: int) -> Child:
    day = Day()
    day.arrive("1")
    return replace(only(day), wait=WaitRange(low=low, high=low + 10))


def test_one_may_walk_about_when_the_wait_is_long_and_must_stay_when_it_is_short() -> None:
    assert back_by(waiting_for(20), 120, NINE) == NINE + timedelta(minutes=15)
    assert back_by(waiting_for(10), 120, NINE) is None
    assert back_by(replace(waiting_for(40), situation=Situation.CALLED), 120, NINE) is None
    assert back_by(replace(waiting_for(40), wait=None), 120, NINE) is None


@given(low=st.integers(0, 240), walk_s=st.floats(0, 3_600))
def test_nobody_who_sets_out_in_time_comes_after_the_earliest_likely_call(
    low: int, walk_s: float
) -> None:
    leave = back_by(waiting_for(low), walk_s, NINE)
    if leave is not None:
        assert leave + timedelta(seconds=walk_s) < NINE + timedelta(minutes=low)
