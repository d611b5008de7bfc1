"""Orders of calling: presets of published hospital rules, each with its worked example."""

import pytest

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.rules import Back, BackAt, Late, Order, places
from queue_server.core.vocabulary import Why
from tests.queue_server.core.makers import Day, clock, minutes, slot, small_site
from tests.queue_server.core.rule_table import shows


def a_day(hour: int = 8, minute: int = 0, **rules: object) -> Day:
    """A day under these rules in the clinic, with one doctor at work."""
    day = Day(small_site(**rules), clock(hour, minute))
    day.do(c.PausePoint("a2", "chen"))
    return day


def arrive(day: Day, *children: str, every: float = 1, **more: object) -> None:
    """Families come one after the other, so many minutes apart."""
    for child in children:
        day.now += minutes(every)
        day.arrive(child, **more)


def sent_for_tests(day: Day, child: str) -> None:
    """The child is next, sees the doctor, and is sent to the laboratory."""
    day.now += minutes(5)
    assert day.serve("a1", tests=("lab",)) == day.ticket(f"v-{child}")


def comes_back(day: Day, *children: str) -> None:
    """The laboratory is done with these children, in this order."""
    for child in children:
        assert day.serve("l1") == day.ticket(f"v-{child}")


def called(day: Day, count: int, point: str = "a1") -> list[str]:
    """Who is called and served one after the other: child's names, with `'` for a return."""
    found = []
    for _ in range(count):
        day.now += minutes(1)
        answer = day.do(c.CallNext(point, "nurse"))
        if not isinstance(answer, c.CallAnswer):
            break
        step = day.hospital.current(point)
        assert step
        found.append(answer.visit.removeprefix("v-") + ("'" if step.plan.is_return else ""))
        day.do(c.Start(point, "doctor"))
        day.do(c.Finish(point, "doctor"))
    return found


def reasons(day: Day) -> list[Why]:
    """Why each of the calls to the clinic was made."""
    return [ev.choice.why for ev in day.events if isinstance(ev, e.Called) and ev.point[0] == "a"]


# ---- presets ------------------------------------------------------------------------------------


@shows(
    "Order of calling",
    "2 first visits, then 1 return (2+1): the doctor sees 13, no. 2 comes back → 14, 15, **2**, 16, 17, …",
)
def test_two_first_visits_then_one_return() -> None:
    day = a_day(order=Order.INTERLEAVE, interleave=2, interleave_even=False)
    arrive(day, *(str(n) for n in range(1, 21)))
    for n in range(1, 4):
        sent_for_tests(day, str(n))
    called(day, 9)
    assert called(day, 1) == ["13"]
    comes_back(day, "1", "2", "3")
    assert called(day, 9) == ["14", "15", "1'", "16", "17", "2'", "18", "19", "3'"]


@shows("Order of calling", "2 : 1 becomes 1 : 1 as soon as more returns than first visits wait")
def test_one_to_one_when_more_returns_than_first_visits_wait() -> None:
    day = a_day(order=Order.INTERLEAVE, interleave=2)
    arrive(day, *"abcdefgh")
    for child in "abcd":
        sent_for_tests(day, child)
    comes_back(day, *"abc")  # three returns, four first visits: 2 : 1
    assert called(day, 2) == ["e", "f"]  # three returns, two first visits: 1 : 1
    comes_back(day, "d")
    assert called(day, 6) == ["a'", "g", "b'", "h", "c'", "d'"]


@shows("Order of calling", "with missed families: 2 first + 1 return + 1 missed")
def test_two_first_visits_one_return_one_missed() -> None:
    day = a_day(order=Order.INTERLEAVE, interleave_even=False, missed=(Back(BackAt.LINE),))
    arrive(day, *"abcdefghij")
    sent_for_tests(day, "a")
    assert day.call() == day.ticket("v-b")
    day.do(c.Miss("a1", "nurse"))
    comes_back(day, "a")
    day.scan("b")
    assert called(day, 6) == ["c", "d", "a'", "b", "e", "f"]


@shows("Order of calling", "first come, first served: the check-in alone counts, booked or not")
def test_first_come_first_served() -> None:
    day = a_day(8, 30, order=Order.CHECK_IN)
    arrive(day, "ten", slot=slot(10))
    arrive(day, "walkin")
    arrive(day, "nine", slot=slot(9))
    assert called(day, 3) == ["ten", "walkin", "nine"]


