"""One call as it was kept: for the page that says why this family and not another."""

from sqlite_utils import Database

from queue_server.core.events import Called
from queue_server.journal import reports
from queue_server.journal.codec import decode_event


def call_kept(db: Database, call: str) -> Called | None:
    """The event of a call by its id (`S-01/1#1`); None when there is none. An indexed look-up."""
    visit = call.rpartition("#")[0].rpartition("/")[0]
    for row in reports.export(db, visit):
        if row["type"] == "Called":
            event = decode_event(row["position"], row["type"], row["body"])
            if isinstance(event, Called) and event.call == call:
                return event
    return None
