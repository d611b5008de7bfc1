"""Sound as numbers: reading WAV, joining, loudness, and the chime before a call."""

import io
import struct
import wave
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from speech.errors import BadSound

RATE_HZ: Final = 22_050
"""Of every sound inside this package."""
_PEAK: Final = 0.89
"""-1 dB: no loudspeaker is driven into clipping."""

Samples = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sound:
    """One channel, shape (n,), in -1 … 1, `RATE_HZ` a second."""

    samples: Samples

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / RATE_HZ

    def at_volume(self, percent: float) -> "Sound":
        """As loud as asked for: 100 is the loudest without distortion, 0 silence."""
        peak = float(np.abs(self.samples).max(initial=0.0))
        if peak == 0:
            return self
        gain = _PEAK / peak * max(0.0, min(100.0, percent)) / 100
        return Sound((self.samples * np.float32(gain)).astype(np.float32))

    def wav(self) -> bytes:
        """As a WAV file of 16 bits."""
        whole = (np.clip(self.samples, -1, 1) * 32767).astype("<i2")
        buffer = io.BytesIO()
        with wave.open(buffer, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE_HZ)
            file.writeframes(whole.tobytes())
        return buffer.getvalue()


def from_wav(data: bytes) -> Sound:
    """Read a WAV file; lengths in its header are not believed, for programs that write into a pipe can't know them.

    Raises:
        BadSound: it is none, or not of 16 bits.
    """
    if len(data) < 44 or data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise BadSound("This is no WAV sound.")
    form, start = _chunks(data)
    kind, channels, rate, _, _, bits = struct.unpack("<HHIIHH", form[:16])
    if bits != 16 or kind not in (1, 0xFFFE) or not channels or not rate:
        raise BadSound(f"Only WAV sounds of 16 bits are read; this one has {bits}.")
    body = data[start : start + (len(data) - start) // (2 * channels) * 2 * channels]
    samples = np.frombuffer(body, "<i2").reshape(-1, channels).mean(axis=1) / 32768
    return Sound(_resampled(samples.astype(np.float32), rate))


def _chunks(data: bytes) -> tuple[bytes, int]:
    form, at = b"", 12
    while at + 8 <= len(data):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if name == b"data":
            if len(form) < 16:
                break
            return form, at + 8
        if name == b"fmt ":
            form = data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    raise BadSound("This WAV sound has no beginning or no content.")


def _resampled(samples: Samples, rate_hz: int) -> Samples:
    if rate_hz == RATE_HZ or not len(samples):
        return samples
    length = round(len(samples) * RATE_HZ / rate_hz)
    places = np.linspace(0, len(samples) - 1, length)
    return np.interp(places, np.arange(len(samples)), samples).astype(np.float32)


def silence(seconds: float) -> Sound:
    """Nothing, for so long."""
    return Sound(np.zeros(round(seconds * RATE_HZ), np.float32))


def joined(sounds: Iterable[Sound], pause_s: float = 0.25) -> Sound:
    """One after the other, with a pause between."""
    parts: list[Samples] = []
    for each in sounds:
        if parts:
            parts.append(silence(pause_s).samples)
        parts.append(each.samples)
    return Sound(np.concatenate(parts) if parts else np.zeros(0, np.float32))


@lru_cache(maxsize=4)
def chime(notes_hz: tuple[float, ...] = (659.26, 523.25), ring_s: float = 0.9) -> Sound:
    """A soft bell: each note a fundamental and two quiet partials that die away, the next one begins while it rings.

    Args:
        notes_hz: E5 and C5 unless told; two notes going down call, three going up greet.
        ring_s: how long a note rings.
    """
    step_s = 0.42
    total = np.zeros(round((step_s * (len(notes_hz) - 1) + ring_s) * RATE_HZ), np.float32)
    seconds = np.arange(round(ring_s * RATE_HZ), dtype=np.float32) / RATE_HZ
    attack = np.minimum(1, seconds / 0.006)
    for place, note_hz in enumerate(notes_hz):
        ring = np.zeros_like(seconds)
        for partial, strength, decay in ((1.0, 1.0, 4.5), (2.0, 0.32, 7.0), (3.01, 0.12, 11.0)):
            ring += (
                strength
                * np.exp(-decay * seconds)
                * np.sin(2 * np.pi * partial * note_hz * seconds)
            )
        start = round(place * step_s * RATE_HZ)
        total[start : start + len(ring)] += attack * ring
    return Sound((total / np.abs(total).max() * 0.6).astype(np.float32))
