"""The fence around the application: how much a request may bring, and the headers every answer carries."""

from collections.abc import Sequence
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from queue_server.web.problems import json_problem, problem

LARGEST_BODY: Final = 64 * 1024
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; media-src 'self'; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
NOT_KEPT: Final = "no-store"
ASKED_AGAIN: Final = "no-cache"
"""For scripts and styles: browsers keep them, but ask whether they are still right."""


class Fence:
    """Refuses large bodies before anything reads them, and adds the headers. Streams pass through untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                add_headers(headers, scope["path"])
            await send(message)

        if _too_large(Headers(scope=scope)):
            answer = json_problem(problem("too_large"))
            await answer(scope, receive, send_with_headers)
            return
        await self._app(scope, receive, send_with_headers)


def _too_large(headers: Headers) -> bool:
    length = headers.get("content-length", "0")
    # a body of unknown length is not taken: no page or program of ours sends one
    return not length.isdecimal() or int(length) > LARGEST_BODY or "transfer-encoding" in headers


def add_headers(headers: MutableHeaders, path: str) -> None:
    """What every answer carries, where it has no word of its own."""
    there = {name for name, _ in headers.raw}
    kept = _RAW_KEPT if path.startswith("/static/") else _RAW
    headers.raw.extend(pair for pair in kept if pair[0] not in there)


def _raw(cache: str) -> Sequence[tuple[bytes, bytes]]:
    """The headers as they travel."""
    every = {**HEADERS, "Cache-Control": cache}
    return tuple((name.lower().encode(), value.encode()) for name, value in every.items())


_RAW: Final = _raw(NOT_KEPT)
_RAW_KEPT: Final = _raw(ASKED_AGAIN)
