"""Reports for staff: the list of days, the report of one day, and its tables as CSV."""

from datetime import UTC, date, datetime, tzinfo
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlite_utils import Database

from queue_server.core.site import Site
from queue_server.reports import (
    DAILY,
    DayReport,
    DaySummary,
    Places,
    charts,
    csv_lines,
    day_report,
    day_words,
    minutes,
    sections,
    summaries,
)
from queue_server.web.access import Staff, of_cookie
from queue_server.web.accounts import Member
from queue_server.web.api.commands import desk_of
from queue_server.web.asking_tables import asked
from queue_server.web.problems import problem
from queue_server.web.render import day_text, page

router = APIRouter()
Lang = Annotated[str, Query(pattern="^(zh|en)$")]


def to_sign_in(request: Request, lang: str) -> Response:
    """Where to go first."""
    return RedirectResponse(f"/sign-in?lang={lang}&to={request.url.path}", status_code=303)


@router.get("/reports", response_class=HTMLResponse)
async def days(request: Request, lang: Lang = "zh") -> Response:
    """The days that there is something to tell of."""
    member = of_cookie(request)
    if member is None:
        return to_sign_in(request, lang)
    nothing: list[DaySummary] = []
    html = page(
        "report_days.html",
        lang,
        days=await asked(request, summaries, nothing),
        w=partial(day_words.word, lang=lang),
        minutes=minutes,
        named=partial(_day_name, lang=lang),
        member=member,
        path="/reports",
    )
    return HTMLResponse(html)


@router.get("/reports/day/{day}", response_class=HTMLResponse)
async def day_page(request: Request, day: date, lang: Lang = "zh") -> Response:
    """The report of a day."""
    member = of_cookie(request)
    if member is None:
        return to_sign_in(request, lang)
    empty = day_report_of_nothing(day)
    report = await asked(request, lambda db: day_report(db, day), empty)
    site = await desk_of(request).ask(lambda h: h.site)
    return HTMLResponse(day_html(report, site, lang, member))


def day_report_of_nothing(day: date) -> DayReport:
    """Where no tables are kept."""
    with_nothing = Database(memory=True)
    try:
        return day_report(with_nothing, day)
    finally:
        with_nothing.close()


def day_html(report: DayReport, site: Site, lang: str, member: Member) -> str:
    """The page of a day."""
    zone, places = site.timezone, Places.of_site(site)
    drawn = sections(report, places, zone, lang) if report.flow or report.lines else ()
    return page(
        "report_day.html",
        lang,
        report=report,
        hospital=day_words.said(site.name, lang),
        title=_day_name(report.day, lang),
        as_of=_moment(report.as_of, zone) if report.as_of else "",
        sections=tuple(drawn),
        tables=DAILY,
        table=lambda name: day_words.said(day_words.TABLES[name], lang),
        patterns=charts.patterns(),
        w=partial(day_words.word, lang=lang),
        minutes=minutes,
        member=member,
        path=f"/reports/day/{report.day.isoformat()}",
    )


def _moment(text: str, zone: tzinfo) -> str:
    return f"{datetime.fromisoformat(text).astimezone(zone):%Y-%m-%d %H:%M}"


def _day_name(day: date, lang: str) -> str:
    """`2026年3月2日 周一` or `Mon 2 Mar 2026`."""
    words = day_text(UTC, lang, datetime(day.year, day.month, day.day, tzinfo=UTC))
    return f"{words} {day.year}" if lang == "en" else f"{day.year}年{words}"


@router.get("/reports/day/{day}/{table}.csv")
async def day_csv(
    request: Request,
    day: date,
    table: Annotated[str, Path(max_length=40)],
    member: Staff,
) -> Response:
    """One table of a day as CSV; a program's token may ask for it too."""
    del member
    if table not in DAILY:
        raise problem("not_found")
    nothing: list[str] = []
    lines = await asked(request, lambda db: list(csv_lines(db, table, day)), nothing)
    name = f"{day.isoformat()}-{table}.csv"
    return Response(
        "".join(lines),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
