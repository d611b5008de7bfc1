"""Serving the page from inside a running loop: started when the block begins, stopped when it ends."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import Final

import structlog
import uvicorn
from fastapi import FastAPI

from edge_agent import open_agent, utc_now
from kiosk_app.app import create_app
from kiosk_app.errors import KioskError
from kiosk_app.settings import KioskSettings

GRACE_S: Final = 2
_log = structlog.get_logger()


class _Server(uvicorn.Server):
    """Leaves signals to the program, and lets the pages' endless streams end before it waits for them."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.state.kiosk.close()
        await super().shutdown(sockets)


async def run(settings: KioskSettings, wall: Callable[[], datetime] = utc_now) -> None:
    """Run a kiosk until it is told to stop by SIGINT or SIGTERM; `wall` as for `open_agent`.

    Raises:
        AgentError, BadSource, KioskError: it can't be started as it is set up.
    """
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with _bound(settings.host, settings.port) as bound:
        async with (
            open_agent(settings, screen=True, wall=wall, title=settings.title) as agent,
            serving(create_app(agent, settings), bound) as at,
        ):
            _log.info("kiosk_ready", url=at)
            await stop.wait()


@asynccontextmanager
async def serving(app: FastAPI, bound: socket.socket) -> AsyncIterator[str]:
    """Serve on a bound socket; yields the address once requests are taken."""
    config = uvicorn.Config(
        app, log_config=None, access_log=False, timeout_graceful_shutdown=GRACE_S
    )
    server = _Server(config, app)
    task = asyncio.create_task(server.serve(sockets=[bound]), name="page")
    try:
        while not server.started and not task.done():  # noqa: ASYNC110  # uvicorn has no event for it
            await asyncio.sleep(0.01)
        if task.done():
            task.result()
        yield _address(bound)
    finally:
        server.should_exit = True
        await task


def _bound(host: str, port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise KioskError(
            f"The page can't be served on {host} port {port}: {error.strerror}. Set another `port`, or 0 for a free one."
        ) from error
    return bound


def _address(bound: socket.socket) -> str:
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
