"""The screen at a room's door or over a window: who is inside, who comes in, who is next."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from protocol import BoardView, PointView
from queue_server.core import Hospital, views
from queue_server.web.api.commands import desk_of, known_point, present, room_for_a_page
from queue_server.web.board_parts import pause_reason
from queue_server.web.feed import Feed
from queue_server.web.pages.boards import BoardLang, beat, zone_of
from queue_server.web.render import clock_text, day_text, page
from queue_server.web.shown import Shown

router = APIRouter()
KnownPoint = Annotated[str, Depends(known_point)]


@router.get("/door/{point}", response_class=HTMLResponse)
async def door_page(request: Request, point: KnownPoint, lang: BoardLang = "zh") -> str:
    """One room or window."""
    board, hospital = await desk_of(request).ask(
        lambda h: (views.board(h, area_of(h, point)), views.text(h.site.name))
    )
    zone, now = await zone_of(request), present(request)
    return page(
        "door.html",
        lang,
        point=_of(board, point),
        hospital=hospital,
        body=door_html(_of(board, point), lang),
        day=day_text(zone, lang, now),
        clock=clock_text(zone, now),
    )


@router.get(
    "/door/{point}/stream",
    response_class=EventSourceResponse,
    dependencies=[Depends(room_for_a_page)],
)
async def door_stream(
    request: Request, point: KnownPoint, lang: BoardLang = "zh"
) -> AsyncIterator[ServerSentEvent]:
    """The screen's changing part, whenever it has changed; a beat with the clock between."""
    feed: Feed = request.app.state.feed
    shown: Shown = request.app.state.shown
    area = await desk_of(request).ask(lambda h: area_of(h, point))
    zone, before = await zone_of(request), ""
    async for changed in feed.changes(area):
        if changed:
            html = door_html(_of(await shown.board(area), point), lang)
            if html != before:
                before = html
                yield ServerSentEvent(event="swap", data=html)
        yield beat(zone, lang, present(request))


def area_of(h: Hospital, point: str) -> str:
    """The area on whose board a point stands."""
    return h.site.groups[h.site.points[point].group].area


def door_html(point: PointView, lang: str) -> str:
    """The screen's changing part."""
    here = point.called or point.serving
    at_door = [one for one in point.next if one.at_door]
    return page(
        "door_body.html",
        lang,
        point=point,
        here=here,
        state="called"
        if point.called
        else "serving"
        if here
        else "free"
        if point.open
        else "closed",
        next=at_door or point.next,
        at_door=bool(at_door),
        reason=pause_reason(point.reason, lang),
    )


def _of(board: BoardView, point: str) -> PointView:
    return next(each for each in board.points if each.point == point)
