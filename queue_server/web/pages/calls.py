"""Why this family and not another: a call in words, for staff."""

from collections.abc import Callable
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

from queue_server.core import Hospital
from queue_server.core.events import Called
from queue_server.core.explain import Explanation, explained
from queue_server.core.vocabulary import Name
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
    call_of: Callable[[str], Called | None] | None = request.app.state.call_of
    found = await run_in_threadpool(call_of, call) if call_of else None
    if found is None:
        raise problem("no_such_call")
    told = await desk_of(request).ask(lambda h: _told(h, found))
    lines = told.zh if lang == "zh" else told.en
    html = page("call.html", lang, lines=lines, member=member, path=quote(f"/calls/{call}"))
    return HTMLResponse(html)


def _told(h: Hospital, call: Called) -> Explanation:
    visit = h.visits.get(call.visit)
    point = h.site.points.get(call.point)
    room = point.name if point else Name(call.point, call.point)
    return explained(call, visit.ticket or "" if visit else call.visit, room, h.site.timezone)
