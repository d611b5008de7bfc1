"""Keeps the report tables near the journal while the server runs: on a thread of its own, a little at a time."""

import asyncio
import math
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, suppress
from datetime import tzinfo
from pathlib import Path
from typing import Final

import structlog
from sqlite_utils import Database

from queue_server.errors import QueueServerError
from queue_server.journal.reports import opened
from queue_server.reports.catching_up import (
    Progress,
    TablesBusy,
    catch_up,
    count_points,
    opened_to_write,
)

log = structlog.get_logger(__name__)

EVERY_S: Final = 5.0
"""So often are the tables brought up to the journal."""
POINTS_EVERY: Final = 12
"""Every so many times the days of rooms are counted as well."""
LEAST_REST_S: Final = 0.002
"""Between two transactions, or as long as the last one took: the writer's thread and its commits go first."""
UNASKED_RESTS: Final = 15.0
"""While nobody waits for the tables, they take a sixteenth of a core at most: check-ins and calls go first."""
SMALL_SLICE: Final = 4
"""Visits in one transaction while the server runs."""


PATIENCE_S: Final = 2.0
"""So long may a page wait for the tables; a journal of years takes minutes once, and is shown as far as it is counted."""


class _Stopped(Exception):
    """The server ends, or whoever asked has waited long enough; what is not done is done the next time."""


def polite(may_go_on: Callable[[], bool], rests: float = 1.0) -> Callable[[], None]:
    """A rest that takes `rests` times as long as the work did since the last one; raises when it may not go on."""
    woke = time.monotonic()

    def rest() -> None:
        nonlocal woke
        worked = time.monotonic() - woke
        if not may_go_on():
            raise _Stopped
        time.sleep(max(LEAST_REST_S, rests * worked))
        woke = time.monotonic()

    return rest


class ReportKeeper:
    """The tables of one journal. Every method may be called from any thread."""

    def __init__(self, journal: Path, zone: Callable[[], tzinfo]) -> None:
        """`zone` gives the site's time zone."""
        self.journal = journal
        self._zone = zone
        self._lock = threading.Lock()
        self._stopping = False

    def refresh(
        self, points: bool = True, until: float = math.inf, rests: float = 1.0
    ) -> Progress | None:
        """Bring the tables up to the journal's last event; takes a moment, so not on an event loop's thread.

        Args:
            points: count the days of rooms as well.
            until: break off then (`time.monotonic`); what was counted stays.
            rests: so many times as long as it works it lets others go first.

        Returns:
            None when it was broken off.

        Raises:
            QueueServerError: the journal can't be read, or the tables can't be written.
        """
        if not self._lock.acquire(timeout=min(until - time.monotonic(), threading.TIMEOUT_MAX)):
            return None
        try:
            with suppress(_Stopped, TablesBusy):  # who is at it does our work
                return self._refreshed(points, until, rests)
        finally:
            self._lock.release()
        return None

    def _refreshed(self, points: bool, until: float, rests: float) -> Progress:
        rest = polite(lambda: not self._stopping and time.monotonic() <= until, rests)
        zone = self._zone()
        with opened_to_write(self.journal, PATIENCE_S) as db:
            progress = catch_up(db, self.journal, zone, rest=rest, slice_of=SMALL_SLICE)
            if points:
                count_points(db, zone, rest)
        return progress

    def read(self) -> AbstractContextManager[Database]:
        """The tables for reading only."""
        return opened(self.journal)

    @contextmanager
    def up_to_date(self) -> Iterator[Database]:
        """The same, brought up to the last event first, as far as that goes in two seconds."""
        self.refresh(until=time.monotonic() + PATIENCE_S)
        with self.read() as db:
            yield db

    async def keep(self, every_s: float = EVERY_S) -> None:
        """Refresh now and then; never ends by itself. Whatever goes wrong is logged, and tried again."""
        turn = 0
        while True:
            points = turn % POINTS_EVERY == 0
            try:
                await asyncio.to_thread(self.refresh, points, math.inf, UNASKED_RESTS)
            except (QueueServerError, OSError) as error:
                log.warning("reports_not_kept", error=str(error))
            turn += 1
            await asyncio.sleep(every_s)

    def stop(self) -> None:
        """Let a refresh that is under way end soon."""
        self._stopping = True


@asynccontextmanager
async def kept_up(keeper: ReportKeeper, every_s: float = EVERY_S) -> AsyncIterator[None]:
    """Keep the tables for as long as the block lasts."""
    task = asyncio.create_task(keeper.keep(every_s), name="reports")
    try:
        yield
    finally:
        keeper.stop()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
