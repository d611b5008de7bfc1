"""Two policies over the same passes: `LiveReader` for a camera, `read_still` for a picture. No clock inside."""

from collections.abc import Iterator
from itertools import cycle
from typing import Final

from edge_agent.readers.passes import LIVE_TURNS, STILL_EXTRA, STILL_PLAIN
from edge_agent.readers.port import Decoder, Grey, Reading
from edge_agent.readers.zbar import Zbar

LATE_EVERY_S: Final = 0.5
"""The late opinion is asked at most twice a second."""
SHORT: Final = 16
"""Bytes. The smallest symbols are so weakly checked that noise now and then passes for one."""
AGREE_WITHIN_S: Final = 1.0
"""A short payload counts when a second frame says the same within this time."""


class LiveReader:
    """Two passes each frame, in turn, and now and then the late opinion."""

    def __init__(self, late: Decoder | None = None) -> None:
        self._late = late if late is not None else Zbar()
        self._turns = cycle(LIVE_TURNS)
        self._late_due_s = 0.0
        self._short: dict[bytes, float] = {}

    def read(self, grey: Grey, now_s: float) -> tuple[Reading, ...]:
        """Read one frame.

        Args:
            grey: the frame, 1280×720 for the costs that are promised.
            now_s: seconds on any clock that only goes forward.
        """
        return tuple(each for each in self._found(grey, now_s) if self._agreed(each, now_s))

    def _agreed(self, reading: Reading, now_s: float) -> bool:
        if len(reading.payload) >= SHORT:
            return True
        before_s = self._short.pop(reading.payload, None)
        self._short[reading.payload] = now_s
        if len(self._short) > 32:
            del self._short[next(iter(self._short))]
        return before_s is not None and now_s - before_s <= AGREE_WITHIN_S

    def _found(self, grey: Grey, now_s: float) -> tuple[Reading, ...]:
        first, second = next(self._turns)
        found = first.read(grey) or second.read(grey)
        if found:
            # while codes are read, nobody needs a late opinion
            self._late_due_s = now_s + LATE_EVERY_S
            return found
        if now_s < self._late_due_s:
            return ()
        self._late_due_s = now_s + LATE_EVERY_S
        return self._late.decode(grey)


def read_still(grey: Grey, late: Decoder | None = None) -> tuple[Reading, ...]:
    """Read a picture with every pass, stopping at the first that reads something; all codes it finds are told."""
    return _first(_attempts(grey, late if late is not None else Zbar()))


def read_quickly(grey: Grey) -> tuple[Reading, ...]:
    """Read a picture with the passes that read most: for the many variants of one picture."""
    return _first(each.read(grey) for each in (STILL_PLAIN, *STILL_EXTRA[:2]))


def _attempts(grey: Grey, late: Decoder) -> Iterator[tuple[Reading, ...]]:
    for each in (STILL_PLAIN, *STILL_EXTRA):
        yield each.read(grey)
    yield late.decode(grey)


def _first(attempts: Iterator[tuple[Reading, ...]]) -> tuple[Reading, ...]:
    return next((_each_once(found) for found in attempts if found), ())


def _each_once(found: tuple[Reading, ...]) -> tuple[Reading, ...]:
    return tuple({reading.payload: reading for reading in reversed(found)}.values())[::-1]
