"""A clock that several processes share, and one of them sets: it stands still, or runs so many times as fast as ours.

It is a small file mapped into memory: reading it costs no call into the system, and what was set is seen by all at once.
Moments are counted in microseconds, as the programs keep them.
"""

import mmap
import os
import struct
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Self

_FORM: Final = struct.Struct("=qqqd")
"""Revision (odd while it is being set), moment at `since` (µs of the epoch), since (ns of the steady clock), speed."""
_REVISION: Final = struct.Struct("=q")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class SharedClock:
    """Open one with `made` or `joined`; one process sets it, any number read it.

    The steady clock by which it runs is that of the machine since its start, the same in all processes.
    """

    def __init__(self, file: Path, map: mmap.mmap) -> None:
        """Use `made` or `joined`."""
        self.file = file
        self._map = map

    @classmethod
    def made(cls, file: Path, moment: datetime) -> Self:
        """Make a clock that stands still at a moment (aware)."""
        file.write_bytes(bytes(_FORM.size))
        clock = cls.joined(file)
        clock.stand(moment)
        return clock

    @classmethod
    def joined(cls, file: Path) -> Self:
        """Share a clock that another process made.

        Raises:
            OSError: there is none.
        """
        handle = os.open(file, os.O_RDWR)
        try:
            return cls(file, mmap.mmap(handle, _FORM.size))
        finally:
            os.close(handle)

    def now(self) -> datetime:
        """The present moment, aware UTC."""
        while True:
            before, moment_us, since_ns, speed = _FORM.unpack(self._map[: _FORM.size])
            if before % 2 == 0 and _REVISION.unpack(self._map[: _REVISION.size])[0] == before:
                break
        if speed:
            moment_us += int((time.monotonic_ns() - since_ns) * speed) // 1_000
        return _EPOCH + timedelta(microseconds=moment_us)

    @property
    def speed(self) -> float:
        """How many of its seconds pass in one of ours; 0 while it stands."""
        return float(_FORM.unpack(self._map[: _FORM.size])[3])

    def stand(self, moment: datetime) -> None:
        """Stand still at a moment (aware) until it is set again."""
        self._set(moment, 0.0)

    def run(self, moment: datetime, speed: float) -> None:
        """Run from a moment (aware) on, `speed` times as fast as ours."""
        self._set(moment, speed)

    def _set(self, moment: datetime, speed: float) -> None:
        moment_us = (moment - _EPOCH) // _MICROSECOND
        revision = int(_REVISION.unpack(self._map[: _REVISION.size])[0])
        self._map[: _REVISION.size] = _REVISION.pack(revision + 1)
        changed = _FORM.pack(revision + 1, moment_us, time.monotonic_ns(), speed)
        self._map[_REVISION.size : _FORM.size] = changed[_REVISION.size :]
        self._map[: _REVISION.size] = _REVISION.pack(revision + 2)
