"""The HTTP API under load: the real server on SQLite with `synchronous=FULL`, its clients a process of their own.

    python -m benchmarks.http_load [--quick] [--json FILE]

Eight clients on kept connections, each sending its next request as soon as the last is answered. The goals are FQM's
figures on the machine where they were set, times five and four: FQM 0.9 (Flask, SQLite) issues 142 numbers and makes 235
calls a second.

How a call is measured: there are 100 rooms. In a round each client calls once at each of its rooms, and only this is
measured. Then, unmeasured, the families come in and leave, and the rooms are free for the next round.

Every run checks that no number was given twice and no family called twice, by the answers and by the journal.
"""

import argparse
import shutil
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.http_client import Answer, Ask, Clients, Run
from benchmarks.http_hospital import (
    AREA,
    CROWDED,
    doubled,
    groups,
    lay_out,
    points,
    serving,
    write_old_visits,
)
from benchmarks.rows import Row, add_json_option, report
from queue_server.core import Hospital, apply, decide, views
from queue_server.core import commands as c
from queue_server.site_file import read_site_file
from queue_server.web.pages.boards import board_html

CLIENTS: Final = 8
AT_ONCE: Final = 300
OLD_VISITS: Final = 50_000
IN_LINE: Final = 1_500
LOOKS: Final = 100


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything."""

    runs: int
    numbers: int
    rounds: int


FULL: Final = Size(runs=3, numbers=4_000, rounds=30)
QUICK: Final = Size(runs=1, numbers=1_600, rounds=10)


@dataclass(slots=True)
class Figures:
    """What one run on one server came to."""

    issued: float
    issue_p99: float
    called: float
    call_p50: float
    call_p99: float
    issue_p50: float
    at_once: float = 0.0
    listed: list[float] = field(default_factory=list)
    paged: list[float] = field(default_factory=list)
    doubles: int = 0


def main() -> None:
    """Measure and report."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--quick", action="store_true", help="one short run instead of three")
    add_json_option(options)
    given = options.parse_args()
    report("The HTTP API under load", list(measured(QUICK if given.quick else FULL)), given.json)


def measured(size: Size) -> Iterator[Row]:
    """All figures; new and old journals in turn, so that what else the machine does hits both."""
    fresh: list[Figures] = []
    aged: list[Figures] = []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        old = home / "old"
        lay_out(old)
        write_old_visits(old, OLD_VISITS)
        for number in range(size.runs):
            fresh.append(one_run(home / f"fresh{number}", size, None))
            aged.append(one_run(home / f"aged{number}", size, old))
        yield from rows(fresh, aged)
        yield from rendering(home)


def one_run(folder: Path, size: Size, old: Path | None) -> Figures:
    """Everything once, on a server of its own; with the journal of `old`, if given."""
    site, token = lay_out(folder)
    if old:
        shutil.copy(old / "data" / "journal.db", folder / "data" / "journal.db")
    with serving(folder, site) as server, Clients(server.port, token) as clients:
        clients.run(lanes(walk_ins("warm", 200, groups())))
        given = clients.run(lanes(walk_ins("n", size.numbers, groups())))
        rounds = [call_round(clients) for _ in range(size.rounds)]
        figures = Figures(
            issued=len(given.answers) / given.seconds,
            issue_p50=at([a.took_s for a in given.answers], 0.5),
            issue_p99=at([a.took_s for a in given.answers], 0.99),
            called=len(points()) * len(rounds) / sum(run.seconds for run in rounds),
            call_p50=at([a.took_s for run in rounds for a in run.answers], 0.5),
            call_p99=at([a.took_s for run in rounds for a in run.answers], 0.99),
        )
        rush = clients.run([[ask] for ask in walk_ins("rush", AT_ONCE, groups())])
        clients.run(lanes(walk_ins("line", IN_LINE, [CROWDED])))
        looked = clients.run([[("GET", f"/api/v1/points/{CROWDED}-1", None)] * LOOKS])
        assert looked.answers[0].body["waiting"] == IN_LINE
        pages = clients.run([[("GET", f"/board/{AREA}", None)] * LOOKS])
        figures.at_once = rush.seconds
        figures.listed = [answer.took_s for answer in checked(looked.answers, 200)]
        figures.paged = [answer.took_s for answer in checked(pages.answers, 200)]
        figures.doubles = twice_numbered([*given.answers, *rush.answers])
        figures.doubles += twice_called(answer for run in rounds for answer in run.answers)
    found = doubled(folder / "data" / "journal.db")
    figures.doubles += found.numbers + found.calls
    return figures


# ---- what is asked ------------------------------------------------------------------------------------


def walk_ins(name: str, count: int, spread_over: Sequence[str]) -> list[Ask]:
    """So many families at the desk, spread over lines."""
    return [
        (
            "POST",
            "/api/v1/walk-ins",
            {
                "visit": f"{name}-{number}",
                "name": f"王小{number}",
                "group": spread_over[number % len(spread_over)],
            },
        )
        for number in range(count)
    ]


