"""(c) The rules alone: decisions a second, and how long a server takes to rebuild its state from the journal.

A day is driven as a hospital drives it: 8,000 registrations, scans, calls, tests, returns, pharmacy. Run it with

    python -m benchmarks.core [--quick] [--json FILE]
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from benchmarks.large_site import CLINICS, ROOMS, eight, large_site, registration
from benchmarks.rows import Row, add_json_option, report
from queue_server import set_up_logging
from queue_server.core import Hospital, carry_out
from queue_server.core import commands as c
from queue_server.core.events import Event
from queue_server.journal import Batch, SqliteJournal
from queue_server.program import rebuilt

VISITS = 8_000
BATCH = 5_000


class Day:
    """One day in a hospital: every decision is timed, every event kept."""

    def __init__(self, hospital: Hospital) -> None:
        self.hospital = hospital
        self.events: list[Event] = []
        self.decisions = 0
        self.seconds = 0.0
        self.scans = 0
        self.scan_seconds = 0.0

    def live(self, day: date) -> None:
        """Register, check in, see the doctor, the laboratory, the doctor again, the pharmacy."""
        now = eight(day)
        self._do([c.OpenDay(), *(registration(n, day) for n in range(VISITS))], now)
        before = self.decisions, self.seconds
        scans: list[c.Command] = [
            c.Scan(f"k{n % 9}", now + timedelta(seconds=n), True, registration(n, day).card)
            for n in range(VISITS)
        ]
        self._do(scans, now + timedelta(hours=3))
        self.scans += self.decisions - before[0]
        self.scan_seconds += self.seconds - before[1]
        now += timedelta(hours=4)
        for clinic in range(CLINICS):
            points = [f"clinic{clinic:02}-{n + 1}" for n in range(ROOMS)]
            self._serve(points, now, tests=clinic % 3 == 0)
        self._serve([f"lab-{n}" for n in range(1, 11)], now + timedelta(hours=2))
        for clinic in range(CLINICS):
            self._serve([f"clinic{clinic:02}-1"], now + timedelta(hours=3))
        self._serve([f"pharmacy-{n}" for n in range(1, 11)], now + timedelta(hours=4))

    def _serve(self, points: list[str], now: datetime, tests: bool = False) -> None:
        orders = ("lab",) if tests else ()
        while True:
            for point in points:
                called = self._do([c.CallNext(point, "nurse")], now)
                if isinstance(called, c.Refused):
                    return
                then = () if point.startswith(("lab", "pharmacy")) else ("pharmacy",)
                finish = c.Finish(point, "nurse", orders, then)
                self._do([c.Start(point, "nurse"), finish], now)
                now += timedelta(seconds=1)

    def _do(self, commands: list[c.Command], now: datetime) -> c.Answer:
        began = time.perf_counter()
        answer: c.Answer = c.Accepted()
        for command in commands:
            decision = carry_out(self.hospital, command, now)
            self.events += decision.events
            answer = decision.answer
        self.seconds += time.perf_counter() - began
        self.decisions += len(commands)
        return answer


def main() -> None:
    """Measure and report."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--quick", action="store_true", help="200,000 events instead of a million")
    add_json_option(options)
    given = options.parse_args()
    set_up_logging("console", "warning")
    report("The rules alone", list(measured(200_000 if given.quick else 1_000_000)), given.json)


def measured(events: int) -> Iterator[Row]:
    """All figures; the journal grows to so many events."""
    with tempfile.TemporaryDirectory() as folder:
        journal = SqliteJournal(Path(folder) / "journal.db", "bench")
        day, date_of_day = Day(Hospital(large_site())), date(2026, 3, 2)
        while journal.position < events:
            day.live(date_of_day)
            date_of_day += timedelta(days=1)
            before = journal.position
            write(journal, day.events)
            day.events.clear()
            if before < 100_000 <= journal.position:
                yield rebuild(journal, 2.0)
        yield Row("decisions of a whole day", day.decisions / day.seconds, "1/s")
        yield Row("check-ins decided", day.scans / day.scan_seconds, "1/s")
        yield rebuild(journal, 20.0 * events / 1_000_000)
        journal.close()


def write(journal: SqliteJournal, events: list[Event]) -> None:
    """Append in large batches."""
    for start in range(0, len(events), BATCH):
        journal.append(Batch(events[start].at, tuple(events[start : start + BATCH])))


def rebuild(journal: SqliteJournal, goal_s: float) -> Row:
    """Time the way from a journal to the state, as at a start."""
    began = time.perf_counter()
    rebuilt(large_site(), journal)
    return Row(
        f"rebuild from {journal.position:,} events",
        time.perf_counter() - began,
        "s",
        goal=goal_s,
        better="lower",
    )


if __name__ == "__main__":
    main()
