"""Codes on cloth and crumpled paper."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.qr_pictures import hard_picture
from edge_agent.readers import Flat, Grey, Zxing, grey_picture, read_still
from edge_agent.readers.flat import _alignments
from protocol.card import qr

TEXT = "EVC1" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABC" * 3
SHARED = Path(__file__).parents[4] / "shared" / "data" / "qr"


def folded(grey: Grey, modules: float) -> Grey:
    """A fold that moves the middle of the code by so many modules (of 8 pixels)."""
    row, column = (np.asarray(each, np.float32) for each in np.indices(grey.shape))
    moved = np.asarray(8 * modules * np.sin(np.pi * row / grey.shape[0]), np.float32)
    x = np.asarray(column + moved, np.float32)
    return np.asarray(
        cv2.remap(grey, x, row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def printed(text: str) -> Grey:
    modules = np.array(qr.matrix(text), dtype=bool)
    return np.where(modules, 20, 235).astype(np.uint8).repeat(8, axis=0).repeat(8, axis=1)


@pytest.mark.parametrize("modules", [1.25, 1.5])
def test_a_folded_code_is_read_where_the_engine_alone_reads_nothing(modules: float) -> None:
    picture = folded(printed(TEXT), modules)
    assert not Zxing().decode(picture)
    assert [found.payload for found in read_still(picture)] == [TEXT.encode()]


def test_a_folded_code_that_is_light_on_dark_is_read_too() -> None:
    picture = np.asarray(255 - folded(printed(TEXT), 1.25), np.uint8)
    assert [found.payload for found in read_still(picture)] == [TEXT.encode()]


def test_alignment_patterns_stand_where_the_standard_says() -> None:
    rows = {version: sorted({row for row, _ in _alignments(17 + 4 * version)}) for version in (1, 2, 7, 32, 40)}  # fmt: skip
    assert rows == {
        1: [],
        2: [18],
        7: [6, 22, 38],
        32: [6, 34, 60, 86, 112, 138],
        40: [6, 30, 58, 86, 114, 142, 170],
    }


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 8))
def test_nothing_is_read_from_noise(seed: int, size: int) -> None:
    noise = np.random.default_rng(seed).integers(0, 256, (90, 120)).astype(np.uint8)
    picture = noise.repeat(size, axis=0).repeat(size, axis=1)
    assert Flat().decode(picture) == ()
    assert read_still(picture) == ()


def test_of_hard_pictures_most_are_read_and_none_wrongly() -> None:
    pictures = [hard_picture(seed) for seed in range(500, 560)]
    found = [{each.payload for each in read_still(grey)} for grey, _ in pictures]
    right = sum(truth in payloads for payloads, (_, truth) in zip(found, pictures, strict=True))
    assert all(payloads <= {truth} for payloads, (_, truth) in zip(found, pictures, strict=True))
    assert right >= 45


def test_of_the_public_pictures_that_are_here_at_least_ninety_six_in_a_hundred_are_read() -> None:
    """With the pictures beside the checkout; without them there is nothing to count and nothing missed."""
    beside = [
        (path, path.with_suffix(".txt"))
        for path in SHARED.glob("*/*")
        if path.suffix != ".txt" and path.with_suffix(".txt").is_file()
    ]
    missed = []
    for picture, truth in beside:
        found = {each.payload for each in read_still(grey_picture(picture.read_bytes()))}
        assert not found or truth.read_bytes() in found, picture
        missed += [] if found else [picture.name]
    assert len(missed) <= 0.04 * len(beside), missed
