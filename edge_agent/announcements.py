"""What an agent says of itself: birth, last will, health."""

import os
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Final
from uuid import UUID

from edge_agent.core.vocabulary import CardLists, Now
from edge_agent.settings import AgentSettings
from edge_agent.sources import SourceHealth
from protocol import (
    AgentHealth,
    AgentState,
    Message,
    PartHealth,
    agent_source,
    encode,
    uuid7,
    wrap,
)

LISTS_OLD: Final = timedelta(days=2)
"""A revocation list that is older is no ground for sensitive acts; check-in goes on."""


Wall = Callable[[], datetime]
"""Gives the present moment, aware."""


def utc_now() -> datetime:
    """The present moment by the machine's clock."""
    return datetime.now(UTC)


def on_both_clocks(wall: Wall) -> Now:
    """The present moment on both clocks."""
    return Now(wall(), time.monotonic())


def make_id(moment: Now) -> UUID:
    """An id that sorts by time."""
    return uuid7(int(moment.wall.timestamp() * 1000), os.urandom(10))


class Announcements:
    """Makes the payloads; `install` and `birth` are those of the outbox."""

    def __init__(
        self, settings: AgentSettings, install: str, birth: int, wall: Wall = utc_now
    ) -> None:
        self._wall = wall
        self._settings = settings
        self._install = install
        self._birth = birth

    def state(self, *, online: bool, oldest_seq: int, can: tuple[str, ...]) -> bytes:
        """Birth or last will."""
        return self._wrapped(
            AgentState(
                online=online,
                birth=self._birth,
                oldest_seq=oldest_seq,
                area=self._settings.area,
                version=version("daozhen"),
                can=can,
            )
        )

    def health(self, waiting: int, scans: int, parts: list[PartHealth]) -> bytes:
        """How the agent fares."""
        return self._wrapped(AgentHealth(outbox_waiting=waiting, scans=scans, parts=tuple(parts)))

    def _wrapped(self, message: Message) -> bytes:
        moment = on_both_clocks(self._wall)
        envelope = wrap(
            message,
            id=make_id(moment),
            source=agent_source(self._settings.site, self._settings.agent),
            time=moment.wall,
            site=self._settings.site,
            install=self._install,
        )
        return encode(envelope)


def parts_of(
    sources: Mapping[str, SourceHealth], lists: CardLists, *, stored: bool, moment: datetime
) -> list[PartHealth]:
    """Every part of an agent, with a sentence where it is not well.

    Args:
        sources: health by name.
        lists: when the card lists in force were issued.
        stored: whether the last scan could be kept.
        moment: now, aware.
    """
    parts = [
        PartHealth(part=name[:80], ok=health.ok, sentence=health.sentence[:300])
        for name, health in sorted(sources.items())
    ]
    kept = "" if stored else "The last scan could not be kept: is the disk full?"
    parts.append(PartHealth(part="outbox", ok=stored, sentence=kept))
    sentence = _lists_sentence(lists, moment)
    parts.append(PartHealth(part="card lists", ok=not sentence, sentence=sentence))
    return parts


def _lists_sentence(lists: CardLists, moment: datetime) -> str:
    if lists.keys_issued is None:
        return "No card key set yet: every card is left to the server."
    if lists.revoked_issued and moment - lists.revoked_issued > LISTS_OLD:
        days = (moment - lists.revoked_issued).days
        return f"The revocation list is {days} days old: check-in goes on, sensitive acts belong to the desk."
    return ""
