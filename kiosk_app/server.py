"""What the kiosk asks the queue server over HTTP: places to look for, ways to them, pictures of ways, the map itself.

Every call may block for some seconds and belongs on a worker thread. None, or nothing, when the server does not answer.
"""

import json
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import structlog
from pydantic import ValidationError

from kiosk_app.views import Finding, Floor, Place
from nav_maps import Profile
from protocol import Text, Way

_log = structlog.get_logger()
WAIT_S: Final = 3.0
PICTURE_WAIT_S: Final = 1.5
"""Paper must not wait for a picture for longer."""
AWAY_S: Final = 15.0
"""After a question that nobody answered families are not made to wait for another for so long."""
LARGEST: Final = 2 * 1024 * 1024
LARGEST_MAP: Final = 128 * 1024 * 1024
PICTURES_KEPT: Final = 64


class Server:
    """Asks one server, for one kiosk."""

    def __init__(self, address: str, agent: str) -> None:
        """`address`: empty when there is no server; `agent`: the kiosk's name on the map."""
        self._address, self._agent = address.rstrip("/"), agent
        self._away_until_s = 0.0
        self._kept = lru_cache(PICTURES_KEPT)(self._picture)

    @property
    def there(self) -> bool:
        """Whether there is a server to ask."""
        return self._address.startswith(("http://", "https://"))

    def places(self) -> Finding | None:
        """What can be looked for."""
        found = self._json("/api/v1/ways/places")
        if not isinstance(found, dict):
            return None
        try:
            return _finding(found)
        except (KeyError, TypeError, ValidationError):
            _log.warning("places_not_understood")
            return None

    def way(self, place: str, profile: Profile) -> Way | None:
        """The way from this kiosk to a place, or `nearest:` a kind."""
        asked = {"start": self._agent, "end": place, "profile": profile.value}
        found = self._json(f"/api/v1/ways?{urlencode(asked)}")
        try:
            return Way.model_validate(found) if found else None
        except ValidationError:
            _log.warning("way_not_understood")
            return None

    def picture(self, token: str, level: str, lang: str, large: bool) -> bytes | None:
        """A floor of a way as SVG; asked once for each."""
        try:
            return self._kept(token, level, lang, large) if token else None
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
        path = f"/way/{quote(token, safe='')}/ticket.png?lang={lang}"
        return (self._get(path, PICTURE_WAIT_S) or b"") if token else b""

    def map(self, known: str) -> bytes | None:
        """The map, when it is another one than that of the digest `known`."""
        return self._get(
            "/api/v1/ways/map", WAIT_S, largest=LARGEST_MAP, headers={"If-None-Match": f'"{known}"'}
        )

    def closed(self) -> list[Mapping[str, object]] | None:
        """What of the map is closed now: `id` and `until` of each."""
        found = self._json("/api/v1/ways/closed")
        if not isinstance(found, list):
            return None
        return [each for each in found if isinstance(each, dict)]

    def _json(self, path: str) -> object:
        raw = self._get(path, WAIT_S)
        try:
            return json.loads(raw) if raw else None
        except ValueError:
            return None

    def _get(
        self,
        path: str,
        wait_s: float,
        largest: int = LARGEST,
        headers: Mapping[str, str] | None = None,
    ) -> bytes | None:
        if not self.there or time.monotonic() < self._away_until_s:
            return None
        request = Request(self._address + path, headers=dict(headers or {}))  # noqa: S310  # http or https: `there`
        try:
            with urlopen(request, timeout=wait_s) as answer:  # noqa: S310  # as above
                data: bytes = answer.read(largest)
                return data
        except HTTPError as error:  # it is there, and has said no
            error.close()
        except (URLError, OSError, ValueError) as error:
            self._away_until_s = time.monotonic() + AWAY_S
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
