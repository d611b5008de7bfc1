"""Keeping ways in step with the journal: what staff close is out of all ways at once."""

import asyncio

import structlog

from queue_server.desk import Desk
from queue_server.errors import ServerStopped
from queue_server.ways.closures import closed_of
from queue_server.ways.ways import Ways

_log = structlog.get_logger(__name__)


async def kept_open(ways: Ways, desk: Desk) -> None:
    """Until cancelled: after each change, take note of what is closed; then tell the usual ways anew, beforehand."""
    warm = asyncio.create_task(asyncio.to_thread(ways.prepare), name="ways")
    try:
        async for _ in desk.changes():
            try:
                closed = await desk.ask(closed_of)
                if closed != ways.closed and await asyncio.to_thread(ways.close, closed):
                    warm = asyncio.create_task(asyncio.to_thread(ways.prepare), name="ways")
            except ServerStopped:
                return
            except Exception:
                _log.exception("ways_not_in_step")
    finally:
        warm.cancel()
