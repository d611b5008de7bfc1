"""The waiting time that is shown: a range, honest on days that nobody has seen."""

import heapq
from datetime import timedelta
from random import Random
from statistics import mean

import pytest

from queue_server.core import commands as c
from queue_server.core.rules import Order
from queue_server.core.state import Wait
from queue_server.core.vocabulary import StepState as S
from queue_server.core.waiting import damped, day_one, estimated
from tests.queue_server.core.makers import Day, clock, minutes, slot, small_site
from tests.queue_server.core.rule_table import shows


def wait_of(day: Day, child: str) -> Wait | None:
    day.hospital.moment = day.now
    return day_one(day.hospital, day.hospital.visits[f"v-{child}"].first_step())


@shows(
    "Reasons and replay",
    "the waiting time is a range in steps of 5 minutes, from the real line under its rules",
)
def test_a_range_from_the_real_line() -> None:
    day = Day(small_site(order=Order.CHECK_IN))
    day.arrive("1")
    wait = wait_of(day, "1")
    assert wait
    assert (wait.low, wait.high) == (0, 5)
    for child in range(2, 12):
        day.now += timedelta(seconds=1)
        day.arrive(str(child))
    last = wait_of(day, "11")
    assert last
    assert 15 <= last.low < last.mean < last.high <= 60  # ten ahead, 6.6 minutes each, two rooms
    assert last.low % 5 == last.high % 5 == 0


def test_a_named_doctors_line_counts_for_those_who_wait_for_that_doctor() -> None:
    day = Day(small_site(order=Order.CHECK_IN))
    for child in range(6):
        day.arrive(f"w{child}", doctor="wang")
    day.now += minutes(1)
    day.arrive("w", doctor="wang"), day.arrive("c", doctor="chen"), day.arrive("p")
    wang, chen, pool = (wait_of(day, child) for child in "wcp")
    assert wang
    assert chen
    assert pool
    assert wang.mean > 30 > 5 > chen.mean
    assert pool.mean < 12  # the other doctor takes the pool


@shows("Reasons and replay", "no room at work: no time is promised")
def test_without_a_room_at_work_there_is_no_promise() -> None:
    day = Day()
    day.arrive("1")
    day.do(c.PausePoint("a1", "x")), day.do(c.PausePoint("a2", "x"))
    assert wait_of(day, "1") is None
    day.register("2")
    assert wait_of(day, "2") is None


def test_booked_families_still_to_come_are_counted() -> None:
    quiet, busy = (Day(small_site(), clock(7, 50)) for _ in range(2))
    for n in range(20):
        busy.register(f"b{n}", slot=slot(8))
    for day in (quiet, busy):
        day.arrive("early", slot=slot(9))
        assert day.states("v-early") == [S.WAITING]
    alone, among = wait_of(quiet, "early"), wait_of(busy, "early")
    assert alone
    assert among
    assert among.mean > alone.mean + 20


@shows("Reasons and replay", "changes of less than 3 minutes are not shown")
def test_small_changes_are_not_shown() -> None:
    shown = Wait(10, 25, 17.0)
    assert damped(shown, Wait(15, 25, 19.5)) is shown
    assert damped(shown, Wait(15, 30, 20.5)).low == 15
    assert damped(None, shown) is shown


def a_morning(seed: int, order: Order) -> list[tuple[float, float, float, float]]:
    """Three hours of a clinic with two rooms: mean, low, high as forecast at check-in, and the true wait."""
    random = Random(seed)
    day = Day(small_site(order=order, service_minutes=5.0), clock(8))
    h = day.hospital
    todo: list[tuple[float, int, str, str]] = []
    for n in range(80):
        heapq.heappush(todo, (random.uniform(0, 170), n, "arrive", str(n)))
    forecasts: dict[str, tuple[float, float, float, float]] = {}
    found = []
    number = 100
    while todo:
        at, _, what, who = heapq.heappop(todo)
        day.now = clock(8) + timedelta(minutes=at)
        if what == "arrive":
            day.arrive(who)
            estimate = estimated(h, h.visits[f"v-{who}"].first_step(), day.now)
            assert estimate
            forecasts[who] = (estimate.mean, estimate.low, estimate.high, at)
        elif what == "finish":
            day.do(c.Finish(who, "wang"))
        for point in ("a1", "a2"):
            if h.current(point) is None:
                answer = day.do(c.CallNext(point, "nurse"))
                if isinstance(answer, c.CallAnswer):
                    middle, low, high, came = forecasts[answer.visit.removeprefix("v-")]
                    found.append((middle, low, high, at - came))
                    day.do(c.Start(point, "wang"))
                    number += 1
                    took = random.lognormvariate(1.3, 0.55) + 0.6
                    heapq.heappush(todo, (at + took, number, "finish", point))
    return found


@pytest.mark.parametrize("order", [Order.CHECK_IN, Order.ACCUMULATING])
def test_most_families_wait_within_the_range(order: Order) -> None:
    cases = [case for seed in range(6) for case in a_morning(seed, order)]
    inside = mean(low - 1 <= true <= high + 1 for _, low, high, true in cases)
    error = mean(abs(middle - true) for middle, _, _, true in cases)
    blind = mean(abs(mean(true for *_, true in cases) - true) for *_, true in cases)
    assert 0.65 <= inside <= 0.97, inside
    assert error < 0.75 * blind, (error, blind)
    assert minutes(error) < minutes(8)
