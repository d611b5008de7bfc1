"""Keeping ways in step with the journal and the clock: what closes is out of all ways at once."""

import asyncio
from typing import Final

import structlog

from queue_server.desk import Desk
from queue_server.errors import ServerStopped
from queue_server.ways.closures import closed_of
from queue_server.ways.ways import Ways

_log = structlog.get_logger(__name__)
CLOCK_S: Final = 30.0
"""So often are opening hours looked at."""


async def kept_open(ways: Ways, desk: Desk) -> None:
    """Until cancelled: after each change, take note of what is closed; tell the usual ways anew, beforehand."""
    tasks = [asyncio.create_task(asyncio.to_thread(ways.prepare), name="ways")]
    clock = asyncio.create_task(_by_the_clock(ways), name="ways' clock")
    try:
        async for _ in desk.changes():
            try:
                closed = await desk.ask(closed_of)
                if closed != ways.closed and await asyncio.to_thread(ways.close, closed):
                    tasks = [asyncio.create_task(asyncio.to_thread(ways.prepare), name="ways")]
            except ServerStopped:
                return
            except Exception:
                _log.exception("ways_not_in_step")
    finally:
        ways.close_down()
        for task in (*tasks, clock):
            task.cancel()


async def _by_the_clock(ways: Ways) -> None:
    while True:
        await asyncio.sleep(CLOCK_S)
        try:
            if await asyncio.to_thread(ways.tell_time):
                await asyncio.to_thread(ways.prepare)
        except Exception:
            _log.exception("ways_not_by_the_clock")
