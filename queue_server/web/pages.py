"""The server's own pages: boards for everybody, consoles and the desk for staff. Rendered here, swapped in by SSE."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from protocol import BoardView, Called, Text
from queue_server.core import views
from queue_server.desk import Desk
from queue_server.web import console as staff_views
from queue_server.web.access import COOKIE, from_our_pages, signed_in
from queue_server.web.accounts import SESSION_LASTS, Accounts
from queue_server.web.api import site_of
from queue_server.web.feed import Feed
from queue_server.web.texts import word

router = APIRouter(include_in_schema=False)
Lang = Annotated[str, Query(pattern="^(zh|en)$")]

_templates: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def _page(name: str, lang: str, **values: object) -> str:
    def say(text: Text) -> str:
        return text.zh if lang == "zh" else text.en

    return _templates.get_template(name).render(
        lang=lang, t=partial(word, lang=lang), say=say, **values
    )


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


async def _zone(request: Request) -> tzinfo:
    return await _desk(request).ask(lambda h: h.site.timezone)


def clock_text(zone: tzinfo, lang: str, now: datetime | None = None) -> str:
    """`11月20日 周五 09:42` or `Fri 20 Nov 09:42`."""
    local = (now or datetime.now(UTC)).astimezone(zone)
    weekday = word("weekdays", lang).split()[local.weekday()]
    if lang == "zh":
        return f"{local.month}月{local.day}日 {weekday}　{local:%H:%M}"
    return f"{weekday} {local.day} {local:%b}　{local:%H:%M}"


# ---- boards ---------------------------------------------------------------------------------------


def _calls(board: BoardView) -> list[tuple[Called, Text]]:
    """Who is called now and where, the newest first."""
    called = [(point.called, point.name) for point in board.points if point.called]
    return sorted(
        called, key=lambda each: each[0].at or datetime.min.replace(tzinfo=UTC), reverse=True
    )


def board_html(board: BoardView, lang: str) -> str:
    """The part of a board that changes."""
    return _page("board_body.html", lang, board=board, calls=_calls(board))


@router.get("/", response_class=HTMLResponse)
async def index(request: Request, lang: Lang = "zh") -> str:
    """Where to go from here."""
    site = await _desk(request).ask(site_of)
    return _page("index.html", lang, site=site, member=signed_in(request), path="/")


@router.get("/board/{area}", response_class=HTMLResponse)
async def board_page(request: Request, area: str, lang: Lang = "zh") -> str:
    """A hall's board."""
    if not await _desk(request).ask(lambda h: area in h.site.areas):
        raise HTTPException(404, f"There is no area {area!r}.")
    feed: Feed = request.app.state.feed
    shown = await _desk(request).ask(lambda h: views.board(h, area, feed.revision(area)))
    zone = await _zone(request)
    body = board_html(shown, lang)
    return _page(
        "board.html", lang, board=shown, body=body, clock=clock_text(zone, lang), area=area
    )


@router.get("/board/{area}/stream", response_class=EventSourceResponse)
async def board_stream(
    request: Request, area: str, lang: Lang = "zh"
) -> AsyncIterator[ServerSentEvent]:
    """The board's changing part, whole, at once and after each change; a beat with the clock between."""
    feed: Feed = request.app.state.feed
    zone = await _zone(request)
    async for changed in feed.changes(area):
        if changed:
            shown = await _desk(request).ask(lambda h: views.board(h, area, feed.revision(area)))
            yield ServerSentEvent(
                event="swap", id=str(shown.revision), data=board_html(shown, lang)
            )
        yield ServerSentEvent(event="beat", data=clock_text(zone, lang))


# ---- signing in -------------------------------------------------------------------------------------


def _safe_path(path: str) -> str:
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


@router.get("/sign-in", response_class=HTMLResponse)
async def sign_in_page(lang: Lang = "zh", to: str = "/") -> str:
    """The form."""
    return _page("sign_in.html", lang, to=_safe_path(to), wrong=False, path="/sign-in")


