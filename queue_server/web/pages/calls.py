"""Why this family and not another: a call in words, for staff."""

from collections.abc import Callable
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

from queue_server.core import Hospital
from queue_server.core.explain import Explanation, explained
from queue_server.core.vocabulary import Name, Why
from queue_server.journal.calls import CallKept
from queue_server.web.access import of_cookie
from queue_server.web.api.commands import desk_of
from queue_server.web.pages.sign_in import to_sign_in
from queue_server.web.problems import problem
from queue_server.web.render import page

router = APIRouter()
Lang = Annotated[str, Query(pattern="^(zh|en)$")]
CallId = Annotated[str, Path(max_length=200)]


@router.get("/calls/{call:path}", response_class=HTMLResponse)
async def call_page(request: Request, call: CallId, lang: Lang = "zh") -> Response:
    """From what was kept with the call; nothing is computed again."""
    member = of_cookie(request)
    if member is None:
        return to_sign_in(request, lang)
    call_of: Callable[[str], CallKept | None] | None = request.app.state.call_of
    found = await run_in_threadpool(call_of, call) if call_of else None
    if found is None:
        raise problem("no_such_call")
    told = await desk_of(request).ask(lambda h: _told(h, found))
    parts = [each.zh if lang == "zh" else each.en for each in told]
    path = quote(f"/calls/{call}")
    point = found.called.point
    room = await desk_of(request).ask(lambda h: _room(h, point))
    return HTMLResponse(
        page(
            "call.html",
            lang,
            parts=parts,
            member=member,
            path=path,
            back=f"/console/{quote(point)}?lang={lang}",
            room=room.zh if lang == "zh" else room.en,
        )
    )


def _told(h: Hospital, kept: CallKept) -> list[Explanation]:
    """The call, and before it how the family came to the door: there the choice was made."""
    visit = h.visits.get(kept.called.visit)
    ticket = visit.ticket or "" if visit else kept.called.visit
    room = _room(h, kept.called.point)
    at_door = kept.asked if kept.called.choice.why is Why.DOOR else None
    events = [each for each in (kept.called, at_door) if each]
    return [explained(each, ticket, room, h.site.timezone) for each in events]


def _room(h: Hospital, id: str) -> Name:
    point = h.site.points.get(id)
    return point.name if point else Name(id, id)
