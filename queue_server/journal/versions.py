"""The versions of the site file that a journal has kept: by which rules a call was made can always be read again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlite_utils import Database

from queue_server.core.events import SiteLoaded
from queue_server.journal.codec import decode_event

_VERSIONS: Final = "SELECT position, written_at, type, body FROM events WHERE type = 'SiteLoaded' ORDER BY position"


@dataclass(frozen=True, slots=True)
class SiteVersion:
    """A site file as it was taken into force."""

    position: int
    """Of its event in the journal."""
    written_at: str
    """When it was written there; ISO 8601, UTC."""
    version: str
    text: str
    """The file without its appointments; empty in journals of old."""


def site_versions(db: Database) -> list[SiteVersion]:
    """Each time another version came into force, oldest first."""
    return list(_read(db, _VERSIONS))


def site_version(db: Database, version: str | None = None) -> SiteVersion | None:
    """A version, or with None the one in force; None when there is no such version."""
    for each in _read(db, f"{_VERSIONS} DESC"):
        if version is None or each.version == version:
            return each
    return None


def _read(db: Database, query: str) -> Iterator[SiteVersion]:
    rows: Iterator[Mapping[str, Any]] = iter(db.query(query))  # a row's columns are of any type
    for row in rows:
        event = decode_event(row["position"], row["type"], row["body"])
        if isinstance(event, SiteLoaded):
            yield SiteVersion(row["position"], row["written_at"], event.version, event.text)
