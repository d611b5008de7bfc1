"""Short sounds, made by arithmetic: sums of sines that fade. No recording."""

import io
import wave
from functools import lru_cache
from typing import Final

import numpy as np

from design.errors import NotDrawn

RATE_HZ: Final = 16_000
Note = tuple[float, float, float]
"""Pitch in hertz, when it begins and how long it rings, in seconds."""

_NOTES: Final[dict[str, tuple[Note, ...]]] = {
    "tap": ((1046.5, 0.0, 0.06),),
    "seen": ((880.0, 0.0, 0.16), (1318.5, 0.09, 0.22)),
    "done": ((784.0, 0.0, 0.30), (987.8, 0.11, 0.30), (1318.5, 0.22, 0.45)),
    "problem": ((440.0, 0.0, 0.22), (329.6, 0.18, 0.36)),
    "still_there": ((659.3, 0.0, 0.25), (659.3, 0.28, 0.30)),
    "call": ((659.3, 0.0, 0.55), (523.3, 0.36, 0.80)),
}
CHIMES: Final = tuple(_NOTES)
"""`tap` a key; `seen` a card was read; `done` checked in or paid; `problem`; `still_there` before a screen is wiped;
`call` before a number is spoken (ding-dong)."""
_OVERTONES: Final = ((1.0, 1.0), (2.0, 0.28), (3.01, 0.12))
"""A small bell: multiples of the pitch, and how loud."""


def _ring(note: Note, length: int) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    pitch, start_s, rings_s = note
    at_s = np.arange(length) / RATE_HZ - start_s
    sounding = at_s >= 0
    attack = np.clip(at_s / 0.006, 0, 1)
    fading = np.exp(-4.2 * np.clip(at_s, 0, None) / rings_s) * sounding
    tone = np.sum(
        [loud * np.sin(2 * np.pi * pitch * times * at_s) for times, loud in _OVERTONES], axis=0
    )
    rung: np.ndarray[tuple[int], np.dtype[np.float64]] = tone * attack * fading
    return rung


@lru_cache(16)
def chime(name: str) -> bytes:
    """A chime as a WAV file: 16 kHz, 16 bit, mono; always the same bytes.

    Raises:
        NotDrawn: there is no such chime.
    """
    if name not in _NOTES:
        raise NotDrawn(f"There is no chime {name!r}. There are: {', '.join(CHIMES)}.")
    notes = _NOTES[name]
    length = int(RATE_HZ * max(start + rings for _, start, rings in notes))
    sound = np.sum([_ring(note, length) for note in notes], axis=0)
    tail = np.clip((length - np.arange(length)) / (0.02 * RATE_HZ), 0, 1)
    samples = np.round(sound * tail / np.abs(sound).max() * 0.6 * 32767).astype("<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes(samples.tobytes())
    return file.getvalue()