@shows("Order of calling", "by registration number, whenever they came; without a number last")
def test_by_registration_number() -> None:
    day = a_day(order=Order.NUMBER)
    arrive(day, "none")
    for number in (12, 3, 7):
        arrive(day, str(number), serial=number)
    assert called(day, 4) == ["3", "7", "12", "none"]


@shows("Order of calling", "by appointment slot, then by check-in")
def test_by_slot_then_check_in() -> None:
    day = a_day(8, 30, order=Order.SLOT)
    arrive(day, "ten", slot=slot(10))
    arrive(day, "nine", "nine2", slot=slot(9))
    assert called(day, 3) == ["nine", "nine2", "ten"]


@shows("Order of calling", "every booked family before every walk-in")
def test_booked_before_walk_ins() -> None:
    day = a_day(order=Order.BOOKED_FIRST)
    arrive(day, "walkin")
    arrive(day, "late-slot", slot=slot(9))
    arrive(day, "early-slot", slot=slot(8))
    assert called(day, 3) == ["early-slot", "late-slot", "walkin"]
    assert Why.BOOKED in reasons(day)


@shows(
    "Order of calling", "booked and walk-in equal: a walk-in counts as having come 10 minutes later"
)
def test_a_walk_in_counts_as_ten_minutes_later() -> None:
    day = a_day(8, 10)
    arrive(day, "walkin")
    arrive(day, "soon", every=9, slot=slot(8))
    arrive(day, "later", every=2, slot=slot(8))
    assert called(day, 3) == ["soon", "walkin", "later"]


@shows("Order of calling", "strict return priority: every return before every first visit")
def test_strict_return_priority() -> None:
    day = a_day(order=Order.RETURNS_FIRST)
    arrive(day, *"abcd")
    sent_for_tests(day, "a")
    day.now = clock(8, 30)
    comes_back(day, "a")
    assert called(day, 4) == ["a'", "b", "c", "d"]
    assert reasons(day)[1] is Why.RETURN_FIRST


@shows(
    "Order of calling", "a return to the back of the line: order of check-in, results by when ready"
)
def test_returns_at_the_back() -> None:
    day = a_day(order=Order.CHECK_IN)
    arrive(day, *"abc")
    sent_for_tests(day, "a")
    comes_back(day, "a")
    assert called(day, 3) == ["b", "c", "a'"]


@shows("Order of calling", "a return after n others, wherever it would stand")
def test_a_return_after_n_others() -> None:
    day = a_day(order=Order.CHECK_IN, returns=places(2))
    arrive(day, *"abcde")
    sent_for_tests(day, "a")
    comes_back(day, "a")
    assert called(day, 5) == ["b", "c", "a'", "d", "e"]


@shows("Order of calling", "**accumulating priority** (default): a return's waiting counts 3 times")
def test_accumulating_priority() -> None:
    day = a_day()
    arrive(day, *"abcdef")  # counted from 8:11 … 8:16
    day.now = clock(8, 30)
    sent_for_tests(day, "a")  # 8:35
    day.now = clock(8, 40)
    comes_back(day, "a")
    day.now = clock(8, 50)
    # b has 38 points, the return 3 × 10 = 30; five minutes later 43 and 45
    assert called(day, 2) == ["b", "c"]
    day.now = clock(8, 57)
    assert called(day, 1) == ["a'"]
    assert reasons(day)[-1] is Why.RETURN_SCORE


@shows("Order of calling", "a first visit more than 60 minutes past its time goes before returns")
def test_an_overdue_first_visit_goes_before_returns() -> None:
    day = a_day()
    arrive(day, *"abc")
    sent_for_tests(day, "a")
    day.now = clock(8, 50)
    comes_back(day, "a")
    day.now = clock(9, 14)  # b and c count from 8:12 and 8:13
    assert called(day, 3) == ["b", "c", "a'"]


@shows(
    "Order of calling",
    "a return that has been ready for more than 30 minutes goes before those as well",
)
def test_an_overdue_return_goes_before_overdue_first_visits() -> None:
    day = a_day()
    arrive(day, *"abc")
    sent_for_tests(day, "a")
    comes_back(day, "a")
    day.now = clock(9, 14)
    assert called(day, 3) == ["a'", "b", "c"]


