"""Policies and levers side by side: the same families under each, many seeds, paired differences.

Scenarios are run in processes of their own; a scenario of one seed and load is one task.
"""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from math import sqrt
from statistics import mean, stdev
from typing import Final

from beacon_sim.day.bound import mean_bound
from beacon_sim.day.draw import draw
from beacon_sim.day.measure import eligible, measured
from beacon_sim.day.model import ALL_LEVERS, STATUS_QUO, DayModel, Levers
from beacon_sim.day.run import run_day

SCENARIOS: Final[Mapping[str, Levers]] = {
    "status-quo": STATUS_QUO,
    "policy": Levers("accumulating", any_doctor=True),
    "returns-first": Levers("returns_first", any_doctor=True),
    "interleave": Levers("interleave", any_doctor=True),
    "previsit": replace(STATUS_QUO, previsit=True),
    "pooled": replace(STATUS_QUO, pooled=True, prepare_early=True),
    "phone": replace(STATUS_QUO, phone=True),
    "all": ALL_LEVERS,
    "all-but-previsit": replace(ALL_LEVERS, previsit=False),
    "presence-blind": replace(ALL_LEVERS, phone=False, hold=False),
}
"""What is compared; `status-quo` is what all others are compared with."""
GOALS: Final = ("status-quo", "all", "presence-blind")
"""The scenarios that the goals speak of."""


@dataclass(frozen=True, slots=True)
class Task:
    """One run."""

    scenario: str
    load: float
    seed: int
    visits: int = 8_000
    base: DayModel = field(default_factory=DayModel)
    """All other figures."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run came to; minutes."""

    task: Task
    bound: float
    """Of a day on which tests come after the first consult: one yardstick for all scenarios of a day."""
    strict: float
    """As `bound`; where tests may come before the consult, of a day that knows for whom they should."""
    mean: float
    queueing: float
    eligible_mean: float
    """Mean time of the families for whom a rule speaks and who would accept."""
    return_p90: float
    return_max: float
    missed: int
    called_at_lab: int
    unexplained: int
    unfinished: int

    @property
    def ratio(self) -> float:
        """Mean time ÷ the clairvoyant bound."""
        return self.mean / self.bound


def run_task(task: Task) -> Outcome:
    """Draw, run and measure."""
    model = replace(task.base, load=task.load, visits=task.visits)
    drawn = draw(model, task.seed)
    found = measured(run_day(drawn, SCENARIOS[task.scenario]))
    return Outcome(
        task,
        bound=mean_bound(drawn),
        strict=mean_bound(drawn, SCENARIOS[task.scenario].previsit),
        mean=found.mean,
        queueing=found.queueing,
        eligible_mean=float(found.total[eligible(drawn)].mean()),
        return_p90=found.return_p90,
        return_max=found.return_max,
        missed=found.missed,
        called_at_lab=found.called_at_lab,
        unexplained=found.unexplained,
        unfinished=found.unfinished,
    )


def tasks(
    scenarios: Iterable[str],
    loads: Iterable[float],
    seeds: Iterable[int],
    visits: int = 8_000,
    base: DayModel | None = None,
) -> list[Task]:
    """All runs; those of one seed stand together. `base` has the figures of a hospital; else the design's are taken."""
    names, seeds, base = list(scenarios), list(seeds), base or DayModel()
    return [
        Task(name, load, seed, visits, base) for load in loads for seed in seeds for name in names
    ]


def run_all(todo: Sequence[Task], workers: int | None = None) -> Iterator[Outcome]:
    """Run tasks in as many processes as there are cores; outcomes come in the order of the tasks."""
    count = workers or len(os.sched_getaffinity(0))
    if count == 1:
        yield from map(run_task, todo)
        return
    with ProcessPoolExecutor(count) as pool:
        yield from pool.map(run_task, todo)


@dataclass(frozen=True, slots=True)
class Paired:
    """A mean of paired differences, with its 95 % confidence interval."""

    mean: float
    half_width: float

    @property
    def low(self) -> float:
        """Lower end."""
        return self.mean - self.half_width

    @property
    def high(self) -> float:
        """Upper end."""
        return self.mean + self.half_width


