"""Two runs of one day: are the calls the same, which is the first that is not, and how near are the orders otherwise?"""

from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from queue_server.core import Hospital, explain
from queue_server.core import events as e


@dataclass(frozen=True, slots=True)
class Difference:
    """The first call that is not the same."""

    number: int
    """Counting from 1."""
    pure: str
    live: str
    why_pure: tuple[str, ...]
    """The call in words, as it was decided; empty when there was none."""
    why_live: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """How the calls of two runs compare."""

    pure: int
    live: int
    equal: int
    """Calls that are the same from the first on: who, where, when, out of which candidates with which scores; with a
    running clock only who and where."""
    first: Difference | None
    same_place: float
    """Share of the pure run's calls that were made at the same room or window in the other."""
    same_rank: float
    """Share that were the same of their line: the n-th call of a line called the same family."""
    rank_correlation: float
    """Kendall's τ between the orders, over all pairs of calls of one line; 1: the same order."""
    minutes_apart: float
    """Median of how far apart the same call was in time."""

    @property
    def same(self) -> bool:
        """Whether all calls are the same."""
        return self.first is None


def calls_of(events: Iterable[e.Event]) -> list[e.Called]:
    """The calls among events."""
    return [event for event in events if isinstance(event, e.Called)]


def compared(
    pure: Sequence[e.Called],
    live: Sequence[e.Called],
    hospitals: tuple[Hospital, Hospital],
    *,
    in_step: bool,
) -> Compared:
    """Compare the calls of a pure run with those of the programs.

    Args:
        pure: calls of the pure run, in order.
        live: calls of the programs, in order.
        hospitals: the states in which the two runs ended; tickets and names of rooms are theirs.
        in_step: the moments were the same, so the calls must be in all.
    """
    equal = next(
        (
            n
            for n, (one, other) in enumerate(zip(pure, live, strict=False))
            if not _same(one, other, in_step)
        ),
        min(len(pure), len(live)),
    )
    first = None
    if equal < max(len(pure), len(live)):
        first = _difference(equal, pure, live, hospitals)
    lines = hospitals[0]
    by_line, other_by_line = _by_line(pure, lines), _by_line(live, hospitals[1])
    return Compared(
        len(pure),
        len(live),
        equal,
        first,
        _share_at_same_place(pure, live),
        _share_of_same_rank(by_line, other_by_line),
        _kendall(by_line, other_by_line),
        _minutes_apart(pure, live),
    )


def _same(one: e.Called, other: e.Called, in_step: bool) -> bool:
    """Who calls is named otherwise by the programs; all else must be the same, in step."""
    if not in_step:
        return (one.step, one.point) == (other.step, other.point)
    return (one.at, one.call, one.visit, one.step, one.point, one.choice) == (
        other.at,
        other.call,
        other.visit,
        other.step,
        other.point,
        other.choice,
    )


def _difference(
    number: int,
    pure: Sequence[e.Called],
    live: Sequence[e.Called],
    hospitals: tuple[Hospital, Hospital],
) -> Difference:
    one = pure[number] if number < len(pure) else None
    other = live[number] if number < len(live) else None
    return Difference(
        number + 1,
        _words(one, hospitals[0]),
        _words(other, hospitals[1]),
        _explained(one, hospitals[0]),
        _explained(other, hospitals[1]),
    )


def _words(call: e.Called | None, h: Hospital) -> str:
    if call is None:
        return "no call"
    return f"{call.step} at {call.point}, {h.site.local(call.at):%H:%M:%S.%f}"


def _explained(call: e.Called | None, h: Hospital) -> tuple[str, ...]:
    if call is None:
        return ()
    ticket = h.visits[call.visit].ticket or call.visit
    return explain.explained(call, ticket, h.site.points[call.point].name, h.site.timezone).en


def _by_line(calls: Iterable[e.Called], h: Hospital) -> dict[str, list[str]]:
    """Steps in the order in which each line called them for the first time."""
    lines: dict[str, dict[str, None]] = {}
    for call in calls:
        lines.setdefault(h.steps[call.step].plan.group, {})[call.step] = None
    return {line: list(steps) for line, steps in lines.items()}


def _first_calls(calls: Iterable[e.Called]) -> dict[str, e.Called]:
    found: dict[str, e.Called] = {}
    for call in calls:
        found.setdefault(call.step, call)
    return found


def _share_at_same_place(pure: Sequence[e.Called], live: Sequence[e.Called]) -> float:
    one, other = _first_calls(pure), _first_calls(live)
    same = sum(step in other and other[step].point == call.point for step, call in one.items())
    return same / len(one) if one else 1.0


def _share_of_same_rank(
    pure: Mapping[str, Sequence[str]], live: Mapping[str, Sequence[str]]
) -> float:
    total = sum(map(len, pure.values()))
    same = sum(
        one == other
        for line, steps in pure.items()
        for one, other in zip(steps, live.get(line, ()), strict=False)
    )
    return same / total if total else 1.0


def _kendall(pure: Mapping[str, Sequence[str]], live: Mapping[str, Sequence[str]]) -> float:
    """τ over the pairs within each line, of the steps that both called."""
    pairs = swapped = 0
    for line, steps in pure.items():
        rank = {step: n for n, step in enumerate(live.get(line, ()))}
        ranks = [rank[step] for step in steps if step in rank]
        pairs += len(ranks) * (len(ranks) - 1) // 2
        swapped += _inversions(ranks)
    return 1 - 2 * swapped / pairs if pairs else 1.0


def _inversions(ranks: Sequence[int]) -> int:
    before: list[int] = []
    found = 0
    for rank in ranks:
        found += len(before) - bisect_right(before, rank)
        insort(before, rank)
    return found


def _minutes_apart(pure: Sequence[e.Called], live: Sequence[e.Called]) -> float:
    one, other = _first_calls(pure), _first_calls(live)
    apart = sorted(_minutes(call.at, other[step].at) for step, call in one.items() if step in other)
    return apart[len(apart) // 2] if apart else 0.0


def _minutes(one: datetime, other: datetime) -> float:
    return abs((other - one).total_seconds()) / 60
