"""Sound: read, joined, as loud as wanted."""

import io
import wave

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speech import Sound, chime, joined
from speech.errors import BadSound
from speech.sound import RATE_HZ, from_wav


def a_wav(rate_hz: int = 16_000, channels: int = 1, seconds: float = 0.5) -> bytes:
    tone = (np.sin(np.arange(round(rate_hz * seconds)) / 20) * 20_000).astype("<i2")
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(np.repeat(tone, channels).tobytes())
    return buffer.getvalue()


@pytest.mark.parametrize("channels", [1, 2])
def test_sounds_of_any_rate_come_out_as_long_as_they_were(channels: int) -> None:
    assert from_wav(a_wav(channels=channels)).seconds == pytest.approx(0.5, abs=0.01)


def test_a_header_that_does_not_know_its_length_is_not_believed() -> None:
    piped = bytearray(a_wav())
    piped[40:44] = b"\xff\xff\xff\x7f"
    assert from_wav(bytes(piped)).seconds == pytest.approx(0.5, abs=0.01)


@settings(max_examples=50)
@given(st.binary(max_size=200))
def test_what_is_no_sound_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(BadSound):
        from_wav(b"RIFF1234WAVE" + data)


def test_a_volume_of_100_does_not_clip_and_0_is_silence() -> None:
    loud = Sound(np.array([0.1, -0.2, 0.05], np.float32))
    assert np.abs(loud.at_volume(100).samples).max() == pytest.approx(0.89, abs=0.01)
    assert np.abs(loud.at_volume(0).samples).max() == 0


def test_joined_sounds_have_pauses_between_and_come_back_from_wav() -> None:
    both = joined([chime(), chime()], pause_s=0.5)
    assert both.seconds == pytest.approx(2 * chime().seconds + 0.5, abs=0.01)
    assert np.allclose(from_wav(both.wav()).samples, both.samples, atol=1e-3)


def test_the_chime_is_its_two_notes() -> None:
    first = chime().samples[: round(0.4 * RATE_HZ)]
    strongest = np.abs(np.fft.rfft(first)).argmax() * RATE_HZ / len(first)
    assert strongest == pytest.approx(659.26, abs=4)
