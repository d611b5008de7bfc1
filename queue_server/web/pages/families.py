"""A family's own page on its phone: where its children stand, what to do now, and the way. No sign-in: the link is the key."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from hashlib import sha256
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from design import ICONS
from protocol import Text, Way
from queue_server.family import (
    Child,
    Families,
    FamilyDay,
    Link,
    Situation,
    Told,
    Whose,
    back_by,
    told,
)
from queue_server.ways import Ways
from queue_server.web.access import from_our_pages
from queue_server.web.api.commands import desk_of, present, room_for_a_page
from queue_server.web.problems import problem
from queue_server.web.render import BUILD, STATIC, page
from queue_server.web.texts import word

router = APIRouter(prefix="/f")
Lang = Annotated[str, Query(pattern="^(zh|en)$")]
Token = Annotated[str, Path(max_length=400)]
Seen = Annotated[str, Query(max_length=12)]

COOKIE: Final = "family"
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "media-src 'self'; manifest-src 'self'; worker-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}
ON_THE_WAY: Final = frozenset(
    {
        Situation.CALLED,
        Situation.AT_DOOR,
        Situation.WAITING,
        Situation.TEST,
        Situation.BACK,
        Situation.COLLECT,
        Situation.PREPARING,
    }
)
"""Situations in which there is somewhere to go."""
STEADY_S: Final = 100.0
"""A time to be back by that moves less is not shown anew."""


@dataclass(frozen=True, slots=True)
class Card:
    """One child as the template draws it."""

    child: Child
    told: Told
    way: Way | None
    back_by: datetime | None
    alert: str
    """Another one whenever the family should be told; empty: nothing to tell."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A page's changing part, and what tells it from another."""

    html: str
    key: str
    back_by: tuple[datetime | None, ...]


class Now(BaseModel):
    """What a page that can't keep a line open asks for every few seconds."""

    key: str
    html: str | None
    """None: as was seen."""
    at: int
    """When this was true, ms since 1970, the hospital's clock."""
    build: str


def families_of(request: Request) -> Families:
    """The families' pages.

    Raises:
        HttpProblem: this server has none.
    """
    families: Families | None = request.app.state.families
    if families is None:
        raise problem("not_found")
    return families


def _linked(request: Request, token: Token) -> Link:
    """A dependency: what a link stands for.

    Raises:
        HttpProblem: it is none of ours, or its day is over.
    """
    link = families_of(request).handing.links.open(token, present(request))
    if link is None:
        raise problem("page_over")
    return link


Linked = Annotated[Link, Depends(_linked)]


def holds(request: Request, link: Link) -> bool:
    """Whether the phone that asks is the one that holds the link."""
    return families_of(request).devices.holds(link.id, request.cookies.get(COOKIE))


@router.get("/sw.js")
def service_worker() -> Response:
    """The script by which a page opens without a network; its text changes with every build."""
    script = (STATIC / "phone-sw.js").read_text("utf-8").replace("{{BUILD}}", BUILD)
    headers = {**HEADERS, "Cache-Control": "no-cache"}
    return Response(script, media_type="text/javascript", headers=headers)


@router.get("/{token}/app.webmanifest")
def manifest(request: Request, token: Token, link: Linked, lang: Lang = "zh") -> Response:
    """What a phone needs to put the page on its home screen.

    There it has a link of its own, for the installed page has cookies of its own on some phones; only the phone that holds this
    one is told.
    """
    links = families_of(request).handing.links
    start = links.for_home_screen(link) if holds(request, link) else token
    name = desk_of(request).site.name
    told_phone = {
        "name": f"{word('phone_title', lang)} · {name.en if lang == 'en' else name.zh}",
        "short_name": word("phone_title", lang),
        "lang": "zh-CN" if lang == "zh" else "en",
        "id": f"/f/{start}",
        "start_url": f"/f/{start}?lang={lang}",
        "scope": "/f/",
        "display": "standalone",
        "background_color": "#eef5f4",
        "theme_color": "#0a6a63",
        "icons": [
            {"src": f"/static/phone-icon-{size}.png", "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any maskable"}
            for size in (192, 512)
        ],
    }  # fmt: skip
    return JSONResponse(told_phone, media_type="application/manifest+json", headers=HEADERS)


@router.post("/{token}/hold", status_code=204)
def hold(request: Request, token: Token, link: Linked) -> Response:
    """Take hold of a link for the phone that asks. Idempotent.

    Raises:
        HttpProblem: another phone holds it.
    """
    if not from_our_pages(request):
        raise problem("foreign_page")
    answer = Response(status_code=204, headers=HEADERS)
    if holds(request, link):
        return answer
    secret = families_of(request).devices.take(link.id, link.until, present(request))
    if secret is None:
        raise problem("page_of_another")
    answer.set_cookie(
        COOKIE,
        secret,
        path=f"/f/{token}",
        max_age=max(0, int((link.until - present(request)).total_seconds())),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return answer


@router.get("/{token}", response_class=HTMLResponse)
async def family_page(request: Request, token: Token, lang: Lang = "zh") -> Response:
    """The page behind the code that a kiosk shows."""
    families = families_of(request)
    link = families.handing.links.open(token, present(request))
    site = desk_of(request).site
    if link is None:
        html = page("phone_over.html", lang, hospital=site.name, token=token)
        return HTMLResponse(html, 404, HEADERS)
    day = await families.watching.now(whose(link))
    shown = await _shown(request, link, day, lang)
    html = page(
        "phone.html",
        lang,
        hospital=site.name,
        token=token,
        body=shown.html,
        key=shown.key,
        at=_ms(present(request)),
    )
    return HTMLResponse(html, headers=HEADERS)


@router.get("/{token}/now")
async def family_now(
    request: Request, response: Response, link: Linked, lang: Lang = "zh", seen: Seen = ""
) -> Now:
    """The page's changing part, for who can't keep a line open."""
    response.headers.update(HEADERS)
    day = await families_of(request).watching.now(whose(link))
    shown = await _shown(request, link, day, lang)
    html = None if shown.key == seen else shown.html
    return Now(key=shown.key, html=html, at=_ms(present(request)), build=BUILD)


@router.get(
    "/{token}/stream",
    response_class=EventSourceResponse,
    dependencies=[Depends(room_for_a_page)],
)
async def family_stream(
    request: Request, token: Token, link: Linked, lang: Lang = "zh", seen: Seen = ""
) -> AsyncIterator[ServerSentEvent]:
    """`swap` with the page's changing part whenever it is another one than was `seen`; a beat between; `over` at the end."""
    families = families_of(request)
    links, ways = families.handing.links, _ways(request)
    day: FamilyDay | None = None
    closed, sent = ways.revision if ways else 0, Shown("", seen, ())
    async for changed in families.watching.changes(whose(link)):
        if links.open(token, present(request)) is None:
            yield ServerSentEvent(event="over", data="")
            return
        moved = bool(ways) and closed != ways.revision if ways else False
        closed = ways.revision if ways else 0
        fresh = changed is not None or moved or _drifted(sent, day, present(request))
        day = changed or day
        if day is not None and fresh:
            shown = await _shown(request, link, day, lang)
            if shown.key != sent.key:
                told_now = {"html": shown.html, "at": _ms(present(request))}
                yield ServerSentEvent(event="swap", id=shown.key, data=told_now)
            sent = shown
        yield ServerSentEvent(event="beat", data={"now": _ms(present(request)), "build": BUILD})


def whose(link: Link) -> Whose:
    """Whose day a link shows."""
    return Whose(link.person, link.day)


def _ways(request: Request) -> Ways | None:
    ways: Ways | None = request.app.state.ways
    return ways


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _drifted(sent: Shown, day: FamilyDay | None, now: datetime) -> bool:
    """Whether a time to be back by has come, so that the page must say so although nothing has happened in the queue."""
    return day is not None and any(moment is not None and moment <= now for moment in sent.back_by)


async def _shown(request: Request, link: Link, day: FamilyDay, lang: str) -> Shown:
    ways, now = _ways(request), present(request)
    zone = desk_of(request).site.timezone
    cards = await run_in_threadpool(_cards, ways, link, day, now)
    html = page("phone_body.html", lang, cards=cards, **_clock(zone))
    without_tokens = [(card.child, card.way and card.way.steps, card.back_by) for card in cards]
    seen = f"{lang}{BUILD}{ways.revision if ways else 0}{without_tokens!r}"
    key = sha256(seen.encode()).hexdigest()[:12]
    return Shown(html, key, tuple(card.back_by for card in cards))


def _clock(zone: tzinfo) -> dict[str, object]:
    def local(moment: datetime) -> str:
        return f"{moment.astimezone(zone):%H:%M}"

    return {"local": local, "ms": _ms, "step_icon": step_icon}


def step_icon(name: str) -> str:
    """The icon of a way's step."""
    drawn = _STEP_ICONS.get(name, name)
    return drawn if drawn in ICONS else "ahead"


_STEP_ICONS: Final = {"arrive": "pin", "back": "turn_back"}


def _cards(ways: Ways | None, link: Link, day: FamilyDay, now: datetime) -> list[Card]:
    found = []
    for child in day.children:
        way = _way(ways, link, child)
        leave = back_by(child, way.seconds if way else None, now)
        found.append(Card(child, told(child), way, leave, alert_of(child, leave)))
    return found


def _way(ways: Ways | None, link: Link, child: Child) -> Way | None:
    """From where the child was last, else from the kiosk at which the link was handed out."""
    if ways is None or child.situation not in ON_THE_WAY or not child.wanted:
        return None
    way = ways.from_place(child.begun, child.wanted, child.waits) if child.begun else None
    return way or ways.from_kiosk(link.kiosk, child.wanted, child.waits)


def alert_of(child: Child, leave: datetime | None) -> str:
    """What a family should be told aloud when it changes: a call, results, that it must come back now."""
    match child.situation:
        case Situation.CALLED | Situation.AT_DOOR | Situation.MISSED:
            return f"{child.situation}:{child.call}"
        case Situation.BACK if leave is None:
            return f"{child.situation}:now"
        case Situation.BACK:
            return Situation.BACK
        case Situation.WAITING | Situation.TEST | Situation.COLLECT if leave is None and child.wait:
            return f"come:{child.line.en}"
        case _:
            return ""


def sentence(text: Text, lang: str) -> str:
    """A text in one language."""
    return text.en if lang == "en" else text.zh
