"""`queue-server report` and `queue-server history`: the tables, a day's figures and a visit's story on the command line."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlite_utils import Database

from queue_server.core.masking import masked
from queue_server.errors import JournalError
from queue_server.journal import reports as journal
from queue_server.reports import (
    CSV_MARK,
    NAMES,
    NOWHERE,
    DayReport,
    Found,
    Places,
    StoryLine,
    catch_up,
    clock,
    count_points,
    csv_lines,
    day_report,
    day_words,
    events_of,
    found,
    minutes,
    name_of,
    opened_to_write,
    places_in,
    story,
    timezone_of,
)
from queue_server.settings import data_folder
from queue_server.web import day_html, pdf_of

NOTHING_FOUND: Final = 1


def add_report(commands: Any) -> None:  # argparse names the type of sub-parsers only in private
    """`report catch-up`, `report csv`, `report day`."""
    report = commands.add_parser("report", help="figures of the day; a server may be running")
    actions = report.add_subparsers(required=True, metavar="ACTION")
    bring = _parser(actions, "catch-up", "bring the report tables up to the journal", _catch_up)
    bring.add_argument("--anew", action="store_true", help="make all of them again")
    table = _parser(actions, "csv", "write a report table as CSV", _csv)
    table.add_argument("table", choices=NAMES, metavar="TABLE", help=", ".join(NAMES))
    table.add_argument("--day", type=date.fromisoformat, metavar="YYYY-MM-DD", help="only this day")
    day = _parser(actions, "day", "show the figures of a day", _day)
    day.add_argument("day", nargs="?", type=date.fromisoformat, metavar="YYYY-MM-DD", help="today")
    day.add_argument("--pdf", type=Path, metavar="FILE", help="write the report with its charts")
    _add_lang(day)


def add_history(commands: Any) -> None:  # as above
    """`history`."""
    history = _parser(
        commands, "history", "find visits of any day, and tell the story of one", _history
    )
    what = history.add_mutually_exclusive_group(required=True)
    what.add_argument("--visit", metavar="ID", help="the story of this visit")
    what.add_argument("--ticket", metavar="NUMBER", help="who had this number")
    what.add_argument("--card", metavar="CARD", help="20 hex digits, or scheme:value")
    what.add_argument("--name", metavar="PART", help="part of a child's name")
    history.add_argument(
        "--day", type=date.fromisoformat, metavar="YYYY-MM-DD", help="only this day"
    )
    history.add_argument("--names", action="store_true", help="show names in full")
    _add_lang(history)


def _parser(actions: Any, name: str, help: str, run: Any) -> argparse.ArgumentParser:  # as above
    parser: argparse.ArgumentParser = actions.add_parser(name, help=help)
    parser.add_argument("--config", type=Path, metavar="FILE", help="the server's settings")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the server's data folder")
    parser.set_defaults(run=run)
    return parser


def _add_lang(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lang", choices=("zh", "en"), default="en", help="language of the words")


# ---- what they share ----------------------------------------------------------------------------


def _path(given: argparse.Namespace) -> Path:
    return data_folder(given.config, given.data) / "journal.db"


def _zone(db: Database) -> tzinfo:
    """The site's zone, as the newest site file in the journal has it; else the one that the tables were made with."""
    places = places_in(db)
    name = timezone_of(db) if places is NOWHERE else places.timezone
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


@contextmanager
def _up_to_date(path: Path, anew: bool = False) -> Iterator[Database]:
    """The tables, brought up to the last event."""
    with journal.opened(path) as db:
        zone = _zone(db)
    with opened_to_write(path) as own:
        progress = catch_up(own, path, zone, anew=anew)
        count_points(own, zone)
    if progress.events:
        sys.stderr.write(f"{progress.events:,} events, {progress.visits:,} visits counted.\n")
    with journal.opened(path) as db:
        yield db


# ---- report -------------------------------------------------------------------------------------


def _catch_up(given: argparse.Namespace) -> int:
    with _up_to_date(_path(given), given.anew) as db:
        row = next(iter(db.query("SELECT max(position) AS last FROM events")))
    sys.stdout.write(f"The report tables speak of everything up to event {row['last'] or 0:,}.\n")
    return 0


def _csv(given: argparse.Namespace) -> int:
    with _up_to_date(_path(given)) as db:
        for line in csv_lines(db, given.table, given.day):
            sys.stdout.write(line.removeprefix(CSV_MARK).replace("\r\n", "\n"))
    return 0


def _day(given: argparse.Namespace) -> int:
    with _up_to_date(_path(given)) as db:
        zone = _zone(db)
        report = day_report(db, given.day or datetime.now(UTC).astimezone(zone).date())
        if given.pdf:
            given.pdf.write_bytes(pdf_of(day_html(report, places_in(db), given.lang, None)))
            return 0
    sys.stdout.writelines(f"{line}\n" for line in _told(report, given.lang))
    return 0


def _told(report: DayReport, lang: str) -> Iterator[str]:
    total = report.totals
    if not report.lines and not total.registered:
        yield f"{report.day}: {day_words.word('empty_day', lang)}"
        return
    yield f"{report.day}"
    for key, value in (
        ("registered", total.registered),
        ("checked_in", total.checked_in),
        ("finished", total.finished),
        ("no_show", total.no_show),
        ("calls", total.calls),
        ("missed", total.missed),
        ("overtakes", total.overtakes),
    ):
        yield f"{value:>8,}  {day_words.word(key, lang)}"
    yield f"\n{day_words.word('p50_p90', lang)}"
    for line in report.lines:
        waits = f"{minutes(line.p50)} / {minutes(line.p90)}"
        yield f"{waits:>10}  {day_words.said(line.name, lang)} ({line.served})"


# ---- history ------------------------------------------------------------------------------------


def _history(given: argparse.Namespace) -> int:
    with _up_to_date(_path(given)) as db:
        if given.visit:
            return _story(db, given.visit, given)
        rows = found(db, given.ticket or given.card or given.name, given.day)
        places = places_in(db)
        for row in rows:
            sys.stdout.write(f"{_row(row, places, _zone(db), given)}\n")
        if len(rows) == 1:
            return _story(db, rows[0].visit, given)
    if not rows:
        sys.stderr.write(f"{day_words.word('nothing_found', given.lang)}\n")
    return 0 if rows else NOTHING_FOUND


def _row(row: Found, places: Places, zone: tzinfo, given: argparse.Namespace) -> str:
    name = row.name if given.names else masked(row.name)
    here = clock(row.checked_in_at, zone) if row.checked_in_at else "–"
    group = day_words.said(places.group(row.group), given.lang)
    return f"{row.day} {row.ticket or '–':8} {here:5} {name} {group} {row.ended or ''} {row.visit}"


def _story(db: Database, visit: str, given: argparse.Namespace) -> int:
    told = story(events_of(db, visit), places_in(db), _zone(db))
    if told is None:
        raise JournalError(
            f"The journal has no visit {visit!r}. 'queue-server history --ticket NUMBER' finds ids."
        )
    name = name_of(db, told.patient)
    sys.stdout.write(f"{told.day} {told.ticket or '–'} {name if given.names else masked(name)}\n")
    for line in told.lines:
        sys.stdout.writelines(f"{each}\n" for each in _line(line, given.lang))
    return 0


def _line(line: StoryLine, lang: str) -> Iterator[str]:
    gone = f" [{day_words.word('taken_back', lang)}]" if line.taken_back else ""
    yield f"{line.day} {line.clock}  {day_words.said(line.words, lang)}{gone}"
    if line.why:
        for each in line.why.en if lang == "en" else line.why.zh:
            yield f"{'':18}· {each}"
