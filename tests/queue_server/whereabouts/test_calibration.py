import numpy as np

from queue_server.whereabouts import Look, Offsets, Traffic, calibrate
from tests.queue_server.whereabouts.hall import readings, tracker

TRUE = (-6.0, 3.0, 0.0, 4.0, -3.0, 2.0)


def walk(traffic: Traffic, phone: str, seed: int, looks: int = 60) -> None:
    rng = np.random.default_rng(seed)
    spot = rng.uniform((1, 1), (15, 11))
    goal = rng.uniform((1, 1), (15, 11))
    for index in range(looks):
        if np.hypot(*(goal - spot)) < 0.5:
            goal = rng.uniform((1, 1), (15, 11))
        spot = spot + 0.4 * (goal - spot) / max(np.hypot(*(goal - spot)), 0.5)
        heard = readings((float(spot[0]), float(spot[1])), rng, TRUE)
        traffic.note(phone, Look(index * 0.6, heard))


def test_receivers_offsets_are_learned_from_phones_that_walk_about() -> None:
    traffic = Traffic()
    for number in range(6):
        walk(traffic, f"phone-{number}", number)
    offsets = tracker().unknown_offsets()
    for _ in range(5):
        offsets = calibrate(tracker(), traffic, offsets)
    # only differences between receivers can be told: all of them together are the phones'
    error = (offsets.mean - offsets.mean.mean()) - (np.array(TRUE) - np.mean(TRUE))
    assert np.sqrt((error**2).mean()) < 1.3
    assert (offsets.variance < 4).all()


def test_a_phone_left_on_a_chair_teaches_nothing() -> None:
    traffic, rng = Traffic(), np.random.default_rng(1)
    for index in range(200):
        traffic.note("phone", Look(index * 0.5, readings((4.0, 4.0), rng, TRUE)))
    known = tracker().unknown_offsets()
    found = calibrate(tracker(), traffic, known)
    assert (found.mean == known.mean).all()
    assert (found.variance == known.variance).all()


def test_what_was_learned_is_taken_back_when_too_little_is_left_of_the_traffic() -> None:
    learned = Offsets(np.array(TRUE), np.full(6, 0.5))
    assert (calibrate(tracker(), Traffic(), learned).mean == 0).all()


def test_traffic_is_bounded_whoever_talks_most() -> None:
    traffic = Traffic(kept=50)
    for number in range(30):
        for index in range(number):
            traffic.note(f"phone-{number}", Look(float(index), ()))
    assert traffic.count == sum(map(len, traffic.paths.values())) <= 50
    for index in range(500):
        traffic.note("one", Look(float(index), ()))
    assert traffic.count == sum(map(len, traffic.paths.values())) <= 50
    assert traffic.paths["one"][-1].at_s == 499
