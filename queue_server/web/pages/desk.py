"""The service desk: today's visits, check-in by hand, messages on boards, what needs attention."""

from collections.abc import AsyncIterator
from datetime import tzinfo
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.datastructures import State

from queue_server.web.access import DESK, Staff, may, of_cookie
from queue_server.web.api import site_of
from queue_server.web.api.commands import desk_of, present, room_for_a_page
from queue_server.web.api.visits import SearchBody
from queue_server.web.attention import AttentionItem, attention
from queue_server.web.feed import EVERYTHING, Feed
from queue_server.web.handles import handles
from queue_server.web.notices import NoticeShown, notices_of
from queue_server.web.pages.boards import beat, zone_of
from queue_server.web.pages.sign_in import to_sign_in
from queue_server.web.render import page
from queue_server.web.shown import Shown
from queue_server.web.visit_rows import for_reader, visits_found

router = APIRouter()
Lang = Annotated[str, Query(pattern="^(zh|en)$")]
ATTENTION_SHOWN: Final = 30


def desk_html(
    items: list[AttentionItem], notices: list[NoticeShown], state: State, zone: tzinfo, lang: str
) -> str:
    """The part of the desk that changes: what needs attention, messages on boards, and the kiosks.

    `state` is the application's: it knows the agents, and what is wrong with the site file.
    """
    return page(
        "desk_body.html",
        lang,
        items=items[:ATTENTION_SHOWN],
        notices=notices,
        agents=state.agents.all(),
        site_problem=getattr(state, "site_problem", None),
        local=lambda at: f"{at.astimezone(zone):%H:%M}",
    )


@router.get("/desk", response_class=HTMLResponse)
async def desk_page(request: Request, lang: Lang = "zh") -> Response:
    """Today's visits, check-in by hand, walk-ins, and what needs attention."""
    member = of_cookie(request)
    if member is None:
        return to_sign_in(request, lang)
    rows = await desk_of(request).ask(lambda h: visits_found(h, ""))
    items = await desk_of(request).ask(attention)
    notices = await desk_of(request).ask(notices_of)
    zone = await zone_of(request)
    html = page(
        "desk.html",
        lang,
        rows=page("desk_rows.html", lang, rows=rows, role=may(member)),
        body=desk_html(items, notices, request.app.state, zone, lang),
        site=await desk_of(request).ask(site_of),
        may=member.role in DESK,
        member=member,
        path="/desk",
        handles=await desk_of(request).ask(handles),
        role=may(member),
        here="",
    )
    return HTMLResponse(html)


@router.post("/desk/search", response_class=HTMLResponse)
async def desk_search(request: Request, body: SearchBody, member: Staff, lang: Lang = "zh") -> str:
    """Today's visits that were looked for."""
    rows = await desk_of(request).ask(lambda h: visits_found(h, body.text))
    return page("desk_rows.html", lang, rows=for_reader(rows, member), role=may(member))


@router.get(
    "/desk/stream", response_class=EventSourceResponse, dependencies=[Depends(room_for_a_page)]
)
async def desk_stream(request: Request, lang: Lang = "zh") -> AsyncIterator[ServerSentEvent]:
    """The desk's changing part; `gone` when the session has ended."""
    feed: Feed = request.app.state.feed
    shown: Shown = request.app.state.shown
    zone, before = await zone_of(request), ""
    if of_cookie(request):
        async for _ in feed.changes(EVERYTHING):
            if of_cookie(request) is None:
                break
            items, notices = await shown.attention(), await shown.notices()
            html = desk_html(items, notices, request.app.state, zone, lang)
            if html != before:
                before = html
                yield ServerSentEvent(event="swap", data=html)
            yield beat(zone, lang, present(request))
        else:
            return
    yield ServerSentEvent(event="gone", data={})
