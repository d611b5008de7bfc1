"""Serving the web application from inside a running loop: started when the block begins, stopped when it ends."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

import uvicorn
from fastapi import FastAPI

from queue_server.errors import SettingsError
from queue_server.web import let_pages_go

GRACE_S: Final = 3
"""How long open pages (their event streams never end by themselves) may take to let go."""


class _Server(uvicorn.Server):
    """Leaves signals to the program."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def new_loop() -> asyncio.AbstractEventLoop:
    """An event loop for a server: uvloop's where there is one, it answers about a third more requests a second."""
    try:
        import uvloop
    except ImportError:  # Windows, PyPy
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def bound_socket(host: str, port: int) -> socket.socket:
    """A socket bound to an address; port 0 takes a free one.

    Raises:
        SettingsError: it is taken, or not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # the protocol must be named: else asyncio leaves Nagle's algorithm on, and every answer waits 40 ms for an ACK
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise SettingsError(
            f"Can't listen on {host} port {port}: {error.strerror}. Choose another with --port, or 0 for a free one."
        ) from error
    return bound


@asynccontextmanager
async def serving(app: FastAPI, bound: socket.socket) -> AsyncIterator[str]:
    """Serve on a bound socket; yields the address once requests are taken."""
    config = uvicorn.Config(
        app, log_config=None, access_log=False, timeout_graceful_shutdown=GRACE_S
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[bound]), name="http")
    try:
        while not server.started and not task.done():  # noqa: ASYNC110  # uvicorn has no event for it
            await asyncio.sleep(0.01)
        if task.done():
            task.result()
        yield address_of(bound)
    finally:
        await let_pages_go(app)  # a page that listens would keep the server for its grace
        server.should_exit = True
        await task
        bound.close()


def address_of(bound: socket.socket) -> str:
    """The URL under which a bound socket is reached from this machine."""
    host, port = bound.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # compared, not bound
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
