"""Families that look themselves up at a kiosk: the handle they are kept under, and how often a kiosk may ask.

`handle = HMAC-SHA256(key, "seek" NUL tail NUL birthday)`, 16 bytes as hex. The key lies in the data folder,
readable by the server alone. Somebody who has the journal but not the key can try no numbers on it.
"""

import hmac
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from queue_server.ways import key_in

KEY_FILE: Final = "search.key"
AT_ONCE: Final = 6
"""So many searches a kiosk may make in a row."""
EVERY_S: Final = 10.0
"""Then one more in each of such times: thousands of guesses would take days, and stand in the journal."""


def handles(key: bytes) -> Callable[[str, date], str]:
    """What makes the handle of a phone number's last four digits and a birthday."""

    def handle_of(tail: str, born: date) -> str:
        said = b"\0".join((b"seek", tail.encode(), born.isoformat().encode()))
        return hmac.digest(key, said, "sha256")[:16].hex()

    return handle_of


def handles_in(folder: Path) -> Callable[[str, date], str]:
    """The same with the key of a folder, made at the first start."""
    return handles(key_in(folder, KEY_FILE))


@dataclass(slots=True)
class _Bucket:
    left: float
    at: datetime


class SearchBudget:
    """How often each kiosk may search."""

    def __init__(self, at_once: int = AT_ONCE, every_s: float = EVERY_S) -> None:
        self._most, self._every_s = float(at_once), every_s
        self._buckets: defaultdict[str, _Bucket | None] = defaultdict(lambda: None)

    def spend(self, agent: str, now: datetime) -> bool:
        """Whether this kiosk may search now."""
        bucket = self._buckets[agent] or _Bucket(self._most, now)
        gained = max(0.0, (now - bucket.at).total_seconds()) / self._every_s
        bucket.left, bucket.at = min(self._most, bucket.left + gained), now
        self._buckets[agent] = bucket
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True
