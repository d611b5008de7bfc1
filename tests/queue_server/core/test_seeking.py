"""A family without its card looks itself up by the end of its phone number and the child's birthday."""

from datetime import date, timedelta

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.vocabulary import Way
from queue_server.seeking import AT_ONCE, EVERY_S, SearchBudget, handles
from tests.queue_server.core.makers import NINE, TODAY, Day

BORN = date(2021, 5, 4)


def day_with(*children: tuple[str, str, date, str | None]) -> Day:
    """Registered children: name, end of the phone number, birthday, guardian."""
    day = Day()
    day.hospital.handle_of = handles(b"k" * 32)
    for child, tail, born, guardian in children:
        day.register(child, phone_tail=tail, born=born, guardian=guardian)
    return day


def seek(day: Day, tail: str = "8812", born: date = BORN, visit: str | None = None) -> c.Answer:
    return day.do(c.Seek("k1", day.now, True, tail, born, visit))


def test_a_family_that_is_found_is_checked_in_and_the_second_search_says_where_it_stands() -> None:
    day = day_with(("a", "8812", BORN, None))
    assert seek(day) == c.Stood(("v-a",))
    assert day.ticket("v-a") == "A001"
    assert seek(day) == c.Stood(("v-a",), frozenset({"v-a"}))
    checked_in = [event for event in day.events if isinstance(event, e.CheckedIn)]
    assert [event.way for event in checked_in] == [Way.SEARCH]


def test_nobody_is_found_by_one_of_the_two_alone_and_the_try_is_journaled() -> None:
    day = day_with(("a", "8812", BORN, None))
    for tail, born in (("8813", BORN), ("8812", BORN + timedelta(1))):
        assert seek(day, tail, born) == c.Refused(c.Reason.NOT_FOUND)
    tries = [event for event in day.events if isinstance(event, e.ScanRefused)]
    assert [(each.agent, each.reason, each.card) for each in tries] == [
        ("k1", "not_found", None)
    ] * 2


def test_several_children_are_asked_about_even_when_all_of_them_are_in() -> None:
    day = day_with(("a", "8812", BORN, "mum"), ("b", "8812", date(2018, 1, 1), "mum"))
    asked = c.WhichChild(("v-a", "v-b"))
    assert seek(day) == asked
    assert seek(day, visit="v-b") == c.Stood(("v-b",))
    seek(day, visit="v-a")
    assert seek(day) == asked


def test_two_families_with_the_same_key_are_asked_about_and_a_third_can_not_be_chosen() -> None:
    day = day_with(("a", "8812", BORN, None), ("b", "8812", BORN, None), ("x", "1111", BORN, None))
    assert seek(day) == c.WhichChild(("v-a", "v-b"))
    assert seek(day, visit="v-x") == c.Refused(c.Reason.NOT_FOUND)


def test_no_phone_number_and_no_key_of_the_site_means_nobody_can_be_looked_up() -> None:
    day = day_with(("a", "8812", BORN, None))
    day.hospital.handle_of = None
    assert seek(day) == c.Refused(c.Reason.NOT_FOUND)


def test_only_a_hash_is_journaled_once_and_another_key_makes_another() -> None:
    day = day_with(("a", "8812", BORN, None))
    day.register("a", phone_tail="8812", born=BORN)
    kept = [event for event in day.events if isinstance(event, e.PatientFindable)]
    assert len(kept) == 1
    assert "8812" not in kept[0].handle
    assert kept[0].handle == handles(b"k" * 32)("8812", BORN) != handles(b"j" * 32)("8812", BORN)


def test_what_was_registered_for_another_day_is_not_found_today() -> None:
    day = day_with()
    day.register("a", phone_tail="8812", born=BORN, day=TODAY + timedelta(1))
    assert seek(day) == c.Refused(c.Reason.NOT_FOUND)


def test_a_kiosk_may_guess_a_few_times_and_then_slowly() -> None:
    budget = SearchBudget()
    assert [budget.spend("k1", NINE) for _ in range(AT_ONCE + 1)] == [True] * AT_ONCE + [False]
    assert budget.spend("k2", NINE)
    later = NINE + timedelta(seconds=EVERY_S)
    assert budget.spend("k1", later)
    assert not budget.spend("k1", later)
