"""A way on a phone: no sign-in, no patient; words, picture, and another way at once when something is closed."""

from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from nav_maps.draw import pan_zoom_js
from queue_server.ways import STEP_FREE, Asked, Ways
from queue_server.web.access import DESK, TRIAGE, of_cookie
from queue_server.web.api.commands import desk_of, room_for_a_page
from queue_server.web.api.ways import closures, ways_of
from queue_server.web.pages.sign_in import to_sign_in
from queue_server.web.problems import problem
from queue_server.web.render import BUILD, page

router = APIRouter()
Lang = Annotated[str, Query(pattern="^(zh|en)$")]
Token = Annotated[str, Path(max_length=400)]


def _asked(request: Request, token: Token) -> Asked:
    """A dependency: the way of a token.

    Raises:
        HttpProblem: there is no map, or the token is not (or no more) good.
    """
    found = ways_of(request).of_token(token)
    if found is None:
        raise problem("way_over")
    return found


Handed = Annotated[Asked, Depends(_asked)]


@router.get("/way/{token}", response_class=HTMLResponse)
async def way_page(request: Request, token: Token, asked: Handed, lang: Lang = "zh") -> str:
    """The page behind the code that a kiosk shows."""
    ways = ways_of(request)
    hospital = await desk_of(request).ask(lambda h: h.site.name)
    body = _body(ways, asked, token, lang)
    return page(
        "way.html",
        lang,
        hospital=hospital,
        token=token,
        body=body,
        key=_key(body),
        way=asked.way,
        step_free=asked.goal.profile is STEP_FREE,
    )


def _key(body: str) -> str:
    """Another one for every other text."""
    return sha256(body.encode()).hexdigest()[:12]


def _body(ways: Ways, asked: Asked, token: str, lang: str) -> str:
    return page("way_body.html", lang, way=asked.way, token=token, revision=ways.revision)


@router.get(
    "/way/{token}/stream",
    response_class=EventSourceResponse,
    dependencies=[Depends(room_for_a_page), Depends(_asked)],
)
async def way_stream(
    request: Request,
    token: Token,
    lang: Lang = "zh",
    seen: Annotated[str, Query(max_length=12)] = "",
) -> AsyncIterator[ServerSentEvent]:
    """`swap` with the page's changing part whenever the way is another one than was `seen`; a beat between."""
    ways, sent = ways_of(request), seen
    yield ServerSentEvent(event="hello", data=BUILD)
    async for changed in ways.changes():
        if changed:
            now = await run_in_threadpool(ways.of_token, token)
            if now is None:
                yield ServerSentEvent(event="over", data="")
                return
            html = _body(ways, now, token, lang)
            if _key(html) != sent:
                sent = _key(html)
                yield ServerSentEvent(event="swap", id=sent, data=html)
        else:
            yield ServerSentEvent(event="beat", data=ways.revision)


@router.get("/way/{token}/other")
async def other(request: Request, asked: Handed, lang: Lang = "zh") -> Response:
    """The same way for a pram or a wheelchair; from there, the usual way again."""
    token = ways_of(request).on_wheels(asked)
    return RedirectResponse(f"/way/{token}?lang={lang}", status_code=303)


@router.get("/way/{token}/map/{level}.svg")
def picture(
    request: Request,
    asked: Handed,
    level: str,
    lang: Lang = "zh",
    large: bool = False,
    width: Annotated[int, Query(ge=240, le=2000)] = 720,
) -> Response:
    """A floor of the way, for a screen on which it will be so many pixels wide."""
    svg = ways_of(request).picture(asked, level, lang, large, width)
    if svg is None:
        raise problem("not_found")
    headers = {"Cache-Control": "private, max-age=3600"}  # its address changes with every closure
    return Response(svg, media_type="image/svg+xml", headers=headers)


@router.get("/map.js")
def moving() -> Response:
    """The script that lets fingers move a map."""
    return Response(pan_zoom_js(), media_type="text/javascript")


@router.get("/way/{token}/ticket.png")
def ticket(request: Request, asked: Handed, lang: Lang = "zh") -> Response:
    """The way for a kiosk's paper."""
    return Response(ways_of(request).ticket(asked, lang), media_type="image/png")


@router.get("/closures", response_class=HTMLResponse)
async def closures_page(request: Request, lang: Lang = "zh") -> Response:
    """What is closed, with a button each: for the service desk."""
    member = of_cookie(request)
    if member is None:
        return to_sign_in(request, lang)
    if member.role not in DESK | TRIAGE:
        raise problem("role_may_not")
    rows = await closures(request, member)
    html = page("closures.html", lang, rows=rows, member=member, path="/closures")
    return HTMLResponse(html)
