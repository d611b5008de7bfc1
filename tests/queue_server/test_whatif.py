"""A changed rule, tried on yesterday: nothing changes under the same rules, and what should change does."""

from dataclasses import replace
from datetime import date

import pytest

from queue_server.core import commands as c
from queue_server.core.rules import Order
from queue_server.core.site import Site
from queue_server.whatif import NoSuchDay, compared, rerun, told, traced
from tests.queue_server.core.makers import TODAY, ZONE, Day, clock, minutes, slot, small_site


def recorded(order: Order = Order.CHECK_IN) -> Day:
    """A morning of one doctor: twenty families, every third with a test, one missed, one that naps."""
    day = Day(small_site(order=order), clock(8))
    day.do(c.PausePoint("a2", "chen"))
    for n in range(20):
        day.register(f"{n:02}", slot=slot(8 + n // 12))
    came = {f"{n:02}": clock(8) + minutes(3 * n) for n in range(20)}
    free_at = {"a1": clock(8), "l1": clock(8), "p1": clock(8)}
    pending: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    while day.now < clock(11, 30):
        for child, at in list(came.items()):
            if at <= day.now:
                day.scan(child)
                del came[child]
        for point, at in free_at.items():
            if at <= day.now and isinstance(answer := day.do(c.CallNext(point, "n")), c.CallAnswer):
                step = day.hospital.current(point)
                assert step
                child = answer.visit.removeprefix("v-")
                if child == "05" and not step.misses:
                    day.do(c.Miss(point, "n"), minutes(1))
                    day.scan(child)
                    continue
                day.do(c.Start(point, "wang"))
                sent = point == "a1" and int(child) % 3 == 0 and not step.plan.is_return
                tests = ("lab",) if sent else ()
                then = ("drugs",) if point == "a1" else ()
                took = 6 if point == "a1" and not step.plan.is_return else 2
                free_at[point] = day.now + minutes(took)
                pending[point] = (tests, then if point == "a1" else ())
        day.now += minutes(1)
        for point, at in free_at.items():
            if at <= day.now and point in pending:
                day.do(c.Finish(point, "wang", *pending.pop(point)))
    return day


def with_order(site: Site, order: Order) -> Site:
    group = site.groups["resp"]
    changed = replace(group, rules=replace(group.rules, order=order))
    return replace(site, groups={**site.groups, "resp": changed})


def test_under_the_same_rules_nothing_differs() -> None:
    day = recorded()
    trace = traced(day.hospital.site, day.events, TODAY)
    comparison = compared(trace, day.hospital.site)
    assert comparison.families == 20
    assert comparison.moved == ()
    assert comparison.lost == 0
    assert comparison.off < 4.0
    assert all(line.before_mean == line.after_mean for line in comparison.waits)


def test_returns_first_shortens_the_waits_of_returns_and_says_whose_order_differs() -> None:
    day = recorded()
    trace = traced(day.hospital.site, day.events, TODAY)
    comparison = compared(trace, with_order(day.hospital.site, Order.RETURNS_FIRST))
    waits = {(line.group, line.is_return): line for line in comparison.waits}
    assert waits["resp", True].after_mean < waits["resp", True].before_mean - 2
    assert waits["resp", False].after_mean > waits["resp", False].before_mean
    assert comparison.moved
    assert any(each.is_return and each.minutes < 0 for each in comparison.moved)
    text = list(told(comparison, ZONE))
    assert "would stand elsewhere" in "\n".join(text)


def test_the_day_itself_is_left_alone_and_reruns_repeat() -> None:
    day = recorded()
    trace = traced(day.hospital.site, day.events, TODAY)
    first, second = rerun(trace, day.hospital.site), rerun(trace, day.hospital.site)
    assert first.calls == second.calls


def test_a_day_that_is_not_there() -> None:
    day = recorded()
    with pytest.raises(NoSuchDay, match="2020"):
        traced(day.hospital.site, day.events, date(2020, 1, 1))
