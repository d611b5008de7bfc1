"""A simulated day: repeatable, whole, and through the real rules."""

from dataclasses import replace
from math import isnan

import pytest

from beacon_sim.day import ALL_LEVERS, STATUS_QUO, DayModel, Levers, draw, run_day
from queue_server.core import events as e
from queue_server.core.vocabulary import StepState

SMALL = DayModel(visits=400, departments=4)


@pytest.mark.parametrize("levers", [STATUS_QUO, ALL_LEVERS], ids=["status-quo", "all-levers"])
def test_everybody_who_comes_is_seen_and_goes_home(levers: Levers) -> None:
    drawn = draw(SMALL, 1)
    run = run_day(drawn, levers)
    came = [n for n in range(drawn.count) if drawn.shows_up[n]]
    assert len(came) == 400
    finished = [n for n in came if not isnan(run.record.left[n])]
    assert len(finished) >= 398
    states = {step.state for step in run.hospital.steps.values()}
    assert states <= {StepState.DONE, StepState.READY, StepState.WAITING, StepState.MISSED}


def test_the_same_seed_is_the_same_day_and_another_is_another() -> None:
    runs = [run_day(draw(SMALL, seed), ALL_LEVERS).record.order for seed in (7, 7, 8)]
    assert runs[0] == runs[1] != runs[2]


def test_families_are_the_same_under_every_policy() -> None:
    drawn = draw(SMALL, 3)
    before = drawn.first.copy()
    run_day(drawn, STATUS_QUO)
    run_day(drawn, ALL_LEVERS)
    assert (drawn.first == before).all()


def test_nobody_is_called_who_is_at_the_laboratory() -> None:
    levers = replace(ALL_LEVERS, policy="accumulating")
    assert run_day(draw(SMALL, 2), levers).record.called_at_lab <= 1


def test_every_overtaking_has_its_reason() -> None:
    run = run_day(draw(SMALL, 4), ALL_LEVERS, keep_events=True)
    assert run.record.unexplained == 0
    assert any(isinstance(ev, e.Called) and ev.choice.overtook for ev in run.events)


def test_about_as_many_doctors_as_the_design_says() -> None:
    assert 240 <= len(draw(DayModel(), 1).rooms.department) <= 270
