"""Which pass looks when, and what counts as read."""

from datetime import date

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from beacon_sim import approach_frames
from edge_agent.readers import BadPicture, LiveReader, Reading, grey_picture, read_still
from edge_agent.readers.port import Grey
from protocol.card import Issuer, qr

TEXT = Issuer(1, Ed25519PrivateKey.from_private_bytes(bytes(32))).static(
    bytes(10), date(2026, 1, 1), date(2026, 12, 31)
)
EMPTY = np.full((720, 1280), 128, np.uint8)


class Counting:
    """A late opinion that only counts."""

    name = "counting"

    def __init__(self) -> None:
        self.asked = 0

    def decode(self, grey: Grey) -> tuple[Reading, ...]:
        self.asked += 1
        return ()


def picture(text: str) -> Grey:
    return grey_picture(qr.png(text))


def test_a_card_is_read_from_a_picture() -> None:
    assert [found.payload for found in read_still(picture(TEXT))] == [TEXT.encode()]


def test_the_late_opinion_is_asked_at_most_twice_a_second() -> None:
    late = Counting()
    reader = LiveReader(late)
    for frame in range(90):
        reader.read(EMPTY, 10 + frame / 30)
    assert late.asked <= 6


def test_the_late_opinion_is_not_asked_while_codes_are_read() -> None:
    late = Counting()
    reader = LiveReader(late)
    for frame in range(60):
        assert reader.read(picture(TEXT), 10 + frame / 30)
    assert late.asked == 0


def test_a_short_code_counts_when_a_second_frame_agrees() -> None:
    reader = LiveReader(Counting())
    assert reader.read(picture("484129"), 1.0) == ()
    assert [found.payload for found in reader.read(picture("484129"), 1.1)] == [b"484129"]
    assert reader.read(picture("484129"), 9.0) == ()


@pytest.mark.parametrize("seed", range(6))
def test_an_approach_of_one_second_is_read(seed: int) -> None:
    reader = LiveReader()
    found = {
        reading.payload
        for number, frame in enumerate(approach_frames(qr.matrix(TEXT), seed))
        for reading in reader.read(frame, number / 30)
    }
    assert found == {TEXT.encode()}


def test_bytes_stay_bytes() -> None:
    import zxingcpp

    code = zxingcpp.create_barcode(bytes(range(128, 160)), zxingcpp.BarcodeFormat.QRCode)
    found = read_still(np.array(zxingcpp.write_barcode_to_image(code, scale=6)))
    assert [reading.payload for reading in found] == [bytes(range(128, 160))]


@pytest.mark.parametrize(
    "data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff" + bytes(100)]
)
def test_what_is_no_picture_is_said_in_a_sentence(data: bytes) -> None:
    with pytest.raises(BadPicture, match=r"picture"):
        grey_picture(data)
