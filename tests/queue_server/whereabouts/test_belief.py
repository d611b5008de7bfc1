import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.whereabouts import LevelModel, Reading, Receiver, Tracker, grid
from queue_server.whereabouts.belief import FORGOTTEN_S
from tests.queue_server.whereabouts.hall import RECEIVERS, readings, tracker

TRACKER = tracker()
OFFSETS = TRACKER.unknown_offsets()


def test_a_phone_that_stands_still_is_found_within_three_metres() -> None:
    errors = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        spot = (float(rng.uniform(1, 15)), float(rng.uniform(1, 11)))
        belief = TRACKER.start(0.0)
        for at in np.arange(0.0, 15.0, 0.5):
            belief = TRACKER.hear(belief, float(at), readings(spot, rng), OFFSETS)
        found = TRACKER.whereabout(belief)
        errors.append(np.hypot(found.x_m - spot[0], found.y_m - spot[1]))
    assert np.median(errors) < 1.5
    assert max(errors) < 4


def test_a_louder_phone_is_not_taken_for_a_nearer_one() -> None:
    rng = np.random.default_rng(3)
    belief = TRACKER.start(0.0)
    for at in np.arange(0.0, 30.0, 0.5):
        heard = readings((8.0, 6.0), rng, offsets=(8.0,) * 6)
        belief = TRACKER.hear(belief, float(at), heard, OFFSETS)
    assert belief.phone_db > 3
    found = TRACKER.whereabout(belief)
    assert abs(found.x_m - 8) < 2
    assert abs(found.y_m - 6) < 2


def test_one_reading_that_means_nothing_does_not_move_a_phone_across_the_hall() -> None:
    rng = np.random.default_rng(4)
    belief = TRACKER.start(0.0)
    for at in np.arange(0.0, 10.0, 0.5):
        belief = TRACKER.hear(belief, float(at), readings((1.0, 1.0), rng), OFFSETS)
    belief = TRACKER.hear(belief, 10.5, [Reading("door-6", 20.0)], OFFSETS)
    assert TRACKER.whereabout(belief).zone == "door-1"


def test_silence_of_receivers_that_are_well_makes_their_surroundings_improbable() -> None:
    deaf_beyond = Tracker.of(TRACKER.places, RECEIVERS, LevelModel(sensitivity_dbm=-75))
    start, level = deaf_beyond.start(0.0), [Reading("door-2", -72.0, count=4)]
    alone = deaf_beyond.hear(start, 0.0, level, OFFSETS)
    silent = deaf_beyond.hear(start, 0.0, level, OFFSETS, silent=["door-6"])
    corner = TRACKER.places.zones.index("door-6")
    before, after = (deaf_beyond.whereabout(each).zones[corner] for each in (alone, silent))
    assert after < 0.6 * before


def test_readings_of_agents_that_hang_nowhere_are_ignored() -> None:
    belief = TRACKER.start(0.0)
    after = TRACKER.hear(belief, 0.0, [Reading("mobile-cart", -40.0)], OFFSETS)
    assert after is belief


def test_after_a_long_silence_a_phone_may_be_anywhere_but_is_as_loud_as_it_was() -> None:
    rng = np.random.default_rng(5)
    belief = TRACKER.start(0.0)
    for at in np.arange(0.0, 10.0, 0.5):
        belief = TRACKER.hear(belief, float(at), readings((1.0, 1.0), rng), OFFSETS)
    later = TRACKER.advance(belief, 10 + FORGOTTEN_S + 1)
    assert TRACKER.whereabout(later).probability < 0.3
    assert later.phone_db == belief.phone_db


def test_a_phone_a_floor_below_is_not_taken_for_one_here() -> None:
    receivers = [*RECEIVERS, Receiver("below", 8, 6, floor=-1)]
    here = Tracker.of(grid(receivers, cell_m=2.0), receivers)
    belief = here.start(0.0)
    rng = np.random.default_rng(6)
    for at in np.arange(0.0, 10.0, 0.5):
        through = [Reading(each.agent, each.level_dbm - 15) for each in readings((8.0, 6.0), rng)]
        heard = [*through, Reading("below", -62.0)]
        belief = here.hear(belief, float(at), heard, here.unknown_offsets())
    found = here.whereabout(belief)
    assert found.floor == -1
    assert found.floor_probability > 0.9


def test_two_receivers_of_one_name_are_refused() -> None:
    twice = [Receiver("door", 0, 0), Receiver("door", 1, 0)]
    with pytest.raises(ValueError, match="same name"):
        Tracker.of(grid(twice), twice)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(-50, 400, allow_nan=False),
            st.lists(
                st.tuples(st.integers(1, 6), st.floats(-127, 20), st.integers(1, 500)), max_size=6
            ),
        ),
        max_size=8,
    )
)
def test_whatever_comes_probabilities_stay_probabilities(
    looks: list[tuple[float, list[tuple[int, float, int]]]],
) -> None:
    belief = TRACKER.start(0.0)
    for at, heard in looks:
        given_ = [Reading(f"door-{door}", level, count) for door, level, count in heard]
        belief = TRACKER.hear(belief, at, given_, OFFSETS, silent=["door-1"])
        found = TRACKER.whereabout(belief)
        assert sum(found.zones) == pytest.approx(1)
        assert np.isfinite(belief.phone_db)
        assert (belief.state >= 0).all()
