"""Orders and a laboratory: placed once, collected, reported; across restarts."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from queue_server.core import Hospital
from queue_server.core import commands as c
from queue_server.core.vocabulary import StepState as S
from queue_server.orders import InProcessLaboratory, LabOrder, OrderDesk, open_orders
from queue_server.steady import SteadyForecast
from tests.queue_server.core.makers import Day, minutes
from tests.queue_server.core.test_itinerary import hospital


def a_day() -> Day:
    day = Day(hospital(results_reported=True))
    day.arrive("1")
    day.call(), day.do(c.Start("a1", "wang"))
    return day


T = TypeVar("T")


class DayDesk:
    """As much of a desk as orders need, on a `Day`."""

    def __init__(self, day: Day) -> None:
        self.day = day

    async def ask(self, question: Callable[[Hospital], T]) -> T:
        return question(self.day.hospital)

    async def submit(self, command: c.Command) -> c.Answer:
        return self.day.do(command)


def look(desk: OrderDesk) -> int:
    return asyncio.run(desk.look())


def test_a_result_comes_back_after_the_turn_around_time() -> None:
    day = a_day()
    desk = OrderDesk(DayDesk(day), InProcessLaboratory(lambda: day.now))
    day.do(c.Finish("a1", "wang", ("blood",)))
    assert look(desk) == 0
    day.serve("l1")
    day.now += minutes(19)
    assert look(desk) == 0
    day.now += minutes(1)
    assert look(desk) == 1
    assert day.states("v-1")[-1] is S.WAITING
    assert look(desk) == 0
    assert open_orders(day.hospital) == ()


def test_after_a_restart_everything_open_is_placed_again_and_no_result_is_lost() -> None:
    day = a_day()
    day.do(c.Finish("a1", "wang", ("blood",)))
    look(OrderDesk(DayDesk(day), InProcessLaboratory(lambda: day.now)))
    day.serve("l1")
    day.now += minutes(60)
    again = OrderDesk(DayDesk(day), InProcessLaboratory(lambda: day.now))
    assert look(again) == 1
    assert day.states("v-1")[-1] is S.WAITING


def test_unpaid_and_undone_orders_are_not_in_the_laboratory() -> None:
    day = a_day()
    laboratory = InProcessLaboratory(lambda: day.now, other=timedelta())
    desk = OrderDesk(DayDesk(day), laboratory)
    day.do(c.Finish("a1", "wang", ("blood",), unpaid=True))
    assert open_orders(day.hospital) == ()
    day.do(c.Pay("v-1", "phone"))
    assert [order.services for order in open_orders(day.hospital)] == [("blood",)]
    look(desk)
    day.do(c.Drop("v-1", "nurse", "走了"))
    look(desk)
    assert asyncio.run(laboratory.results()) == []


def test_a_result_nobody_waits_for_is_named_once() -> None:
    day = a_day()
    laboratory = InProcessLaboratory(lambda: day.now, other=timedelta())
    asyncio.run(laboratory.place([LabOrder("ghost", "1", "A001", "lab", ("x",), day.now)]))
    desk = OrderDesk(DayDesk(day), laboratory)
    assert look(desk) == 0
    assert asyncio.run(laboratory.results()) == []


def test_a_steady_forecast_does_not_flicker_and_forgets() -> None:
    day = Day()
    for child in "123":
        day.now += minutes(1)
        day.arrive(child)
    h = day.hospital
    h.moment = day.now
    steady = SteadyForecast(most=2)
    steps = [h.visits[f"v-{child}"].first_step() for child in "123"]
    first = steady(h, steps[2])
    assert first
    h.moment += minutes(1)
    assert steady(h, steps[2]) is first
    assert steady(h, steps[0])
    assert steady(h, steps[1])
    assert len(steady._shown) == 2
    day.call()
    assert steady(h, steps[0]) is None


def test_results_are_not_reported_unless_the_line_says_so() -> None:
    day = Day()
    day.arrive("1")
    day.serve("a1", tests=("lab",))
    assert open_orders(day.hospital) == ()
