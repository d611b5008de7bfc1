"""Is the learned forecast still right? Of the waits that have ended, four in five should have been inside their range.

The forecast of the first day is held against the same waits: there is nothing gained by going back to one that is further off.
"""

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from typing import Final

from queue_server.core import Hospital, Step
from queue_server.core.state import OVER
from queue_server.core.waiting import Estimate

LAST: Final = 500
"""So many waits are looked at."""
LEAST: Final = 50
"""With fewer nothing is said."""
GOAL: Final = 0.80
MOST_OFF: Final = 0.05
"""Outside of the goal ± this a forecast is not good (over 500 waits; over fewer, as much more as chance allows)."""
GOOD_AGAIN: Final = 0.03
"""Within the goal ± this it is good again."""
CLEARLY: Final = 0.02
"""So much nearer to the goal than the forecast of the first day it must be to be shown again for that alone."""
TELLING: Final = 5.0
"""Only ranges whose median exceeds so many minutes are counted: where nobody waits any range is right."""
MOST_PENDING: Final = 20_000
NOTHING_TOLD: Final = (1.0, 0.0)
"""A range that nothing is inside."""
LOOKED_AT: Final = 4
"""So many open promises are looked at whenever a forecast is made."""


@dataclass(frozen=True, slots=True)
class Health:
    """How a forecast fares."""

    good: bool
    waits: int
    """How many ended waits it is judged by."""
    covered: float | None
    """Share of them inside the range; None while there are too few."""
    covered_first_day: float | None = None
    """The same of the forecast of the first day."""


@dataclass(frozen=True, slots=True)
class _Promise:
    at: datetime
    low: float
    high: float
    first_day: tuple[float, float]
    calls: int
    held: bool


class Watch:
    """Remembers what was told first, and compares when the call comes."""

    def __init__(self) -> None:
        self._promises: OrderedDict[str, _Promise] = OrderedDict()
        self._inside: deque[tuple[bool, bool]] = deque(maxlen=LAST)
        self._hits = self._hits_first_day = 0
        self.health = Health(True, 0, None)
        """Replaced as a whole, so that other threads may read it."""

    def promise(
        self,
        h: Hospital,
        step: Step,
        told: Estimate,
        first_day: Callable[[], Estimate | None] = lambda: None,
    ) -> None:
        """This was told of a step. What counts is the first time, and anew when its place begins or ends to be kept.

        Args:
            h: the state.
            step: of whom it was told.
            told: what was told.
            first_day: gives what the forecast of the first day would have told; asked only when it counts.
        """
        id, held = step.plan.step, step.hold is not None
        before = self._promises.get(id)
        if before and before.held == held and before.calls == step.calls:
            return
        if told.mean <= TELLING:
            self._promises.pop(id, None)
            return
        other = first_day()
        range_ = (other.low, other.high) if other else NOTHING_TOLD
        self._promises[id] = _Promise(h.moment, told.low, told.high, range_, step.calls, held)
        if len(self._promises) > MOST_PENDING:
            self._promises.popitem(last=False)

    def look(self, h: Hospital) -> None:
        """See whether the oldest promises have been kept; those who still wait go to the end."""
        for _ in range(min(LOOKED_AT, len(self._promises))):
            id, promise = self._promises.popitem(last=False)
            step = h.steps.get(id)
            if step is None:
                continue
            if step.calls == promise.calls + 1 and step.first_called_at:
                wait = (step.first_called_at - promise.at).total_seconds() / 60
                low, high = promise.first_day
                self.note(promise.low <= wait <= promise.high, low <= wait <= high)
            elif step.calls == promise.calls and step.state not in OVER:
                self._promises[id] = promise

    def note(self, inside: bool, inside_first_day: bool = False) -> None:
        """A wait has ended, inside its range or not, and likewise that of the forecast of the first day."""
        if len(self._inside) == LAST:
            gone, gone_first_day = self._inside[0]
            self._hits -= gone
            self._hits_first_day -= gone_first_day
        self._inside.append((inside, inside_first_day))
        self._hits += inside
        self._hits_first_day += inside_first_day
        waits = len(self._inside)
        if waits < LEAST:
            self.health = Health(self.health.good, waits, None)
            return
        covered, first_day = self._hits / waits, self._hits_first_day / waits
        good = _is_good(self.health.good, waits, covered, first_day)
        self.health = Health(good, waits, covered, first_day)


def _is_good(good: bool, waits: int, covered: float, first_day: float) -> bool:
    off = abs(covered - GOAL)
    by_chance = sqrt(LAST / waits)
    is_right = off <= (MOST_OFF if good else GOOD_AGAIN) * by_chance + 1e-9
    return is_right or off < abs(first_day - GOAL) - (0.0 if good else CLEARLY)
