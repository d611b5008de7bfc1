"""Lets a day happen as fast as a shared clock runs, and heeds what others do in the same hospital meanwhile."""

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from beacon_sim.day.run import Day
from beacon_sim.live.clock import SharedClock
from queue_server.core import events as e

MOST_LATE_S: Final = 60.0
"""By the hospital's clock; whoever is later is waited for: the clock stands until everybody has caught up."""
LOOKS_EVERY_S: Final = 0.05
"""So often, in our seconds, it is looked whether anybody else has done something."""


class Pacer:
    """One thread that plays one day.

    Args:
        day: has begun.
        clock: by which the programs live; it is started here.
        speed: how fast it runs.
        news: what has happened without us since the last look.
        progress: is told the minute of the day now and then.
    """

    def __init__(
        self,
        day: Day,
        clock: SharedClock,
        speed: float,
        news: Callable[[], Sequence[e.Event]],
        progress: Callable[[float], None] = lambda _minute: None,
    ) -> None:
        self.lags_s: list[float] = []
        """How late each moment of the day came, in the hospital's seconds."""
        self.stops = 0
        """How often the clock stood because the programs, or we, could not keep up."""
        self._day = day
        self._clock = clock
        self._speed = speed
        self._news = news
        self._progress = progress
        self._enough = False

    @property
    def minute(self) -> float:
        """Of the day, by the clock."""
        return (self._clock.now() - self._day.midnight).total_seconds() / 60

    def play(
        self,
        until: float,
        stop: threading.Event | None = None,
        enough: Callable[[], bool] = lambda: False,
    ) -> None:
        """Play until a minute of the day, until `stop` is set, or until it is `enough`, which is asked now and then."""
        stop = stop or threading.Event()
        self._go_on()
        self._enough = False
        env = self._day.env
        while not stop.is_set() and env.now < until and not self._enough:
            due = min(env.peek(), until)
            minute = self.minute
            if minute < due:
                self._wait((due - minute) * 60, stop)
                self._enough = enough()
            elif due >= until:
                return
            else:
                self._step((minute - due) * 60)

    def _step(self, late_s: float) -> None:
        self.lags_s.append(late_s)
        if late_s > MOST_LATE_S and self._clock.speed:
            self.stops += 1
            self._clock.stand(self._clock.now())
        self._day.env.step()

    def _go_on(self) -> None:
        if not self._clock.speed:
            self._clock.run(self._clock.now(), self._speed)

    def _wait(self, seconds: float, stop: threading.Event) -> None:
        """Wait, but not longer than until the next look; then let people heed what others have done."""
        self._go_on()
        stop.wait(min(seconds / self._speed, LOOKS_EVERY_S))
        heard = self._news()
        self._progress(self.minute)
        if heard:
            # the people's own time catches up with the clock first: what is new is new now
            late = max(0.0, self.minute - self._day.env.now)
            self._day.after(late, partial(self._day.heed, heard))
