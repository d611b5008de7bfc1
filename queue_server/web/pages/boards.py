"""Pages for everybody: the hall's boards and where to go from here."""

from collections.abc import AsyncIterator
from datetime import datetime, tzinfo
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from queue_server.core import views
from queue_server.web.access import of_cookie
from queue_server.web.api import site_of
from queue_server.web.api.commands import desk_of, known_area, present, room_for_a_page
from queue_server.web.board_parts import BoardPage, changed_parts, drawn
from queue_server.web.feed import Feed
from queue_server.web.render import BUILD, clock_text, day_text, page
from queue_server.web.shown import Shown

router = APIRouter()
Lang = Annotated[str, Query(pattern="^(zh|en)$")]
BoardLang = Annotated[str, Query(pattern="^(zh|en|both)$")]
KnownArea = Annotated[str, Depends(known_area)]


async def zone_of(request: Request) -> tzinfo:
    """The site's time zone."""
    return await desk_of(request).ask(lambda h: h.site.timezone)


def beat(zone: tzinfo, lang: str, now: datetime) -> ServerSentEvent:
    """Says that all is well, what time it is, and of which build the server is."""
    return ServerSentEvent(
        event="beat",
        data={
            "day": day_text(zone, lang, now),
            "clock": clock_text(zone, now),
            "now": int(now.timestamp() * 1000),
            "build": BUILD,
        },
    )


@router.get("/", response_class=HTMLResponse)
async def index(request: Request, lang: Lang = "zh") -> str:
    """Where to go from here."""
    site = await desk_of(request).ask(site_of)
    return page("index.html", lang, site=site, member=of_cookie(request), path="/")


@router.get("/board/{area}", response_class=HTMLResponse)
async def board_page(
    request: Request,
    area: KnownArea,
    lang: BoardLang = "zh",
    voice: Annotated[str, Query(pattern="^(on|off)$")] = "off",
) -> str:
    """A hall's board; with `voice=on` its browser reads the calls out."""
    feed: Feed = request.app.state.feed
    shown, hospital = await desk_of(request).ask(
        lambda h: (views.board(h, area, feed.revision(area)), views.text(h.site.name))
    )
    zone, now = await zone_of(request), present(request)
    return page(
        "board.html",
        lang,
        board=shown,
        hospital=hospital,
        body=drawn(shown, lang).html,
        day=day_text(zone, lang, now),
        clock=clock_text(zone, now),
        area=area,
        voice=voice == "on",
    )


@router.get(
    "/board/{area}/stream",
    response_class=EventSourceResponse,
    dependencies=[Depends(room_for_a_page)],
)
async def board_stream(
    request: Request,
    area: KnownArea,
    lang: BoardLang = "zh",
    seen: Annotated[int | None, Query(ge=0)] = None,
) -> AsyncIterator[ServerSentEvent]:
    """The board's changing part, whole (`swap`) at first, then `delta`: the parts that differ, and the revision that
    they follow; a beat with the clock between. A page that comes back says what it has `seen`, and is told what it missed.
    """
    feed: Feed = request.app.state.feed
    shown: Shown = request.app.state.shown
    zone = await zone_of(request)
    known = shown.board_at(area, seen)
    before = drawn(known, lang) if known else None
    if known:
        yield beat(zone, lang, present(request))
    async for changed in feed.changes(area, seen if known else None):
        if changed:
            after = await shown.board_drawn(area, lang)
            parts = changed_parts(before, after) if before else None
            yield _told(before, after, parts)
            before = after
        yield beat(zone, lang, present(request))


def _told(
    before: BoardPage | None, after: BoardPage, parts: dict[str, str] | None
) -> ServerSentEvent:
    if before is None or parts is None:
        return ServerSentEvent(event="swap", id=str(after.revision), data=after.html)
    data = {"revision": after.revision, "previous": before.revision, "parts": parts}
    return ServerSentEvent(event="delta", id=str(after.revision), data=data)
