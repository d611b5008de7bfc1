"""Follows a server's journal: the state as the server has it, kept up event by event from outside."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from queue_server.core import Hospital, apply
from queue_server.core import events as e
from queue_server.journal import decode_event

_NEWER: Final = "SELECT position, type, body FROM events WHERE position > ? ORDER BY position"


class Follower:
    """Reads what is durable, nothing else; a server may be writing meanwhile. Used by one thread at a time.

    Args:
        journal: file of the journal, which must be there.
    """

    def __init__(self, journal: Path) -> None:
        self._db = sqlite3.connect(
            f"{journal.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False
        )
        self.position = 0

    def catch_up(self, hospital: Hospital) -> Sequence[e.Event]:
        """Bring a state up to the journal's end; the events that did it."""
        events: list[e.Event] = []
        for position, kind, body in self._db.execute(_NEWER, (self.position,)):
            event = decode_event(position, kind, body)
            apply(hospital, event)
            hospital.moment = max(hospital.moment, event.at)
            events.append(event)
            self.position = position
        return events

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
