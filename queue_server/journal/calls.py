"""One call as it was kept: for the page that says why this family and not another."""

from dataclasses import dataclass

from sqlite_utils import Database

from queue_server.core.events import AskedToDoor, Called
from queue_server.journal import reports
from queue_server.journal.codec import decode_event


@dataclass(frozen=True, slots=True)
class CallKept:
    """A call, and how the family had come to the door of the room before it."""

    called: Called
    asked: AskedToDoor | None = None
    """None where families are called from the hall."""


def call_kept(db: Database, call: str) -> CallKept | None:
    """A call by its id (`S-01/1#1`); None when there is none. An indexed look-up."""
    visit = call.rpartition("#")[0].rpartition("/")[0]
    asked: AskedToDoor | None = None
    for row in reports.export(db, visit):
        if row["type"] in ("AskedToDoor", "Called"):
            event = decode_event(row["position"], row["type"], row["body"])
            if isinstance(event, AskedToDoor):
                asked = event
            elif isinstance(event, Called) and event.call == call:
                same = asked is not None and asked.step == event.step
                return CallKept(event, asked if same else None)
    return None
