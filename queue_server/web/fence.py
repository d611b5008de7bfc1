"""The fence around the application: how much a request may bring, and the headers every answer carries."""

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY: Final = 64 * 1024
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


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
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if _too_large(Headers(scope=scope)):
            answer = JSONResponse({"detail": f"A request has at most {LARGEST_BODY} bytes."}, 413)
            await answer(scope, receive, send_with_headers)
            return
        await self._app(scope, receive, send_with_headers)


def _too_large(headers: Headers) -> bool:
    length = headers.get("content-length", "0")
    # a body of unknown length is not taken: no page or program of ours sends one
    return not length.isdecimal() or int(length) > LARGEST_BODY or "transfer-encoding" in headers
