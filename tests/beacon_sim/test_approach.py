"""Simulated approaches: from a seed, and fair."""

import numpy as np

from beacon_sim import approach_frames
from protocol.card import qr

CODE = qr.matrix("EVC1-APPROACH")


def test_a_seed_always_gives_the_same_frames() -> None:
    one, other = (list(approach_frames(CODE, 5, frames=3)) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
    assert not np.array_equal(one[0], next(approach_frames(CODE, 6)))


def test_a_second_is_thirty_grey_frames_of_the_camera() -> None:
    frames = list(approach_frames(CODE, 1))
    assert len(frames) == 30
    assert {(frame.shape, frame.dtype.name) for frame in frames} == {((720, 1280), "uint8")}


def test_other_sizes_and_lengths_are_made_too() -> None:
    (frame,) = approach_frames(CODE, 1, frames=1, size=(640, 480))
    assert frame.shape == (480, 640)


def test_a_hard_approach_is_the_same_hand_with_less_light_and_focus() -> None:
    ordinary, hard = (list(approach_frames(CODE, 3, hard=each))[-1] for each in (False, True))
    assert not np.array_equal(ordinary, hard)
