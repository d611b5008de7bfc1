"""The best order of several stops: exact for few (Held and Karp), nearest first and improved by turning stretches for many."""

from itertools import combinations
from typing import Final

import numpy as np

from nav_maps.doctor.plan import Numbers

MOST_EXACT: Final = 9
"""Stops besides the first up to which every order is looked at."""


def best_order(costs: Numbers, *, fixed_last: bool = False) -> list[int]:
    """Indices in the order that costs least, from the first stop (0) on; the last stays last when asked.

    `costs` is (n, n), from row to column; infinite where there is no way (then the order is only a proposal).
    """
    count = len(costs)
    if count <= 2:
        return list(range(count))
    costs = np.where(np.isfinite(costs), costs, 1e9)
    last = count - 1 if fixed_last else None
    middle = [stop for stop in range(1, count) if stop != last]
    if len(middle) <= MOST_EXACT:
        return _exact(costs, middle, last)
    return _improved(costs, _nearest_first(costs, middle, last), last is not None)


def _exact(costs: Numbers, middle: list[int], last: int | None) -> list[int]:
    best: dict[tuple[int, int], tuple[float, list[int]]] = {
        (1 << place, stop): (float(costs[0, stop]), [0, stop]) for place, stop in enumerate(middle)
    }
    for size in range(2, len(middle) + 1):
        for chosen in combinations(range(len(middle)), size):
            visited = sum(1 << place for place in chosen)
            for place in chosen:
                stop = middle[place]
                before = visited & ~(1 << place)
                total, previous = min(
                    (
                        best[before, middle[other]][0] + float(costs[middle[other], stop]),
                        middle[other],
                    )
                    for other in chosen
                    if other != place
                )
                best[visited, stop] = (total, [*best[before, previous][1], stop])
    every = (1 << len(middle)) - 1
    ends = [
        (best[every, stop][0] + (float(costs[stop, last]) if last is not None else 0.0), stop)
        for stop in middle
    ]
    order = best[every, min(ends)[1]][1]
    return [*order, last] if last is not None else order


def _nearest_first(costs: Numbers, middle: list[int], last: int | None) -> list[int]:
    order, left = [0], set(middle)
    while left:
        order.append(min(left, key=lambda stop: (costs[order[-1], stop], stop)))
        left.discard(order[-1])
    return [*order, last] if last is not None else order


def _improved(costs: Numbers, order: list[int], keep_last: bool) -> list[int]:
    end = len(order) - (1 if keep_last else 0)
    better = True
    while better:
        better = False
        for one, other in combinations(range(1, end), 2):
            turned = order[:one] + order[one : other + 1][::-1] + order[other + 1 :]
            if _total(costs, turned) < _total(costs, order) - 1e-9:
                order, better = turned, True
    return order


def _total(costs: Numbers, order: list[int]) -> float:
    return float(costs[order[:-1], order[1:]].sum())
