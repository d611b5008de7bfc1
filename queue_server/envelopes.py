"""Puts what the server says into envelopes: one place for ids, times and the source."""

from collections.abc import Callable
from datetime import datetime

from protocol import Message, seal, server_source, uuid7


class Envelopes:
    """Seals messages of one site's server."""

    def __init__(
        self, site: str, now: Callable[[], datetime], random_bytes: Callable[[int], bytes]
    ) -> None:
        self._site = site
        self._source = server_source(site)
        self._now = now
        self._random_bytes = random_bytes

    def seal(self, message: Message, expires: datetime | None = None) -> bytes:
        """The payload that carries a message."""
        now = self._now()
        id = uuid7(int(now.timestamp() * 1000), self._random_bytes(10))
        return seal(
            message,
            id=id,
            source=self._source,
            time=now,
            site=self._site,
            expirytime=expires,
        )
