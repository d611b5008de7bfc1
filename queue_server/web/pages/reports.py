"""Reports for staff: the list of days, the report of one day, and its tables as CSV."""

from datetime import date
from functools import partial
from typing import Annotated

import structlog
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlite_utils import Database

from queue_server.reports import (
    DAILY,
    DayReport,
    DaySummary,
    Places,
    csv_lines,
    day_report,
    day_words,
    minutes,
    summaries,
)
from queue_server.web.access import Staff, of_cookie
from queue_server.web.api.commands import desk_of
from queue_server.web.asking_tables import asked
from queue_server.web.day_html import day_html, day_name
from queue_server.web.pdf import NoPdf, pdf_elsewhere
from queue_server.web.problems import problem
from queue_server.web.render import page

router = APIRouter()
_log = structlog.get_logger()
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
        named=partial(day_name, lang=lang),
        member=member,
        path="/reports",
    )
    return HTMLResponse(html)


@router.get("/reports/day/{day}.pdf")
async def day_pdf(request: Request, day: date, member: Staff, lang: Lang = "zh") -> Response:
    """The same on paper, A4; a program's token may ask for it too."""
    del member
    report = await asked(request, lambda db: day_report(db, day), day_report_of_nothing(day))
    places = Places.of_site(await desk_of(request).ask(lambda h: h.site))
    try:
        pdf = await pdf_elsewhere(day_html(report, places, lang, None))
    except NoPdf as error:
        _log.warning("no_pdf", why=str(error))
        raise problem("no_pdf") from error
    name = f"{day.isoformat()}.pdf"
    return Response(
        pdf,
        media_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


@router.get("/reports/day/{day}", response_class=HTMLResponse)
async def day_page(request: Request, day: date, lang: Lang = "zh") -> Response:
    """The report of a day."""
    member = of_cookie(request)
    if member is None:
        return to_sign_in(request, lang)
    empty = day_report_of_nothing(day)
    report = await asked(request, lambda db: day_report(db, day), empty)
    places = Places.of_site(await desk_of(request).ask(lambda h: h.site))
    return HTMLResponse(day_html(report, places, lang, member))


def day_report_of_nothing(day: date) -> DayReport:
    """Where no tables are kept."""
    with_nothing = Database(memory=True)
    try:
        return day_report(with_nothing, day)
    finally:
        with_nothing.close()


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
