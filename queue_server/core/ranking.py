"""Where somebody stands in a line: the policy `slot_then_check_in`, in three small functions."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from queue_server.core.vocabulary import Rank, Slot

POLICY: Final = "slot_then_check_in"


def rank_at_check_in(slot: Slot | None, at: datetime, late_after: timedelta, step: str) -> Rank:
    """By slot, then check-in. Who is late for the slot, or has none, stands by the check-in."""
    on_time = slot is not None and at <= slot.end + late_after
    return Rank(slot.start if slot and on_time else at, at, step, 0, step)


def rank_when_ready(ready_at: datetime, step: str) -> Rank:
    """A later step (tests, a return, the pharmacy): by the moment all before it was done."""
    return Rank(ready_at, ready_at, step, 0, step)


def behind_nth(line: Iterator[Rank], n: int, at: datetime, step: str) -> Rank:
    """Right behind the n-th of those who wait; behind the last when there are fewer; at once when nobody waits."""
    first = list(islice(line, n))
    if not first:
        return Rank(at, at, step, 0, step)
    last = first[-1]
    return Rank(last.ref, last.since, last.anchor, last.behind + 1, step)