def lanes(asks: Sequence[Ask], clients: int = CLIENTS) -> list[list[Ask]]:
    """Requests dealt out to clients."""
    return [list(asks[client::clients]) for client in range(clients)]


def acts(act: str) -> list[list[Ask]]:
    """One act at every room, dealt out to the clients."""
    return lanes([("POST", f"/api/v1/points/{point}/{act}", None) for point in points()])


def call_round(clients: Clients) -> Run:
    """Call at all rooms; then, unmeasured, the families come in and leave."""
    calls = clients.run(acts("call-next"))
    checked(calls.answers, 200)
    checked(clients.run(acts("start")).answers, 200)
    checked(clients.run(acts("finish")).answers, 200)
    return calls


# ---- what came back -----------------------------------------------------------------------------------


def checked(answers: Iterable[Answer], status: int) -> list[Answer]:
    """The answers, all of them with this status."""
    kept = list(answers)
    odd = next((answer for answer in kept if answer.status != status), None)
    if odd:
        raise SystemExit(f"The server answered {odd.status}: {odd.body}")
    return kept


def twice_numbered(answers: Iterable[Answer]) -> int:
    """How many families have a number that another has, too."""
    numbers = Counter(answer.body["ticket"] for answer in checked(answers, 201))
    return sum(n - 1 for n in numbers.values())


def twice_called(answers: Iterable[Answer]) -> int:
    """How many calls were of a family that had been called."""
    calls = Counter(answer.body["stand"]["visit"] for answer in checked(answers, 200))
    return sum(n - 1 for n in calls.values())


def at(values: Iterable[float], share: float) -> float:
    """The value below which a share of all lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def rows(fresh: Sequence[Figures], aged: Sequence[Figures]) -> Iterator[Row]:
    """Medians of the runs."""
    lower = partial(Row, better="lower")
    issued, called = middle(f.issued for f in fresh), middle(f.called for f in fresh)
    yield Row("numbers issued (register, check in)", issued, "1/s", goal=710)
    yield lower("  p50", middle(f.issue_p50 for f in fresh) * 1000, "ms")
    yield lower("  p99", middle(f.issue_p99 for f in fresh) * 1000, "ms", 40)
    yield Row("families called", called, "1/s", goal=940)
    yield lower("  p50", middle(f.call_p50 for f in fresh) * 1000, "ms")
    yield lower("  p99", middle(f.call_p99 for f in fresh) * 1000, "ms", 40)
    old = f"with {OLD_VISITS:,} old visits, times slower"
    yield lower(f"issued {old}", issued / middle(f.issued for f in aged), "×", 1.2)
    yield lower(f"called {old}", called / middle(f.called for f in aged), "×", 1.2)
    everything = [*fresh, *aged]
    rush = middle(f.at_once for f in everything)
    yield lower(f"{AT_ONCE} people take numbers at once, the last has it", rush, "s", 1)
    listed = middle(at(f.listed, 0.99) for f in everything) * 1000
    yield lower(f"staff list with {IN_LINE:,} waiting, p99", listed, "ms", 20)
    paged = middle(at(f.paged, 0.5) for f in everything) * 1000
    yield lower("page of a board with 100 rooms, over HTTP, p50", paged, "ms")
    doubles = sum(f.doubles for f in everything)
    yield lower("numbers given twice, families called twice", doubles, "", 0)


def middle(values: Iterable[float]) -> float:
    """The median."""
    return statistics.median(values)


def rendering(home: Path) -> Iterator[Row]:
    """A board of 100 rooms, all busy, rendered in this process."""
    hospital = busy(home / "old" / "site.toml")
    view = views.board(hospital, AREA, 1)
    assert len(view.points) == len(points())
    for what, draw in (
        ("view of a board with 100 rooms", lambda: views.board(hospital, AREA, 1)),
        ("  as JSON", view.model_dump_json),
        ("  as a page", lambda: board_html(view, "both")),
        ("view and page together", lambda: board_html(views.board(hospital, AREA, 1), "both")),
    ):
        goal = 10 if what.startswith("view") else None
        yield Row(what, timed(draw) * 1000, "ms", goal, "lower")


def busy(site_file: Path) -> Hospital:
    """A hospital in which every room has called, and 400 more wait."""
    hospital, now = Hospital(read_site_file(site_file).site), datetime.now(UTC)
    day = hospital.site.day(now)
    commands: list[c.Command] = [c.OpenDay()]
    for number in range(500):
        visit = f"v{number}"
        group = groups()[number % len(groups())]
        commands.append(c.Register(visit, f"p{number}", f"王小{number}", group, day))
        commands.append(c.CheckInAtDesk(visit, "nurse"))
    commands += [c.CallNext(point, "nurse") for point in points()]
    for command in commands:
        for event in decide(hospital, command, now).events:
            apply(hospital, event)
    return hospital


def timed(work: object) -> float:
    """The median time of 50."""
    assert callable(work)
    took = []
    for _ in range(50):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return statistics.median(took)


if __name__ == "__main__":
    main()
