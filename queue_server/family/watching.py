"""Keeps what open pages show in step with the queue: one question to the desk a change, however many phones look on."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import structlog

from queue_server.core import Hospital
from queue_server.desk import Desk
from queue_server.errors import ServerStopped
from queue_server.family.day import FamilyDay, areas_of, family_day

BEAT_S: Final = 2.0
"""A page hears at least so often from the server."""
PACE_S: Final = 0.1
"""At most so often is it asked again; what happens in between comes together."""
ANEW_S: Final = 15.0
"""Waiting times move although nothing happens: so often all pages are looked at."""
AT_ONCE: Final = 40
"""So many families are asked about in one turn of the desk, for nobody else to wait long."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Whose:
    """A page's person, and the day."""

    person: str
    day: date


@dataclass(slots=True)
class _Watched:
    day: FamilyDay | None = None
    areas: frozenset[str] = frozenset()
    pages: int = 0
    revision: int = 0
    moved: asyncio.Event = field(default_factory=asyncio.Event)


class Watching:
    """Days by person, as long as a page of theirs is open. Belongs to one event loop."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._watched: dict[Whose, _Watched] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._closing = False

    @property
    def pages(self) -> int:
        """How many pages are open."""
        return sum(each.pages for each in self._watched.values())

    def start(self) -> None:
        """Begin to listen."""
        self._tasks = [
            asyncio.create_task(each, name="family pages") for each in (self._listen(), self._age())
        ]

    async def stop(self) -> None:
        """Let all pages go."""
        self._closing = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for each in self._watched.values():
            each.moved.set()

    async def now(self, whose: Whose) -> FamilyDay:
        """A day as it is at this moment."""
        return await self._desk.ask(lambda h: family_day(h, whose.person, whose.day))

    async def changes(self, whose: Whose) -> AsyncIterator[FamilyDay | None]:
        """Yield the day at once and whenever it has changed, None for each beat without that."""
        watched = self._watched.setdefault(whose, _Watched())
        watched.pages += 1
        try:
            if watched.day is None:
                await self._look([whose])
            seen = -1
            while not self._closing:
                if seen != watched.revision:
                    seen = watched.revision
                    yield watched.day
                elif not await _moved(watched):
                    yield None
        finally:
            watched.pages -= 1
            if not watched.pages:
                self._watched.pop(whose, None)

    async def _listen(self) -> None:
        async for changes in self._desk.changes():
            touched = [
                whose
                for whose, each in self._watched.items()
                if each.areas & changes.areas or not each.areas
            ]
            if touched and not await self._looked(touched):
                return
            await asyncio.sleep(PACE_S)

    async def _age(self) -> None:
        while True:
            await asyncio.sleep(ANEW_S)
            if not await self._looked(list(self._watched)):
                return

    async def _looked(self, families: Sequence[Whose]) -> bool:
        """Look, and go on whatever happens; False when the server stops."""
        try:
            await self._look(families)
        except ServerStopped:
            return False
        except Exception:
            _log.exception("family_pages_not_looked_at")
        return True

    async def _look(self, families: Sequence[Whose]) -> None:
        for first in range(0, len(families), AT_ONCE):
            some = families[first : first + AT_ONCE]
            found = await self._desk.ask(lambda h, some=some: _days(h, some))  # type: ignore[misc]  # bound at once
            for whose, (day, areas) in zip(some, found, strict=True):
                self._note(whose, day, areas)

    def _note(self, whose: Whose, day: FamilyDay, areas: frozenset[str]) -> None:
        watched = self._watched.get(whose)
        if watched is None:
            return
        watched.areas = areas
        if watched.day != day:
            watched.day = day
            watched.revision += 1
            watched.moved.set()
            watched.moved = asyncio.Event()


async def _moved(watched: _Watched) -> bool:
    try:
        async with asyncio.timeout(BEAT_S):
            await watched.moved.wait()
    except TimeoutError:
        return False
    return True


def _days(h: Hospital, families: Iterable[Whose]) -> list[tuple[FamilyDay, frozenset[str]]]:
    return [
        (family_day(h, each.person, each.day), frozenset(areas_of(h, each.person, each.day)))
        for each in families
    ]
