"""The kiosk's page: rendered here, swapped in by events, served to the browser on the kiosk itself."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, Final, Protocol

import cv2
from fastapi import FastAPI, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.middleware.trustedhost import TrustedHostMiddleware

from edge_agent import ScreenEvent
from edge_agent.readers import BadPicture, Grey
from kiosk_app.screen import Screen, Standing
from kiosk_app.settings import KioskSettings
from kiosk_app.texts import word
from protocol import Print, Text

LARGEST_PICTURE: Final = 12_000_000
PREVIEW_WIDTH: Final = 640
BEAT_S: Final = 1.0
Lang = Annotated[str, Query(pattern="^(zh|en)$")]
Size = Annotated[str, Query(pattern="^(normal|large)$")]
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}

_templates: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Agent(Protocol):
    """As much of a running agent as the screen needs."""

    def subscribe(self, listener: Callable[[ScreenEvent], None]) -> Callable[[], None]: ...  # noqa: D102
    def read_picture(self, data: bytes) -> bool: ...  # noqa: D102
    def latest_frame(self) -> Grey | None: ...  # noqa: D102
    def press_help(self) -> None: ...  # noqa: D102
    def print_ticket(self, command: Print) -> bool: ...  # noqa: D102


class Kiosk:
    """The screen, and who looks at it."""

    def __init__(self, agent: Agent, settings: KioskSettings) -> None:
        self.agent = agent
        self.settings = settings
        self.screen = Screen(settings.shown_s)
        self._changed = asyncio.Condition()
        self._closing = False
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Listen to the agent and keep the time, until cancelled."""
        loop = asyncio.get_running_loop()

        def told(event: ScreenEvent) -> None:
            loop.call_soon_threadsafe(self._take, event)

        unsubscribe = self.agent.subscribe(told)
        try:
            while True:
                await asyncio.sleep(0.25)
                before = self.screen.revision
                self.screen.tick(time.monotonic())
                if self.screen.revision != before:
                    await self._notify()
        finally:
            unsubscribe()
            self._closing = True
            await self._notify()

    async def change(self, change: Callable[[], None]) -> None:
        """Change the screen, and tell those who look."""
        change()
        await self._notify()

    async def changes(self) -> AsyncIterator[bool]:
        """Yield True at once and after each change, False for each beat without one."""
        seen = -1
        while not self._closing:
            if self.screen.revision == seen and not await self._wait(seen):
                yield False
                continue
            seen = self.screen.revision
            yield True

    def left_s(self) -> int:
        """Seconds until the screen goes back to the start; 0 when it won't."""
        until_s = self.screen.until_s
        return max(0, round(until_s - time.monotonic())) if until_s is not None else 0

    def _take(self, event: ScreenEvent) -> None:
        self.screen.take(event, time.monotonic())
        task = asyncio.ensure_future(self._notify())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _wait(self, seen: int) -> bool:
        try:
            async with asyncio.timeout(BEAT_S), self._changed:
                await self._changed.wait_for(lambda: self.screen.revision != seen or self._closing)
        except TimeoutError:
            return False
        return True

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()


def _render(name: str, kiosk: Kiosk, lang: str, size: str) -> str:
    def say(text: Text) -> str:
        return text.zh if lang == "zh" else text.en

    screen = kiosk.screen
    return _templates.get_template(name).render(
        lang=lang,
        size=size,
        t=partial(word, lang=lang),
        say=say,
        view=screen.view,
        kind=type(screen.view).__name__.lower(),
        online=screen.online,
        calling=screen.calling(),
        left_s=kiosk.left_s(),
        settings=kiosk.settings,
    )


def create_app(agent: Agent, settings: KioskSettings) -> FastAPI:
    """Make the kiosk's application on top of a running agent."""
    kiosk = Kiosk(agent, settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(kiosk.run(), name="screen")
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    app = FastAPI(lifespan=lifespan, openapi_url=None)
    app.state.kiosk = kiosk
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(settings.hosts))
    _add_page(app, kiosk)
    _add_acts(app, kiosk)
    return app


def _add_page(app: FastAPI, kiosk: Kiosk) -> None:
    @app.get("/", response_class=HTMLResponse)
    async def page(lang: Lang = "zh", size: Size = "normal") -> HTMLResponse:
        body = _render("screen.html", kiosk, lang, size)
        html = _templates.get_template("page.html").render(
            lang=lang, size=size, t=partial(word, lang=lang), body=body, settings=kiosk.settings
        )
        return HTMLResponse(html, headers=HEADERS)

    @app.get("/stream", response_class=EventSourceResponse)
    async def stream(lang: Lang = "zh", size: Size = "normal") -> AsyncIterator[ServerSentEvent]:
        async for changed in kiosk.changes():
            if changed:
                yield ServerSentEvent(event="swap", data=_render("screen.html", kiosk, lang, size))
            else:
                yield ServerSentEvent(event="beat", data=kiosk.left_s())

    @app.get("/camera.jpg")
    def camera() -> Response:
        grey = kiosk.agent.latest_frame()
        if grey is None:
            return Response(status_code=204, headers=HEADERS)
        height = round(grey.shape[0] * PREVIEW_WIDTH / grey.shape[1])
        small = cv2.resize(grey, (PREVIEW_WIDTH, height), interpolation=cv2.INTER_AREA)
        # as in a mirror, so that the hand moves where the eye sees it move
        _, jpeg = cv2.imencode(".jpg", cv2.flip(small, 1), [cv2.IMWRITE_JPEG_QUALITY, 70])
        return Response(jpeg.tobytes(), media_type="image/jpeg", headers=HEADERS)

    @app.get("/healthz")
    async def healthz() -> dict[str, bool]:
        return {"ok": True, "online": kiosk.screen.online}


def _add_acts(app: FastAPI, kiosk: Kiosk) -> None:
    @app.post("/picture")
    async def picture(request: Request) -> Response:
        _own_page(request)
        data = await _body(request)
        try:
            found = await run_in_threadpool(kiosk.agent.read_picture, data)
        except BadPicture:
            return JSONResponse({"code": "bad_picture"}, 422)
        return Response(status_code=204) if found else JSONResponse({"code": "no_code"}, 422)

    @app.post("/done", status_code=204)
    async def done(request: Request) -> None:
        _own_page(request)
        await kiosk.change(kiosk.screen.wipe)

    @app.post("/touch", status_code=204)
    async def touch(request: Request) -> None:
        _own_page(request)
        kiosk.screen.touch(time.monotonic())

    @app.post("/help", status_code=204)
    async def ask_help(request: Request) -> None:
        _own_page(request)
        kiosk.agent.press_help()

    @app.post("/print")
    def print_ticket(request: Request) -> dict[str, bool]:
        _own_page(request)
        view = kiosk.screen.view
        if not isinstance(view, Standing):
            return {"printed": False}
        return {"printed": all(kiosk.agent.print_ticket(Print(stand=each)) for each in view.stands)}


async def _body(request: Request) -> bytes:
    """The body, no longer than a picture may be."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > LARGEST_PICTURE:
            raise HTTPException(413, "The picture is too large.")
    return bytes(data)


def _own_page(request: Request) -> None:
    """Only the kiosk's own page may act."""
    site = request.headers.get("sec-fetch-site")
    if site not in (None, "same-origin", "none"):
        raise HTTPException(403, "This request did not come from the kiosk's page.")
