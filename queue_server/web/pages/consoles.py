"""Consoles of rooms and windows."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from queue_server.core import commands as c
from queue_server.web.access import SEES_TO, SERVES, may, of_cookie
from queue_server.web.accounts import Member
from queue_server.web.api import site_of
from queue_server.web.api.commands import desk_of, present, room_for_a_page
from queue_server.web.attention import AttentionItem, attention
from queue_server.web.console import ConsoleView, console
from queue_server.web.feed import EVERYTHING, Feed
from queue_server.web.handles import handles
from queue_server.web.pages.boards import beat, zone_of
from queue_server.web.pages.sign_in import to_sign_in
from queue_server.web.problems import refusal
from queue_server.web.render import page
from queue_server.web.shown import Shown

router = APIRouter()
Lang = Annotated[str, Query(pattern="^(zh|en)$")]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at a page, and when."""

    member: Member
    zone: tzinfo
    now: datetime
    lang: str


def console_html(view: ConsoleView, items: list[AttentionItem], reader: Reader) -> str:
    """The part of a console that changes."""
    return page(
        "console_body.html",
        reader.lang,
        view=view,
        may=view.kind in SERVES.get(reader.member.role, frozenset()),
        role=may(reader.member),
        items=[item for item in items if item.kind == "HelpAsked"],
        others=sum(item.kind != "HelpAsked" for item in items),
        minutes=_minutes_until(reader.now),
        ms=_milliseconds,
        local=lambda at: f"{at.astimezone(reader.zone):%H:%M}",
    )


def _minutes_until(now: datetime) -> Callable[[datetime | None], int]:
    def minutes(since: datetime | None) -> int:
        return max(0, int((now - since).total_seconds() // 60)) if since else 0

    return minutes


def _milliseconds(at: datetime | None) -> int:
    return int(at.timestamp() * 1000) if at else 0


@router.get("/console", response_class=HTMLResponse)
async def consoles(request: Request, lang: Lang = "zh") -> Response:
    """Choose a room or window; those that one's role serves come first."""
    member = of_cookie(request)
    if member is None:
        return to_sign_in(request, lang)
    site = await desk_of(request).ask(site_of)
    kinds = SERVES.get(member.role, frozenset())
    groups = sorted(site.groups, key=lambda group: group.kind not in kinds)
    html = page("consoles.html", lang, groups=groups, kinds=kinds, member=member, path="/console")
    return HTMLResponse(html)


@router.get("/console/{point}", response_class=HTMLResponse)
async def console_page(request: Request, point: str, lang: Lang = "zh") -> Response:
    """The console of a room or window."""
    member = of_cookie(request)
    if member is None:
        return to_sign_in(request, lang)
    view = await desk_of(request).ask(
        lambda h: console(h, point) if point in h.site.points else None
    )
    if view is None:
        raise refusal(c.Refused(c.Reason.UNKNOWN_POINT, point=point))
    items = await desk_of(request).ask(attention) if member.role in SEES_TO else []
    reader = Reader(member, await zone_of(request), present(request), lang)
    html = page(
        "console.html",
        lang,
        view=view,
        body=console_html(view, items, reader),
        member=member,
        path=f"/console/{point}",
        handles=await desk_of(request).ask(handles),
        role=may(member),
        here=view.line_id,
        may_call=view.kind in SERVES.get(member.role, frozenset()),
    )
    return HTMLResponse(html)


@router.get(
    "/console/{point}/stream",
    response_class=EventSourceResponse,
    dependencies=[Depends(room_for_a_page)],
)
async def console_stream(
    request: Request, point: str, lang: Lang = "zh"
) -> AsyncIterator[ServerSentEvent]:
    """The console's changing part; `gone` when the session has ended."""
    feed: Feed = request.app.state.feed
    shown: Shown = request.app.state.shown
    member = of_cookie(request)
    area = await desk_of(request).ask(
        lambda h: h.site.groups[h.site.points[point].group].area if point in h.site.points else None
    )
    zone, before = await zone_of(request), ""
    if member and area:
        sees_to = member.role in SEES_TO
        async for _ in feed.changes(EVERYTHING if sees_to else area):
            member = of_cookie(request)
            if member is None:
                break
            items = await shown.attention() if sees_to else []
            reader = Reader(member, zone, present(request), lang)
            html = console_html(await shown.console(area, point), items, reader)
            if html != before:
                before = html
                yield ServerSentEvent(event="swap", data=html)
            yield beat(zone, lang, present(request))
        else:
            return
    yield ServerSentEvent(event="gone", data={})
