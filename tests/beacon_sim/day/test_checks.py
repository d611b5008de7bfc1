"""The simulator and its yardsticks, checked against what is known without them."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest
import simpy

from beacon_sim.day import ALL_LEVERS, STATUS_QUO, DayModel, draw, run_day
from beacon_sim.day.bound import Job, mean_bound, mean_busy_dates
from beacon_sim.day.compare import paired, rows, run_all, sorted_out, tasks
from beacon_sim.day.erlang import erlang_c, mean_wait
from beacon_sim.day.measure import measured
from beacon_sim.day.report import html
from queue_server.core import Hospital, carry_out
from queue_server.core import commands as c
from tests.queue_server.core.makers import TODAY, clock, small_site


def test_erlangs_formula_at_known_values() -> None:
    assert erlang_c(1, 0.5) == pytest.approx(0.5)
    assert erlang_c(2, 1.0) == pytest.approx(1 / 3)
    assert mean_wait(1, 0.5, 1.0) == pytest.approx(1.0)
    with pytest.raises(ValueError, match="can't carry"):
        erlang_c(2, 2.0)


def test_two_windows_with_random_arrivals_wait_as_erlang_says() -> None:
    """The laboratory of the small hospital, on SimPy and the real rules."""
    random, env, h = Random(5), simpy.Environment(), Hospital(small_site())
    service, arrivals, waits = 2.0, 0.7, []
    start = clock(0)
    came: dict[str, float] = {}
    idle: dict[str, simpy.Event] = {}

    def do(command: c.Command) -> c.Answer:
        return carry_out(h, command, start + timedelta(minutes=env.now), undoable=False).answer

    def families() -> Any:
        for n in range(9_000):
            yield env.timeout(random.expovariate(arrivals))
            do(c.Register(f"v{n}", f"p{n}", "张小宝", "lab", TODAY))
            do(c.CheckInAtDesk(f"v{n}", "desk"))
            came[f"v{n}"] = env.now
            for point in list(idle):
                idle.pop(point).succeed()

    def window(point: str) -> Any:
        while True:
            answer = do(c.CallNext(point, "lab"))
            if not isinstance(answer, c.CallAnswer):
                idle[point] = env.event()
                yield idle[point]
                continue
            waits.append(env.now - came[answer.visit])
            do(c.Start(point, "lab"))
            yield env.timeout(random.expovariate(1 / service))
            do(c.Finish(point, "lab"))

    env.process(families())
    env.process(window("l1"))
    env.process(window("l2"))
    env.run(until=9_000 / arrivals)
    expected = mean_wait(2, arrivals, service)
    assert sum(waits) / len(waits) == pytest.approx(expected, rel=0.12)


def test_mean_busy_dates_of_one_and_of_preempted_jobs() -> None:
    assert mean_busy_dates([Job(2.0, 4.0, 1.0)], [(0.0, 1.0)]) == [4.0]
    assert mean_busy_dates([Job(0.0, 4.0, 1.0)], [(10.0, 2.0)]) == [11.0]
    long, short = mean_busy_dates([Job(0.0, 4.0, 1.0), Job(1.0, 1.0, 1.0)], [(0.0, 1.0)])
    assert short == 1.5
    assert long == pytest.approx((0.5 + 3 * 3.5) / 4)


@pytest.mark.parametrize("seed", range(1, 5))
@pytest.mark.parametrize("levers", [STATUS_QUO, ALL_LEVERS], ids=["quo", "all"])
def test_no_run_beats_the_clairvoyant(seed: int, levers: Any) -> None:
    drawn = draw(DayModel(visits=300, departments=3, load=1.0), seed)
    assert mean_bound(drawn, levers.previsit) < measured(run_day(drawn, levers)).mean


def test_paired_differences_have_an_interval() -> None:
    found = paired([1.0, 2.0, 3.0])
    assert found.mean == 2.0
    assert found.half_width == pytest.approx(4.30 / 3**0.5)
    assert found.low < 0 < 4.4 < found.high
    assert paired([1.0]).half_width == float("inf")


def test_a_comparison_has_rows_and_a_report() -> None:
    todo = tasks(("status-quo", "all", "presence-blind"), (0.93,), (1, 2), visits=200)
    outcomes = sorted_out(run_all(todo, workers=1))
    claims = rows(outcomes)
    assert {row.name for row in claims if row.goal is not None} >= {
        "all levers: mean time / bound",
        "return wait max, minutes",
    }
    page = html(outcomes, claims, 2, 200)
    assert "simulated" in page
    assert "<svg" in page
    assert "http://" not in page.replace("http://www.w3.org", "").replace(
        "http://purl.org", ""
    ).replace("http://creativecommons.org", "")
