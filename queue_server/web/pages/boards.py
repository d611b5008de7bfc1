"""Pages for everybody: the hall's boards and where to go from here."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, tzinfo
from math import ceil
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from protocol import BoardView, Called, Text
from queue_server.core import views
from queue_server.web.access import of_cookie
from queue_server.web.api import site_of
from queue_server.web.api.commands import desk_of, known_area, present, room_for_a_page
from queue_server.web.feed import Feed
from queue_server.web.render import BUILD, clock_text, day_text, page
from queue_server.web.shown import Shown

router = APIRouter()
Lang = Annotated[str, Query(pattern="^(zh|en)$")]
BoardLang = Annotated[str, Query(pattern="^(zh|en|both)$")]
KnownArea = Annotated[str, Depends(known_area)]

ONE_COLUMN_HOLDS = 7
TWO_COLUMNS_HOLD = 20
MISSED_SHOWN = 10


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


def _calls(board: BoardView) -> list[tuple[Called, Text]]:
    """Who is called now and where, the newest first."""
    called = [(point.called, point.name) for point in board.points if point.called]
    return sorted(
        called, key=lambda each: each[0].at or datetime.min.replace(tzinfo=UTC), reverse=True
    )


def _columns(points: int) -> int:
    if points <= ONE_COLUMN_HOLDS:
        return 1
    return 2 if points <= TWO_COLUMNS_HOLD else 3


def board_html(board: BoardView, lang: str) -> str:
    """The part of a board that changes."""
    return page(
        "board_body.html",
        lang,
        board=board,
        calls=_calls(board),
        columns=_columns(len(board.points)),
        per_column=ceil(len(board.points) / _columns(len(board.points))),
        any_return=any(
            one.is_return
            for point in board.points
            for one in (point.called, point.serving, *point.next)
            if one
        ),
        missed=board.missed[:MISSED_SHOWN],
        missed_more=max(0, len(board.missed) - MISSED_SHOWN),
    )


@router.get("/", response_class=HTMLResponse)
async def index(request: Request, lang: Lang = "zh") -> str:
    """Where to go from here."""
    site = await desk_of(request).ask(site_of)
    return page("index.html", lang, site=site, member=of_cookie(request), path="/")


@router.get("/board/{area}", response_class=HTMLResponse)
async def board_page(request: Request, area: KnownArea, lang: BoardLang = "zh") -> str:
    """A hall's board."""
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
        body=board_html(shown, lang),
        day=day_text(zone, lang, now),
        clock=clock_text(zone, now),
        area=area,
    )


@router.get(
    "/board/{area}/stream",
    response_class=EventSourceResponse,
    dependencies=[Depends(room_for_a_page)],
)
async def board_stream(
    request: Request, area: KnownArea, lang: BoardLang = "zh"
) -> AsyncIterator[ServerSentEvent]:
    """The board's changing part, whole, at once and after each change; a beat with the clock between."""
    feed: Feed = request.app.state.feed
    shown: Shown = request.app.state.shown
    zone = await zone_of(request)
    async for changed in feed.changes(area):
        if changed:
            board = await shown.board(area)
            yield ServerSentEvent(
                event="swap", id=str(board.revision), data=board_html(board, lang)
            )
        yield beat(zone, lang, present(request))
