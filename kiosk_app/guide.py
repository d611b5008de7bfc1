"""What the kiosk asks the queue server over HTTP: places to look for, ways to them, and pictures of ways.

Every call may block for some seconds and belongs on a worker thread. None, or nothing, when the server does not answer.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Final
from urllib.error import URLError
from urllib.parse import quote, urlencode
from urllib.request import urlopen

import structlog
from pydantic import ValidationError

from kiosk_app.views import Finding, Floor, Place
from protocol import Text, Way

_log = structlog.get_logger()
WAIT_S: Final = 3.0
PICTURE_WAIT_S: Final = 1.5
"""Paper must not wait for a picture for longer."""
LARGEST: Final = 2 * 1024 * 1024
PICTURES_KEPT: Final = 64


class Guide:
    """Asks one server, for one kiosk."""

    def __init__(self, server: str, agent: str) -> None:
        """`server`: its address, empty when there is none; `agent`: the kiosk's name on the map."""
        self._server, self._agent = server.rstrip("/"), agent
        self._kept = lru_cache(PICTURES_KEPT)(self._picture)

    @property
    def there(self) -> bool:
        """Whether there is a server to ask."""
        return bool(self._server)

    def places(self) -> Finding | None:
        """What can be looked for."""
        found = self._json("/api/v1/ways/places")
        if found is None:
            return None
        try:
            return _finding(found)
        except (KeyError, TypeError, ValidationError):
            _log.warning("places_not_understood")
            return None

    def way(self, place: str) -> Way | None:
        """The way from this kiosk to a place, or `nearest:` a kind."""
        found = self._json(f"/api/v1/ways?{urlencode({'start': self._agent, 'end': place})}")
        try:
            return Way.model_validate(found) if found else None
        except ValidationError:
            _log.warning("way_not_understood")
            return None

    def picture(self, token: str, level: str, lang: str, large: bool) -> bytes | None:
        """A floor of a way as SVG; asked once for each."""
        try:
            return self._kept(token, level, lang, large)
        except LookupError:
            return None

    def _picture(self, token: str, level: str, lang: str, large: bool) -> bytes:
        asked = urlencode({"lang": lang, "large": str(large).lower()})
        path = f"/way/{quote(token, safe='')}/map/{quote(level, safe='')}.svg?{asked}"
        found = self._get(path, WAIT_S)
        if found is None:
            raise LookupError(path)  # not to be kept: it may come the next time
        return found

    def ticket(self, token: str, lang: str) -> bytes:
        """A way's picture for paper; empty when it does not come in time."""
        return (
            self._get(f"/way/{quote(token, safe='')}/ticket.png?lang={lang}", PICTURE_WAIT_S) or b""
        )

    def _json(self, path: str) -> Mapping[str, object] | None:
        raw = self._get(path, WAIT_S)
        try:
            found = json.loads(raw) if raw else None
        except ValueError:
            return None
        return found if isinstance(found, dict) else None

    def _get(self, path: str, wait_s: float) -> bytes | None:
        if not self._server.startswith(("http://", "https://")):
            return None
        try:
            with urlopen(self._server + path, timeout=wait_s) as answer:  # noqa: S310  # http or https, see above
                data: bytes = answer.read(LARGEST)
                return data
        except (URLError, OSError, ValueError) as error:
            _log.warning("server_not_asked", why=str(error)[:120])
            return None


def _finding(found: Mapping[str, object]) -> Finding:
    kinds, floors = found["kinds"], found["floors"]
    if not isinstance(kinds, list) or not isinstance(floors, list):
        raise TypeError
    return Finding(
        tuple(Place(f"nearest:{each['id']}", Text.model_validate(each["name"])) for each in kinds),
        tuple(
            Floor(
                Text.model_validate(floor["name"]),
                tuple(
                    Place(room["id"], Text.model_validate(room["name"]), room["number"])
                    for room in floor["rooms"]
                ),
            )
            for floor in floors
        ),
    )