@shows("Order of calling", "nobody is overtaken more often than the cap allows")
@pytest.mark.parametrize("cap", [1, 3])
def test_the_overtaking_cap(cap: int) -> None:
    day = a_day(order=Order.RETURNS_FIRST, overtake_cap=cap)
    arrive(day, *"abcdef", "last")
    for child in "abcdef":
        sent_for_tests(day, child)
    comes_back(day, *"abcdef")
    expected = [f"{child}'" for child in "abcdef"]
    expected.insert(cap, "last")
    assert called(day, 7) == expected
    assert reasons(day)[6 + cap] is Why.CAP


@shows("Order of calling", "a held family is passed over without a call and without a penalty")
def test_a_held_family_is_passed_over() -> None:
    day = a_day()
    arrive(day, *"abc")
    day.do(c.Hold("v-a", "nurse"))
    assert called(day, 1) == ["b"]
    day.do(c.Release("v-a", "nurse"))
    assert called(day, 2) == ["a", "c"]
    assert day.hospital.visits["v-a"].first_step().misses == 0


# ---- late ---------------------------------------------------------------------------------------


def late_day(**rules: object) -> Day:
    """Five on time for their slot at ten; one of the slot at eight comes at 10:20."""
    day = a_day(9, 50, order=Order.SLOT, **rules)
    arrive(day, *"abcde", slot=slot(10))
    day.now = clock(10, 20)
    day.arrive("late", slot=slot(8))
    return day


@shows("Late and missed", "late: as normal (the slot still counts)")
def test_late_as_normal() -> None:
    assert called(late_day(late=Late.AS_NORMAL), 2) == ["late", "a"]


@shows("Late and missed", "late (default): loses the slot's rank, not the visit")
def test_late_loses_the_slots_rank() -> None:
    assert called(late_day(), 6) == ["a", "b", "c", "d", "e", "late"]


@shows("Late and missed", "late: one is let in after every n others")
def test_late_every_nth() -> None:
    day = late_day(late=Late.EVERY_NTH, late_every=2)
    assert called(day, 6) == ["a", "b", "late", "c", "d", "e"]


@shows("Late and missed", "late: at the end of the period")
def test_late_to_the_end_of_the_period() -> None:
    day = late_day(late=Late.PERIOD_END)
    day.arrive("next", slot=slot(11))
    day.arrive("walkin")  # counts from 10:30
    assert called(day, 8) == ["a", "b", "c", "d", "e", "walkin", "late", "next"]


@shows("Late and missed", "late: at the end of the half day")
def test_late_to_the_end_of_the_half_day() -> None:
    day = late_day(late=Late.HALF_DAY_END)
    day.arrive("next", slot=slot(11))
    day.arrive("afternoon", slot=slot(13))
    assert called(day, 8) == ["a", "b", "c", "d", "e", "next", "late", "afternoon"]


# ---- missed -------------------------------------------------------------------------------------


@shows("Late and missed", "missed: + 5 places, again + 5, then the end of the half day, then void")
def test_missed_plus_five_plus_five_end_void() -> None:
    rules = (places(5), places(5), Back(BackAt.HALF_DAY_END), Back(BackAt.VOID))
    day = a_day(order=Order.CHECK_IN, missed=rules)
    arrive(day, "m", *(str(n) for n in range(1, 16)))

    def miss_and_sign_in() -> c.Answer:
        assert day.call() == day.ticket("v-m")
        day.do(c.Miss("a1", "nurse"))
        return day.scan("m")

    miss_and_sign_in()
    assert called(day, 5) == ["1", "2", "3", "4", "5"]
    miss_and_sign_in()
    assert called(day, 5) == ["6", "7", "8", "9", "10"]
    miss_and_sign_in()
    assert called(day, 5) == ["11", "12", "13", "14", "15"]
    answer = miss_and_sign_in()
    assert isinstance(answer, c.Refused)
    assert answer.reason is c.Reason.TOO_MANY_MISSES


@shows(
    "Late and missed",
    "missed (default): back in after 3 places, once more after 3, then the end of the half day",
)
def test_missed_back_in_after_three_places() -> None:
    day = a_day(order=Order.CHECK_IN)
    arrive(day, "m", *"abcd")
    day.call()
    day.do(c.Miss("a1", "nurse"))
    day.now = clock(8, 20)
    day.scan("m")
    assert called(day, 5) == ["a", "b", "c", "m", "d"]
    assert reasons(day)[4] is Why.BACK_IN


