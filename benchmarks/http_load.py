"""The HTTP API under load: the real server on SQLite with `synchronous=FULL`, its clients a process of their own.

    python -m benchmarks.http_load [--quick] [--json FILE]

Eight clients on kept connections, each sending its next request as soon as the last is answered. The goals are FQM's
figures on the machine where they were set, times five and four: FQM 0.9 (Flask, SQLite) issues 142 numbers and makes 235
calls a second.

How a call is measured: there are 100 rooms. In a round each client calls once at each of its rooms, and only this is
measured. Then, unmeasured, the families come in and leave, and the rooms are free for the next round. When 300 people
come at once, their connections are open already; the time is from the first request to the last number.

Every run checks that no number was given twice and no family called twice, by the answers and by the journal.
"""

import argparse
import os
import shutil
import statistics
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter
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

CLIENTS: Final = 8
BURST: Final = 200
AT_ONCE: Final = 300
OLD_VISITS: Final = 50_000
IN_LINE: Final = 1_500
LOOKS: Final = 100
BOARDS: Final = {f"/api/v1/boards/{AREA}": "as data", f"/board/{AREA}": "as a page"}


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything."""

    runs: int
    bursts: int
    """Of `BURST` numbers each."""
    rounds: int
    """Of calls at all 100 rooms."""


FULL: Final = Size(runs=3, bursts=20, rounds=30)
QUICK: Final = Size(runs=1, bursts=8, rounds=10)


@dataclass(slots=True)
class Side:
    """One of the two servers of a run, and what came of it."""

    folder: Path
    clients: Clients
    server: int
    """Its process."""
    issued: list[Run] = field(default_factory=list)
    called: list[Run] = field(default_factory=list)
    busy_s: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    """Processor time that the server took for numbers and for calls."""
    rush: Run | None = None
    listed: list[float] = field(default_factory=list)
    boards: dict[str, list[float]] = field(default_factory=dict)

    def issue(self) -> None:
        """A burst of families at the desk."""
        name = f"n{len(self.issued)}"
        with self._watched("issued"):
            self.issued.append(self.clients.run(lanes(walk_ins(name, BURST, groups()))))

    def call(self) -> None:
        """Call at all rooms; then, unmeasured, the families come in and leave."""
        with self._watched("called"):
            self.called.append(self.clients.run(acts("call-next")))
        checked(self.clients.run(acts("start")).answers, 200)
        checked(self.clients.run(acts("finish")).answers, 200)

    @contextmanager
    def _watched(self, what: str) -> Iterator[None]:
        before = processor_s(self.server)
        yield
        self.busy_s[what] += processor_s(self.server) - before

    def crowd(self) -> None:
        """300 people at once; one long line, looked at; a board on which every room calls, looked at."""
        self.rush = self.clients.run([[ask] for ask in walk_ins("rush", AT_ONCE, groups())])
        checked(self.clients.run(lanes(walk_ins("line", IN_LINE, [CROWDED]))).answers, 201)
        looked = self.clients.run([[("GET", f"/api/v1/points/{CROWDED}-1", None)] * LOOKS])
        assert looked.answers[0].body["waiting"] == IN_LINE
        self.listed = [answer.took_s for answer in checked(looked.answers, 200)]
        checked(self.clients.run(acts("call-next")).answers, 200)
        self.boards = {path: self._looks(path) for path in BOARDS}

    def _looks(self, path: str) -> list[float]:
        """How long it takes to see something, again and again."""
        looked = self.clients.run([[("GET", path, None)] * LOOKS])
        return [answer.took_s for answer in checked(looked.answers, 200)]

    def doubles(self) -> int:
        """What was given or called twice, by the answers and by the journal; the server must have ended."""
        assert self.rush
        given = [answer for run in (*self.issued, self.rush) for answer in run.answers]
        called = [answer for run in self.called for answer in run.answers]
        found = doubled(self.folder / "data" / "journal.db")
        return twice_numbered(given) + twice_called(called) + found.numbers + found.calls


@dataclass(frozen=True, slots=True)
class Pair:
    """A run: a server with an empty journal, and one with old visits in its journal."""

    fresh: Side
    aged: Side
    doubles: int


def main() -> None:
    """Measure and report."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--quick", action="store_true", help="one short run instead of three")
    add_json_option(options)
    given = options.parse_args()
    report("The HTTP API under load", list(measured(QUICK if given.quick else FULL)), given.json)


