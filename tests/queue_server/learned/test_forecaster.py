"""The learned forecast at work: watched, silent while it is wrong, back when it is right."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from queue_server.core import Hospital, Step
from queue_server.core import commands as c
from queue_server.core.state import Wait
from queue_server.core.waiting import Estimate, day_one
from queue_server.learned import LearnedForecast, Model, Watch, forecaster_in, write
from queue_server.learned.watching import LAST, LEAST
from tests.queue_server.core.makers import Day, minutes

OTHER = Wait(0, 5, 1.0)


def otherwise(_h: Hospital, _step: Step) -> Wait | None:
    return OTHER


def waiting(children: int = 6) -> Day:
    day = Day()
    for child in range(children):
        day.arrive(str(child))
    day.hospital.moment = day.now
    return day


def step_of(day: Day, child: int) -> Step:
    return day.hospital.visits[f"v-{child}"].first_step()


def test_a_learned_range_is_shown_in_steps_of_five_minutes(model: Model) -> None:
    day = waiting()
    forecast = LearnedForecast(model, otherwise)
    wait = forecast(day.hospital, step_of(day, 5))
    told = forecast.estimate(day.hospital, step_of(day, 5))
    assert wait
    assert told
    assert wait.low % 5 == wait.high % 5 == 0
    assert wait.low <= told.low + 5
    assert wait.high >= told.high
    assert wait.mean == told.mean


def test_what_it_knows_nothing_of_is_the_other_forecasts(model: Model) -> None:
    day = waiting()
    day.do(c.PausePoint("a1", "x")), day.do(c.PausePoint("a2", "x"))
    forecast = LearnedForecast(model, otherwise)
    assert forecast(day.hospital, step_of(day, 0)) is OTHER


# ---- the watch ----------------------------------------------------------------------------------


def noted(watch: Watch, inside: int, outside: int) -> Watch:
    """Waits spread evenly, of which the forecast of the first day has four in five."""
    total = inside + outside
    for number in range(total):
        is_inside = number * inside // total != (number + 1) * inside // total
        watch.note(is_inside, number % 5 > 0)
    return watch


def test_it_is_good_until_there_is_reason_to_think_otherwise() -> None:
    watch = noted(Watch(), 0, LEAST - 1)
    assert watch.health.good
    assert watch.health.covered is None
    watch.note(False)
    assert not watch.health.good


@pytest.mark.parametrize(("inside", "good"), [(370, False), (378, True), (422, True), (430, False)])
def test_of_the_last_500_waits_75_to_85_in_100_must_be_inside(inside: int, good: bool) -> None:
    watch = Watch()
    for _ in range(2):
        noted(watch, inside, LAST - inside)
    assert watch.health.waits == LAST
    assert watch.health.covered == pytest.approx(inside / LAST)
    assert watch.health.good is good


def test_nothing_is_gained_by_going_back_to_what_is_further_off() -> None:
    watch = Watch()
    for number in range(LAST):
        watch.note(number % 10 < 7, number % 10 < 5)
    assert watch.health.covered == pytest.approx(0.7)
    assert watch.health.covered_first_day == pytest.approx(0.5)
    assert watch.health.good
    for number in range(LAST):
        watch.note(number % 10 < 7, number % 10 < 8)
    assert not watch.health.good


def test_it_is_good_again_only_when_well_inside() -> None:
    watch = noted(Watch(), 300, 200)
    assert not watch.health.good
    noted(watch, 380, 120)  # 76 in 100: would have been good enough before
    assert not watch.health.good
    noted(watch, 395, 105)
    assert watch.health.good


def test_a_wait_is_compared_with_what_was_told_first() -> None:
    day, watch = waiting(), Watch()
    h, step = day.hospital, step_of(day, 5)
    watch.promise(h, step, Estimate(10.0, 8.0, 12.0))
    watch.promise(h, step, Estimate(90.0, 80.0, 99.0))
    day.now = h.moment = day.now + minutes(11)
    watch.look(h)
    assert watch.health.waits == 0
    day.do(c.CallOne("a1", "v-5", "nurse", "test"))
    h.moment = day.now + timedelta(hours=1)
    watch.look(h)
    assert watch.health.waits == 1
    noted(watch, LEAST - 1, 0)
    assert watch.health.covered == 1.0


def test_nobody_is_counted_where_hardly_anybody_waits_and_who_went_home_neither() -> None:
    day, watch = waiting(), Watch()
    h = day.hospital
    watch.promise(h, step_of(day, 0), Estimate(3.0, 0.0, 4.0))
    watch.promise(h, step_of(day, 1), Estimate(30.0, 0.0, 40.0))
    day.do(c.CallOne("a1", "v-0", "nurse", "test"))
    day.do(c.Cancel("v-1", "nurse"))
    watch.look(h)
    watch.look(h)
    assert watch.health.waits == 0


class Log:
    """Notes what is logged, however the process logs."""

    def __init__(self) -> None:
        self.events: list[str] = []

    def info(self, event: str, **_facts: object) -> None:
        self.events.append(event)

    warning = error = exception = info


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    log = Log()
    monkeypatch.setattr("queue_server.learned.forecaster.log", log)
    return log.events


def test_a_wrong_model_falls_back_by_itself_says_so_and_comes_back(
    model: Model, logged: list[str]
) -> None:
    forests = np.array([60.0, 70.0, 80.0])
    far_off = replace(model, trees=replace(model.trees, start=model.trees.start + forests))
    forecast = LearnedForecast(far_off, otherwise)
    for number in range(LEAST):
        day = waiting(3)
        h = day.hospital
        told = forecast(h, step_of(day, 2))
        assert (told is OTHER) == (number >= LEAST)
        day.do(c.CallOne("a1", "v-2", "nurse", "test"))
        forecast(h, step_of(day, 1))
    day = waiting(3)
    assert forecast(day.hospital, step_of(day, 2)) is OTHER
    noted(forecast._watch, 400, 100)
    assert forecast(day.hospital, step_of(day, 2)) is not OTHER
    assert "learned_forecast_fell_back" in logged


def test_a_fault_in_the_model_does_not_take_the_boards_with_it(
    model: Model, logged: list[str]
) -> None:
    broken = replace(model, trees=replace(model.trees, figure=model.trees.figure + 10_000))
    forecast = LearnedForecast(broken, otherwise)
    day = waiting()
    assert [forecast(day.hospital, step_of(day, n)) for n in range(3)] == [OTHER] * 3
    assert logged == ["learned_forecast_broke"]
    assert not forecast.health.good


# ---- at the start of a server -------------------------------------------------------------------


def test_the_newest_file_that_can_be_used_is_taken(
    model: Model, tmp_path: Path, logged: list[str]
) -> None:
    assert forecaster_in(tmp_path / "none") is day_one
    write(model, tmp_path)
    (tmp_path / "99999999.npz").write_bytes(b"nonsense")
    chosen = forecaster_in(tmp_path)
    assert isinstance(chosen, LearnedForecast)
    assert chosen.model.about == model.about
    assert logged == ["learned_forecast_not_used", "learned_forecast"]
