"""Where a phone is at any moment, and which way its carrier faces."""

from dataclasses import dataclass

import numpy as np

from queue_server.whereabouts import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """A way through space: (points,) seconds that never go back, (points, 3) metres; between two points one walks straight."""

    at_s: Floats
    xyz: Floats

    def __post_init__(self) -> None:
        if len(self.at_s) != len(self.xyz) or not len(self.at_s):
            raise ValueError("A walk needs a place for each of its moments, and at least one.")
        if (np.diff(self.at_s) < 0).any():
            raise ValueError("The moments of a walk never go back.")

    def at(self, at_s: Floats) -> Floats:
        """(moments,) → (moments, 3); before the first and after the last point it stands there."""
        return np.column_stack([np.interp(at_s, self.at_s, column) for column in self.xyz.T])

    def facing(self, at_s: Floats) -> Floats:
        """(moments,) → (moments, 2): a unit vector, the way one walks or walked last; east before the first step."""
        step = np.diff(self.xyz[:, :2], axis=0)
        far = np.linalg.norm(step, axis=1)
        # who stands still faces where the last step led
        last = np.maximum.accumulate(np.where(far > 1e-3, np.arange(len(far)), -1))
        legs = np.clip(np.searchsorted(self.at_s, at_s, side="right") - 1, 0, len(far) - 1)
        if not len(far):
            return np.tile([1.0, 0.0], (len(at_s), 1))
        leg = last[legs]
        unit = step / np.maximum(far, 1e-9)[:, None]
        return np.where(leg[:, None] >= 0, unit[leg], [1.0, 0.0])


def straight(points: list[tuple[float, float]], speed_m_s: float, height_m: float = 1.2) -> Walk:
    """Through some points of one floor at a steady speed, from second 0."""
    plan = np.array(points, dtype=float)
    legs = np.linalg.norm(np.diff(plan, axis=0), axis=1) / speed_m_s
    at = np.concatenate([[0.0], np.cumsum(legs)])
    return Walk(at, np.column_stack([plan, np.full(len(plan), height_m)]))


def waiting(walk: Walk, seconds: float) -> Walk:
    """The same, and standing at its end for a while."""
    return Walk(np.append(walk.at_s, walk.at_s[-1] + seconds), np.vstack([walk.xyz, walk.xyz[-1:]]))
