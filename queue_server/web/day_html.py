"""The page of a day's report, for a screen and for paper."""

from datetime import UTC, date, datetime, tzinfo
from functools import partial
from zoneinfo import ZoneInfo

from queue_server.reports import DAILY, DayReport, Places, charts, day_words, minutes, sections
from queue_server.web.accounts import Member
from queue_server.web.render import day_text, page


def day_html(report: DayReport, places: Places, lang: str, member: Member | None) -> str:
    """The page of a day; on paper, nobody is signed in to it."""
    zone = ZoneInfo(places.timezone)
    drawn = sections(report, places, zone, lang) if report.flow or report.lines else ()
    return page(
        "report_day.html",
        lang,
        report=report,
        hospital=day_words.said(places.site, lang),
        title=day_name(report.day, lang),
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


def day_name(day: date, lang: str) -> str:
    """`2026年3月2日 周一` or `Mon 2 Mar 2026`."""
    words = day_text(UTC, lang, datetime(day.year, day.month, day.day, tzinfo=UTC))
    return f"{words} {day.year}" if lang == "en" else f"{day.year}年{words}"
