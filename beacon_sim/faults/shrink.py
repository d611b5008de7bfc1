"""From a day that fails to the shortest story that still fails: fewest faults, then fewest families."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from beacon_sim.faults.check import Kind, Verdict, judge
from beacon_sim.faults.schedule import Fault, Schedule
from beacon_sim.faults.world import Plan, with_families
from queue_server.journal import Journal, MemoryJournal

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shrunk:
    """The shortest story that was found, and how many days were run for it."""

    plan: Plan
    verdict: Verdict
    runs: int


def smallest(items: Sequence[T], fails: Callable[[Sequence[T]], bool]) -> list[T]:
    """A part of `items` of which none can be left out, such that it still fails.

    Delta debugging (Zeller and Hildebrandt 2002): halves first, then finer parts.
    """
    kept = list(items)
    if kept and fails([]):
        return []
    parts = 2
    while len(kept) >= 2:
        size = -(-len(kept) // parts)
        for begin in range(0, len(kept), size):
            rest = kept[:begin] + kept[begin + size :]
            if fails(rest):
                kept, parts = rest, max(parts - 1, 2)
                break
        else:
            if size == 1:
                break
            parts = min(parts * 2, len(kept))
    return kept


class _Shrinker:
    def __init__(self, plan: Plan, verdict: Verdict, make_journal: Callable[[], Journal]) -> None:
        self.plan = plan
        self.kind: Kind = min((p.kind for p in verdict.problems), key=list(Kind).index)
        self.make_journal = make_journal
        self.best = verdict
        self.best_plan = plan
        self.runs = 0

    def fails(self, plan: Plan, faults: Schedule) -> bool:
        """Whether it still fails in the same way; remembers the last that did."""
        self.runs += 1
        verdict = judge(plan, faults, self.make_journal)
        if verdict.count(self.kind) == 0:
            return False
        self.best, self.best_plan = verdict, plan
        return True


def shrink(
    plan: Plan, verdict: Verdict, make_journal: Callable[[], Journal] = MemoryJournal
) -> Shrunk:
    """Shrink a failing day, keeping the gravest kind of problem it has.

    Args:
        plan: the day.
        verdict: what came of it; must have problems.
        make_journal: as for `judge`.
    """
    trial = _Shrinker(plan, verdict, make_journal)
    everybody = [n for n in range(plan.drawn.count) if plan.drawn.shows_up[n]]
    faults: list[Fault] = smallest(verdict.faults, lambda some: trial.fails(plan, tuple(some)))
    alone = with_families(plan, frozenset(everybody), bystanders=False)
    bystanders = not trial.fails(alone, tuple(faults))
    smallest(
        everybody,
        lambda some: trial.fails(with_families(plan, frozenset(some), bystanders), tuple(faults)),
    )
    few = trial.best_plan
    smallest(faults, lambda some: trial.fails(few, tuple(some)))
    return Shrunk(trial.best_plan, trial.best, trial.runs)