T_975: Final = (
    12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20, 2.18, 2.16, 2.14, 2.13,
    2.12, 2.11, 2.10, 2.09, 2.09, 2.08, 2.07, 2.07, 2.06, 2.06, 2.06, 2.05, 2.05, 2.05,
)  # fmt: skip
"""Student's t, 97.5 %, for 1, 2 … 29 degrees of freedom; beyond them 2.0 is near enough."""


def paired(differences: Sequence[float]) -> Paired:
    """Mean and 95 % confidence interval of differences between runs with the same families."""
    count = len(differences)
    if count < 2:
        return Paired(differences[0] if differences else 0.0, float("inf"))
    t = T_975[count - 2] if count - 2 < len(T_975) else 2.0
    return Paired(mean(differences), t * stdev(differences) / sqrt(count))


Outcomes = Mapping[tuple[str, float], Mapping[int, Outcome]]
"""Scenario and load → seed → outcome."""


def sorted_out(outcomes: Iterable[Outcome]) -> Outcomes:
    """Outcomes by scenario, load and seed."""
    found: defaultdict[tuple[str, float], dict[int, Outcome]] = defaultdict(dict)
    for each in outcomes:
        found[each.task.scenario, each.task.load][each.task.seed] = each
    return found


def against_status_quo(outcomes: Outcomes, scenario: str, load: float, what: str) -> Paired:
    """Paired differences of one figure, scenario minus status quo."""
    before, after = outcomes["status-quo", load], outcomes[scenario, load]
    seeds = sorted(before.keys() & after.keys())
    return paired([getattr(after[s], what) - getattr(before[s], what) for s in seeds])


@dataclass(frozen=True, slots=True)
class Row:
    """One claim, as a figure with its goal."""

    name: str
    load: float
    value: float
    goal: float | None
    met: bool | None


def rows(outcomes: Outcomes) -> list[Row]:
    """The claims of a comparison that has the scenarios of `GOALS`."""
    found: list[Row] = []
    for load in sorted({load for _, load in outcomes}):
        if all((name, load) in outcomes for name in GOALS):
            found += _rows_at(outcomes, load)
    return found


RATIO_GOALS: Final = {0.93: 1.35, 1.03: 1.38}


def _rows_at(outcomes: Outcomes, load: float) -> Iterator[Row]:
    quo = list(outcomes["status-quo", load].values())
    best = list(outcomes["all", load].values())
    blind = list(outcomes["presence-blind", load].values())

    def most(name: str, value: float, goal: float | None) -> Row:
        return Row(name, load, value, goal, None if goal is None else value <= goal)

    def least(name: str, value: float, goal: float | None) -> Row:
        return Row(name, load, value, goal, None if goal is None else value >= goal)

    yield most("status quo: mean time / bound", _mean(o.ratio for o in quo), None)
    yield most("all levers: mean time / bound", _mean(o.ratio for o in best), RATIO_GOALS.get(load))
    every = [o for (_, at), runs in outcomes.items() if at == load for o in runs.values()]
    below = sum(o.bound > o.mean for o in every)
    yield most("runs below the bound", float(below), 0.0)
    strictly = _mean(o.mean / o.strict for o in best)
    yield most("all levers: mean time / bound that may test before as well", strictly, None)
    below_strict = sum(o.strict > o.mean for o in every)
    yield most("runs below the bound that may test before as well", float(below_strict), 0.0)
    queueing = _mean(o.queueing for o in best) / _mean(o.queueing for o in quo)
    yield most("queueing minutes, all levers / status quo", queueing, 0.62)
    saved = -against_status_quo(outcomes, "all", load, "eligible_mean").mean
    yield least("minutes saved by eligible families", saved, 30.0 if load > 1 else None)
    yield most("return wait p90, minutes", _mean(o.return_p90 for o in best), 20.0)
    yield most("return wait max, minutes", max(o.return_max for o in best), 75.0)
    yield most("overtakes without a reason", float(sum(o.unexplained for o in every)), 0.0)
    missed = _mean(o.missed for o in best) / _mean(o.missed for o in blind)
    yield most("missed calls, all levers / presence-blind", missed, 0.25)
    yield most("calls to a family at the lab", float(sum(o.called_at_lab for o in best)), 0.0)
    yield most("families not seen by midnight", float(sum(o.unfinished for o in best)), 0.0)


def _mean(values: Iterable[float]) -> float:
    return mean(list(values))
