"""The hospital of `benchmarks.http_load`: one hall with 100 rooms, and the real server at work on a journal of its own.

A journal may be given old visits: families of the days before, from registration to the end of their consultation,
written by the rules themselves.
"""

import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from benchmarks.large_site import ZONE, eight
from queue_server.core import Hospital, apply, decide
from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.site import Site
from queue_server.journal import Batch, SqliteJournal
from queue_server.reports import catch_up, count_points, opened_to_write
from queue_server.site_file import read_site_file
from queue_server.web import Accounts, Role

LINES: Final = 25
ROOMS: Final = 4
"""Of each line: 100 rooms in all, on one board."""
AREA: Final = "hall"
CROWDED: Final = "z"
"""A line of its own for the one long staff list."""
_DAY: Final = 2_000
"""Old visits of one day."""


def groups() -> list[str]:
    """The lines that families are spread over."""
    return [f"g{n:02}" for n in range(LINES)]


def points() -> list[str]:
    """All 100 rooms: first the first of every line, then the second …"""
    return [f"{group}-{n}" for n in range(1, ROOMS + 1) for group in groups()]


def site_file() -> str:
    """The site as a file."""
    parts = [
        '[site]\nid = "bench"\ntimezone = "Asia/Shanghai"\nname = { zh = "大医院", en = "Large hospital" }',
        _area(AREA, "大厅"),
        _area("annex", "侧厅"),
        *(_group(group, AREA, f"{chr(65 + n)}") for n, group in enumerate(groups())),
        *(_point(f"{group}-{n}", group) for group in groups() for n in range(1, ROOMS + 1)),
        _group(CROWDED, "annex", "Z"),
        _point(f"{CROWDED}-1", CROWDED),
    ]
    return "\n".join(parts) + "\n"


def _area(id: str, zh: str) -> str:
    return f'[areas.{id}]\nname = {{ zh = "{zh}", en = "{id}" }}\nplace = {{ zh = "{zh}", en = "{id}" }}'


def _group(id: str, area: str, prefix: str) -> str:
    return (
        f'[groups.{id}]\nname = {{ zh = "诊区{id}", en = "Clinic {id}" }}\nkind = "clinic"\n'
        f'area = "{area}"\nprefix = "{prefix}"'
    )


def _point(id: str, group: str) -> str:
    return f'[points.{id}]\nname = {{ zh = "{id}诊室", en = "Room {id}" }}\ngroup = "{group}"'


def lay_out(folder: Path) -> tuple[Path, str]:
    """Write the site file and an account for the clients; the site file and the clients' token."""
    folder.mkdir(parents=True, exist_ok=True)
    site = folder / "site.toml"
    site.write_text(site_file(), encoding="utf-8")
    accounts = Accounts(folder / "data" / "accounts.db")
    token = accounts.new_token("robot", Role.ROBOT)
    accounts.close()
    return site, token


def old_visits(site: Site, count: int) -> Iterator[list[e.Event]]:
    """The events of so many visits, day by day, the last of them yesterday."""
    days = -(-count // _DAY)
    today = datetime.now(ZONE).date()
    hospital = Hospital(site)
    for back in range(days, 0, -1):
        yield _day_of(hospital, today - timedelta(days=back), min(_DAY, count))
        count -= _DAY


def _day_of(hospital: Hospital, day: date, visits: int) -> list[e.Event]:
    events: list[e.Event] = []
    now = eight(day)

    def do(command: c.Command) -> None:
        nonlocal now
        now += timedelta(seconds=1)
        for event in decide(hospital, command, now).events:
            apply(hospital, event)
            events.append(event)

    do(c.OpenDay())
    for number in range(visits):
        group = groups()[number % LINES]
        visit = f"old-{day:%m%d}-{number}"
        do(c.Register(visit, f"p:{visit}", f"张小{number}", group, day))
        do(c.CheckInAtDesk(visit, "nurse"))
        do(c.CallNext(f"{group}-1", "nurse"))
        do(c.Start(f"{group}-1", "nurse"))
        do(c.Finish(f"{group}-1", "nurse"))
    return events


def write_old_visits(folder: Path, count: int) -> None:
    """Put so many old visits into the journal of a hospital that is laid out, and into its report tables.

    A server that has run all the days has the tables; one that finds none makes them, and is slower meanwhile.
    """
    site = read_site_file(folder / "site.toml").site
    path = folder / "data" / "journal.db"
    journal = SqliteJournal(path, site.id)
    for events in old_visits(site, count):
        journal.append(Batch(events[-1].at, tuple(events)))
    journal.close()
    with opened_to_write(path) as tables:
        catch_up(tables, path, site.timezone)
        count_points(tables, site.timezone)


@dataclass(frozen=True, slots=True)
class Served:
    """A server at work."""

    port: int
    process: "subprocess.Popen[str]"


@contextmanager
def serving(folder: Path, site: Path) -> Iterator[Served]:
    """The real program; ready when it says where it serves."""
    settings = folder / "server.toml"
    settings.write_text(
        f'site = "{site}"\ndata = "{folder}/data"\nport = 0\nlog_level = "warning"\n', "utf-8"
    )
    command = [sys.executable, "-m", "queue_server", "run", "--config", str(settings)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            line = server.stdout.readline()
            if not line:
                raise SystemExit("The server did not start.")
            yield Served(urlsplit(line.split()[-1]).port or 0, server)
        finally:
            server.terminate()


@dataclass(frozen=True, slots=True)
class Doubled:
    """What the journal says of the two things that must never happen."""

    numbers: int
    """Numbers of one day that more than one family has, and families that were given a second number."""
    calls: int
    """Calls of a family that had been called to the same thing before, and was neither missed nor put aside since."""


def doubled(journal: Path, site: str = "bench") -> Doubled:
    """Read a journal through, from its first event; the server that writes it must have ended."""
    opened = SqliteJournal(journal, site)
    day: date | None = None
    holders: defaultdict[tuple[date | None, str], set[str]] = defaultdict(set)
    tickets: defaultdict[str, set[str]] = defaultdict(set)
    called: set[str] = set()
    calls = 0
    try:
        for event in opened.replay():
            match event:
                case e.DayOpened():
                    day = event.day
                case e.CheckedIn():
                    holders[day, event.ticket].add(event.visit)
                    tickets[event.visit].add(event.ticket)
                case e.Called():
                    calls += event.step in called
                    called.add(event.step)
                case e.Missed() | e.Parked():
                    called.discard(event.step)
                case _:
                    pass
    finally:
        opened.close()
    given = [*holders.values(), *tickets.values()]
    return Doubled(sum(len(each) - 1 for each in given), calls)
