"""Check-ins at doors: simulated air, the agents' own core, the server's own arbitration. See `beacon-sim radio --doors`."""

from functools import partial

import pytest

from beacon_sim.radio.doors import SCENARIOS, Corridor, play
from edge_agent.core import Reach

CORRIDOR = Corridor(doors=4, reach=Reach(near_dbm=-70))
run = partial(play, corridor=CORRIDOR, arrivals=40, at_once=40, seed=3)


def test_families_that_hold_their_phone_to_the_sign_are_in_within_seconds() -> None:
    tally = run(SCENARIOS["arrivals"])
    assert tally.expected == 40
    assert tally.missed <= 2
    assert tally.false == 0
    assert tally.p95_s() <= 6


def test_who_stands_at_the_next_clinics_door_is_not_checked_in() -> None:
    assert run(SCENARIOS["wrong-door"]).false <= 1


def test_a_phone_on_a_chair_between_two_doors_troubles_nobody_but_its_own() -> None:
    assert run(SCENARIOS["chairs"], arrivals=10).false == 0


def test_a_token_that_is_relayed_to_its_own_door_checks_nobody_in() -> None:
    tally = run(SCENARIOS["relays"], arrivals=20)
    assert tally.false <= 1
    assert tally.refused >= 5


def test_of_two_siblings_on_one_phone_the_one_at_its_door_is_checked_in() -> None:
    tally = run(SCENARIOS["siblings"], arrivals=20)
    assert tally.expected == 10
    assert tally.right >= 9
    assert tally.false == 0


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_same_seed_plays_the_same_story(name: str) -> None:
    once, again = (play(SCENARIOS[name], 6, CORRIDOR, seed=5) for _ in range(2))
    assert once == again
