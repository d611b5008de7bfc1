"""How good the shown waiting times are, on simulated days: learned on some, calibrated on others, tried on others again.

Against the learned forecast stand what hospitals show today, how long the last one waited (LES) and the length of the line,
and the forecast of the first day. All are asked at the same moments: when a family joins a clinic's line (check-in, place
kept for tests, back from them, back with results) and a room of the line is open and somebody was called before.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from beacon_sim.day.compare import Row
from beacon_sim.day.model import ALL_LEVERS
from beacon_sim.day.opening import simulated
from queue_server.learned import NAMES, Examples, Model, together, train

TELLING: Final = 5.0
"""Minutes from which on a range says something."""
DAY_ONE: Final = NAMES.index("day_one")
SPREAD: Final = NAMES.index("day_one_spread")
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Split:
    """Seeds of the days to learn from, to calibrate on and to try on."""

    train: range
    calibrate: range
    test: range

    @classmethod
    def of(cls, days: int, loads: int) -> "Split":
        """Two thirds, a sixth and a sixth of so many days, each seed at each of so many loads.

        Raises:
            ValueError: too few days for three parts.
        """
        seeds = days // loads
        if seeds < 6:
            raise ValueError(f"{days} days are too few: at least {6 * loads} are needed.")
        sixth = seeds // 6
        learn = seeds - 2 * sixth
        return cls(
            range(1, learn + 1),
            range(learn + 1, learn + sixth + 1),
            range(learn + sixth + 1, seeds + 1),
        )

    @property
    def seeds(self) -> list[int]:
        """All of them."""
        return [*self.train, *self.calibrate, *self.test]


def examples_of(cache: Path | None, job: tuple[float, int]) -> Examples:
    """The examples of the day of a load and a seed, from the cache if they are there."""
    load, seed = job
    path = cache / f"{load}-{seed}.npz" if cache else None
    if path and path.exists():
        with np.load(path, allow_pickle=False) as kept:
            return Examples(**{name: kept[name] for name in kept.files})
    found = simulated(load, seed, ALL_LEVERS)
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        fields = {name: getattr(found, name) for name in Examples.__slots__}
        np.savez(path, allow_pickle=False, **fields)
    return found


@dataclass(frozen=True, slots=True)
class Tried:
    """A model, and all examples of the days it was tried on."""

    model: Model
    examples: Examples
    learned_from: int
    """How many examples it saw."""


def tried(
    split: Split, loads: Sequence[float], workers: int | None = None, cache: Path | None = None
) -> Tried:
    """Simulate the days, learn, calibrate."""
    jobs = [(load, seed) for seed in split.seeds for load in loads]
    with ProcessPoolExecutor(workers) as pool:
        found = dict(zip(jobs, pool.map(partial(examples_of, cache), jobs), strict=True))
    grown, calibrated, test = (
        together([found[load, seed] for seed in seeds for load in loads])
        for seeds in (split.train, split.calibrate, split.test)
    )
    return Tried(train(grown, calibrated), test, len(grown))


class Told:
    """What a model says of examples."""

    def __init__(self, model: Model, asked: Examples) -> None:
        said = [model.estimate(row) for row in asked.figures]
        self.median = np.array([each.mean for each in said])
        self.low = np.array([each.low for each in said])
        self.high = np.array([each.high for each in said])
        self.shown = np.maximum(np.ceil(self.high / 5) * 5, np.floor(self.low / 5) * 5 + 5)

    def covered(self, of: Examples) -> float:
        """Percent of waits inside, where the median exceeds five minutes."""
        telling = self.median > TELLING
        inside = (self.low <= of.waits) & (of.waits <= self.high)
        return 100 * float(inside[telling].mean())

    def above(self, of: Examples) -> float:
        """Percent of waits above the end that is shown."""
        return 100 * float((of.waits > self.shown).mean())


def first_day(joined: Examples) -> tuple[Floats, Floats]:
    """The ends of the forecast of the first day; the lower one is never below zero, so half the range may be more."""
    mean, range_ = joined.figures[:, DAY_ONE], joined.figures[:, SPREAD]
    half = np.where(range_ / 2 <= mean, range_ / 2, range_ - mean)
    return np.maximum(0.0, mean - half), mean + half


class Errors:
    """Mean absolute errors at the moments at which every forecaster says something; minutes."""

    def __init__(self, told: Told, joined: Examples, *, place_kept: bool = True) -> None:
        """Compare; without `place_kept` families whose place is kept for tests are left out."""
        among = (
            ~np.isnan(joined.figures[:, DAY_ONE])
            & ~np.isnan(joined.last_waited)
            & np.isfinite(joined.by_length)
        )
        if not place_kept:
            among &= joined.figures[:, NAMES.index("is_held")] == 0

        def error(said: Floats) -> float:
            return float(np.abs(said - joined.waits)[among].mean())

        self.count = int(among.sum())
        self.mean_wait = float(joined.waits[among].mean())
        self.les = error(joined.last_waited)
        self.by_length = error(joined.by_length)
        self.by_work = error(joined.figures[:, NAMES.index("work_each")])
        self.first_day = error(joined.figures[:, DAY_ONE])
        self.learned = error(told.median)


def claims(found: Tried) -> Iterator[Row]:
    """The claims about forecasts, over all loads together (`load` 0)."""
    joined = found.examples.where(found.examples.joined)
    told = Told(found.model, joined)
    errors = Errors(told, joined)
    covered, above = told.covered(joined), told.above(joined)

    def most(name: str, value: float, goal: float) -> Row:
        return Row(name, 0.0, value, goal, value <= goal)

    yield most("forecast: error / that of the last one's wait", errors.learned / errors.les, 0.40)
    by_length = errors.learned / errors.by_length
    yield most("forecast: error / that of the line's length", by_length, 0.75)
    yield Row("forecast: waits inside, of 100", 0.0, covered, 78.0, covered >= 78.0)
    yield most("forecast: the same, at most", covered, 82.0)
    yield most("forecast: waits above the shown end, of 100", above, 12.0)
    yield Row("forecast: error, minutes", 0.0, errors.learned, None, None)
    yield Row("forecast of the first day: error, minutes", 0.0, errors.first_day, None, None)
    low, high = first_day(joined)
    inside = ((low <= joined.waits) & (joined.waits <= high))[told.median > TELLING]
    yield Row(
        "forecast of the first day: waits inside, of 100",
        0.0,
        100 * float(np.mean(inside)),
        None,
        None,
    )
