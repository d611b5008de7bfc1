"""Reports and history: how long the tables take to catch up, what that costs the writer, and how fast a search is.

A day of 8,000 visits (over 100,000 events) is driven through the rules and kept in a journal. Run it with

    python -m benchmarks.reports [--quick] [--json FILE]
"""

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from benchmarks.core import Day
from benchmarks.large_site import ZONE, large_site
from benchmarks.rows import Row, add_json_option, report
from queue_server import set_up_logging
from queue_server.core import Hospital
from queue_server.core import events as e
from queue_server.journal import Batch, SqliteJournal
from queue_server.journal.reports import opened
from queue_server.reports import (
    catch_up,
    count_points,
    found,
    opened_to_write,
)
from queue_server.reports.keeping import SMALL_SLICE, polite

DAYS = (date(2026, 3, 2), date(2026, 3, 3))
COMMITS = 50
"""So many alone, so many beside a catch-up, and again."""
GAP_S = 0.004
QUICK_VISITS = 1_000
SEARCHES = 60


def main() -> None:
    """Measure and report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="fewer events and commits")
    add_json_option(options)
    given = options.parse_args()
    set_up_logging("console", "error")
    with tempfile.TemporaryDirectory() as folder:
        rows = list(_measured(Path(folder), given.quick))
    report("Reports and history", rows, given.json)


def _measured(folder: Path, quick: bool) -> Iterator[Row]:
    events = _one_day(DAYS[0], QUICK_VISITS if quick else None)
    path = folder / "journal.db"
    _kept(path, events)
    yield Row("events of the day", len(events), "")
    share = 100_000 / len(events)
    yield Row("catch-up, alone, 100,000 events", share * _caught_up(path), "s", 10.0, "lower")
    yield Row("rooms of the day counted", _counted(path), "s")
    yield from _beside_the_writer(folder, events)
    if not quick:
        _kept(path, _one_day(DAYS[1]), "@next")
        _caught_up(path)
    yield from _searches(path)


def _one_day(day: date, visits: int | None = None) -> list[e.Event]:
    """A day; or so many visits of it."""
    lived = Day(Hospital(large_site()))
    lived.live(day)
    if visits is None:
        return lived.events
    kept = {ev.visit for ev in lived.events if isinstance(ev, e.VisitRegistered)}
    few = {None, *sorted(kept)[:visits]}
    return [ev for ev in lived.events if getattr(ev, "visit", None) in few]


def _kept(path: Path, events: Sequence[e.Event], suffix: str = "") -> None:
    """Write a day; with `suffix` its visits and steps get other ids, as another day's have."""
    journal = SqliteJournal(path, "bench")
    for first in range(0, len(events), 2_000):
        some = tuple(_renamed(event, suffix) for event in events[first : first + 2_000])
        journal.append(Batch(datetime.now(UTC), some))
    journal.close()


def _renamed(event: e.Event, suffix: str) -> e.Event:
    if not suffix or not isinstance(event, e.VisitRegistered):
        return _moved(event, suffix) if suffix else event
    plan = tuple(replace(each, step=each.step + suffix) for each in event.plan)
    return replace(event, visit=event.visit + suffix, plan=plan)


def _moved(event: e.Event, suffix: str) -> e.Event:
    ids = {
        name: getattr(event, name) + suffix
        for name in ("visit", "step")
        if getattr(event, name, None)
    }
    if isinstance(event, e.StepsPlanned):
        plan = tuple(
            replace(each, step=each.step + suffix, after=tuple(a + suffix for a in each.after))
            for each in event.plan
        )
        return replace(event, visit=event.visit + suffix, plan=plan)
    return replace(event, **ids) if ids else event


def _caught_up(path: Path) -> float:
    began = time.perf_counter()
    with opened_to_write(path) as db:
        catch_up(db, path, ZONE)
    return time.perf_counter() - began


def _counted(path: Path) -> float:
    began = time.perf_counter()
    with opened_to_write(path) as db:
        count_points(db, ZONE)
    return time.perf_counter() - began


# ---- beside the writer --------------------------------------------------------------------------


def _beside_the_writer(folder: Path, events: Sequence[e.Event]) -> Iterator[Row]:
    """Commits of a writer that has 4 ms between two of them, by turns alone and beside a catch-up as a server does it.

    By turns, so that whatever else the machine is doing falls on both alike.
    """
    path = folder / "busy.db"
    _kept(path, events)
    may_go, done = threading.Event(), threading.Event()
    thread = threading.Thread(target=_catching_up, args=(path, may_go, done))
    thread.start()
    alone: list[float] = []
    beside: list[float] = []
    took = 0.0
    journal = SqliteJournal(path, "bench")
    while not done.is_set():
        alone += _commits(journal)
        may_go.set()
        began = time.perf_counter()
        beside += _commits(journal)
        took += time.perf_counter() - began
        may_go.clear()
    journal.close()
    thread.join()
    took *= 100_000 / len(events)
    yield Row("catch-up, beside the writer, 100,000 events", took, "s")
    for name, times in (("alone", alone), ("beside a catch-up", beside)):
        yield Row(f"writer's commit, {name}, p50", 1000 * statistics.median(times), "ms")
        yield Row(f"writer's commit, {name}, p99", 1000 * _p99(times), "ms")
    yield Row("commits measured", len(alone) + len(beside), "")


def _catching_up(path: Path, may_go: threading.Event, done: threading.Event) -> None:
    """As the server's keeper, but only while it may."""

    rest = polite(may_go.wait)

    try:
        may_go.wait()
        with opened_to_write(path) as db:
            catch_up(db, path, ZONE, rest=rest, slice_of=SMALL_SLICE)
    finally:
        done.set()


def _commits(journal: SqliteJournal) -> list[float]:
    now = datetime.now(UTC)
    times: list[float] = []
    for _ in range(COMMITS):
        some = tuple(e.HelpAsked(now + timedelta(seconds=n), "k1") for n in range(3))
        began = time.perf_counter()
        journal.append(Batch(now, some))
        times.append(time.perf_counter() - began)
        time.sleep(GAP_S)
    return times


def _p99(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]


# ---- searches -----------------------------------------------------------------------------------


def _searches(path: Path) -> Iterator[Row]:
    with opened(path) as db:
        events = db.execute("SELECT count(*) FROM events").fetchone()[0]
        name = db.execute(
            "SELECT body ->> 'name' FROM events WHERE type = 'PatientNamed'"
        ).fetchone()[0]
        card = db.execute("SELECT body ->> 'card' FROM events WHERE type = 'CardBound'").fetchone()[
            0
        ]
        ticket = db.execute("SELECT ticket FROM report_visits WHERE ticket IS NOT NULL").fetchone()[
            0
        ]
    yield Row("events searched", events, "")
    for what, text in (
        ("name", name),
        ("a sign of a name", name[:1]),
        ("card", card),
        ("number", ticket),
    ):
        times = []
        for _ in range(SEARCHES):
            began = time.perf_counter()
            with opened(path) as db:
                found(db, text)
            times.append(time.perf_counter() - began)
        yield Row(f"search by {what}, p99", 1000 * _p99(times), "ms", 100.0, "lower")


if __name__ == "__main__":
    main()
