"""How long a family will wait (预计等候): a range in minutes, from the real line under the rules in force.

Those who stand ahead, by kind, times what their kind takes here lately, spread over the rooms at work: the named ones
to their doctor's rooms, the pool to whichever is free first. Added are returns that are still at the laboratory and
booked families still to come, as far as they would go ahead. A learned forecast takes the place of `day_one` behind
the same signature.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor, sqrt
from typing import Final

from queue_server.core.lines import Ahead
from queue_server.core.picking import NOBODY, POOL, ahead_by_doctor
from queue_server.core.routing import residual, service_minutes
from queue_server.core.rules import Order
from queue_server.core.site import Point
from queue_server.core.state import Hospital, Wait
from queue_server.core.steps import Step

SPREAD: Final = 0.6
"""Standard deviation of a service over its mean, until the line has been measured."""
UNSURE: Final = 0.12
"""What the forecast itself may be wrong by, over its mean."""
TENTH: Final = 1.28
"""Standard deviations from the middle to the tenth and the ninetieth of a hundred."""
STEP_MINUTES: Final = 5
"""Ends of a range are shown in such steps."""
STEADY_MINUTES: Final = 3.0
"""Smaller changes are not shown."""
SHOWS_UP: Final = 0.85
"""So many of the booked families come."""
COMES_EARLY: Final = 12.0
"""Minutes by which booked families come before their time, in the middle."""
TEST_MINUTES: Final = 40.0
"""From being sent for tests until the return is ready, about."""
RETURNS_OVERTAKE: Final = frozenset({Order.ACCUMULATING, Order.RETURNS_FIRST, Order.INTERLEAVE})


@dataclass(frozen=True, slots=True)
class Estimate:
    """Minutes until the call."""

    mean: float
    low: float
    """One in ten waits less."""
    high: float
    """One in ten waits more."""


def day_one(h: Hospital, step: Step) -> Wait | None:
    """The range for a step that waits; None when it doesn't, or when no room of its line is at work."""
    estimate = estimated(h, step, h.moment)
    return rounded(estimate) if estimate else None


def rounded(estimate: Estimate) -> Wait:
    """A range in steps of five minutes, never narrower than one step."""
    low = floor(estimate.low / STEP_MINUTES) * STEP_MINUTES
    high = max(ceil(estimate.high / STEP_MINUTES) * STEP_MINUTES, low + STEP_MINUTES)
    return Wait(low, high, estimate.mean)


def damped(before: Wait | None, fresh: Wait) -> Wait:
    """The range to show: the one shown before, unless the middle has moved by three minutes or more."""
    if before is None or abs(fresh.mean - before.mean) >= STEADY_MINUTES:
        return fresh
    return before


def estimated(h: Hospital, step: Step, now: datetime) -> Estimate | None:
    """The forecast before rounding."""
    ahead = ahead_by_doctor(h, step, now)
    points = _points(h, step, now)
    if ahead is None or not points:
        return None
    group = step.plan.group
    first, again = _time(h, group, False), _time(h, group, True)
    coming = _coming(h, step, now)
    pool = _work(ahead.get(None, NOBODY), first, again) + coming * first.mean
    loads = {point.id: residual(h, point.id, first.mean, now) for point in points}
    if step.doctor is None and ahead.keys() <= POOL:
        mean = _filled(pool, sorted(loads.values()))
    else:
        seats = {point.id: h.doctors_at(point, now) for point in points}
        _add_named(loads, seats, ahead, first, again)
        mean = _until_free(pool, loads, step.doctor, seats)
    back = _coming_back(h, step, mean)
    mean += back * again.mean / len(points)
    firsts = sum([each.firsts for each in ahead.values()]) + coming
    returns = sum([each.returns for each in ahead.values()]) + back
    variance = (firsts * first.variance + returns * again.variance) / len(points) ** 2
    spread = TENTH * sqrt(variance + first.variance / len(points) + (UNSURE * mean) ** 2)
    return Estimate(mean, max(0.0, mean - spread), mean + spread)


@dataclass(frozen=True, slots=True)
class _Time:
    """What one family takes, from the call until it is done."""

    mean: float
    variance: float


def _time(h: Hospital, group: str, is_return: bool) -> _Time:
    mean = service_minutes(h, group, is_return)
    pace = h.paces.get((group, is_return))
    measured = pace is not None and pace.count >= STEP_MINUTES
    variance = pace.square if pace and measured else (SPREAD * mean) ** 2
    return _Time(mean, variance)


def _points(h: Hospital, step: Step, now: datetime) -> list[Point]:
    """The open points of the line; a named doctor's families need one where that doctor sits."""
    points = [
        point
        for point in h.site.points_of.get(step.plan.group, ())
        if not point.classes and h.is_open(point.id)
    ]
    if step.doctor and not any(step.doctor in h.doctors_at(point, now) for point in points):
        return []
    return points


def _work(ahead: Ahead, first: _Time, again: _Time) -> float:
    return ahead.firsts * first.mean + ahead.returns * again.mean


def _add_named(
    loads: dict[str, float],
    seats: Mapping[str, tuple[str, ...]],
    ahead: Mapping[str | None, Ahead],
    first: _Time,
    again: _Time,
) -> None:
    """Give each point what only it can do; a doctor who sits at two points is shared by them."""
    for doctor, each in ahead.items():
        own = [id for id, doctors in seats.items() if doctor is not None and doctor in doctors]
        for id in own:
            loads[id] += _work(each, first, again) / len(own)


def _until_free(
    pool: float,
    loads: Mapping[str, float],
    doctor: str | None,
    seats: Mapping[str, tuple[str, ...]],
) -> float:
    """When the family's turn comes: the pool's work fills up the least loaded rooms, like water."""
    level = _filled(pool, sorted(loads.values()))
    if doctor is None:
        return level
    own = [loads[id] for id, doctors in seats.items() if doctor in doctors]
    return max(min(own), level) if pool else min(own)


def _filled(work: float, loads: list[float]) -> float:
    """The level to which `work` fills up `loads` (sorted)."""
    level, left = loads[0], work
    for count, next_one in enumerate([*loads[1:], float("inf")], start=1):
        room = (next_one - level) * count
        if room >= left:
            return level + left / count
        left -= room
        level = next_one
    return level


def _coming_back(h: Hospital, step: Step, mean: float) -> float:
    """How many who are at the laboratory now will be back and go ahead before the family's turn."""
    group = step.plan.group
    if h.rules(group).order not in RETURNS_OVERTAKE or step.plan.is_return:
        return 0.0
    returns = (h.steps[id] for id in h.expected_returns.get(group, ()))
    count = sum(1 for each in returns if step.doctor in (None, each.doctor))
    return count * mean / (mean + TEST_MINUTES)


def _coming(h: Hospital, step: Step, now: datetime) -> float:
    """How many booked families still to come will go ahead of this one."""
    if step.rank is None or step.plan.is_return:
        return 0.0
    return sum(_shares(h, step, now))


def _shares(h: Hospital, step: Step, now: datetime) -> Iterator[float]:
    ref, today = step.rank.ref if step.rank else now, h.site.day(now)
    for start, count in h.booked.get(step.plan.group, {}).items():
        to_come = (ref - start).total_seconds() / 60 + COMES_EARLY
        gone = max(0.0, (now - start).total_seconds() / 60 + COMES_EARLY)
        if start < ref and h.site.day(start) == today and gone < to_come:
            window = 60.0 + COMES_EARLY
            yield count * SHOWS_UP * min(1.0, (min(to_come, window) - min(gone, window)) / window)
