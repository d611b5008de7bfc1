"""Figures from what was told and the truth, each with a confidence interval from a bootstrap over blocks of time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from queue_server.whereabouts import Floats, Ints

BLOCK_S: Final = 10.0
"""Looks within a block are not independent; blocks nearly are."""
RESAMPLES: Final = 400
RECALL: Final = 0.6


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its 90 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One array a track, all of one meaning: rows are looks."""

    rows: Sequence[Floats]
    at_s: Sequence[Floats]

    def blocks(self) -> list[Floats]:
        """The rows of each block of time."""
        return [
            rows[(at // BLOCK_S).astype(int) == number]
            for rows, at in zip(self.rows, self.at_s, strict=True)
            for number in np.unique((at // BLOCK_S).astype(int))
        ]


def estimate(sample: Sample, figure: Callable[[Floats], float], seed: int = 1) -> Estimate:
    """A figure of all rows, with its interval."""
    blocks = sample.blocks()
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(RESAMPLES):
        chosen = rng.integers(0, len(blocks), len(blocks))
        drawn.append(figure(np.concatenate([blocks[each] for each in chosen])))
    low, high = np.nanquantile(drawn, [0.05, 0.95])
    return Estimate(figure(np.concatenate(blocks)), float(low), float(high))


def share_right(rows: Floats) -> float:
    """Of rows of 0 and 1."""
    return float(rows.mean())


def median(rows: Floats) -> float:
    """Of errors in metres."""
    return float(np.median(rows))


def changes(zone: Ints) -> int:
    """How often it changes."""
    return int((np.diff(zone) != 0).sum())


def precision_at_recall(rows: Floats, recall: float = RECALL) -> float:
    """Of rows (score, true or not): how many of those said to be near are near, when that share of the near is found."""
    order = np.argsort(-rows[:, 0], kind="stable")
    found = np.cumsum(rows[order, 1])
    if not len(found) or found[-1] == 0:
        return float("nan")
    index = int(np.searchsorted(found, recall * found[-1]))
    # all with the same score are said to be near together
    last = int(np.searchsorted(-rows[order, 0], -rows[order[index], 0], side="right")) - 1
    return float(found[last] / (last + 1))


def area_under_curve(rows: Floats) -> float:
    """Of rows (score, true or not): the probability that a near one has the higher score."""
    yes, no = rows[rows[:, 1] > 0, 0], rows[rows[:, 1] == 0, 0]
    if not len(yes) or not len(no):
        return float("nan")
    ordered = np.sort(no)
    below = np.searchsorted(ordered, yes, side="left")
    same = np.searchsorted(ordered, yes, side="right") - below
    return float((below + same / 2).mean() / len(no))
