"""Who the kiosk asks for places, ways and pictures: the queue server; while it does not answer, the map that was kept.

Every call may block for some seconds and belongs on a worker thread.
"""

import base64
from typing import Final

from kiosk_app.own_map import OwnMap
from kiosk_app.server import Server
from kiosk_app.views import Finding
from nav_maps import Profile
from protocol import Way

LARGEST_PICTURE: Final = 48_000
"""Of a ticket, in characters of base64, as a message may carry it."""


def walker(step_free: bool) -> Profile:
    """How a family walks: at a child's pace, or, with a pram or wheelchair, without a step."""
    return Profile.WHEELCHAIR if step_free else Profile.CHILD


class Guide:
    """Asks for one kiosk."""

    def __init__(self, server: Server, own: OwnMap) -> None:
        self._server, self._own = server, own

    @property
    def there(self) -> bool:
        """Whether there is anything to ask."""
        return self._server.there or self._own.there

    def open(self) -> None:
        """Read the map that was kept."""
        self._own.open()

    def refresh(self) -> None:
        """Keep the server's map, when it is a newer one, and what is closed."""
        newer = self._server.map(self._own.digest)
        if newer:
            self._own.keep(newer)
        closed = self._server.closed()
        if closed is not None:
            self._own.keep_closed(closed)
        else:
            self._own.look_at_the_clock()

    def places(self) -> Finding | None:
        """What can be looked for; None when nobody knows."""
        return self._server.places() or self._own.finding()

    def way(self, place: str, step_free: bool) -> Way | None:
        """The way from this kiosk to a place, or `nearest:` a kind; None when nobody knows."""
        profile = walker(step_free)
        return self._server.way(place, profile) or self._own.way(place, profile)

    def picture(
        self, way: Way, step_free: bool, level: str, lang: str, large: bool
    ) -> bytes | None:
        """A floor of a way as SVG."""
        found = self._server.picture(way.token, level, lang, large)
        if found is None and way.end:
            return self._own.picture(way.end, walker(step_free), level, lang, large)
        return found

    def ticket(self, way: Way, step_free: bool, lang: str) -> str:
        """A way's picture for paper, base64; empty when there is none."""
        drawn = self._server.ticket(way.token, lang)
        if not drawn and way.end:
            drawn = self._own.ticket(way.end, walker(step_free), lang)
        text = base64.b64encode(drawn).decode()
        return text if len(text) <= LARGEST_PICTURE else ""
