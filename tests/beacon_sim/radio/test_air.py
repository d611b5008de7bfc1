"""The simulated radio has the properties that its figures promise."""

import time
from dataclasses import replace

import numpy as np
import pytest

from beacon_sim.radio import (
    PHONES,
    Air,
    Phone,
    PhoneModel,
    RadioModel,
    Walk,
    Wall,
    straight,
    waiting,
)
from beacon_sim.radio.fields import Fading, Shadow
from queue_server.whereabouts import Receiver

QUIET = RadioModel(
    receiver_sd_db=0, shadow_sd_db=0, room_sd_db=0, rician_k=1e6, heard=1.0, sensitivity_dbm=-150
)
"""Nothing but distance."""
BEACON = PHONES["beacon"]


def standing(x: float, y: float, height: float = 1.5, model: PhoneModel = BEACON) -> Phone:
    return Phone(Walk(np.zeros(1), np.array([[x, y, height]])), model)


def test_without_disturbance_the_level_falls_by_the_exponent() -> None:
    air = Air([Receiver("near", 1, 0), Receiver("far", 10, 0)], QUIET)
    heard = air.receive([standing(0, 0)], 0, 20)
    near, far = (heard.rssi_dbm[heard.receiver == each] for each in (0, 1))
    assert set(near.tolist()) == {-60}
    assert set(far.tolist()) == {-77}


def test_the_same_seed_is_the_same_air_and_another_is_not() -> None:
    def levels(seed: int) -> list[int]:
        heard = Air([Receiver("a", 5, 0)], seed=seed).receive([standing(0, 0)], 0, 20)
        return [int(each) for each in heard.rssi_dbm]

    assert levels(1) == levels(1)
    assert levels(1) != levels(2)


def test_adverts_come_an_interval_and_up_to_ten_milliseconds_apart() -> None:
    heard = Air([Receiver("a", 1, 0)], QUIET).receive([standing(0, 0)], 0, 60)
    gaps = np.diff(heard.at_s)
    assert gaps.min() >= 0.45
    assert gaps.max() <= 0.46
    assert abs(gaps.mean() - 0.455) < 0.001


@pytest.mark.parametrize(
    ("apart_m", "expected"), [(0.0, 1.0), (0.8, np.exp(-1)), (2.4, np.exp(-3))]
)
def test_shadow_has_its_spread_and_forgets_at_its_distance(apart_m: float, expected: float) -> None:
    rng = np.random.default_rng(3)
    shadow = Shadow(rng, 300, 3.0, 0.8)
    spots = rng.uniform(0, 50, (40, 3))
    here, there = shadow.at(spots), shadow.at(spots + np.array([apart_m, 0, 0]))
    assert here.std() == pytest.approx(3.0, rel=0.1)
    assert (here * there).mean() / here.var() == pytest.approx(expected, abs=0.08)


def test_fading_is_rician_in_power_and_skewed_downwards_in_decibels() -> None:
    fading = Fading(np.random.default_rng(5), 60, 1.7, 0.1, 6.0)
    xyz = np.random.default_rng(6).uniform(0, 40, (400, 3))
    level = fading.at(np.zeros(400), xyz, np.zeros((400, 60)))
    assert (10 ** (level / 10)).mean() == pytest.approx(1.0, rel=0.08)
    centred = level - level.mean()
    assert (centred**3).mean() / centred.std() ** 3 < -0.5


def test_a_body_takes_its_loss_on_the_far_side_only() -> None:
    receivers = [Receiver("ahead", 30, 0), Receiver("behind", -10, 0)]
    walk = straight([(0, 0), (20, 0)], 1.0, 1.5)
    air = Air(receivers, QUIET)
    heard = air.receive([Phone(walk, replace(BEACON, body_db=15.0))], 9.0, 11.5)
    ahead, behind = (heard.rssi_dbm[heard.receiver == each].mean() for each in (0, 1))
    assert ahead - behind == pytest.approx(15, abs=2)


def test_who_stands_still_faces_the_way_of_the_last_step() -> None:
    walk = waiting(straight([(0, 0), (0, 5)], 1.0), 60)
    assert walk.facing(np.array([1.0, 30.0])).tolist() == [[0, 1], [0, 1]]


def test_a_wall_costs_its_loss_and_only_where_it_stands_between() -> None:
    receivers = [Receiver("beyond", 10, 0), Receiver("here", -10, 0)]
    wall = Wall(5, -5, 5, 5, 12.0)
    heard = Air(receivers, QUIET, walls=[wall]).receive([standing(0, 0)], 0, 20)
    beyond, here = (heard.rssi_dbm[heard.receiver == each].mean() for each in (0, 1))
    assert here - beyond == 12


def test_far_below_sensitivity_nothing_is_heard_and_at_it_half() -> None:
    model = replace(QUIET, sensitivity_dbm=-77)
    air = Air([Receiver("edge", 10, 0), Receiver("beyond", 40, 0)], model)
    heard = air.receive([standing(0, 0)], 0, 400)
    share = np.bincount(heard.receiver, minlength=2) / (400 / 0.455)
    assert share[0] == pytest.approx(0.5, abs=0.06)
    assert share[1] == 0


def test_of_a_crowd_most_adverts_are_lost_by_collision_and_of_a_few_hardly_any() -> None:
    def share(count: int) -> float:
        rng = np.random.default_rng(1)
        spots = rng.uniform(0, 20, (count, 2))
        phones = [standing(x, y, model=PhoneModel(0.1, body_db=0)) for x, y in spots]
        heard = Air([Receiver("a", 10, 10)], QUIET).receive(phones, 0, 2)
        return len(heard) / (count * 2 / 0.105)

    assert share(5) > 0.94
    assert share(500) < 0.35


def test_the_stronger_of_two_that_collide_is_heard() -> None:
    model = replace(QUIET, jitter_s=0.0, airtime_s=0.44, scan_s=1e6)
    near, far = standing(1, 0), standing(30, 0)
    heard = Air([Receiver("a", 0, 0)], model).receive([near, far], 0, 20)
    assert set(heard.phone.tolist()) == {0}


def test_a_hall_of_five_hundred_phones_is_simulated_faster_than_it_happens() -> None:
    rng = np.random.default_rng(2)
    receivers = [Receiver(f"a{number}", 5.0 * number, 0) for number in range(8)]
    phones = [
        standing(x, y, model=PhoneModel(0.25)) for x, y in rng.uniform(0, 40, (500, 2)).tolist()
    ]
    began = time.perf_counter()
    heard = Air(receivers).receive(phones, 0, 5)
    assert time.perf_counter() - began < 5
    assert len(heard) > 5_000


def test_nobody_is_heard_of_no_phones() -> None:
    assert len(Air([Receiver("a", 0, 0)]).receive([], 0, 5)) == 0


def test_a_walk_that_goes_back_in_time_is_refused() -> None:
    with pytest.raises(ValueError, match="never go back"):
        Walk(np.array([1.0, 0.0]), np.zeros((2, 3)))
