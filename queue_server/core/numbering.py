"""Ticket numbers (排队号): the next of a series; never one that somebody in the hospital still carries."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from queue_server.core.site import Per, Series, Site
from queue_server.core.state import Hospital, Visit
from queue_server.core.steps import Step


class Number(NamedTuple):
    """A number as it is given."""

    series: str
    """Which counter it came from."""
    number: int
    ticket: str


def next_number(h: Hospital, visit: Visit, step: Step, at: datetime) -> Number:
    """The next number for a step; after the last of its series comes the first again.

    When all numbers of a series are carried by somebody, it goes on above the last one.
    """
    series = h.site.groups[step.plan.group].numbers
    counter, stem = _counter(h.site, series, visit, step, at)
    last = h.last_number.get(counter, series.first - 1)
    for number in _in_turn(series, last):
        ticket = f"{stem}{number:0{series.width}d}"
        if not _is_carried(h, ticket):
            return Number(counter, number, ticket)
    raise AssertionError("there is always a larger number")


def _is_carried(h: Hospital, ticket: str) -> bool:
    """Whether somebody who is not done yet has this number."""
    visit = h.visits.get(h.tickets.get(ticket, ""))
    return visit is not None and not visit.is_over()


def _in_turn(series: Series, last: int) -> Iterator[int]:
    number = last + 1 if last < series.last else series.first
    for _ in range(series.last - series.first + 1):
        yield number
        number = number + 1 if number < series.last else series.first
    number = series.last
    while True:
        number += 1
        yield number


def _counter(site: Site, series: Series, visit: Visit, step: Step, at: datetime) -> tuple[str, str]:
    """The name of the counter, and what stands before the number."""
    local = site.local(visit.slot.start if visit.slot else at)
    match series.per:
        case Per.DOCTOR if step.doctor:
            doctor = site.doctors.get(step.doctor)
            return f"{series.id}/{step.doctor}", series.prefix + (doctor.prefix if doctor else "")
        case Per.PERIOD:
            midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
            begin = midnight + (local - midnight) // site.hours.period * site.hours.period
            clock = f"{begin:%H}" if site.hours.period.seconds % 3600 == 0 else f"{begin:%H%M}"
            return f"{series.id}/{clock}", f"{series.prefix}{clock}-"
        case Per.HALF_DAY:
            return f"{series.id}/{site.hours.half(site.local(at))}", series.prefix
        case _:
            return series.id, series.prefix
