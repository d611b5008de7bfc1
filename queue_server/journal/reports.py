"""Looking into a journal from outside, while a server may be writing to it."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlite_utils import Database

from queue_server.errors import JournalDamaged, JournalError
from queue_server.journal.codec import decode_event

Row = Mapping[str, Any]  # columns differ from table to table

_EVENTS: Final = "SELECT position, written_at, type, visit, body FROM events"
_REJECTED: Final = (
    "SELECT id, agent, reason, detail, topic, install, seq, first_at, last_at, count, bytes FROM rejected "
    "ORDER BY id DESC LIMIT ?"
)
_TOTALS: Final = (
    "SELECT agent, reason, count, first_at, last_at FROM rejected_totals ORDER BY last_at DESC"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    ok: bool
    sentence: str


@contextmanager
def opened(path: Path) -> Iterator[Database]:
    """A journal for reading only.

    Raises:
        JournalError: there is none, or it can't be read.
    """
    if not path.is_file():
        raise JournalError(
            f"There is no journal at {path}. Name the server's data folder with --data."
        )
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        yield Database(connection)
    except sqlite3.DatabaseError as error:
        raise JournalDamaged(
            f"The journal {path} can't be read: {error}. Restore it from a backup."
        ) from error
    finally:
        connection.close()


def tail(db: Database, count: int, after: int = 0) -> list[Row]:
    """The last events that come after a position, oldest first."""
    rows: Iterable[Row] = db.query(
        f"{_EVENTS} WHERE position > ? ORDER BY position DESC LIMIT ?", [after, count]
    )
    return list(rows)[::-1]


def export(db: Database, visit: str | None = None) -> Iterator[Row]:
    """All events, or those of a visit, oldest first."""
    if visit is None:
        return iter(db.query(f"{_EVENTS} ORDER BY position"))
    return iter(db.query(f"{_EVENTS} WHERE visit = ? ORDER BY position", [visit]))


def rejected(db: Database, count: int) -> list[Row]:
    """The rejected messages that are kept, the latest first."""
    return list(db.query(_REJECTED, [count]))


def rejected_totals(db: Database) -> list[Row]:
    """How many messages were rejected, by agent and reason."""
    return list(db.query(_TOTALS))


def rejected_message(db: Database, id: int) -> Row | None:
    """One rejected message with its payload."""
    return next(iter(db.query("SELECT * FROM rejected WHERE id = ?", [id])), None)


def check(db: Database) -> Iterator[Finding]:
    """Look at the file, at the positions, and whether every event can be read."""
    yield _file(db)
    yield _positions(db)
    yield _readable(db)


def _file(db: Database) -> Finding:
    said = [str(row["integrity_check"]) for row in db.query("PRAGMA integrity_check(5)")]
    ok = said == ["ok"]
    return Finding("file", ok, "The file is sound." if ok else "; ".join(said))


def _positions(db: Database) -> Finding:
    row = next(
        iter(db.query("SELECT count(*) AS n, coalesce(max(position), 0) AS last FROM events"))
    )
    ok = row["n"] == row["last"]
    sentence = (
        f"{row['n']} events without a hole."
        if ok
        else f"{row['last'] - row['n']} events are missing before position {row['last']}."
    )
    return Finding("positions", ok, sentence)


def _readable(db: Database) -> Finding:
    try:
        for row in db.query(f"{_EVENTS} ORDER BY position"):
            decode_event(row["position"], row["type"], row["body"])
    except JournalDamaged as error:
        return Finding("events", False, str(error))
    return Finding("events", True, "Every event can be read.")
