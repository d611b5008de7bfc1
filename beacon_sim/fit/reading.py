"""Reading an export: every row that can be used, and a reason for every other one. Never an exception for a row."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from beacon_sim.fit.columns import COLUMNS, KINDS, NEEDED, SERVICES, TIMES, BadRow, Row
from beacon_sim.fit.errors import FitError

ENCODINGS: Final = ("utf-8-sig", "gb18030")
FORMATS: Final = ("%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y%m%d %H%M%S", "%Y%m%d%H%M%S")
"""Besides ISO 8601."""
LONGEST_HOURS: Final = 24.0
SERVICE_MARKS: Final = str.maketrans(dict.fromkeys(",，、；+/|", ";"))


@dataclass(frozen=True, slots=True)
class Export:
    """What an export says."""

    rows: tuple[Row, ...]
    bad: tuple[BadRow, ...]
    missing: tuple[str, ...]
    """Columns that it does not have."""


def read_export(path: Path) -> Export:
    """Read a CSV file.

    Raises:
        FitError: it can't be read, is no table, or lacks a column without which nothing can be said.
    """
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=False)
    try:
        header = next(reader, [])
    except csv.Error as error:
        raise FitError(f"{path} is no CSV table: {error}.") from error
    places = _places(header)
    lacking = [name for name in NEEDED if name not in places]
    if lacking:
        raise FitError(
            f"{path}, line 1: there is no column {' and none '.join(map(repr, lacking))}. "
            f"The columns may be called {', '.join(COLUMNS)}; see docs/fit.md."
        )
    rows: list[Row] = []
    bad: list[BadRow] = []
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            bad.append(BadRow(reader.line_num, f"this is no row of a CSV table: {error}"))
            continue
        if cells is None:
            break
        if not any(cell.strip() for cell in cells):
            continue
        read = _row(reader.line_num, cells, places)
        (rows if isinstance(read, Row) else bad).append(read)  # type: ignore[arg-type]  # by its own kind
    missing = tuple(name for name in COLUMNS if name not in places)
    return Export(tuple(rows), tuple(bad), missing)


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise FitError(f"{path} can't be read: {error.strerror}.") from error
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise FitError(f"{path} is a workbook, not CSV. Save the sheet as CSV and try again.")
    for encoding in ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FitError(f"{path} is neither UTF-8 nor GB 18030. Save it as CSV in UTF-8.")


def _places(header: list[str]) -> dict[str, int]:
    """Which column stands where; the first of two of the same name counts."""
    known = {alias: name for name, others in COLUMNS.items() for alias in (name, *others)}
    places: dict[str, int] = {}
    for place, cell in enumerate(header):
        name = known.get(cell.strip()) or known.get(cell.strip().lower().replace(" ", "_"))
        if name:
            places.setdefault(name, place)
    return places


def _row(line: int, cells: list[str], places: Mapping[str, int]) -> Row | BadRow:
    given = {
        name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()
    }
    if not given["visit"]:
        return BadRow(line, "it names no visit")
    kind = KINDS.get(given["kind"]) or KINDS.get(given["kind"].lower())
    if kind is None:
        return BadRow(line, f"kind {given['kind'][:40]!r} is none of {', '.join(KINDS)}")
    times: dict[str, datetime] = {}
    for name in TIMES:
        text = given.get(name, "")
        if text:
            at = _time(text)
            if at is None:
                return BadRow(
                    line, f"{name} {text[:40]!r} is no time; write it as 2026-03-02 08:15:30"
                )
            times[name] = at
    why = _contradiction(times)
    if why:
        return BadRow(line, why)
    return Row(
        line,
        given["visit"],
        kind,
        department=given.get("department", ""),
        doctor=given.get("doctor", ""),
        room=given.get("room", ""),
        ordered=_services(given.get("ordered", "")),
        **times,
    )


def _time(text: str) -> datetime | None:
    """A time of the hospital's clock; a zone is dropped, for the clock on the wall is meant."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        pass
    for form in FORMATS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007  # wall clock, as above
        except ValueError:
            continue
    return None


def _contradiction(times: Mapping[str, datetime]) -> str | None:
    before: tuple[str, datetime] | None = None
    for name in ("arrived", "checked_in", "called", "started", "finished"):
        at = times.get(name)
        if at is None:
            continue
        if before and at < before[1]:
            return f"{name} ({at:%H:%M:%S}) is earlier than {before[0]} ({before[1]:%H:%M:%S})"
        if before and (at - before[1]).total_seconds() > LONGEST_HOURS * 3600:
            return f"{name} is more than a day after {before[0]}"
        before = name, at
    result, finished = times.get("result_at"), times.get("finished")
    if result and finished and result < finished:
        return f"result_at ({result:%H:%M:%S}) is earlier than finished ({finished:%H:%M:%S})"
    return None


def _services(text: str) -> frozenset[str]:
    words = (each.strip() for each in text.translate(SERVICE_MARKS).split(";"))
    return frozenset(SERVICES.get(each.lower(), each.lower()) for each in words if each)
