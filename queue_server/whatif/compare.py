"""Two reruns of one day, side by side: what lines would have waited, and for whom the order would differ."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from statistics import mean, quantiles

from queue_server.core.site import Site
from queue_server.whatif.rerun import CallMade, Rerun, rerun, with_rules_of
from queue_server.whatif.trace import DayTrace


@dataclass(frozen=True, slots=True)
class LineWaits:
    """Waits of one kind of entry in one line; minutes."""

    group: str
    is_return: bool
    count: int
    before_mean: float
    before_p90: float
    after_mean: float
    after_p90: float


@dataclass(frozen=True, slots=True)
class Moved:
    """A family whose place in its line's order of calls would differ."""

    visit: str
    ticket: str
    group: str
    is_return: bool
    before_place: int
    after_place: int
    before_at: datetime
    after_at: datetime

    @property
    def minutes(self) -> float:
        """How much later it would be called; negative: earlier."""
        return (self.after_at - self.before_at).total_seconds() / 60


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a changed rule would have done to a day."""

    families: int
    waits: tuple[LineWaits, ...]
    moved: tuple[Moved, ...]
    """The most changed first."""
    off: float
    """By how many minutes, on average, the rerun under the old rules differs from what was recorded."""
    lost: int
    """Steps called under the old rules and not under the new ones, or the other way round."""


def compared(trace: DayTrace, new: Site) -> Comparison:
    """Run a day under its own rules and under those of `new`, and compare."""
    old = trace.before.site
    before, after = rerun(trace, old), rerun(trace, with_rules_of(old, new))
    both = before.calls.keys() & after.calls.keys()
    recorded = [
        abs((before.calls[key].at - at).total_seconds()) / 60
        for key, at in trace.called.items()
        if key in before.calls
    ]
    moved = sorted(_moved(before, after), key=lambda each: -abs(each.minutes))
    return Comparison(
        families=len(trace.families),
        waits=tuple(_waits(before, after)),
        moved=tuple(moved),
        off=mean(recorded) if recorded else 0.0,
        lost=len(before.calls.keys() ^ after.calls.keys()) if both else 0,
    )


def _moved(before: Rerun, after: Rerun) -> Iterator[Moved]:
    was, is_now = _places(before), _places(after)
    for key, call in before.calls.items():
        other = after.calls.get(key)
        if other and was[key] != is_now[key]:
            yield Moved(
                call.visit,
                call.ticket,
                call.group,
                call.is_return,
                was[key],
                is_now[key],
                call.at,
                other.at,
            )


def _places(run: Rerun) -> dict[object, int]:
    """The how-manieth call of its line each was."""
    counts: defaultdict[str, int] = defaultdict(int)
    places: dict[object, int] = {}
    for key, call in sorted(run.calls.items(), key=lambda each: (each[1].at, each[1].visit)):
        counts[call.group] += 1
        places[key] = counts[call.group]
    return places


def _waits(before: Rerun, after: Rerun) -> Iterator[LineWaits]:
    lines: defaultdict[tuple[str, bool], list[tuple[CallMade, CallMade]]] = defaultdict(list)
    for key, call in before.calls.items():
        other = after.calls.get(key)
        if other:
            lines[call.group, call.is_return].append((call, other))
    for (group, is_return), calls in sorted(lines.items()):
        was = [call.waited for call, _ in calls]
        would_be = [call.waited for _, call in calls]
        yield LineWaits(
            group,
            is_return,
            len(calls),
            mean(was),
            _p90(was),
            mean(would_be),
            _p90(would_be),
        )


def _p90(minutes: list[float]) -> float:
    return quantiles(minutes, n=10)[-1] if len(minutes) > 1 else minutes[0]


def told(comparison: Comparison, zone: tzinfo, shown: int = 20) -> Iterator[str]:
    """A comparison as lines of text."""
    yield f"{comparison.families} families; waits in minutes, mean and 90th of 100, that day's rules → the changed ones"
    yield f"{'line':<16}{'':<9}{'calls':>6}{'mean':>18}{'p90':>18}"
    for line in comparison.waits:
        kind = "return" if line.is_return else "first"
        means = f"{line.before_mean:.1f} → {line.after_mean:.1f}"
        p90s = f"{line.before_p90:.1f} → {line.after_p90:.1f}"
        yield f"{line.group:<16}{kind:<9}{line.count:>6}{means:>18}{p90s:>18}"
    yield f"{len(comparison.moved)} would stand elsewhere in their line's order of calls."
    for each in comparison.moved[:shown]:
        kind = " (return)" if each.is_return else ""
        clock = f"{_clock(each.before_at, zone)} → {_clock(each.after_at, zone)}"
        places = f"{each.before_place}. → {each.after_place}."
        yield f"  {each.ticket}{kind}  {each.group}: {places}, {clock} ({each.minutes:+.0f} min)"
    if len(comparison.moved) > shown:
        yield f"  … and {len(comparison.moved) - shown} more"
    yield f"The rerun under that day's rules is off by {comparison.off:.1f} min a call from what was recorded."
    if comparison.lost:
        yield f"{comparison.lost} steps were called in one of the two runs only."


def _clock(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%H:%M}"
