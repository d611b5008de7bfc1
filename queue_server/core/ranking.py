"""Where somebody stands in a line: ranks, made from the facts and the rules in force."""

from datetime import datetime, timedelta
from typing import Final

from queue_server.core.rules import Back, BackAt, Late, Order, Rules
from queue_server.core.site import ORDINARY, Site
from queue_server.core.vocabulary import Lane, Rank, Slot

DEADLINE_NEARS: Final = timedelta(minutes=30)
"""A step that must be begun before a time counts as having waited since so long before it."""
NO_NUMBER: Final = 9_999
"""The turn of those without a registration number, in a line that is called by it."""


def turn_of(rules: Rules, serial: int | None) -> int:
    """The first figure of a rank: the registration's number where the line is called by it, else 0."""
    if rules.order is not Order.NUMBER:
        return 0
    return NO_NUMBER if serial is None else min(serial, NO_NUMBER)


def rank_at_check_in(
    slot: Slot | None,
    at: datetime,
    rules: Rules,
    site: Site,
    step: str,
    *,
    serial: int | None = None,
    tier: int = ORDINARY,
) -> Rank:
    """The place of a first visit.

    Args:
        slot: the booked hour; None for a walk-in.
        at: the check-in (aware).
        rules: those of the line.
        site: knows when periods and half days end.
        step: id of the step.
        serial: the registration's number, if it has one.
        tier: of the priority class.
    """
    turn = turn_of(rules, serial)
    if slot is None:
        ref = at if rules.order is Order.CHECK_IN else at + rules.walk_in_wait
        return Rank(turn, ref, at, step, Lane.WALK_IN, tier)
    late = at > slot.end + rules.late_after
    if late and rules.late is not Late.AS_NORMAL:
        return _late(at, rules, site, step, turn, tier)
    return Rank(turn, _slot_ref(slot, at, rules, late), at, step, Lane.BOOKED, tier)


def _slot_ref(slot: Slot, at: datetime, rules: Rules, late: bool) -> datetime:
    """Order by slot counts from its start for all in it; accumulating priority from when one was there and due."""
    if rules.order is Order.CHECK_IN:
        return at
    if rules.order is Order.ACCUMULATING and not late:
        return max(at, slot.start)
    return slot.start


def _late(at: datetime, rules: Rules, site: Site, step: str, turn: int, tier: int) -> Rank:
    match rules.late:
        case Late.EVERY_NTH:
            return Rank(0, at, at, step, Lane.LATE, tier)
        case Late.PERIOD_END:
            return _at_the_end(rules, site.period_end(at), at, step, tier)
        case Late.HALF_DAY_END:
            return _at_the_end(rules, site.half_day_end(at), at, step, tier)
        case _:
            return Rank(turn, at, at, step, Lane.BOOKED, tier)


def _at_the_end(rules: Rules, end: datetime, at: datetime, step: str, tier: int) -> Rank:
    return Rank(turn_of(rules, None), end, at, step, Lane.BOOKED, tier)


def rank_when_ready(
    ready_at: datetime,
    step: str,
    rules: Rules,
    *,
    serial: int | None = None,
    tier: int = ORDINARY,
    is_return: bool = False,
    before: datetime | None = None,
) -> Rank:
    """A later step (tests, a return, the pharmacy): by the moment all before it was done."""
    ref = min(ready_at, before - DEADLINE_NEARS) if before else ready_at
    lane = Lane.RETURN if is_return else Lane.WALK_IN
    return Rank(turn_of(rules, serial), ref, ready_at, step, lane, tier)


def rank_back_in(
    back: Back,
    at: datetime,
    rules: Rules,
    site: Site,
    step: str,
    *,
    calls: int,
    lane: Lane,
    serial: int | None = None,
    tier: int = ORDINARY,
) -> Rank:
    """Where somebody comes back in: after a miss, or with results where the rules say so.

    Args:
        back: the rule; `VOID` is not for this function.
        at: now (aware).
        rules: those of the line.
        site: knows when periods and half days end.
        step: id of the step.
        calls: calls made so far in this line.
        lane: where the line's own order would put it.
        serial: the registration's number, if it has one.
        tier: of the priority class.
    """
    match back.at:
        case BackAt.PLACES:
            return Rank(calls + back.places, at, at, step, Lane.PLACED, tier)
        case BackAt.PERIOD_END:
            return _at_the_end(rules, site.period_end(at), at, step, tier)
        case BackAt.HALF_DAY_END:
            return _at_the_end(rules, site.half_day_end(at), at, step, tier)
        case _:
            return Rank(turn_of(rules, serial), at, at, step, lane, tier)
