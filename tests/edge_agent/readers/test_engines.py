"""Engines that fail, guess, or are not there."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from edge_agent.readers import Grey, LiveReader, Reading, Zbar, failures
from edge_agent.readers.guard import guarded
from protocol.card import qr

EMPTY: Grey = np.full((90, 120), 128, np.uint8)


class Broken:
    """Raises as native code does: without warning, and not always the same."""

    name = "broken"

    @guarded
    def decode(self, grey: Grey) -> tuple[Reading, ...]:
        raise MemoryError("native")


def test_an_engine_that_raises_has_read_nothing_and_is_counted() -> None:
    before = failures["broken"]
    reader = LiveReader(Broken())
    assert [reader.read(EMPTY, now) for now in (1.0, 2.0, 3.0)] == [(), (), ()]
    assert failures["broken"] - before == 3


def engine(*payloads: bytes) -> Zbar:
    """A zbar that reads these."""
    zbar = Zbar()
    zbar._pyzbar = SimpleNamespace(
        ZBarSymbol=SimpleNamespace(QRCODE=64),
        decode=lambda *_, **__: [SimpleNamespace(data=payload) for payload in payloads],
    )
    return zbar


def test_the_late_opinion_is_believed_for_ascii_only() -> None:
    found = engine(b"EVC1-CARD", "张小宝".encode()).decode(EMPTY)
    assert [reading.payload for reading in found] == [b"EVC1-CARD"]


def test_without_the_library_reading_goes_on_and_a_sentence_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pyzbar", None)
    zbar = Zbar()
    assert not zbar.available
    assert "apt-get install libzbar0" in zbar.sentence
    assert zbar.decode(EMPTY) == ()
    code = np.where(np.array(qr.matrix("EVC1-WITHOUT-THE-LIBRARY")), 0, 255).astype(np.uint8)
    assert LiveReader(zbar).read(code.repeat(6, 0).repeat(6, 1), 1.0)


def test_zbar_complains_to_nobody(capfd: pytest.CaptureFixture[str]) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (300, 400)).astype(np.uint8)
    Zbar().decode(noise)
    assert capfd.readouterr().err == ""
