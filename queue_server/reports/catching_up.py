"""Brings the report tables up to the journal's last event (追平): incremental, repeatable, safe to kill at any moment.

A visit that anything happened to is computed anew from all its events, and its rows are put in place of the old ones:
doing it twice changes nothing. How far the tables are is written last. Short transactions on a connection of its own,
so that the server's writer never waits for long.
"""

import fcntl
import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from time import monotonic, sleep
from typing import Final, TypeVar

from sqlite_utils import Database

from queue_server.core import events as e
from queue_server.core.vocabulary import StepState
from queue_server.errors import JournalDamaged, JournalError
from queue_server.journal.codec import decode_event
from queue_server.journal.timestamps import timestamp
from queue_server.reports.folding import Kept, folded
from queue_server.reports.places import places_of
from queue_server.reports.point_days import Opening, PointDay, StayAt, point_days
from queue_server.reports.rows import Row, Rows, rows_of
from queue_server.reports.schema import is_ready, make, ready
from queue_server.reports.search_keys import digest
from queue_server.reports.tables import (
    GROUPS,
    HISTORY_CARDS,
    HISTORY_NAMES,
    HISTORY_VISITS,
    OF_VISITS,
    OPENINGS,
    POINT_DAYS,
    POINTS,
    STALE,
)

RANGE: Final = 200_000
"""Events between two notes of how far the tables are."""
SLICE: Final = 25
"""Visits in one transaction, when nobody is in a hurry: it takes a few milliseconds."""
BUSY_MS: Final = 30_000
CHECKPOINT_PAGES: Final = 4_000
"""As the writer: a checkpoint waits for the disk, and so do commits meanwhile."""

T = TypeVar("T")
Rest = Callable[[], None]
"""Called between two transactions, to let others go first."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What a catching up has done."""

    position: int
    """The tables speak of everything up to here."""
    events: int
    visits: int


def no_rest() -> None:
    """Go on at once."""


class TablesBusy(JournalError):
    """Another program is bringing the tables up at this moment."""


@contextmanager
def opened_to_write(path: Path, patience_s: float = 60.0) -> Iterator[sqlite3.Connection]:
    """A connection of one's own to a journal's database, and the right to be the only one who catches up.

    Raises:
        TablesBusy: another program has had that right for longer than `patience_s`.
        JournalError: there is no journal.
        JournalDamaged: it can't be read.
    """
    if not path.is_file():
        raise JournalError(
            f"There is no journal at {path}. Name the server's data folder with --data."
        )
    with _alone(path, patience_s):
        db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            db.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
            # the tables can be made again: their commits need not wait for the disk, and the log keeps their order
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
            _make_put(db)
            yield db
        except sqlite3.OperationalError as error:
            raise JournalError(
                f"The report tables in {path} could not be written: {error}. Nothing is lost; it is tried again."
            ) from error
        except sqlite3.DatabaseError as error:
            raise JournalDamaged(
                f"The report tables in {path} can't be written: {error}."
            ) from error
        finally:
            db.close()


