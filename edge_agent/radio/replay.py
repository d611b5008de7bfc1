"""A recording as a radio: for rehearsal, for support, and for tests."""

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from edge_agent.core.presence import Heard
from edge_agent.core.recovery import Trouble
from edge_agent.radio.port import BadRadio, RadioProblem, Take
from edge_agent.radio.recordings import read_recording, track_as_heard
from protocol import ProofProblem

PAUSE_S: Final = 0.01
ALIVE_S: Final = 0.5


class Replay:
    """Plays a recording at its own pace, or faster; see `Radio`.

    Args:
        path: `.jsonl` (ours) or `.mbd` (a track).
        sensor: of a track, whose ears; the recording has only one.
        speed: so many times as fast.
        loop: begin again at the end, else be silent.
        unix_s: the wall clock, for the tokens of a track's beacon.
    """

    def __init__(
        self,
        path: Path,
        *,
        sensor: str = "",
        speed: float = 1.0,
        loop: bool = False,
        unix_s: Callable[[], float] = time.time,
    ) -> None:
        self.name = f"replay {path.name}"
        self.adverts = 0
        self._path, self._sensor = path, sensor
        self._speed, self._loop, self._unix_s = speed, loop, unix_s
        self._playing: asyncio.Task[None] | None = None

    async def start(self, take: Take) -> None:
        """See `Radio`."""
        try:
            first = list(
                itertools.islice(self._recorded(), 1)
            )  # so that a bad file is said at once
        except (OSError, BadRadio) as error:
            raise RadioProblem(Trouble.NO_ADAPTER, str(error)) from error
        if not first:
            why = f"{self._path} has nothing heard by sensor {self._sensor!r}."
            raise RadioProblem(Trouble.NO_ADAPTER, why)
        self._playing = asyncio.create_task(self._play(take))

    async def stop(self) -> None:
        """See `Radio`."""
        if self._playing:
            self._playing.cancel()
            self._playing = None

    async def trouble(self) -> Trouble:
        """See `Radio`."""
        if playing := self._playing:
            await asyncio.wait({playing})
        return Trouble.SCAN_ENDED

    async def cycle(self) -> None:
        """See `Radio`: nothing to switch."""

    async def ask(self, address: str, question: bytes) -> bytes | ProofProblem:  # noqa: ARG002  # `Radio`'s
        """See `Radio`: a recording answers nothing."""
        return ProofProblem.NO_CONNECTION

    async def _play(self, take: Take) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            begun_s = clock()
            for heard in self._recorded():
                due_s = begun_s + heard.at_s / self._speed
                if (left_s := due_s - clock()) > PAUSE_S:
                    await asyncio.sleep(left_s)
                self.adverts += 1
                take(replace(heard, at_s=clock()))
            await asyncio.sleep(PAUSE_S)
            while not self._loop:
                self.adverts += (
                    1  # a recording that has ended is not ill, and is not to be played again
                )
                await asyncio.sleep(ALIVE_S)

    def _recorded(self) -> Iterator[Heard]:
        if self._path.suffix == ".mbd":
            return track_as_heard(self._path, self._sensor, self._unix_s())
        return read_recording(self._path)