@shows("Late and missed", "missed: back by the line's own order, from signing in again")
def test_missed_back_in_by_the_lines_order() -> None:
    day = a_day(missed=(Back(BackAt.LINE),))
    arrive(day, "m", *"ab")
    day.call()
    day.do(c.Miss("a1", "nurse"))
    day.now = clock(8, 20)
    day.scan("m")
    arrive(day, "z")
    assert called(day, 4) == ["a", "b", "m", "z"]


@shows("Late and missed", "who signs in again is back in every line where a call was missed")
def test_back_in_every_line() -> None:
    day = a_day()
    arrive(day, "m")
    day.call(), day.do(c.Start("a1", "x")), day.do(c.Finish("a1", "x", ("lab", "xray")))
    for point in ("l1", "x1"):
        day.call(point), day.do(c.Miss(point, "n"))
    day.scan("m")
    assert day.serve("l1") == day.serve("x1") == day.ticket("v-m")


@shows("Late and missed", "missed: at the end of the period")
def test_missed_to_the_end_of_the_period() -> None:
    day = a_day(order=Order.SLOT, missed=(Back(BackAt.PERIOD_END),))
    arrive(day, "m", *"ab", slot=slot(8))
    arrive(day, "nine", slot=slot(10))
    day.call()
    day.do(c.Miss("a1", "nurse"))
    day.scan("m")
    assert called(day, 4) == ["a", "b", "m", "nine"]


# ---- priority -----------------------------------------------------------------------------------


@shows("Priority", "a class given by law goes before everybody without one, with its reason kept")
def test_a_priority_class_goes_first() -> None:
    day = a_day()
    arrive(day, *"abc")
    day.do(c.SetPriority("v-c", "statutory", "nurse", "军人子女，证件已看"))
    assert called(day, 3) == ["c", "a", "b"]
    assert reasons(day)[0] is Why.CLASS
    given = next(ev for ev in day.events if isinstance(ev, e.PriorityGiven))
    assert (given.by, given.reason) == ("nurse", "军人子女，证件已看")


@shows("Priority", "emergency levels stand above all, even above who was overtaken too often")
def test_an_emergency_goes_even_before_the_cap() -> None:
    day = a_day(order=Order.RETURNS_FIRST, overtake_cap=1)
    arrive(day, *"ab", "last")
    for child in "ab":
        sent_for_tests(day, child)
    comes_back(day, *"ab")
    assert called(day, 1) == ["a'"]
    arrive(day, "emergency", priority="level-1")
    assert called(day, 3) == ["emergency", "last", "b'"]


@shows("Priority", "a visit sent on from the online clinic arrives with priority")
def test_converted_online_visits_have_priority() -> None:
    day = a_day()
    arrive(day, *"ab")
    arrive(day, "online", priority="converted")
    assert called(day, 3) == ["online", "a", "b"]


@shows(
    "Priority", "a room for certain levels calls nobody else, and they may be called elsewhere too"
)
def test_a_room_for_levels_only() -> None:
    from dataclasses import replace

    from queue_server.core.site import Point
    from tests.queue_server.core.makers import name

    site = small_site()
    room = Point("er", name("抢救室"), "resp", classes=("level-1", "level-2"))
    day = Day(replace(site, points={**site.points, "er": room}), clock(8))
    arrive(day, *"ab")
    assert day.call("er") == c.Reason.NOBODY_WAITING
    arrive(day, "emergency", priority="level-2")
    arrive(day, "second", priority="level-2")
    assert called(day, 2, "er") == ["emergency", "second"]
    assert called(day, 1, "a1") == ["a"]


@shows("Priority", "the class is shown with a badge; without a class there is none")
def test_unknown_classes_are_refused() -> None:
    day = a_day()
    arrive(day, "a")
    answer = day.do(c.SetPriority("v-a", "royal", "nurse", "王子"))
    assert isinstance(answer, c.Refused)
    assert answer.reason is c.Reason.UNKNOWN_CLASS
    assert day.hospital.site.classes["statutory"].badge == "军"
