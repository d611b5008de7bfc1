"""A queue server as a whole process: from its settings until it is told to stop."""

import asyncio
import signal
import sys
from collections.abc import Callable
from datetime import datetime

from queue_server.http import new_loop
from queue_server.logging_setup import set_up_logging
from queue_server.program import open_server, settle_memory, utc_now
from queue_server.settings import ServerSettings


def run_server(settings: ServerSettings, now: Callable[[], datetime] = utc_now) -> int:
    """Run a server until SIGINT or SIGTERM, or until it can't go on.

    Args:
        settings: see `ServerSettings`.
        now: gives the present moment (aware); a demonstration may let it run faster.

    Returns:
        The exit status: 1 when it could not go on.

    Raises:
        QueueServerError: it can't be started as it is set up.
    """
    set_up_logging(settings.log_format, settings.log_level)
    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(_until_stopped(settings, now))


async def _until_stopped(settings: ServerSettings, now: Callable[[], datetime]) -> int:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with open_server(settings, now) as server:
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, server.look_now)
        settle_memory()
        sys.stdout.write(f"Queue server of {server.site.name.en} on {server.url}\n")
        sys.stdout.flush()
        stopping = asyncio.ensure_future(stop.wait())
        await asyncio.wait((stopping, server.failed), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
    if not server.failed.done():
        return 0
    sys.stderr.write(f"{server.failed.exception()}\n")
    return 1
