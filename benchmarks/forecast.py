"""How good is the forecast of waiting times? Learned on some simulated days, calibrated on others, tried on others again.

The claims are those of `beacon-sim compare --forecast`; here are more figures, the cost of a forecast among them.
"""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np

from beacon_sim.day import ALL_LEVERS
from beacon_sim.day.forecasts import TELLING, Errors, Split, Told, Tried, first_day, tried
from beacon_sim.day.opening import busy_moment
from benchmarks.rows import Row, add_json_option, report
from queue_server.core import Hospital
from queue_server.core.waiting import day_one
from queue_server.learned import Examples, LearnedForecast, Model, Watch, features

LOADS = (0.93, 1.03)


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
    split = Split(given.train, given.calibrate, given.test)
    found = tried(split, LOADS, given.processes, given.cache)
    title = (
        f"Forecast of waiting times: {len(split.train)} + {len(split.calibrate)} + {len(split.test)} simulated days "
        f"at loads {LOADS[0]} and {LOADS[1]}, {found.learned_from:,} examples"
    )
    report(title, rows(found), given.json)


def _seeds(text: str) -> range:
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def rows(found: Tried) -> Iterator[Row]:
    joined = found.examples.where(found.examples.joined)
    told = Told(found.model, joined)
    everywhere, here = Errors(told, joined), Errors(told, joined, place_kept=False)
    yield Row("waits compared", everywhere.count, "")
    yield Row("their mean", everywhere.mean_wait, "min")
    yield Row("error: wait of the last one called (LES)", everywhere.les, "min")
    yield Row("error: length of the line", everywhere.by_length, "min")
    yield Row("error: work ahead, shared by the rooms at work", everywhere.by_work, "min")
    yield Row("error: first day", everywhere.first_day, "min")
    yield Row("error: learned", everywhere.learned, "min")
    yield from _ratios("", everywhere)
    yield Row("learned ÷ work ahead", everywhere.learned / everywhere.by_work, "")
    yield Row("waits compared, place not kept for tests", here.count, "")
    yield Row("learned, there", here.learned, "min")
    yield from _ratios(", there", here)
    yield from ranges(told, joined)
    low, high = first_day(joined)
    telling = told.median > TELLING
    inside = (low <= joined.waits) & (joined.waits <= high)
    yield Row("covered there by the first day's range", 100 * float(inside[telling].mean()), "%")
    still = found.examples.where(~found.examples.joined)
    yield Row("covered, while waiting", Told(found.model, still).covered(still), "%")
    yield Row("fallen back, of test waits", 100 * fallen_back(told, joined), "%")
    yield from made(found.model, busy_moment(LOADS[0], 31, ALL_LEVERS))


def _ratios(where: str, errors: Errors) -> Iterator[Row]:
    les, by_length = errors.learned / errors.les, errors.learned / errors.by_length
    yield Row(f"learned ÷ LES{where}", les, "", 0.40, "lower")
    yield Row(f"learned ÷ length of the line{where}", by_length, "", 0.75, "lower")


def ranges(told: Told, joined: Examples) -> Iterator[Row]:
    covered = told.covered(joined)
    yield Row("covered where the median exceeds 5 min", covered, "%", 78.0)
    yield Row("the same, at most", covered, "%", 82.0, "lower")
    yield Row("waits above the shown end", told.above(joined), "%", 12.0, "lower")
    telling = told.median > TELLING
    above = 100 * float((joined.waits > told.shown)[telling].mean())
    yield Row("the same where the median exceeds 5 min", above, "%", 12.0, "lower")
    yield Row("width of the range there", float((told.high - told.low)[telling].mean()), "min")


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
