"""Tells pages of changes: one listener on the desk, any number of pages."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Final

import structlog

from queue_server.desk import Changes, Desk

BEAT_S: Final = 2.0
"""A page that hears nothing for longer than two beats says that it is stale."""
PACE_S: Final = 0.08
"""A page is told at most so often; what happens in between comes together."""
EVERYTHING: Final = ""
"""Stands for all areas, and for what touches none."""
MOST_PAGES: Final = 2_000

_log = structlog.get_logger(__name__)


class Feed:
    """Knows at which position of the journal each area changed last; pages wait for that to grow.

    Belongs to the event loop's thread.
    """

    def __init__(self, desk: Desk, position: Callable[[], int]) -> None:
        self._desk = desk
        self._position = position
        self._start = 0
        self._revisions: dict[str, int] = {}
        self._moved: dict[str, asyncio.Event] = {}
        self._task: asyncio.Task[None] | None = None
        self._closing = False
        self.pages = 0
        """How many pages listen now."""

    def start(self) -> None:
        """Begin to listen."""
        self._start = self._position()
        self._task = asyncio.create_task(self._listen(), name="feed")

    async def stop(self) -> None:
        """Let all pages go."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._close()

    def revision(self, area: str) -> int:
        """The journal's position at which the area changed last, as far as is known."""
        return self._revisions.get(area, self._start)

    async def changes(self, area: str, seen: int | None = None) -> AsyncIterator[bool]:
        """Yield True at once (unless `seen` is the area's revision) and after changes, False for each beat without one."""
        self.pages += 1
        try:
            while not self._closing:
                revision = self.revision(area)
                if revision != seen:
                    seen = revision
                    yield True
                    await asyncio.sleep(PACE_S)
                elif not await self._wait(area):
                    yield False
        finally:
            self.pages -= 1

    async def _wait(self, area: str) -> bool:
        moved = self._moved.setdefault(area, asyncio.Event())
        try:
            async with asyncio.timeout(BEAT_S):
                await moved.wait()
        except TimeoutError:
            return False
        return True

    async def _listen(self) -> None:
        try:
            async for changes in self._desk.changes():
                self._note(changes)
        except Exception:
            _log.exception("feed_failed")
        self._close()

    def _note(self, changes: Changes) -> None:
        for area in (*changes.areas, EVERYTHING):
            self._revisions[area] = changes.position
            self._wake(area)

    def _wake(self, area: str) -> None:
        moved = self._moved.pop(area, None)
        if moved:
            moved.set()

    def _close(self) -> None:
        self._closing = True
        for area in list(self._moved):
            self._wake(area)
