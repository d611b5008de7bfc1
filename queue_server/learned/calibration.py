"""Split-conformal calibration of quantiles (CQR; Romano, Patterson and Candès, 2019), each side by itself.

Grown quantiles are a little off on days that were not learned from. On held-out days each end is moved so that nine in ten
waits are on its right side; not once for all, but by how long the wait is going to be, for long waits are less certain.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EDGES: Final = (2.0, 5.0, 10.0, 20.0, 40.0)
"""Medians between which the ends are moved by the same, minutes."""
RIGHT_SIDE: Final = 0.9
"""So many waits are to lie on the right side of each end."""
LEAST: Final = 200
"""With fewer waits between two edges, the shift of all waits is taken."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """By how much each end is moved outwards, by the median; minutes."""

    edges: tuple[float, ...]
    down: tuple[float, ...]
    """One more than edges."""
    up: tuple[float, ...]

    def ends(self, low: float, median: float, high: float) -> tuple[float, float]:
        """The ends, moved; never across the median, never below zero."""
        bin = int(np.searchsorted(self.edges, median))
        return (
            max(0.0, min(low - self.down[bin], median)),
            max(high + self.up[bin], median, 0.0),
        )


NONE: Final = Calibration((), (0.0,), (0.0,))
"""Nothing is moved."""


def calibrated(low: Floats, median: Floats, high: Floats, waits: Floats) -> Calibration:
    """The shifts that held-out waits ask for.

    Args:
        low: shape (rows,), as grown.
        median: likewise.
        high: likewise.
        waits: what they were.
    """
    if not len(waits):
        return NONE
    below, above = low - waits, waits - high
    bins = np.searchsorted(EDGES, median)
    down, up = [], []
    for bin in range(len(EDGES) + 1):
        here = bins == bin
        chosen = here if here.sum() >= LEAST else np.ones(len(waits), bool)
        down.append(_shift(below[chosen]))
        up.append(_shift(above[chosen]))
    return Calibration(EDGES, tuple(down), tuple(up))


def _shift(beyond: Floats) -> float:
    """The smallest shift with which at least nine in ten are inside, counting the one to come."""
    rank = min(ceil((len(beyond) + 1) * RIGHT_SIDE), len(beyond))
    return float(np.partition(beyond, rank - 1)[rank - 1])


def covered(low: Sequence[float] | Floats, high: Sequence[float] | Floats, waits: Floats) -> float:
    """Share of waits inside their range."""
    inside = (np.asarray(low) <= waits) & (waits <= np.asarray(high))
    return float(inside.mean()) if len(waits) else float("nan")
