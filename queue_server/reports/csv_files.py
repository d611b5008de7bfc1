"""Report tables as CSV: one header line, UTF-8 with a byte order mark so that spreadsheets read Chinese."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from sqlite_utils import Database

from queue_server.errors import QueueServerError
from queue_server.reports.schema import is_there
from queue_server.reports.tables import REPORTS, VIEWS, view_query

CSV_MARK: Final = "\ufeff"
_WITH_DAY: Final = {table.name: "day" in table.names for table in REPORTS} | dict.fromkeys(
    VIEWS, True
)
NAMES: Final = tuple(name.removeprefix("report_") for name in _WITH_DAY)
"""What can be had as CSV: tables and views, without their `report_`."""
DAILY: Final = tuple(name for name in NAMES if _WITH_DAY[f"report_{name}"])
"""Those of which one day can be had."""
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r")


class UnknownTable(QueueServerError):
    """There is no report table of this name."""


def csv_lines(db: Database, name: str, day: date | None = None) -> Iterator[str]:
    """The lines of a table or view, header first; of one day when one is given.

    Raises:
        UnknownTable: see `NAMES`; or it has no day.
    """
    if name not in (NAMES if day is None else DAILY):
        raise UnknownTable(f"There is no report {name!r}. There are: {', '.join(NAMES)}.")
    if not is_there(db):
        return
    cursor = db.execute(_query(f"report_{name}", day), [day.isoformat()] if day else [])
    yield CSV_MARK + _line(column[0] for column in cursor.description)
    for row in cursor:
        yield _line(map(_safe, row))


def _query(name: str, day: date | None) -> str:
    if name in VIEWS:
        return view_query(name, day is not None)
    return f"SELECT * FROM {name} {'WHERE day = ?' if day else ''}"  # noqa: S608  # one of our own names


def _safe(value: object) -> object:
    """A spreadsheet must not take what somebody typed for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_DANGEROUS) else value


def _line(values: Iterable[object]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue()
