"""The journal in one SQLite file: WAL, `synchronous=FULL`, one transaction a batch.

The append path is plain SQL; the tables are made by `schema`. Readers (reports, Datasette, any SQL tool) may look on
while the server writes.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from queue_server.core.events import Event
from queue_server.errors import CommitFailed, JournalDamaged, JournalError
from queue_server.journal.codec import decode_event, encode_event
from queue_server.journal.lock import JournalLock
from queue_server.journal.port import Batch, Mark, MarkChange
from queue_server.journal.rejected import keep_rejected
from queue_server.journal.schema import migrate
from queue_server.journal.timestamps import timestamp

BUSY_MS: Final = 15_000
"""How long a commit waits for somebody else's transaction."""
CHECKPOINT_PAGES: Final = 4_000
"""Pages of WAL (16 MB) between two checkpoints: each costs a commit some milliseconds."""

_INSERT_EVENT: Final = (
    "INSERT INTO events (position, written_at, type, visit, body) VALUES (?, ?, ?, ?, ?)"
)
_UPSERT_MARK: Final = """
    INSERT INTO seen (agent, install, contiguous, heard_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (agent, install) DO UPDATE SET contiguous = excluded.contiguous, heard_at = excluded.heard_at
"""
_CLOSE_UP: Final = "DELETE FROM seen_beyond WHERE agent = ? AND install = ? AND seq <= ?"
_INSERT_BEYOND: Final = "INSERT INTO seen_beyond (agent, install, seq) VALUES (?, ?, ?)"
_MARKS: Final = """
    SELECT agent, install, contiguous, seq FROM seen LEFT JOIN seen_beyond USING (agent, install)
    ORDER BY heard_at, agent, install
"""


class SqliteJournal:
    """Opened, locked and brought to the present shape as soon as it is made."""

    def __init__(self, path: Path, site: str) -> None:
        """Open the journal of a site, making it when there is none.

        Raises:
            JournalLocked: another process writes to it.
            JournalTooNew: a newer version wrote it.
            JournalDamaged: it is no journal, or can't be read.
            JournalError: it can't be opened, or belongs to another site.
        """
        self.path = path
        self._lock = _locked(path)
        try:
            self._db = _opened(path)
            try:
                self._prepare(site)
            except BaseException:
                self._db.close()
                raise
        except BaseException:
            self._lock.release()
            raise

    def _prepare(self, site: str) -> None:
        try:
            migrate(Database(self._db), str(self.path))
            self._belongs_to(site)
            self._position = int(
                self._db.execute("SELECT coalesce(max(position), 0) FROM events").fetchone()[0]
            )
        except sqlite3.DatabaseError as error:
            raise _damaged(self.path, error) from error

    def _belongs_to(self, site: str) -> None:
        self._db.execute("INSERT OR IGNORE INTO about (key, value) VALUES ('site', ?)", (site,))
        owner = self._db.execute("SELECT value FROM about WHERE key = 'site'").fetchone()[0]
        if owner != site:
            raise JournalError(
                f"The journal {self.path} belongs to the site {owner!r}, not to {site!r}. "
                "Give the site file that belongs to it, or another data folder (--data)."
            )

    @property
    def position(self) -> int:
        """Position of the last event."""
        return self._position

    def replay(self) -> Iterator[Event]:
        """All events, oldest first."""
        try:
            rows = self._db.execute("SELECT position, type, body FROM events ORDER BY position")
            for expected, (position, type_name, body) in enumerate(rows, 1):
                if position != expected:
                    raise _damaged(self.path, f"event {expected} is missing")
                yield decode_event(position, type_name, body)
        except sqlite3.DatabaseError as error:
            raise _damaged(self.path, error) from error

    def marks(self) -> Iterator[Mark]:
        """What has been taken of every install."""
        with closing(self._db.execute(_MARKS)) as rows:
            for (agent, install, contiguous), group in groupby(rows, itemgetter(0, 1, 2)):
                beyond = frozenset(row[3] for row in group if row[3] is not None)
                yield Mark(agent, install, contiguous, beyond)

    def append(self, batch: Batch) -> int:
        """Make a batch durable in one transaction."""
        written_at = timestamp(batch.written_at)
        try:
            self._db.execute("BEGIN IMMEDIATE")
            self._insert_events(written_at, batch.events)
            self._change_marks(written_at, batch.marks)
            keep_rejected(self._db, batch.rejected)
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            raise CommitFailed(
                f"The journal {self.path} could not be written: {error}. Nothing that was acknowledged is lost. "
                "Look at the free space and the health of the disk; the server starts again from the journal."
            ) from error
        self._position += len(batch.events)
        return self._position

    def _insert_events(self, written_at: str, events: Iterable[Event]) -> None:
        self._db.executemany(
            _INSERT_EVENT,
            (
                (position, written_at, *encode_event(event))
                for position, event in enumerate(events, self._position + 1)
            ),
        )

    def _change_marks(self, written_at: str, changes: Iterable[MarkChange]) -> None:
        for change in changes:
            whose = (change.agent, change.install)
            self._db.execute(_UPSERT_MARK, (*whose, change.contiguous, written_at))
            if change.closed_up:
                self._db.execute(_CLOSE_UP, (*whose, change.contiguous))
            if change.beyond:
                self._db.executemany(_INSERT_BEYOND, [(*whose, seq) for seq in change.beyond])

    def close(self) -> None:
        """Let go of the file and the lock."""
        self._db.close()
        self._lock.release()


def _locked(path: Path) -> JournalLock:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return JournalLock(path)
    except OSError as error:
        raise JournalError(
            f"The journal {path} can't be opened: {error}. Give a data folder that may be written to (--data)."
        ) from error


def _opened(path: Path) -> sqlite3.Connection:
    with suppress(OSError):
        # children's names stand in it: nobody else on the machine may read it, nor the files SQLite puts beside it
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    # the writer's thread uses it, but another opens and closes it
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        db.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    except sqlite3.DatabaseError as error:
        db.close()
        raise _damaged(path, error) from error
    return db


def _damaged(path: Path, error: Exception | str) -> JournalDamaged:
    return JournalDamaged(
        f"The journal {path} can't be read: {error}. Run 'queue-server journal check' on it, and restore it from a "
        "backup when it is damaged."
    )
