"""The day of a room or window: serving, waiting for whom it called, paused, idle while somebody waited or nobody did. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from queue_server.core.vocabulary import StepState
from queue_server.reports.intervals import Span, common, joined, total, without


class StayAt(NamedTuple):
    """A stay of some family in the line; `until` None: it lasts."""

    state: StepState
    doctor: str | None
    point: str | None
    since: datetime
    until: datetime | None


class Opening(NamedTuple):
    """A room opened or paused."""

    point: str
    at: datetime
    opened: bool


@dataclass(frozen=True, slots=True)
class PointDay:
    """What a point did from its first sign of life to its last."""

    point: str
    first_at: datetime
    last_at: datetime
    busy: timedelta
    calling: timedelta
    idle_waiting: timedelta
    idle_empty: timedelta
    paused: timedelta


def point_days(
    stays: Sequence[StayAt],
    openings: Sequence[Opening],
    doctors: Mapping[str, frozenset[str]],
    as_of: datetime,
) -> Iterator[PointDay]:
    """The points of one line on one day.

    Args:
        stays: all stays of the line's steps on that day.
        openings: of the line's points, in order.
        doctors: who sat at each point that day, as far as its calls tell.
        as_of: what lasts is counted up to here.
    """
    points = {stay.point for stay in stays if stay.point and stay.state in _AT_WORK}
    for point in sorted(points | {opening.point for opening in openings}):
        own = [opening for opening in openings if opening.point == point]
        yield _point_day(point, stays, own, doctors.get(point, frozenset()), as_of)


_AT_WORK = (StepState.CALLED, StepState.SERVING)


def _point_day(
    point: str,
    stays: Sequence[StayAt],
    openings: Sequence[Opening],
    doctors: frozenset[str],
    as_of: datetime,
) -> PointDay:
    busy = _spans(stays, as_of, StepState.SERVING, point)
    calling = without(_spans(stays, as_of, StepState.CALLED, point), busy)
    signs = [moment for span in (*busy, *calling) for moment in span]
    signs += [opening.at for opening in openings]
    signs += [s.since for s in stays if s.point == point and s.state in _AT_WORK]
    window = (min(signs), max(signs))
    at_work = joined([*busy, *calling])
    paused = common([window], without(_paused(openings, window[1]), at_work))
    idle = without([window], [*at_work, *paused])
    waited = common(idle, _waiting(stays, point, doctors, as_of))
    return PointDay(
        point,
        *window,
        total(busy),
        total(calling),
        total(waited),
        total(idle) - total(waited),
        total(paused),
    )


def _spans(stays: Iterable[StayAt], as_of: datetime, state: StepState, point: str) -> list[Span]:
    mine = (stay for stay in stays if stay.point == point and stay.state is state)
    return joined((stay.since, _end(stay, as_of)) for stay in mine)


def _waiting(
    stays: Iterable[StayAt], point: str, doctors: frozenset[str], as_of: datetime
) -> Iterator[Span]:
    """When somebody stood in the hall, or at this door, who could be called here."""
    for stay in stays:
        in_hall = stay.state is StepState.WAITING and (not stay.doctor or stay.doctor in doctors)
        if in_hall or (stay.state is StepState.AT_DOOR and stay.point == point):
            yield stay.since, _end(stay, as_of)


def _end(stay: StayAt, as_of: datetime) -> datetime:
    return stay.until or max(as_of, stay.since)


def _paused(openings: Sequence[Opening], end: datetime) -> Iterator[Span]:
    since: datetime | None = None
    for opening in openings:
        if opening.opened:
            if since is not None:
                yield since, opening.at
            since = None
        elif since is None:
            since = opening.at
    if since is not None:
        yield since, end
