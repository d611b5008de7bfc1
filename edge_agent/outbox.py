"""The outbox: what an agent has sensed and the server has not acknowledged. SQLite, one file, durable.

`PUT` is one transaction with `synchronous=FULL`: when it returns, the event survives a pulled plug. Sequence numbers
are the agent's own (its core counts them) and never come back, also after everything was acknowledged.
"""

import os
import sqlite3
import time
from datetime import date
from pathlib import Path
from typing import Final, Self

import structlog

from edge_agent.core import Restored
from edge_agent.core.vocabulary import Provisionals, Store
from edge_agent.errors import OutboxUnusable

_log = structlog.get_logger()
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS event (seq INTEGER PRIMARY KEY, leaf TEXT NOT NULL, envelope BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""


class Outbox:
    """One outbox file. Used by one thread.

    Raises:
        OutboxUnusable: the folder can't be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = _open_or_set_aside(path)
        except (OSError, sqlite3.Error) as error:
            raise OutboxUnusable(
                f"The outbox {path} can't be opened ({error}): check that the folder exists, is writable and has room."
            ) from error
        self.install = self._kept("install") or self._keep("install", os.urandom(8).hex())
        self.birth = int(self._keep("birth", str(int(self._kept("birth") or 0) + 1)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def restored(self) -> Restored:
        """What the core must know at a start."""
        waiting = tuple(seq for (seq,) in self._db.execute("SELECT seq FROM event ORDER BY seq"))
        highest = int(self._kept("highest_seq") or 0)
        day, _, count = (self._kept("provisionals") or f"{date.min} 0").partition(" ")
        return Restored(
            max(highest, waiting[-1] if waiting else 0) + 1,
            waiting,
            Provisionals(date.fromisoformat(day), int(count)),
        )

    def put(self, store: Store) -> None:
        """Make an event durable.

        Raises:
            sqlite3.Error: it could not be; nothing was kept.
        """
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute(
                "INSERT INTO event VALUES (?, ?, ?)", (store.seq, store.leaf, store.envelope)
            )
            if store.provisionals:
                self._set("provisionals", f"{store.provisionals.day} {store.provisionals.count}")

    def get(self, seq: int) -> tuple[str, bytes] | None:
        """The topic leaf and the envelope of a stored event."""
        row: tuple[str, bytes] | None = self._db.execute(
            "SELECT leaf, envelope FROM event WHERE seq = ?", (seq,)
        ).fetchone()
        return row

    def forget(self, seq: int) -> None:
        """Delete everything up to `seq`; the server has it."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._set("highest_seq", str(max(seq, int(self._kept("highest_seq") or 0))))
            self._db.execute("DELETE FROM event WHERE seq <= ?", (seq,))

    def listed(self) -> list[tuple[int, str, bytes]]:
        """Everything that waits: seq, leaf, envelope."""
        return self._db.execute("SELECT seq, leaf, envelope FROM event ORDER BY seq").fetchall()

    def _kept(self, name: str) -> str | None:
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def _keep(self, name: str, value: str) -> str:
        with self._db:
            self._set(name, value)
        return value

    def _set(self, name: str, value: str) -> None:
        self._db.execute(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )


def _open_or_set_aside(path: Path) -> sqlite3.Connection:
    """Open the file; a damaged one is moved aside, never deleted, and a new one begun."""
    try:
        return _open(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) or not path.exists():
            raise
        aside = path.with_name(f"{path.name}.damaged-{time.time_ns()}")
        path.rename(aside)
        for extra in ("-wal", "-shm"):
            companion = path.with_name(path.name + extra)
            if companion.exists():
                companion.rename(aside.with_name(aside.name + extra))
        _log.error(
            "outbox_damaged",
            kept_as=str(aside),
            remedy="What it held may be saved with `sqlite3 FILE .recover`; the agent goes on with a new outbox.",
        )
        return _open(path)


def _open(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, timeout=5, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.executescript(_SCHEMA)
        if db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("quick_check found damage")
    except sqlite3.Error:
        db.close()
        raise
    return db
