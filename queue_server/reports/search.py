"""Finds visits of any day by card, number, visit or name; and reads the events of one. Names come from the events alone."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlite_utils import Database

from queue_server.core import events as e
from queue_server.journal.codec import decode_event
from queue_server.reports.folding import Kept
from queue_server.reports.places import NOWHERE, Places, places_of
from queue_server.reports.schema import is_there
from queue_server.reports.search_keys import digest

MOST: Final = 50
MOST_PATIENTS: Final = 2_000
"""A part of a name that more children have in common is too short to be looked for without a day."""

Row = Mapping[str, Any]  # columns are known by their names


@dataclass(frozen=True, slots=True)
class Found:
    """A visit that was looked for."""

    visit: str
    day: date
    ticket: str | None
    alias: str | None
    name: str
    """In full; whoever shows it masks it for those who may not see it."""
    group: str
    """Id of the first line."""
    checked_in_at: str | None
    """ISO 8601, UTC."""
    ended: str | None
    """As in `report_visits`; None while it goes on."""
    door_to_door_s: int | None


def found(db: Database, text: str, day: date | None = None, most: int = MOST) -> list[Found]:
    """Visits by card (20 hex digits or `scheme:value`), number or id, else by part of the child's name; the newest first.

    An empty `text` finds all visits of the day, and nothing without a day.
    """
    text = text.strip()
    if not is_there(db) or not (text or day):
        return []
    where, given = ("v.day = :day", {"day": day.isoformat()}) if day else ("1", {})
    query = _FOUND.format(
        which=_WHICH if text else "SELECT visit FROM history_visits WHERE day = :day", where=where
    )
    rows = db.query(query, {**given, **_keys(db, text), "most": most})
    return [_found(row) for row in rows]


_FOUND: Final = """
    SELECT v.visit, v.day, v.ticket, v.alias, r.service_group, r.checked_in_at, r.ended, r.door_to_door_s,
           (SELECT e.body FROM history_names n JOIN events e USING (position) WHERE n.patient = v.patient
            ORDER BY position DESC LIMIT 1) AS named
    FROM history_visits v JOIN report_visits r USING (visit)
    WHERE v.visit IN ({which}) AND {where}
    ORDER BY v.day DESC, r.checked_in_at IS NULL, v.ticket, v.visit LIMIT :most
"""
_WHICH: Final = """
    SELECT visit FROM history_visits WHERE visit = :text
    UNION SELECT visit FROM history_visits WHERE ticket = :number
    UNION SELECT visit FROM history_visits WHERE alias = :number
    UNION SELECT visit FROM history_visits WHERE patient IN (SELECT value FROM json_each(:people))
    UNION SELECT visit FROM history_visits WHERE guardian IN (SELECT value FROM json_each(:people))
"""
_CARD_OF: Final = "SELECT patient FROM history_cards WHERE digest IN (?, ?)"
_EXACT: Final = """
    SELECT 1 FROM history_visits WHERE visit = ?1 UNION ALL SELECT 1 FROM history_visits WHERE ticket = ?2
    UNION ALL SELECT 1 FROM history_visits WHERE alias = ?2 LIMIT 1
"""
_NAMED: Final = """
    SELECT DISTINCT n.patient FROM history_names n CROSS JOIN events e ON e.position = n.position
    WHERE instr(lower(e.body), lower(?1)) AND instr(lower(e.body ->> 'name'), lower(?1)) LIMIT ?2
"""


def _keys(db: Database, text: str) -> dict[str, str]:
    if not text:
        return {}
    number = text.upper()
    people = [row["patient"] for row in db.query(_CARD_OF, [digest(text), digest(text.lower())])]
    if not people and not any(db.query(_EXACT, [text, number])):
        people = [row["patient"] for row in db.query(_NAMED, [text, MOST_PATIENTS])]
    return {"text": text, "number": number, "people": json.dumps(people)}


def _found(row: Row) -> Found:
    named = json.loads(row["named"]) if row["named"] else {}
    return Found(
        row["visit"],
        date.fromisoformat(row["day"]),
        row["ticket"],
        row["alias"],
        str(named.get("name", "")),
        row["service_group"],
        row["checked_in_at"],
        row["ended"],
        row["door_to_door_s"],
    )


# ---- one visit ----------------------------------------------------------------------------------

_OF_VISIT: Final = "SELECT position, type, body FROM events WHERE visit = ? ORDER BY position"
_NAME_OF: Final = """
    SELECT e.body FROM history_names n JOIN events e USING (position) WHERE n.patient = ? ORDER BY position DESC LIMIT 1
"""
_SITE: Final = "SELECT body FROM events WHERE type = 'SiteLoaded' ORDER BY position DESC LIMIT 1"


def events_of(db: Database, visit: str) -> Sequence[Kept]:
    """All events of a visit in the order of the journal; kinds of a newer version are left out.

    Raises:
        JournalDamaged: one can't be read.
    """
    return list(_decoded(db.query(_OF_VISIT, [visit])))


def _decoded(rows: Iterator[Row]) -> Iterator[Kept]:
    for row in rows:
        if row["type"] in e.EVENTS:
            yield row["position"], decode_event(row["position"], row["type"], row["body"])


def name_of(db: Database, patient: str) -> str:
    """The child's name; empty when it is not known."""
    if not is_there(db):
        return ""
    row = next(iter(db.query(_NAME_OF, [patient])), None)
    return str(json.loads(row["body"]).get("name", "")) if row else ""


def timezone_of(db: Database) -> str | None:
    """With which zone's hours the tables were made; None when there are none."""
    if not is_there(db):
        return None
    row = next(iter(db.query("SELECT value FROM report_about WHERE key = 'timezone'")), None)
    return str(row["value"]) if row else None


def places_in(db: Database) -> Places:
    """The names of the newest site file that the journal has kept."""
    row = next(iter(db.query(_SITE)), None)
    text = str(json.loads(row["body"]).get("text", "")) if row else ""
    return (places_of(text) if text else None) or NOWHERE
