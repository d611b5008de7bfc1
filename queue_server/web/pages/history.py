"""History for staff: search visits across days, and read the full story of one."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from queue_server.core.vocabulary import Name
from queue_server.reports import MOST, Found, Places, clock, day_words, found, minutes
from queue_server.web.access import Staff, of_cookie
from queue_server.web.accounts import Member
from queue_server.web.api.commands import desk_of
from queue_server.web.api.history import shown_name, told_story
from queue_server.web.asking_tables import asked
from queue_server.web.pages.reports import to_sign_in
from queue_server.web.render import page

router = APIRouter()
Lang = Annotated[str, Query(pattern="^(zh|en)$")]


@router.get("/history", response_class=HTMLResponse)
async def history_page(request: Request, lang: Lang = "zh") -> Response:
    """Where to search."""
    member = of_cookie(request)
    if member is None:
        return to_sign_in(request, lang)
    return HTMLResponse(await _searched(request, member, lang, "", None, None))


@router.post("/history", response_class=HTMLResponse)
async def history_search(
    request: Request,
    member: Staff,
    text: Annotated[str, Form(max_length=80)] = "",
    day: Annotated[str, Form(max_length=10)] = "",
    lang: Lang = "zh",
) -> str:
    """What was found. A form that is posted, because a name must not stand in an address that gets logged."""
    wanted = _day(day)
    nothing: list[Found] = []
    rows = await asked(request, lambda db: found(db, text, wanted), nothing)
    return await _searched(request, member, lang, text, wanted, rows)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


async def _searched(
    request: Request,
    member: Member,
    lang: str,
    text: str,
    day: date | None,
    rows: Sequence[Found] | None,
) -> str:
    """The page of the search; `rows` None before anything was looked for."""
    site = await desk_of(request).ask(lambda h: h.site)
    places = Places.of_site(site)
    return page(
        "history.html",
        lang,
        rows=rows,
        text=text,
        day=day.isoformat() if day else "",
        most=MOST,
        shown=partial(shown_name, member=member),
        group=lambda id: day_words.said(places.group(id), lang),
        clock=lambda at: clock(at, site.timezone),
        ended=lambda how: day_words.said(
            day_words.ENDED.get(how or "", Name(how or "", how or "")), lang
        ),
        minutes=lambda seconds: minutes(None if seconds is None else seconds / 60),
        w=partial(day_words.word, lang=lang),
        member=member,
        path="/history",
    )


@router.get("/history/{visit}", response_class=HTMLResponse)
async def story_page(request: Request, visit: str, lang: Lang = "zh") -> Response:
    """The full story of a visit."""
    member = of_cookie(request)
    if member is None:
        return to_sign_in(request, lang)
    told, name = await told_story(request, visit)
    html = page(
        "story.html",
        lang,
        story=told,
        child=shown_name(name, member),
        said=partial(day_words.said, lang=lang),
        why=lambda each: each.en if lang == "en" else each.zh,
        w=partial(day_words.word, lang=lang),
        member=member,
        path=f"/history/{visit}",
    )
    return HTMLResponse(html)
