"""Is a phone within a few metres of this kiosk or door? A probability for each receiver, from the filter's belief."""

from typing import Final

import numpy as np

from queue_server.whereabouts.belief import Belief, Tracker
from queue_server.whereabouts.places import Floats

_ALONG: Final = 9
"""Points along each side of a square around a place, over which its share within reach is counted."""


class Reach:
    """For one radius: which share of each place lies within it, of each receiver.

    Args:
        tracker: of the building.
        radius_m: on the plan, on the receiver's own floor.
        cell_m: the side of the square that a place stands for.
    """

    def __init__(self, tracker: Tracker, radius_m: float, cell_m: float) -> None:
        self._tracker = tracker
        steps = ((np.arange(_ALONG) + 0.5) / _ALONG - 0.5) * cell_m
        x, y = np.meshgrid(steps, steps)
        around = np.column_stack([x.ravel(), y.ravel()])
        self._share: Floats = np.zeros((len(tracker.places), len(tracker.receivers)))
        for column, each in enumerate(tracker.receivers):
            away = tracker.places.xy[:, None] + around[None] - (each.x_m, each.y_m)
            inside = (away**2).sum(axis=2) <= radius_m**2
            same = tracker.places.floor == each.floor
            self._share[:, column] = inside.mean(axis=1) * same

    def of(self, belief: Belief) -> Floats:
        """Probability that the phone is within reach of each receiver: (receivers,)."""
        found: Floats = self._tracker.motion.by_place(belief.state) @ self._share
        return found
