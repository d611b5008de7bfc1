"""The orders of calling: one small pure function each, all of one signature.

A score is in minutes, and the greatest is called first. `AHEAD` is more than a day, so that it settles every comparison
it takes part in. Within a lane a score never changes the order, so only the heads of the lanes need to be looked at.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from queue_server.core.rules import Late, Order, Rules
from queue_server.core.vocabulary import FIRSTS, Lane, Rank

AHEAD: Final = 10_000.0


@dataclass(frozen=True, slots=True)
class Situation:
    """What an order may look at besides the family itself, as one lane sees it."""

    moment: datetime
    rules: Rules
    calls: int = 0
    """Calls made today in this line."""
    firsts_since: int = 0
    """First visits called since the last one of this lane."""
    firsts: int = 0
    """First visits that wait."""
    returns: int = 0
    """Returns that wait."""


Scoring = Callable[[Rank, Situation], float]


def minutes(span: timedelta) -> float:
    """A span in minutes."""
    return span.total_seconds() / 60


def by_check_in(rank: Rank, at: Situation) -> float:
    """先到先看: who came first. Where lines are called so, a place counts from the check-in."""
    return by_slot(rank, at)


def by_number(rank: Rank, at: Situation) -> float:
    """按挂号序号: the smallest number; a return keeps its own. Who has none comes after, by the check-in."""
    del at
    return AHEAD - rank.turn


def by_slot(rank: Rank, at: Situation) -> float:
    """按时段再按签到: the earliest slot, then the earliest check-in."""
    return minutes(at.moment - rank.ref)


def booked_first(rank: Rank, at: Situation) -> float:
    """预约优先: every booked family before every walk-in."""
    return by_slot(rank, at) - (AHEAD if rank.lane is Lane.WALK_IN else 0.0)


def returns_first(rank: Rank, at: Situation) -> float:
    """回诊优先: every return before every first visit."""
    return by_slot(rank, at) + (AHEAD if rank.lane is Lane.RETURN else 0.0)


def interleaved(rank: Rank, at: Situation) -> float:
    """间隔插入: k first visits, then one return and one missed; 1 : 1 while more returns than first visits wait."""
    waited = by_slot(rank, at)
    if rank.lane not in (Lane.RETURN, Lane.MISSED):
        return waited
    even = at.rules.interleave_even and at.returns > at.firsts
    due = at.firsts_since >= (1 if even else at.rules.interleave)
    if not due:
        return waited - AHEAD
    return waited + (2 * AHEAD if rank.lane is Lane.RETURN else AHEAD)


def accumulating(rank: Rank, at: Situation) -> float:
    """累积优先级: a return's score grows b times as fast; a first visit far past its time stands above returns.

    A return that has been ready for long stands among the overdue again, so that neither waits without end.
    """
    waited = by_slot(rank, at)
    if rank.lane is Lane.RETURN:
        overdue = waited > minutes(at.rules.return_overdue)
        return at.rules.return_weight * waited + (AHEAD if overdue else 0.0)
    if rank.lane in FIRSTS and waited > minutes(at.rules.first_overdue):
        return waited + AHEAD
    return waited


ORDERS: Final[Mapping[Order, Scoring]] = {
    Order.CHECK_IN: by_check_in,
    Order.NUMBER: by_number,
    Order.SLOT: by_slot,
    Order.BOOKED_FIRST: booked_first,
    Order.RETURNS_FIRST: returns_first,
    Order.INTERLEAVE: interleaved,
    Order.ACCUMULATING: accumulating,
}


def score(rank: Rank, at: Situation) -> float:
    """The score of a family: by the line's order, unless it stands outside of it.

    Who was put in after so many calls is due then, and before that only when nobody else is there; who is late under the
    rule `every_nth` likewise.
    """
    if rank.lane is Lane.PLACED:
        over = at.calls - rank.turn
        return 3 * AHEAD + over if over >= 0 else over - 2 * AHEAD
    if rank.lane is Lane.LATE and at.rules.late is Late.EVERY_NTH:
        due = at.firsts_since >= at.rules.late_every
        return by_slot(rank, at) + (1.5 * AHEAD if due else -AHEAD)
    return ORDERS[at.rules.order](rank, at)
