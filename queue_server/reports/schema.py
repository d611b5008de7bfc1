"""Makes the report tables in the journal's database. They can always be made again from the events."""

from typing import Final

from sqlite_utils import Database, Migrations

from queue_server.errors import JournalTooNew
from queue_server.journal.schema import table
from queue_server.reports.tables import ABOUT, ALL, VIEWS, view_query

STEPS: Final = Migrations("daozhen.reports")


@STEPS()
def r001_tables(db: Database) -> None:
    """All tables and views. A later change of any of them is a new step that calls this one's `make`."""
    make(db)


def make(db: Database) -> None:
    """Drop what there is, and make it anew and empty: the next catching up fills it from the first event."""
    clear(db)
    for each in ALL:
        made = table(db, each.name).create(
            {column.name: column.kind for column in each.columns},
            pk=each.pk if len(each.pk) > 1 else each.pk[0],
            strict=True,
        )
        for columns in each.indexes:
            made.create_index(columns)
    for name in VIEWS:
        db.create_view(name, view_query(name))


def clear(db: Database) -> None:
    """Take all of it away."""
    for name in VIEWS:
        db.execute(f"DROP VIEW IF EXISTS {name}")
    for each in ALL:
        db.execute(f"DROP TABLE IF EXISTS {each.name}")


def ready(db: Database, path: str) -> None:
    """Bring the tables to the present shape.

    Raises:
        JournalTooNew: they have a shape that this version does not know.
    """
    known = {step.name for step in _all_steps()}
    unknown = {step.name for step in STEPS.applied(db)} - known
    if unknown:
        raise JournalTooNew(
            f"The report tables in {path} were made by a newer version of this program. Install that version again."
        )
    STEPS.apply(db)


def is_ready(db: Database) -> bool:
    """Whether they have the present shape, no more and no less."""
    return {step.name for step in STEPS.applied(db)} == {step.name for step in _all_steps()}


def _all_steps() -> "list[Migrations._Migration]":
    nothing = Database(memory=True)
    try:
        return STEPS.pending(nothing)
    finally:
        nothing.close()


def is_there(db: Database) -> bool:
    """Whether the tables have been made."""
    return table(db, ABOUT.name).exists()
