"""Tells pages of changes: one listener on the desk, any number of pages."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Final

from queue_server.desk import Desk

BEAT_S: Final = 2.0
"""A page that hears nothing for longer than two beats says that it is stale."""


class Feed:
    """Counts what has changed in each area since the start; pages wait for a count to grow."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._changed = asyncio.Condition()
        self._revisions: Counter[str] = Counter()
        self._task: asyncio.Task[None] | None = None
        self._closing = False

    def start(self) -> None:
        """Begin to listen."""
        self._task = asyncio.create_task(self._listen(), name="feed")

    async def stop(self) -> None:
        """Let all pages go."""
        self._closing = True
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        async with self._changed:
            self._changed.notify_all()

    def revision(self, area: str) -> int:
        """How often the area has changed."""
        return self._revisions[area]

    async def changes(self, area: str) -> AsyncIterator[bool]:
        """Yield True at once and after each change (coalesced), False for each beat without one."""
        seen = -1
        while not self._closing:
            if self._revisions[area] != seen:
                seen = self._revisions[area]
                yield True
                continue
            yield await self._wait(area, seen)
            seen = self._revisions[area]

    async def _wait(self, area: str, seen: int) -> bool:
        try:
            async with asyncio.timeout(BEAT_S), self._changed:
                await self._changed.wait_for(lambda: self._revisions[area] != seen or self._closing)
        except TimeoutError:
            return False
        return True

    async def _listen(self) -> None:
        async for changes in self._desk.changes():
            self._revisions.update(changes.areas)
            async with self._changed:
                self._changed.notify_all()
