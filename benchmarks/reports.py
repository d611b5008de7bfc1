"""Reports and history: how long the tables take to catch up, what that costs the writer, and how fast a search is.

A day of 8,000 visits (over 100,000 events) is driven through the rules and kept in a journal. Run it with

    python -m benchmarks.reports [--quick] [--json FILE]
"""

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
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
    ReportKeeper,
    catch_up,
    count_points,
    found,
    opened_to_write,
)

DAYS = (date(2026, 3, 2), date(2026, 3, 3))
COMMITS = 1_500
GAP_S = 0.004
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
    events = _one_day(DAYS[0])[: 20_000 if quick else None]
    path = folder / "journal.db"
    _kept(path, events)
    yield Row("events of the day", len(events), "")
    share = 100_000 / len(events)
    yield Row("catch-up, alone, 100,000 events", share * _caught_up(path), "s", 10.0, "lower")
    yield Row("rooms of the day counted", _counted(path), "s")
    yield from _beside_the_writer(folder, events, quick)
    if not quick:
        _kept(path, _one_day(DAYS[1]), "@next")
        _caught_up(path)
    yield from _searches(path)


def _one_day(day: date) -> list[e.Event]:
    lived = Day(Hospital(large_site()))
    lived.live(day)
    return lived.events


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


def _beside_the_writer(folder: Path, events: Sequence[e.Event], quick: bool) -> Iterator[Row]:
    """Commits of a writer that has 4 ms between two of them, alone (before and after) and while a server's keeper catches up."""
    path = folder / "busy.db"
    _kept(path, events)
    count = COMMITS // 5 if quick else COMMITS
    alone = _commits(path, lambda n: n >= count)
    keeper = ReportKeeper(path, lambda: ZONE)
    began = time.perf_counter()
    with _working(keeper) as done:
        beside = _commits(path, lambda n: done.is_set() and n >= count // 5)
    took = (time.perf_counter() - began) * 100_000 / len(events)
    alone += _commits(path, lambda n: n >= count)
    yield Row("catch-up, beside the writer, 100,000 events", took, "s", 10.0, "lower")
    for name, times in (("alone", alone), ("beside a catch-up", beside)):
        yield Row(f"writer's commit, {name}, p50", 1000 * statistics.median(times), "ms")
        yield Row(f"writer's commit, {name}, p99", 1000 * _p99(times), "ms")


@contextmanager
def _working(keeper: ReportKeeper) -> Iterator[threading.Event]:
    done = threading.Event()

    def work() -> None:
        try:
            keeper.refresh()
        finally:
            done.set()

    thread = threading.Thread(target=work)
    thread.start()
    yield done
    thread.join()


def _commits(path: Path, enough: Callable[[int], bool]) -> list[float]:
    journal = SqliteJournal(path, "bench")
    now = datetime.now(UTC)
    times: list[float] = []
    while not enough(len(times)):
        some = tuple(e.HelpAsked(now + timedelta(seconds=n), "k1") for n in range(3))
        began = time.perf_counter()
        journal.append(Batch(now, some))
        times.append(time.perf_counter() - began)
        time.sleep(GAP_S)
    journal.close()
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
