"""Waiting times that do not flicker: what was shown last for a step stays until the forecast has really moved."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from queue_server.core.state import Hospital, Wait
from queue_server.core.steps import Step
from queue_server.core.waiting import damped, day_one

MOST_KEPT: Final = 20_000
"""Steps whose last range is remembered; the oldest are forgotten first."""

Forecaster = Callable[[Hospital, Step], Wait | None]
"""The waiting time of a step that waits; None when none can be told."""


class SteadyForecast:
    """A forecaster that damps another one."""

    def __init__(self, inner: Forecaster = day_one, most: int = MOST_KEPT) -> None:
        """Wrap a forecaster."""
        self.inner = inner
        self._most = most
        self._shown: OrderedDict[str, Wait] = OrderedDict()

    def __call__(self, hospital: Hospital, step: Step) -> Wait | None:
        """The range to show."""
        fresh = self.inner(hospital, step)
        id = step.plan.step
        if fresh is None:
            self._shown.pop(id, None)
            return None
        shown = damped(self._shown.get(id), fresh)
        self._shown[id] = shown
        self._shown.move_to_end(id)
        if len(self._shown) > self._most:
            self._shown.popitem(last=False)
        return shown
