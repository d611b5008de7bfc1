"""A lower bound for the mean time of a day: what no order of calling could beat, though it knew everything.

Every queue but the doctors' is free. A department's doctors are one machine of their joint speed. On it the mean busy
dates of all work, weighted, are least under the preemptive rule "greatest weight for its work first" (weighted SPT with
release dates); a consult ends half its time or more after its mean busy date. A family with tests has two consults, and
its day ends no earlier than any mixture of what follows from its first consult and of what follows from its second:
each mixture is a bound, and the best one is taken for each department.

Sources: M. X. Goemans, M. Queyranne, A. S. Schulz, M. Skutella, Y. Wang: Single machine scheduling with release dates,
SIAM J. Discrete Math. 15 (2002), for the mean busy date relaxation; for parallel machines the single fast machine
of A. S. Schulz and M. Skutella, SIAM J. Discrete Math. 15 (2002).
"""

import heapq
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from beacon_sim.day.draw import Bools, Drawn, Floats
from beacon_sim.day.walks import Walks, drawn_walks

MIXTURES: Final = (0.0, 0.2, 0.35, 0.5, 0.65)
"""Weight of the first consult of those who have two."""


class Job(NamedTuple):
    """Some work of one family."""

    release: float
    work: float
    weight: float


class Times(NamedTuple):
    """What a family needs without any queue, one value each; minutes."""

    ready: Floats
    """Checked in, which takes no time on a phone, and where the clinic's families wait."""
    has_tests: Bools
    tests: Floats
    """From the end of the first consult to the last result."""
    tests_before: Floats
    """From the door to the last result, when the tests are done before the consult."""
    tail: Floats
    """From the end of the last consult to the exit."""
    first: Floats
    again: Floats
    may_go_before: Bools
    """Tests before the consult are possible, and then no return is needed."""
    after_others: Floats
    """As `tests`, without the routine ones."""


def queueless(drawn: Drawn, to_room: float | None = None, walks: Walks | None = None) -> Times:
    """The times of a day on which only doctors are scarce and no tests are done before the consult."""
    walk = drawn.model.to_room if to_room is None else to_room
    on_foot = walks or drawn_walks(drawn)
    pays = np.where(drawn.at_cashier, drawn.cashier_takes, drawn.pays_after)
    paid = on_foot.to_tests + pays
    drops = drawn.urine | drawn.stool
    brought = drawn.collects + on_foot.bring + drawn.drop_takes + drawn.drop_turn
    specimens = np.maximum(
        np.where(drawn.blood, drawn.blood_takes + drawn.blood_turn, 0.0),
        np.where(drops, brought, 0.0),
    )
    tests = np.maximum(
        np.where(drawn.labs, specimens, 0.0), np.where(drawn.other, drawn.other_takes, 0.0)
    )
    prepared = np.maximum(on_foot.to_drugs, drawn.prepare)
    drugs = on_foot.to_pay + pays + prepared + drawn.pharmacy_takes
    return Times(
        ready=drawn.arrival + on_foot.to_wait,
        has_tests=drawn.labs | drawn.other,
        tests=paid + tests,
        tests_before=on_foot.before + pays + specimens,
        tail=np.where(drawn.prescription, drugs, 0.0),
        first=drawn.first + walk,
        again=drawn.again + walk,
        may_go_before=drawn.labs & drawn.rule_fits & drawn.accepts,
        after_others=paid + np.where(drawn.other, drawn.other_takes, 0.0),
    )


def mean_bound(drawn: Drawn, previsit: bool = False, walks: Walks | None = None) -> float:
    """A lower bound for the mean minutes from the door to the exit, of those who came.

    With `previsit` it holds for days with tests before the consult as well: who may have them needs one consult only, the
    end of which lies behind the results. What it allows is more, so that bound is lower.
    """
    times = queueless(drawn, walks=walks)
    total, count = 0.0, 0
    for department in range(drawn.model.departments):
        who = np.flatnonzero((drawn.department == department) & drawn.shows_up)
        if len(who):
            speeds = _speeds(drawn, department)
            total += max(_sum_of(drawn, times, who, speeds, each, previsit) for each in MIXTURES)
            count += len(who)
    return total / count


Speeds = Sequence[tuple[float, float]]
"""From when on how many doctors work, in order of time."""


def _speeds(drawn: Drawn, department: int) -> Speeds:
    sessions = drawn.model.sessions
    return [
        (half.start, float(len(drawn.rooms.of(department, number))))
        for number, half in enumerate(sessions)
    ]


def _sum_of(
    drawn: Drawn, times: Times, who: np.ndarray, speeds: Speeds, mix: float, previsit: bool
) -> float:
    """The bound for the sum of one department, with a weight of the first consults of those with two."""
    jobs: list[Job] = []
    rest = 0.0
    for index in who:
        ready, first = float(times.ready[index]), float(times.first[index])
        after = float(times.tail[index] - drawn.arrival[index])
        if not times.has_tests[index]:
            jobs.append(Job(ready, first, 1.0))
            rest += after
            continue
        tests, again = float(times.tests[index]), float(times.again[index])
        if previsit and times.may_go_before[index]:
            if drawn.other[index]:
                tests = min(tests, float(times.after_others[index]))
            else:
                once = first + drawn.model.looks_at_results * float(drawn.again[index])
                again = min(again, once)
                jobs.append(Job(ready, max(once - again, 1e-6), mix))
                seen = max(ready, float(drawn.arrival[index] + times.tests_before[index]))
                jobs.append(Job(seen, again, 1.0 - mix))
                rest += after + mix * again
                continue
        jobs.append(Job(ready, first, mix))
        jobs.append(Job(ready + first + tests, again, 1.0 - mix))
        rest += after + mix * (tests + again)
    dates = mean_busy_dates(jobs, speeds)
    ends = sum(j.weight * (date + j.work / 2) for j, date in zip(jobs, dates, strict=True))
    return ends + rest


def mean_busy_dates(jobs: Sequence[Job], speeds: Speeds) -> list[float]:
    """When, on average over its work, each job is worked at, under preemptive weighted SPT on one machine.

    Args:
        jobs: with release dates, work (at speed 1) and weights.
        speeds: of the machine, from each moment on; zero before the first.
    """
    order = sorted(range(len(jobs)), key=lambda n: jobs[n].release)
    left = [job.work for job in jobs]
    area = [0.0] * len(jobs)
    ready: list[tuple[float, int]] = []
    changes = [start for start, _ in speeds] + [float("inf")]
    position, phase, now = 0, 0, speeds[0][0]
    while position < len(order) or ready:
        while position < len(order) and jobs[order[position]].release <= now:
            number = order[position]
            heapq.heappush(ready, (-jobs[number].weight / jobs[number].work, number))
            position += 1
        while changes[phase + 1] <= now:
            phase += 1
        upcoming = jobs[order[position]].release if position < len(order) else float("inf")
        until = min(upcoming, changes[phase + 1])
        if not ready:
            now = until
            continue
        number = ready[0][1]
        speed = speeds[phase][1]
        end = min(until, now + left[number] / speed)
        done = (end - now) * speed
        area[number] += done * (now + end) / 2
        left[number] -= done
        now = end
        if left[number] <= 1e-9:
            heapq.heappop(ready)
    return [spent / job.work for spent, job in zip(area, jobs, strict=True)]
