"""What a learned forecast looks at: figures of the state, for one step that waits at a clinic.

They are a pure function of the state and of the moment, so a replayed journal gives the figures that the running server
had. No patient, no doctor and no line is named in them: a model learns how lines move, not who stands in them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import inf, nan
from typing import Final

from queue_server.core import Hospital, Step
from queue_server.core.lines import Ahead
from queue_server.core.picking import ahead_by_doctor
from queue_server.core.routing import expected_wait, residual, service_minutes
from queue_server.core.site import Point
from queue_server.core.vocabulary import FIRSTS, TESTS, HoldReason, Lane, StepKind, StepState
from queue_server.core.waiting import estimated

AT_WORK: Final = timedelta(minutes=20)
"""A room that has finished somebody so lately is at work, even if nobody is in it now."""
SOON: Final = timedelta(minutes=60)
LANES: Final = {lane: float(number) for number, lane in enumerate(Lane)}

FIGURES: Final = {
    "day_one": "middle of the forecast of the first day",
    "day_one_spread": "its range",
    "time_of_day": "since midnight, local",
    "waited": "since the family came to this line",
    "to_ref": "until the moment from which the rules count its waiting; negative when that has passed",
    "lane": "number of the kind of entry",
    "is_return": "1: comes back with results",
    "is_named": "1: waits for one doctor",
    "is_held": "1: its place is kept",
    "at_lab": "1: it is at tests meanwhile",
    "tests_to_do": "tests of this visit that are not done",
    "results_to_come": "tests of this visit whose result is not there yet",
    "test_wait": "the longest wait at a line where tests of this visit are still to be done",
    "since_tests": "since the last test was done whose result is not there yet",
    "overtaken": "how often it was overtaken",
    "misses": "how often it was called and not there",
    "firsts_ahead": "first visits before it",
    "returns_ahead": "returns before it",
    "own_ahead": "of these, those who wait for the same doctor, or like it for anybody",
    "own_work": "what those take, for each room that may call this step",
    "work_ahead": "what those before it will take",
    "work_each": "the same for each room at work",
    "firsts_wait": "first visits that wait in the line",
    "returns_wait": "returns that wait in the line",
    "held": "families of the line whose place is kept",
    "missed": "families of the line that were called and not there",
    "to_return": "families of the line that are at tests and will be back",
    "to_return_own": "of these, the same doctor's",
    "booked_before": "booked families still to come, of slots that begin before its own moment",
    "booked_soon": "booked families still to come, of slots that begin within the hour",
    "calls": "calls made today in this line",
    "coming_each": "what those booked before will take, for each room open or soon to be",
    "back_each": "what those at tests will take, for each room open or soon to be",
    "rooms_mine": "rooms that may call this step",
    "rooms_open": "rooms that are open",
    "rooms_at_work": "rooms with somebody in them, or lately",
    "rooms_planned": "rooms with a session now, by the plan",
    "rooms_soon": "rooms with a session at some time within the hour, by the plan",
    "until_session": "until a session begins in which it may be called; 0 while one is on or where there is no plan",
    "until_free": "until the first room that may call it is free",
    "line_each": "what all who wait will take, for each room open or soon to be",
    "takes_first": "what a first visit takes here lately",
    "takes_return": "what a return takes here lately",
    "spread_first": "standard deviation of the first",
    "served_waited": "how long those of the same kind waited who are in the rooms now",
    "served_waited_all": "how long all waited who are in the rooms now",
}
"""Every figure and what it is, in the order in which a model takes them. Minutes where nothing else is said."""
NAMES: Final = tuple(FIGURES)

Figures = dict[str, float]


def features(h: Hospital, step: Step, now: datetime) -> tuple[float, ...] | None:
    """The figures in the order of `NAMES`, NaN where one is not known; None for a step in no clinic's line.

    It is also None where no room of the line is open and none will have a session today: nobody can tell then.
    """
    if step.plan.kind is not StepKind.CLINIC or step.rank is None:
        return None
    counted = ahead_by_doctor(h, step, now)
    if counted is None:
        return None
    mine = (None, step.doctor) if step.doctor else counted
    ahead = {doctor: counted[doctor] for doctor in mine if doctor in counted}
    points = h.site.points_of.get(step.plan.group, ())
    open_points = [point for point in points if h.is_open(point.id) and not point.classes]
    until_session = _until_session(h, step, points, now)
    if not open_points and until_session is None:
        return None
    first = service_minutes(h, step.plan.group)
    again = service_minutes(h, step.plan.group, is_return=True)
    at_work = sum(1 for point in open_points if _is_at_work(h, point, now))
    found = {
        **_day_one(h, step, now),
        **_itself(h, step, now),
        **_tests(h, step, now),
        **_before(step, ahead, first, again),
        **_line(h, step, now),
        **_rooms(h, step, now, points, open_points),
        **_times(h, step, first, again),
        **_served(h, step, open_points),
    }
    found["rooms_at_work"] = float(at_work)
    found["until_session"] = until_session or 0.0
    rooms = max(found["rooms_open"], found["rooms_soon"], 1.0)
    found["work_each"] = found["work_ahead"] / max(at_work, 1)
    found["own_work"] /= max(found["rooms_mine"], 1.0)
    found["line_each"] = (found["firsts_wait"] * first + found["returns_wait"] * again) / rooms
    found["coming_each"] = found["booked_before"] * first / rooms
    found["back_each"] = found["to_return"] * again / rooms
    return tuple([found[name] for name in NAMES])


def _minutes(span: timedelta) -> float:
    return span.total_seconds() / 60


def _day_one(h: Hospital, step: Step, now: datetime) -> Figures:
    told = estimated(h, step, now)
    if told is None:
        return {"day_one": nan, "day_one_spread": nan}
    return {"day_one": told.mean, "day_one_spread": told.high - told.low}


def _itself(h: Hospital, step: Step, now: datetime) -> Figures:
    rank = step.rank
    local = h.site.local(now)
    return {
        "time_of_day": local.hour * 60 + local.minute + local.second / 60,
        "waited": _minutes(now - rank.since) if rank else nan,
        "to_ref": _minutes(rank.ref - now) if rank else nan,
        "lane": LANES[rank.lane] if rank else nan,
        "is_return": float(step.plan.is_return),
        "is_named": float(step.doctor is not None),
        "is_held": float(step.state is StepState.HELD),
        "at_lab": float(step.hold is HoldReason.AT_LAB),
        "overtaken": float(step.overtaken),
        "misses": float(step.misses),
    }


def _tests(h: Hospital, step: Step, now: datetime) -> Figures:
    tests = [each for each in h.visits[step.visit].steps.values() if each.plan.kind in TESTS]
    to_do = [each for each in tests if each.finished_at is None]
    due = [each.finished_at for each in tests if each.finished_at and each.result_due]
    waits = (expected_wait(h, each.plan.group, now) for each in to_do)
    return {
        "tests_to_do": float(len(to_do)),
        "results_to_come": float(len(to_do) + len(due)),
        "test_wait": max((wait for wait in waits if wait < inf), default=nan),
        "since_tests": _minutes(now - max(due)) if due else nan,
    }


def _before(step: Step, ahead: Mapping[str | None, Ahead], first: float, again: float) -> Figures:
    firsts = sum(each.firsts for each in ahead.values())
    returns = sum(each.returns for each in ahead.values())
    own = ahead.get(step.doctor)
    work = firsts * first + returns * again
    return {
        "firsts_ahead": float(firsts),
        "returns_ahead": float(returns),
        "own_ahead": float(own.total) if own else 0.0,
        "own_work": own.firsts * first + own.returns * again if own else 0.0,
        "work_ahead": work,
    }


def _line(h: Hospital, step: Step, now: datetime) -> Figures:
    group = step.plan.group
    lanes = h.lines.lanes(group)
    back = h.expected_returns.get(group, ())
    own = sum(1 for id in back if h.steps[id].doctor in (None, step.doctor))
    today = h.site.day(now)
    ref = step.rank.ref if step.rank else now
    booked = [(s, n) for s, n in h.booked.get(group, {}).items() if h.site.day(s) == today]
    return {
        "firsts_wait": float(sum(len(lane) for key, lane in lanes.items() if key.lane in FIRSTS)),
        "returns_wait": float(
            sum(len(lane) for key, lane in lanes.items() if key.lane is Lane.RETURN)
        ),
        "held": float(len(h.held.get(group, ()))),
        "missed": float(len(h.missed.get(group, ()))),
        "to_return": float(len(back)),
        "to_return_own": float(own),
        "booked_before": float(sum(n for start, n in booked if start < ref)),
        "booked_soon": float(sum(n for start, n in booked if now - SOON < start < now + SOON)),
        "calls": float(h.lines.calls(group, None)),
    }


def _rooms(
    h: Hospital, step: Step, now: datetime, points: Sequence[Point], open_points: Sequence[Point]
) -> Figures:
    mean = service_minutes(h, step.plan.group, step.plan.is_return)
    mine = [p for p in open_points if step.doctor is None or step.doctor in h.doctors_at(p, now)]
    local = h.site.local(now)
    planned = soon = 0
    later = (local + SOON).time() if (local + SOON).date() == local.date() else local.time().max
    for point in points:
        for session in h.site.sessions_at.get(point.id, ()):
            if session.on(local.date()):
                planned += session.start <= local.time() < session.end
                soon += session.start <= later and local.time() < session.end
    return {
        "rooms_mine": float(len(mine)),
        "rooms_open": float(len(open_points)),
        "rooms_planned": float(planned),
        "rooms_soon": float(soon),
        "until_free": min((residual(h, p.id, mean, now) for p in mine), default=nan),
    }


def _until_session(h: Hospital, step: Step, points: Sequence[Point], now: datetime) -> float | None:
    """Minutes until a session begins in which the step may be called; None when none does, or there is no plan."""
    local = h.site.local(now)
    found = inf
    for point in points:
        for session in h.site.sessions_at.get(point.id, ()):
            if step.doctor not in (None, session.doctor) or not session.on(local.date()):
                continue
            if local.time() < session.end:
                start = local.replace(
                    hour=session.start.hour, minute=session.start.minute, second=0, microsecond=0
                )
                found = min(found, max(0.0, _minutes(start - local)))
    return None if found == inf else found


def _is_at_work(h: Hospital, point: Point, now: datetime) -> bool:
    state = h.points.get(point.id)
    if state is None:
        return False
    lately = state.last_finished_at
    return state.step is not None or (lately is not None and now - lately < AT_WORK)


def _times(h: Hospital, step: Step, first: float, again: float) -> Figures:
    pace = h.paces.get((step.plan.group, False))
    spread = pace.square**0.5 if pace and pace.count else nan
    return {"takes_first": first, "takes_return": again, "spread_first": spread}


def _served(h: Hospital, step: Step, open_points: Sequence[Point]) -> Figures:
    """How long those waited who have been called last at each room."""
    same: list[float] = []
    everybody: list[float] = []
    for point in open_points:
        there = h.current(point.id)
        if there and there.rank and there.first_called_at:
            waited = _minutes(there.first_called_at - there.rank.since)
            everybody.append(waited)
            if there.plan.is_return == step.plan.is_return:
                same.append(waited)
    return {
        "served_waited": sum(same) / len(same) if same else nan,
        "served_waited_all": sum(everybody) / len(everybody) if everybody else nan,
    }
