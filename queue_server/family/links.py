"""The link to a family's page: whose day it shows, from which kiosk, until when. Sealed; nothing of it can be read."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from hashlib import blake2b
from typing import Final

from queue_server.family.sealing import Seal

GOOD_AFTER_MIDNIGHT: Final = timedelta(hours=3)
"""A link is for one day; whoever is still in the hospital at midnight keeps it for so long."""
_ID: Final = 8


@dataclass(frozen=True, slots=True)
class Link:
    """What an address of a page stands for.

    Attributes:
        id: of this link; a device is bound to it. 16 hex digits.
        person: whose visits are shown: a child, or a guardian of several.
        day: of the visits.
        card: the visit card that may be shown rotating, 20 hex digits; empty: none.
        kiosk: the agent at which it was handed out; empty: a desk or a program.
        until: not after this moment.
    """

    id: str
    person: str
    day: date
    card: str
    kiosk: str
    until: datetime


class Links:
    """Makes links and reads them.

    Args:
        seal: for this purpose.
        zone: of the hospital: its midnight ends a day.
        random_bytes: makes ids.
    """

    def __init__(
        self, seal: Seal, zone: tzinfo, random_bytes: Callable[[int], bytes] = os.urandom
    ) -> None:
        self._seal, self._zone, self._random = seal, zone, random_bytes

    def new(self, person: str, day: date, card: str = "", kiosk: str = "") -> str:
        """A token that no device is bound to yet."""
        return self._sealed(self._random(_ID), person, day, card, kiosk)

    def for_home_screen(self, link: Link) -> str:
        """A second token of the same page, always the same: an installed page has cookies of its own on some phones."""
        id = blake2b(bytes.fromhex(link.id), digest_size=_ID, person=b"homescreen").digest()
        return self._sealed(id, link.person, link.day, link.card, link.kiosk)

    def _sealed(self, id: bytes, person: str, day: date, card: str, kiosk: str) -> str:
        return self._seal.seal((id, person, day.toordinal(), bytes.fromhex(card), kiosk))

    def open(self, token: str, now: datetime) -> Link | None:
        """What a token stands for; None when it is none of ours, or its day is over."""
        found = self._seal.open(token, tuple[bytes, str, int, bytes, str])
        if found is None:
            return None
        id, person, ordinal, card, kiosk = found
        day = date.fromordinal(ordinal)
        until = self._until(day)
        if now > until:
            return None
        return Link(id.hex(), person, day, card.hex(), kiosk, until)

    def _until(self, day: date) -> datetime:
        midnight = datetime.combine(day + timedelta(1), datetime.min.time(), self._zone)
        return midnight.astimezone(UTC) + GOOD_AFTER_MIDNIGHT
