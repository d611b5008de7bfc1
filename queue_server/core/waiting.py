"""How long a family will wait (预计等候): a range in minutes, from the real line under the rules in force.

Those who stand ahead, by kind, times what their kind takes here lately, spread over the rooms at work: the named ones
to their doctor's rooms, the pool to whichever is free first. Added are returns that are still at the laboratory and
booked families still to come, as far as they would go ahead. A learned forecast takes the place of `day_one` behind
the same signature.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor, isinf, sqrt
from typing import Final

from queue_server.core.lines import Ahead
from queue_server.core.picking import NOBODY, POOL, ahead_at, ahead_by_doctor
from queue_server.core.routing import LEFT_AT_LEAST, expected_wait, residual, service_minutes
from queue_server.core.rules import Order
from queue_server.core.site import Point
from queue_server.core.state import OVER, Hospital, Wait
from queue_server.core.steps import Step
from queue_server.core.vocabulary import TESTS

SPREAD: Final = 0.6
"""Standard deviation of a service over its mean, until the line has been measured."""
UNSURE: Final = 1.8
"""Variance that each minute of waiting adds by what nobody can know yet: who comes, who is sent on. Minutes."""
UNSURE_TEST: Final = 0.4
"""Standard deviation of the time until tests are over, over its mean."""
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
TURNAROUND_MINUTES: Final = 25.0
"""From the end of a test until its result is ready, until the laboratory has been measured."""
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
    line = _Line(h, step, now, points)
    mean = line.minutes(ahead)
    later = _ahead_later(h, step, now, mean)
    if later is not None:
        ahead = later
        mean = line.minutes(ahead)
    variance = line.variance(ahead)
    back, returns_back = _held_before(h, step, mean), _coming_back(h, step, mean)
    rooms = 1 if step.doctor else len(points)
    mean += (back * line.first.mean + returns_back * line.again.mean) / rooms
    variance += (back * line.first.variance + returns_back * line.again.variance) / rooms**2
    away = 0.0 if step.plan.is_return else _until_back(h, step, now)
    mean = max(mean, away)
    spread = TENTH * sqrt(variance + UNSURE * mean + (UNSURE_TEST * away) ** 2)
    return Estimate(mean, max(0.0, mean - spread), mean + spread)


class _Line:
    """What is the same for whoever asks for the waiting time at a line: its rooms, and what a family takes there."""

    def __init__(self, h: Hospital, step: Step, now: datetime, points: list[Point]) -> None:
        self.first = _time(h, step.plan.group, False)
        self.again = _time(h, step.plan.group, True)
        self._coming = _coming(h, step, now)
        self._free = _free(h, points, self.first.mean, now)
        self._h, self._now, self._points, self._doctor = h, now, points, step.doctor

    def minutes(self, ahead: Mapping[str | None, Ahead]) -> float:
        """Until the turn comes of somebody with these ahead."""
        pool = _work(ahead.get(None, NOBODY), self.first, self.again)
        pool += self._coming * self.first.mean
        if self._doctor is None and ahead.keys() <= POOL:
            return _filled(pool, sorted(self._free.values()))
        seats = {point.id: self._h.doctors_at(point, self._now) for point in self._points}
        loads = dict(self._free)
        _add_named(loads, seats, ahead, self.first, self.again)
        return _until_free(pool, loads, self._doctor, seats)

    def variance(self, ahead: Mapping[str | None, Ahead]) -> float:
        """Of those minutes, by what differs from family to family."""
        rooms = len(self._free)
        firsts = sum([each.firsts for each in ahead.values()]) + self._coming
        returns = sum([each.returns for each in ahead.values()])
        spread = firsts * self.first.variance + returns * self.again.variance
        return spread / rooms**2 + self.first.variance / rooms


def _free(h: Hospital, points: Sequence[Point], each: float, now: datetime) -> dict[str, float]:
    """Minutes until each room is free; spread out around what is usual, for the first of several is free sooner."""
    left = {point.id: residual(h, point.id, each, now) for point in points}
    in_turn = sorted(left, key=left.__getitem__)
    return {id: left[id] * 2 * n / (len(left) + 1) for n, id in enumerate(in_turn, start=1)}


def _ahead_later(
    h: Hospital, step: Step, now: datetime, mean: float
) -> Mapping[str | None, Ahead] | None:
    """Who will stand ahead half-way to the turn, where returns overtake as they wait; None where nothing changes."""
    group = step.plan.group
    if h.rules(group).order is not Order.ACCUMULATING or not h.lines.returns_waiting(group):
        return None
    return ahead_at(h, step, now + timedelta(minutes=mean / 2))


def _until_back(h: Hospital, step: Step, now: datetime) -> float:
    """Minutes until the tests are over for which a place is kept, the last result included."""
    return max(
        (_test_takes(h, each, now) for each in h.visits[step.visit].steps.values()), default=0.0
    )


def _test_takes(h: Hospital, test: Step, now: datetime) -> float:
    if test.plan.kind not in TESTS:
        return 0.0
    group = test.plan.group
    pace = h.turnarounds.get(group)
    turnaround = pace.mean if pace else TURNAROUND_MINUTES
    if test.result_due and test.finished_at:
        gone = (now - test.finished_at).total_seconds() / 60
        return max(turnaround - gone, LEFT_AT_LEAST * turnaround)
    if test.state in OVER:
        return 0.0
    wait = expected_wait(h, group, now)
    return (0.0 if isinf(wait) else wait) + service_minutes(h, group) + turnaround


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


def _held_before(h: Hospital, step: Step, mean: float) -> float:
    """How many whose place is kept, at the laboratory now, will be back and go ahead before the family's turn."""
    held = h.held.get(step.plan.group)
    if not held or step.rank is None or step.plan.is_return:
        return 0.0
    ref = step.rank.ref
    count = 0
    for id in held:
        other = h.steps[id]
        if other.rank and other.rank.ref < ref and (step.doctor or other.doctor) == other.doctor:
            count += 1
    return count * mean / (mean + TEST_MINUTES)


def _coming_back(h: Hospital, step: Step, mean: float) -> float:
    """How many who were sent for tests will be back and go ahead before the family's turn."""
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
