"""Lets a day happen as fast as a shared clock runs, and heeds what others do in the same hospital meanwhile."""

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from beacon_sim.day.run import Day
from beacon_sim.live.clock import SharedClock
from queue_server.core import events as e

LOOKS_EVERY_S: Final = 0.1
"""So often, in our seconds, it is looked whether anybody else has done something."""


class Pacer:
    """One thread that plays one day.

    Args:
        day: has begun.
        clock: by which the programs live; it runs.
        news: what has happened without us since the last look.
        progress: is told the minute of the day now and then.
    """

    def __init__(
        self,
        day: Day,
        clock: SharedClock,
        news: Callable[[], Sequence[e.Event]],
        progress: Callable[[float], None] = lambda _minute: None,
    ) -> None:
        self.lags_s: list[float] = []
        """How late each moment of the day came, in the hospital's seconds."""
        self._day = day
        self._clock = clock
        self._news = news
        self._progress = progress

    @property
    def minute(self) -> float:
        """Of the day, by the clock."""
        return (self._clock.now() - self._day.midnight).total_seconds() / 60

    def play(self, until: float, stop: threading.Event | None = None) -> None:
        """Play until a minute of the day, or until `stop` is set."""
        stop = stop or threading.Event()
        env = self._day.env
        while not stop.is_set() and env.now < until:
            due = min(env.peek(), until)
            minute = self.minute
            if minute < due:
                self._wait((due - minute) * 60, stop)
            elif due >= until:
                return
            else:
                self.lags_s.append((minute - due) * 60)
                env.step()

    def _wait(self, seconds: float, stop: threading.Event) -> None:
        """Wait, but not longer than until the next look; then let people heed what others have done."""
        stop.wait(min(seconds / self._clock.speed, LOOKS_EVERY_S))
        heard = self._news()
        self._progress(self.minute)
        if heard:
            # the people's own time catches up with the clock first: what is new is new now
            late = max(0.0, self.minute - self._day.env.now)
            self._day.after(late, partial(self._day.heed, heard))
