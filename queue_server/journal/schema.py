"""The tables of a journal, as steps that are applied once each. A released step is never changed."""

from contextlib import closing
from typing import Final

from sqlite_utils import Database, Migrations
from sqlite_utils.db import Table

from queue_server.errors import JournalTooNew

STEPS: Final = Migrations("daozhen.journal")


@STEPS()
def m001_events(db: Database) -> None:
    """What happened."""
    table(db, "events").create(
        {"position": int, "written_at": str, "type": str, "visit": str, "body": str},
        pk="position",
        not_null={"written_at", "type", "body"},
        strict=True,
    )
    db.execute("CREATE INDEX events_of_visit ON events (visit) WHERE visit IS NOT NULL")


@STEPS()
def m002_seen(db: Database) -> None:
    """What has been taken of every install of every agent."""
    table(db, "seen").create(
        {"agent": str, "install": str, "contiguous": int, "heard_at": str},
        pk=("agent", "install"),
        not_null={"contiguous", "heard_at"},
        strict=True,
    )
    table(db, "seen_beyond").create(
        {"agent": str, "install": str, "seq": int}, pk=("agent", "install", "seq"), strict=True
    )


@STEPS()
def m003_rejected(db: Database) -> None:
    """Messages that could not be used, and how many there were in all."""
    table(db, "rejected").create(
        {
            "id": int,
            "agent": str,
            "topic": str,
            "reason": str,
            "detail": str,
            "install": str,
            "seq": int,
            "first_at": str,
            "last_at": str,
            "count": int,
            "bytes": int,
            "digest": bytes,
            "payload": bytes,
        },
        pk="id",
        not_null={"agent", "topic", "reason", "first_at", "last_at", "count", "bytes", "digest"},
        strict=True,
    )
    table(db, "rejected").create_index(["agent", "reason", "digest"], unique=True)
    table(db, "rejected_totals").create(
        {"agent": str, "reason": str, "count": int, "first_at": str, "last_at": str},
        pk=("agent", "reason"),
        not_null={"count", "first_at", "last_at"},
        strict=True,
    )


@STEPS()
def m004_about(db: Database) -> None:
    """Whose journal this is."""
    table(db, "about").create({"key": str, "value": str}, pk="key", strict=True)


def table(db: Database, name: str) -> Table:
    """A table by name, as a table and not a view."""
    return db.table(name)


def migrate(db: Database, path: str) -> None:
    """Bring a journal to the present shape.

    Raises:
        JournalTooNew: it has a shape that this version does not know.
    """
    unknown = {step.name for step in STEPS.applied(db)} - _known_steps()
    if unknown:
        raise JournalTooNew(
            f"The journal {path} was written by a newer version of this program (it knows {', '.join(sorted(unknown))}). "
            "Install that version again; the journal was not changed."
        )
    STEPS.apply(db)


def _known_steps() -> set[str]:
    # to a journal without tables, every step is still to come
    with closing(Database(memory=True)) as nothing:
        return {step.name for step in STEPS.pending(nothing)}
