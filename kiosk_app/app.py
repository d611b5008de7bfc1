"""The kiosk's application: the page, its stream of changes, and the few things a family can do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, Literal

import cv2
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool

from design import DesignFiles
from edge_agent.readers import BadPicture, Grey
from kiosk_app import pages
from kiosk_app.fence import LARGEST_PICTURE, Fence
from kiosk_app.kiosk import Agent, Kiosk
from kiosk_app.pages import Lang, Size
from kiosk_app.settings import KioskSettings

PREVIEW_WIDTH: Final = 720


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
    app.mount("/static/design", DesignFiles(), name="design")
    app.mount("/static", StaticFiles(directory=pages.HERE / "static"), name="static")
    app.add_middleware(Fence, hosts=settings.hosts)
    _add_page(app, kiosk)
    _add_acts(app, kiosk)
    _add_ways(app, kiosk)
    return app


def _add_page(app: FastAPI, kiosk: Kiosk) -> None:
    @app.get("/")
    async def page(lang: Lang = "zh", size: Size = "normal") -> HTMLResponse:
        return HTMLResponse(pages.page(kiosk.screen.shown(), kiosk.settings, lang, size))

    @app.get("/stream", response_class=EventSourceResponse)
    async def stream(lang: Lang = "zh", size: Size = "normal") -> AsyncIterator[ServerSentEvent]:
        yield ServerSentEvent(event="hello", data=pages.build())
        sent: dict[str, str] = {}
        async for changed in kiosk.changes():
            if changed:
                shown = kiosk.screen.shown()
                now = pages.regions(shown, kiosk.settings, lang, size)
                fresh = {name: html for name, html in now.items() if sent.get(name) != html}
                sent = now
                if fresh:
                    yield ServerSentEvent(event="regions", data=fresh)
            yield ServerSentEvent(event="beat", data=kiosk.left_s())

    @app.get("/camera.jpg")
    def camera() -> Response:
        grey = kiosk.agent.latest_frame()
        return (
            Response(status_code=204)
            if grey is None
            else Response(_preview(grey), media_type="image/jpeg")
        )

    @app.get("/healthz")
    async def healthz() -> dict[str, bool]:
        return {"ok": True, "online": kiosk.screen.online}


def _add_acts(app: FastAPI, kiosk: Kiosk) -> None:
    @app.post("/picture")
    async def picture(request: Request) -> Response:
        data = await _body(request)
        try:
            async with kiosk.reading:
                found = await run_in_threadpool(kiosk.agent.read_picture, data)
        except BadPicture:
            return JSONResponse({"code": "bad_picture"}, 422)
        return Response(status_code=204) if found else JSONResponse({"code": "no_code"}, 422)

    @app.post("/done", status_code=204)
    async def done() -> None:
        kiosk.wipe()

    @app.post("/touch", status_code=204)
    async def touch() -> None:
        kiosk.touch()

    @app.post("/choose", status_code=204)
    async def choose(request: Request) -> None:
        kiosk.choose((await _body(request)).decode("utf-8", "replace"))

    @app.post("/offer/{answer}", status_code=204)
    async def answer_offer(request: Request, answer: Literal["yes", "no"]) -> None:
        visit = (await _body(request)).decode("utf-8", "replace")
        kiosk.answer_offer(visit, answer == "yes")

    @app.post("/help")
    async def ask_help() -> dict[str, bool]:
        return {"told": kiosk.call_a_person()}

    @app.post("/print")
    async def print_ticket() -> dict[str, bool]:
        return {"printed": await kiosk.print_tickets()}


def _add_ways(app: FastAPI, kiosk: Kiosk) -> None:
    @app.post("/way", status_code=204)
    async def way(request: Request) -> None:
        kiosk.show_way((await _body(request)).decode("utf-8", "replace"))

    @app.post("/find", status_code=204)
    async def find() -> None:
        await kiosk.find()

    @app.post("/go", status_code=204)
    async def go(request: Request) -> None:
        await kiosk.go((await _body(request)).decode("utf-8", "replace"))

    @app.post("/step-free")
    async def step_free() -> dict[str, bool]:
        return {"found": await kiosk.step_free()}

    @app.post("/back", status_code=204)
    async def back() -> None:
        kiosk.back()

    @app.post("/speak")
    async def speak(lang: Lang = "zh") -> dict[str, bool]:
        return {"spoken": kiosk.speak(lang)}

    @app.get("/map/{level}.svg")
    async def picture(level: str, lang: Lang = "zh", size: Size = "normal") -> Response:
        svg = await kiosk.picture(level, lang, size == "large")
        if svg is None:
            return Response(status_code=404)
        return Response(svg, media_type="image/svg+xml")


def _preview(grey: Grey) -> bytes:
    """A small picture, as in a mirror, so that the hand moves where the eye sees it move."""
    height = max(1, round(grey.shape[0] * PREVIEW_WIDTH / grey.shape[1]))
    small = cv2.resize(grey, (PREVIEW_WIDTH, height), interpolation=cv2.INTER_AREA)
    _, jpeg = cv2.imencode(".jpg", cv2.flip(small, 1), [cv2.IMWRITE_JPEG_QUALITY, 70])
    return jpeg.tobytes()


async def _body(request: Request) -> bytes:
    """The body, no longer than a picture may be, whatever its header said."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > LARGEST_PICTURE:
            raise HTTPException(413, "The picture is too large.")
    return bytes(data)