@router.post("/sign-in")
def sign_in(
    request: Request,
    name: Annotated[str, Form(max_length=60)],
    password: Annotated[str, Form(max_length=1000)],
    to: Annotated[str, Form(max_length=200)] = "/",
    lang: Annotated[str, Form(pattern="^(zh|en)$")] = "zh",
) -> Response:
    """Begin a session. Runs on a worker thread, for the password's hash takes its time."""
    if not from_our_pages(request):
        raise HTTPException(403, "This request did not come from a page of this server.")
    accounts: Accounts = request.app.state.accounts
    secret = accounts.sign_in(name, password)
    if secret is None:
        page = _page("sign_in.html", lang, to=_safe_path(to), wrong=True, path="/sign-in")
        return HTMLResponse(page, status_code=401)
    answer = RedirectResponse(_safe_path(to), status_code=303)
    answer.set_cookie(
        COOKIE,
        secret,
        max_age=int(SESSION_LASTS.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return answer


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """End the session."""
    if not from_our_pages(request):
        raise HTTPException(403, "This request did not come from a page of this server.")
    accounts: Accounts = request.app.state.accounts
    accounts.sign_out(request.cookies.get(COOKIE, ""))
    answer = RedirectResponse("/", status_code=303)
    answer.delete_cookie(COOKIE)
    return answer


# ---- staff --------------------------------------------------------------------------------------------


def _to_sign_in(request: Request, lang: str) -> Response:
    return RedirectResponse(f"/sign-in?lang={lang}&to={request.url.path}", status_code=303)


def console_html(view: staff_views.ConsoleView, lang: str, now: datetime) -> str:
    """The part of a console that changes."""

    def minutes(since: datetime | None) -> int:
        return max(0, int((now - since).total_seconds() // 60)) if since else 0

    return _page("console_body.html", lang, view=view, minutes=minutes)


@router.get("/console", response_class=HTMLResponse)
async def consoles(request: Request, lang: Lang = "zh") -> Response:
    """Choose a room or window."""
    member = signed_in(request)
    if member is None:
        return _to_sign_in(request, lang)
    site = await _desk(request).ask(site_of)
    return HTMLResponse(_page("consoles.html", lang, site=site, member=member, path="/console"))


@router.get("/console/{point}", response_class=HTMLResponse)
async def console_page(request: Request, point: str, lang: Lang = "zh") -> Response:
    """The console of a room or window."""
    member = signed_in(request)
    if member is None:
        return _to_sign_in(request, lang)
    if not await _desk(request).ask(lambda h: point in h.site.points):
        raise HTTPException(404, f"There is no room or window {point!r}.")
    view = await _desk(request).ask(lambda h: staff_views.console(h, point))
    body = console_html(view, lang, datetime.now(UTC))
    page = _page(
        "console.html", lang, view=view, body=body, member=member, path=f"/console/{point}"
    )
    return HTMLResponse(page)


@router.get("/console/{point}/stream", response_class=EventSourceResponse)
async def console_stream(
    request: Request, point: str, lang: Lang = "zh"
) -> AsyncIterator[ServerSentEvent]:
    """The console's changing part; ends when the session has ended."""
    feed: Feed = request.app.state.feed
    if signed_in(request) is None or not await _desk(request).ask(lambda h: point in h.site.points):
        yield ServerSentEvent(event="gone", data={})
        return
    area = await _desk(request).ask(lambda h: h.site.groups[h.site.points[point].group].area)
    shown = ""
    async for _ in feed.changes(area):
        if signed_in(request) is None:
            yield ServerSentEvent(event="gone", data={})
            return
        view = await _desk(request).ask(lambda h: staff_views.console(h, point))
        body = console_html(view, lang, datetime.now(UTC))
        if body != shown:
            shown = body
            yield ServerSentEvent(event="swap", data=body)
        yield ServerSentEvent(event="beat", data="")


@router.get("/desk", response_class=HTMLResponse)
async def desk_page(
    request: Request, lang: Lang = "zh", q: Annotated[str, Query(max_length=60)] = ""
) -> Response:
    """The service desk: today's visits, check-in by hand, and what needs attention."""
    member = signed_in(request)
    if member is None:
        return _to_sign_in(request, lang)
    rows = await _desk(request).ask(lambda h: staff_views.visits_found(h, q))
    attention = await _desk(request).ask(staff_views.attention)
    zone = await _zone(request)
    page = _page(
        "desk.html",
        lang,
        rows=rows,
        q=q,
        attention=attention[:40],
        agents=request.app.state.agents.all(),
        local=lambda at: f"{at.astimezone(zone):%H:%M}",
        member=member,
        path="/desk",
    )
    return HTMLResponse(page)