def measured(size: Size) -> Iterator[Row]:
    """All figures."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        old = home / "old"
        lay_out(old)
        write_old_visits(old, OLD_VISITS)
        yield Row(
            "others at work before it begins (load average)", os.getloadavg()[0], "", None, "lower"
        )
        pairs = [one_run(home / str(number), size, old) for number in range(size.runs)]
        yield from rows(pairs)


def one_run(folder: Path, size: Size, old: Path) -> Pair:
    """Everything once, on two servers in turn, so that whatever else the machine does hits both alike."""
    with ExitStack() as stack:
        fresh = begun(folder / "fresh", None, stack)
        aged = begun(folder / "aged", old, stack)
        for _ in range(size.bursts):
            fresh.issue()
            aged.issue()
        for _ in range(size.rounds):
            fresh.call()
            aged.call()
        fresh.crowd()
        aged.crowd()
    return Pair(fresh, aged, fresh.doubles() + aged.doubles())


def begun(folder: Path, old: Path | None, stack: ExitStack) -> Side:
    """A server with its clients, both warm; with the journal of `old`, if given."""
    site, token = lay_out(folder)
    if old:
        shutil.copy(old / "data" / "journal.db", folder / "data" / "journal.db")
    server = stack.enter_context(serving(folder, site))
    clients = stack.enter_context(Clients(server.port, token))
    checked(clients.run(lanes(walk_ins("warm", BURST, groups()))).answers, 201)
    return Side(folder, clients, server.process.pid)


def processor_s(process: int) -> float:
    """Processor time that a process has taken up to now; 0 where the system does not tell."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


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


def rows(pairs: Sequence[Pair]) -> Iterator[Row]:
    """Medians of the runs."""
    lower = partial(Row, better="lower")
    for what, goal, key in (
        ("numbers issued (register, check in)", 710, "issued"),
        ("families called", 940, "called"),
    ):
        of = attrgetter(key)
        fresh = [of(pair.fresh) for pair in pairs]
        yield Row(what, middle(map(rate, fresh)), "1/s", goal)
        yield lower("  p50", middle(took_ms(runs, 0.5) for runs in fresh), "ms")
        yield lower("  p99", middle(took_ms(runs, 0.99) for runs in fresh), "ms", 40)
        busy = middle(p.fresh.busy_s[key] / answered(of(p.fresh)) for p in pairs)
        yield lower("  processor time of the server, each", busy * 1000, "ms")
        slower = middle(slowdown(of(pair.fresh), of(pair.aged)) for pair in pairs)
        yield lower(f"  with {OLD_VISITS:,} old visits, times slower", slower, "×", 1.2)
    sides = [side for pair in pairs for side in (pair.fresh, pair.aged)]
    rush = middle(side.rush.seconds for side in sides if side.rush)
    yield lower(f"{AT_ONCE} people take numbers at once, the last has it", rush, "s", 1)
    listed = middle(at(side.listed, 0.99) for side in sides)
    yield lower(f"staff list with {IN_LINE:,} waiting, p99", listed * 1000, "ms", 20)
    for path, what in BOARDS.items():
        looked = middle(at(side.boards[path], 0.5) for side in sides)
        yield lower(f"board with 100 rooms, {what}, p50", looked * 1000, "ms", 10)
    doubles = sum(pair.doubles for pair in pairs)
    yield lower("numbers given twice, families called twice", doubles, "", 0)


def rate(runs: Sequence[Run]) -> float:
    """Answers a second."""
    return answered(runs) / sum(run.seconds for run in runs)


def answered(runs: Sequence[Run]) -> int:
    """How many answers there were."""
    return sum(len(run.answers) for run in runs)


def took_ms(runs: Sequence[Run], share: float) -> float:
    """How long an answer took."""
    return at([answer.took_s for run in runs for answer in run.answers], share) * 1000


def slowdown(fresh: Sequence[Run], aged: Sequence[Run]) -> float:
    """How many times longer the same bursts took: those than which a quarter is quicker, for noise only adds."""
    return at([run.seconds for run in aged], 0.25) / at([run.seconds for run in fresh], 0.25)


def middle(values: Iterable[float]) -> float:
    """The median."""
    return statistics.median(values)


if __name__ == "__main__":
    main()