@contextmanager
def _alone(path: Path, patience_s: float) -> Iterator[None]:
    """One at a time, whichever process; let go by the kernel however it ends."""
    file = os.open(f"{path}.reports.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        give_up = monotonic() + patience_s
        while not _locked(file):
            if monotonic() > give_up:
                raise TablesBusy(f"Another program is counting the reports of {path}; try again.")
            sleep(0.02)
        yield
    finally:
        os.close(file)


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def catch_up(
    db: sqlite3.Connection,
    path: Path,
    zone: tzinfo,
    *,
    rest: Rest = no_rest,
    slice_of: int = SLICE,
    anew: bool = False,
) -> Progress:
    """Bring the tables up to the last event.

    Args:
        db: as `opened_to_write` gives it.
        path: of the journal, for sentences.
        zone: of the site; hours and days of rooms are its own.
        rest: called between transactions.
        slice_of: visits in one transaction.
        anew: throw all tables away first.

    Raises:
        JournalDamaged: an event can't be read.
    """
    _prepare(db, path, zone, anew)
    began = int(_about(db, "position") or 0)
    last: int = db.execute("SELECT coalesce(max(position), 0) FROM events").fetchone()[0]
    mark, visits = began, 0
    while mark < last:
        end = min(mark + RANGE, last)
        visits += _range(db, mark, end, zone, rest, slice_of)
        mark = end
    return Progress(mark, mark - began, visits)


def count_points(db: sqlite3.Connection, zone: tzinfo, rest: Rest = no_rest) -> int:
    """Count the days of rooms and windows again where anything has changed; gives how many lines that were.

    Apart from `catch_up`, because it looks at a whole line: once a minute is often enough.
    """
    stale: list[tuple[str, str]] = db.execute(
        "SELECT day, service_group FROM report_stale"
    ).fetchall()
    for day, group in stale:
        found = _points_of_line(db, day, group, zone)
        with _transaction(db):
            db.execute(
                "DELETE FROM report_points_day WHERE day = ? AND service_group = ?", (day, group)
            )
            db.executemany(POINT_DAYS.insert, found)
            db.execute("DELETE FROM report_stale WHERE day = ? AND service_group = ?", (day, group))
        rest()
    return len(stale)


def _prepare(db: sqlite3.Connection, path: Path, zone: tzinfo, anew: bool) -> None:
    """Make the tables where they are not there, or were made for other hours."""
    tables = Database(db)
    if not is_ready(tables):
        with _transaction(
            db
        ):  # taken at once: a transaction that only later wants to write can't wait for others
            ready(tables, str(path))
    known = _about(db, "timezone")
    if anew or known not in (None, str(zone)):
        with _transaction(db):
            make(tables)
        known = None
    if known is None:
        _note(db, timezone=str(zone))


# ---- one range of events ------------------------------------------------------------------------


def _range(
    db: sqlite3.Connection, mark: int, end: int, zone: tzinfo, rest: Rest, slice_of: int
) -> int:
    between = (mark, end)
    others = db.execute(
        "SELECT position, type, body FROM events WHERE position > ? AND position <= ? AND visit IS NULL ORDER BY position",
        between,
    ).fetchall()
    touched = [
        row[0]
        for row in db.execute(
            "SELECT DISTINCT visit FROM events WHERE position > ? AND position <= ? AND visit IS NOT NULL",
            between,
        )
    ]
    day = _about(db, "day")
    open_day = date.fromisoformat(day) if day else None
    for some in _slices(others, 20 * slice_of):
        open_day = _take_others(db, _decoded(some), zone, open_day)
        rest()
    if open_day and open_day.isoformat() != day:
        touched = list(dict.fromkeys([*touched, *_still_open(db, open_day)]))
    for visits in _slices(touched, slice_of):
        _take_visits(db, visits, zone, open_day)
        rest()
    written = db.execute("SELECT written_at FROM events WHERE position = ?", (end,)).fetchone()[0]
    _note(db, position=str(end), day=open_day.isoformat() if open_day else "", as_of=written)
    return len(touched)


def _still_open(db: sqlite3.Connection, open_day: date) -> list[str]:
    """Visits of earlier days that nothing has ended: a new day closes them."""
    rows = db.execute(
        "SELECT visit FROM report_visits WHERE ended IS NULL AND day < ?", (open_day.isoformat(),)
    )
    return [row[0] for row in rows]


def _decoded(rows: Iterable[tuple[int, str, str]]) -> Iterator[Kept]:
    for position, kind, body in rows:
        if kind in e.EVENTS:  # another kind is from a newer version, and means nothing here
            yield position, decode_event(position, kind, body)


def _slices(items: Sequence[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some


# ---- events that are about no visit -------------------------------------------------------------


def _take_others(
    db: sqlite3.Connection, events: Iterable[Kept], zone: tzinfo, open_day: date | None
) -> date | None:
    names: list[Row] = []
    cards: list[Row] = []
    openings: list[Row] = []
    site = ""
    for position, event in events:
        match event:
            case e.DayOpened(day=day):
                open_day = day
            case e.PatientNamed(patient=patient):
                names.append((position, patient))
            case e.CardBound(card=card, patient=patient):
                cards.append((digest(card), patient))
            case e.PointOpened(point=point, by=by):
                openings.append(_opening(position, event.at, zone, point, 1, "", by))
            case e.PointPaused(point=point, by=by, reason=reason):
                openings.append(_opening(position, event.at, zone, point, 0, reason, by))
            case e.SiteLoaded(text=text) if text:
                site = text
            case _:
                pass
    with _transaction(db):
        db.executemany(HISTORY_NAMES.insert, names)
        db.executemany(HISTORY_CARDS.insert, cards)
        db.executemany(OPENINGS.insert, openings)
        if site:
            _take_site(db, site)
        for row in openings:
            _mark_opening(db, str(row[2]), str(row[3]))
    return open_day


def _opening(
    position: int, at: datetime, zone: tzinfo, point: str, opened: int, reason: str, by: str
) -> Row:
    day = at.astimezone(zone).date().isoformat()
    return (position, timestamp(at), day, point, opened, reason, by)


def _mark_opening(db: sqlite3.Connection, day: str, point: str) -> None:
    """The line of a room is to be counted again; all lines of the day when the site file does not tell which it is."""
    line = db.execute(
        "SELECT service_group FROM report_points WHERE point = ?", (point,)
    ).fetchone()
    query = "SELECT DISTINCT ?, service_group FROM report_steps WHERE day = ?"
    lines = [(day, line[0])] if line else db.execute(query, (day, day)).fetchall()
    db.executemany(STALE.insert, lines)


def _take_site(db: sqlite3.Connection, text: str) -> None:
    places = places_of(text)
    if places is None:
        return
    for each, rows in ((GROUPS, places.group_rows()), (POINTS, places.point_rows())):
        db.execute(each.empty)
        db.executemany(each.insert, rows)


# ---- events of visits ---------------------------------------------------------------------------


_EVENTS: Final = """
    SELECT visit, position, type, body FROM events WHERE visit IN (SELECT value FROM json_each(?)) ORDER BY visit, position
"""


def _take_visits(
    db: sqlite3.Connection, visits: Sequence[str], zone: tzinfo, open_day: date | None
) -> None:
    """Compute these visits anew. What is read may be newer than the range: that does no harm."""
    whose = (json.dumps(visits),)
    kept = db.execute(
        _EVENTS,
        whose,
    ).fetchall()
    rows: Rows = {}
    stale: set[Row] = set()
    for _, group in groupby(kept, itemgetter(0)):
        facts = folded(list(_decoded(row[1:] for row in group)), open_day)
        if facts is None:
            continue
        for name, found in rows_of(facts, zone).items():
            rows.setdefault(name, []).extend(found)
        stale.update((facts.day.isoformat(), step.group) for step in facts.steps.values())
    rows[STALE.name] = sorted(stale, key=str)
    db.execute("INSERT INTO put (visits, rows) VALUES (?, ?)", (*whose, json.dumps(rows)))


def _make_put(db: sqlite3.Connection) -> None:
    """A view of this connection's own: whoever inserts into it replaces the rows of some visits, as one statement.

    One statement is one transaction that runs from its beginning to its end without Python. With a statement for each
    row, the lock on the database would be held while this thread waits for its turn, row after row, and the writer with it.
    """
    writes = [*(each.forget_visits_of("NEW.visits") for each in OF_VISITS)]
    writes += [each.insert_from("NEW.rows") for each in (*OF_VISITS, HISTORY_VISITS, STALE)]
    db.execute("CREATE TEMP VIEW put AS SELECT NULL AS visits, NULL AS rows")
    db.execute(
        f"CREATE TEMP TRIGGER put_rows INSTEAD OF INSERT ON put BEGIN {'; '.join(writes)}; END"
    )


# ---- rooms and windows --------------------------------------------------------------------------

_STAYS: Final = "SELECT state, doctor, point, since, until FROM report_stays WHERE day = ? AND service_group = ?"
_OPENINGS: Final = """
    SELECT point, at, opened FROM report_openings WHERE day = ?1 AND (
        point IN (SELECT point FROM report_points WHERE service_group = ?2)
        OR point IN (SELECT point FROM report_stays WHERE day = ?1 AND service_group = ?2 AND point IS NOT NULL)
    ) ORDER BY position
"""
_CALLS: Final = """
    SELECT point, count(*), sum(outcome IS 'missed'), group_concat(doctors, ' ') FROM report_calls
    WHERE day = ? AND service_group = ? AND stage = 'call' GROUP BY point
"""
_SERVED: Final = """
    SELECT point, count(*) FROM report_steps
    WHERE day = ? AND service_group = ? AND ended = 'done' AND started_at IS NOT NULL GROUP BY point
"""


def _points_of_line(db: sqlite3.Connection, day: str, group: str, zone: tzinfo) -> list[Row]:
    whose = (day, group)
    stays = [
        StayAt(StepState(state), doctor, point, _moment(since), _moment(until) if until else None)
        for state, doctor, point, since, until in db.execute(_STAYS, whose)
    ]
    openings = [
        Opening(point, _moment(at), bool(opened))
        for point, at, opened in db.execute(_OPENINGS, whose)
    ]
    calls = {row[0]: row[1:] for row in db.execute(_CALLS, whose)}
    served = dict(db.execute(_SERVED, whose).fetchall())
    doctors = {point: frozenset((said or "").split()) for point, (_, _, said) in calls.items()}
    as_of = min(_as_of(db), _end_of(date.fromisoformat(day), zone))
    return [
        _point_row(
            day, group, each, served.get(each.point, 0), *calls.get(each.point, (0, 0, ""))[:2]
        )
        for each in point_days(stays, openings, doctors, as_of)
    ]


def _point_row(day: str, group: str, each: PointDay, served: int, calls: int, missed: int) -> Row:
    lengths = (each.busy, each.calling, each.idle_waiting, each.idle_empty, each.paused)
    return (
        day,
        each.point,
        group,
        timestamp(each.first_at),
        timestamp(each.last_at),
        served,
        calls,
        missed,
        *(round(length.total_seconds()) for length in lengths),
    )


def _as_of(db: sqlite3.Connection) -> datetime:
    known = _about(db, "as_of")
    return _moment(known) if known else datetime.max.replace(tzinfo=UTC)


def _end_of(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


# ---- notes --------------------------------------------------------------------------------------


def _about(db: sqlite3.Connection, key: str) -> str | None:
    row = db.execute("SELECT value FROM report_about WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else None


def _note(db: sqlite3.Connection, **values: str) -> None:
    with _transaction(db):
        db.executemany(
            "INSERT OR REPLACE INTO report_about (key, value) VALUES (?, ?)", values.items()
        )


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise
