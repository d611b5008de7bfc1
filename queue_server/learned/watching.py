"""Is the learned forecast still right? Of the waits that have ended, four in five should have been inside their range."""

from collections import OrderedDict, deque
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
TELLING: Final = 5.0
"""Only ranges whose median exceeds so many minutes are counted: where nobody waits any range is right."""
MOST_PENDING: Final = 20_000
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


@dataclass(frozen=True, slots=True)
class _Promise:
    at: datetime
    low: float
    high: float
    calls: int
    held: bool


class Watch:
    """Remembers what was told first, and compares when the call comes."""

    def __init__(self) -> None:
        self._promises: OrderedDict[str, _Promise] = OrderedDict()
        self._inside: deque[bool] = deque(maxlen=LAST)
        self._hits = 0
        self.health = Health(True, 0, None)
        """Replaced as a whole, so that other threads may read it."""

    def promise(self, h: Hospital, step: Step, told: Estimate) -> None:
        """This was told of a step. What counts is the first time, and anew when its place begins or ends to be kept."""
        id, held = step.plan.step, step.hold is not None
        before = self._promises.get(id)
        if before and before.held == held and before.calls == step.calls:
            return
        if told.mean <= TELLING:
            self._promises.pop(id, None)
            return
        self._promises[id] = _Promise(h.moment, told.low, told.high, step.calls, held)
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
                self.note(promise.low <= wait <= promise.high)
            elif step.calls == promise.calls and step.state not in OVER:
                self._promises[id] = promise

    def note(self, inside: bool) -> None:
        """A wait has ended, inside its range or not."""
        if len(self._inside) == LAST:
            self._hits -= self._inside[0]
        self._inside.append(inside)
        self._hits += inside
        waits = len(self._inside)
        covered = self._hits / waits if waits >= LEAST else None
        self.health = Health(_is_good(self.health.good, waits, covered), waits, covered)


def _is_good(good: bool, waits: int, covered: float | None) -> bool:
    if covered is None:
        return good
    off = abs(covered - GOAL)
    by_chance = sqrt(LAST / waits)
    return off <= (MOST_OFF if good else GOOD_AGAIN) * by_chance + 1e-9
