"""Who is overtaken by a call: those that may be called to the same point, and count as having come earlier."""

from collections.abc import Collection, Iterator
from datetime import datetime

from queue_server.core.lines import Lines
from queue_server.core.vocabulary import Lane, Rank


def came(rank: Rank) -> tuple[int, datetime]:
    """By what it is told who came earlier: the number where lines are called by it, then the moment that counts."""
    return (0 if rank.lane is Lane.PLACED else rank.turn, rank.ref)


def overtaken_by(
    lines: Lines, group: str, doctors: Collection[str], tiers: Collection[int], called: Rank
) -> Iterator[str]:
    """Steps that might have been called to the same point, and came before the one that is called.

    The point is one where `doctors` sit, and is for certain `tiers` (none: for all).

    Entries that were put in after so many calls are not counted: their turn is a number of calls, not a time.
    """
    mine = came(called)
    for key, lane in lines.lanes(group).items():
        callable_here = key.doctor is None or key.doctor in doctors
        if key.lane is Lane.PLACED or not callable_here or (tiers and key.tier not in tiers):
            continue
        for rank in lane:
            if came(rank) >= mine:
                break
            if rank.step != called.step:
                yield rank.step
