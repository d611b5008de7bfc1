"""Which phone a link belongs to: the first that takes hold of it may act and show the card; others may look.

Whoever photographs the code on a kiosk's screen is too late once the family has opened it. Kept on disk, for a restart must not
hand a link to somebody else.
"""

import hmac
import os
import sqlite3
import threading
from collections.abc import Callable
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Final

_TABLE: Final = """CREATE TABLE IF NOT EXISTS devices
    (link TEXT PRIMARY KEY, secret BLOB NOT NULL, until REAL NOT NULL) WITHOUT ROWID"""


class Devices:
    """Links and the secrets of the phones that hold them. Safe from any thread.

    Args:
        file: kept there; `:memory:` keeps nothing.
        random_bytes: makes secrets.
    """

    def __init__(self, file: Path | str, random_bytes: Callable[[int], bytes] = os.urandom) -> None:
        if isinstance(file, Path):
            file.parent.mkdir(parents=True, exist_ok=True)
        self._random = random_bytes
        self._lock = threading.Lock()
        self._db = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute(_TABLE)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def take(self, link: str, until: datetime, now: datetime) -> str | None:
        """Take hold of a link that nobody holds: the phone's secret, else None."""
        secret = self._random(16).hex()
        with self._lock:
            self._db.execute("DELETE FROM devices WHERE until < ?", (now.timestamp(),))
            made = self._db.execute(
                "INSERT OR IGNORE INTO devices VALUES (?, ?, ?)",
                (link, _digest(secret), until.timestamp()),
            )
            return secret if made.rowcount else None

    def holds(self, link: str, secret: str | None) -> bool:
        """Whether the phone with this secret holds a link."""
        if not secret:
            return False
        with self._lock:
            row = self._db.execute("SELECT secret FROM devices WHERE link = ?", (link,)).fetchone()
        return row is not None and hmac.compare_digest(bytes(row[0]), _digest(secret))


def _digest(secret: str) -> bytes:
    return blake2b(secret.encode(), digest_size=16).digest()
