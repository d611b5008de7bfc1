"""How good is the forecast of waiting times? Learned on some simulated days, calibrated on others, tried on others again.

Against it stand what hospitals show today: how long the last one waited (LES), and the length of the line; and the forecast of
the first day. All four are asked at the same moments: when a family joins a clinic's line (check-in, place kept for tests, back
from them, back with results) and a room of the line is open and somebody was called before.
"""

import argparse
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from beacon_sim.day import ALL_LEVERS
from benchmarks.forecast_days import busy_moment, simulated
from benchmarks.rows import Row, add_json_option, report
from queue_server.core import Hospital
from queue_server.core.waiting import day_one
from queue_server.learned import (
    NAMES,
    Examples,
    LearnedForecast,
    Model,
    Watch,
    features,
    together,
    train,
)
from queue_server.learned.model import DAY_ONE

LOADS = (0.93, 1.03)
TELLING = 5.0
Floats = NDArray[np.float64]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_json_option(options)
    options.add_argument("--train", type=_seeds, default="1-20", metavar="SEEDS")
    options.add_argument("--calibrate", type=_seeds, default="21-25", metavar="SEEDS")
    options.add_argument("--test", type=_seeds, default="26-30", metavar="SEEDS")
    options.add_argument("--processes", type=int, default=2, metavar="N", help="days at once (2)")
    options.add_argument(
        "--cache", type=Path, metavar="DIR", help="keep the examples of each day here"
    )
    given = options.parse_args()
    parts = (given.train, given.calibrate, given.test)
    jobs = [(load, seed) for seeds in parts for seed in seeds for load in LOADS]
    with ProcessPoolExecutor(given.processes) as pool:
        found = dict(zip(jobs, pool.map(partial(day, given.cache), jobs), strict=True))
    grown, calibrated, tried = (
        together([found[load, seed] for seed in seeds for load in LOADS]) for seeds in parts
    )
    model = train(grown, calibrated)
    title = (
        f"Forecast of waiting times: {len(parts[0])} + {len(parts[1])} + {len(parts[2])} simulated days "
        f"at loads {LOADS[0]} and {LOADS[1]}, {len(grown):,} examples"
    )
    report(title, rows(model, tried), given.json)


def _seeds(text: str) -> range:
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def day(cache: Path | None, job: tuple[float, int]) -> Examples:
    """The examples of a day, from the cache if they are there."""
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


def rows(model: Model, tried: Examples) -> Iterator[Row]:
    joined = tried.where(tried.joined)
    told = Told(model, joined)
    comparable = (
        ~np.isnan(joined.figures[:, DAY_ONE])
        & ~np.isnan(joined.last_waited)
        & np.isfinite(joined.by_length)
    )

    here = comparable & (joined.figures[:, NAMES.index("is_held")] == 0)

    def error(said: Floats, among: NDArray[np.bool_] = comparable) -> float:
        return float(np.abs(said - joined.waits)[among].mean())

    les, by_length = error(joined.last_waited), error(joined.by_length)
    by_work = error(joined.figures[:, NAMES.index("work_each")])
    learned = error(told.median)
    yield Row("waits compared", float(comparable.sum()), "")
    yield Row("their mean", float(joined.waits[comparable].mean()), "min")
    yield Row("error: wait of the last one called (LES)", les, "min")
    yield Row("error: length of the line", by_length, "min")
    yield Row("error: work ahead, shared by the rooms at work", by_work, "min")
    yield Row("error: first day", error(joined.figures[:, DAY_ONE]), "min")
    yield Row("error: learned", learned, "min")
    yield Row("learned ÷ LES", learned / les, "", 0.40, "lower")
    yield Row("learned ÷ length of the line", learned / by_length, "", 0.75, "lower")
    yield Row("learned ÷ work ahead", learned / by_work, "")
    here_learned = error(told.median, here)
    yield Row("waits compared, place not kept for tests", float(here.sum()), "")
    yield Row("learned, there", here_learned, "min")
    yield Row(
        "learned ÷ LES, there", here_learned / error(joined.last_waited, here), "", 0.40, "lower"
    )
    ratio = here_learned / error(joined.by_length, here)
    yield Row("learned ÷ length of the line, there", ratio, "", 0.75, "lower")
    yield from ranges(told, joined)
    low, high = first_day(joined)
    telling = told.median > TELLING
    inside = (low <= joined.waits) & (joined.waits <= high)
    yield Row("covered there by the first day's range", 100 * float(inside[telling].mean()), "%")
    still = tried.where(~tried.joined)
    yield Row("covered, while waiting", Told(model, still).covered(still), "%")
    yield Row("fallen back, of test waits", 100 * fallen_back(told, joined), "%")
    yield from made(model, busy_moment(LOADS[0], 31, ALL_LEVERS))


def ranges(told: "Told", joined: Examples) -> Iterator[Row]:
    covered = told.covered(joined)
    yield Row("covered where the median exceeds 5 min", covered, "%", 78.0)
    yield Row("the same, at most", covered, "%", 82.0, "lower")
    above = 100 * float((joined.waits > told.shown).mean())
    yield Row("waits above the shown end", above, "%", 12.0, "lower")
    telling = told.median > TELLING
    above = 100 * float((joined.waits > told.shown)[telling].mean())
    yield Row("the same where the median exceeds 5 min", above, "%", 12.0, "lower")
    yield Row("width of the range there", float((told.high - told.low)[telling].mean()), "min")


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


def fallen_back(told: Told, joined: Examples) -> float:
    """Share of waits at whose end the watch would have shown the other forecast."""
    watch, fallen = Watch(), 0
    inside = (told.low <= joined.waits) & (joined.waits <= told.high)
    low, high = first_day(joined)
    inside_first_day = (low <= joined.waits) & (joined.waits <= high)
    telling = np.flatnonzero(told.median > TELLING)
    for number in telling:
        watch.note(bool(inside[number]), bool(inside_first_day[number]))
        fallen += not watch.health.good
    return fallen / len(telling)


def first_day(joined: Examples) -> tuple[Floats, Floats]:
    """The ends of the forecast of the first day; the lower one is never below zero, so half the range may be more."""
    mean, range_ = joined.figures[:, DAY_ONE], joined.figures[:, DAY_ONE + 1]
    half = np.where(range_ / 2 <= mean, range_ / 2, range_ - mean)
    return np.maximum(0.0, mean - half), mean + half


def made(model: Model, h: Hospital) -> Iterator[Row]:
    """What it costs to make a forecast in the middle of a busy morning; CPU time, the middle of several rounds."""
    forecast = LearnedForecast(model)
    steps = [step for step in h.steps.values() if features(h, step, h.moment)]
    chosen = steps[:: max(1, len(steps) // 300)]
    for name, make in (("learned", forecast), ("first day", day_one)):
        rounds = []
        for _ in range(7):
            began = time.process_time()
            for step in chosen:
                make(h, step)
            rounds.append(1e6 * (time.process_time() - began) / len(chosen))
        goal = 1000.0 if name == "learned" else None
        yield Row(f"one forecast, {name}, CPU", median(rounds), "µs", goal, "lower")


if __name__ == "__main__":
    main()
