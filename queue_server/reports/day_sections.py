"""The page of a day, section by section: charts, and under each the same as a table. Pure: a report and a language go in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from queue_server.core.vocabulary import Name
from queue_server.reports import charts
from queue_server.reports.day_report import ByHand, DayReport, HourWait, LineDay, PointRow
from queue_server.reports.day_words import ACTS, WHY, said, word
from queue_server.reports.places import Places

LEAST_TOP: Final = 10.0
"""Minutes: no axis of waiting is shorter, or a quiet line would look like a busy one."""


@dataclass(frozen=True, slots=True)
class Figures:
    """A table: its caption, the heads of its columns, and rows of which the first cell is a head too."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing under its name; `note` stands beside the name."""

    name: str
    note: str
    svg: str


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page."""

    id: str
    title: str
    hint: str
    legend: tuple[tuple[str, str], ...] = ()
    """Drawn sign and words."""
    charts: tuple[Chart, ...] = ()
    layout: str = ""
    """How its charts stand beside each other: `panels` are small, `wide` ones two in a row."""
    half: bool = False
    """Whether half of a wide page is enough for it."""
    figures: Figures | None = None
    open: bool = False
    """Whether the table is shown without asking."""
    csv: tuple[str, ...] = ()
    empty: str = ""
    """Said instead of charts and table, when there is nothing."""


def sections(report: DayReport, places: Places, zone: tzinfo, lang: str) -> Iterator[Section]:
    """The sections of a day that has anything to show; `places` names classes and doctors, times are local ones of `zone`."""
    yield _waits(report, lang)
    yield _flow(report, lang)
    yield _missed(report, lang)
    yield _overtaking(report, lang)
    if report.by_hand:
        yield _by_hand(report, places, zone, lang)
    yield _rooms(report, lang)


def minutes(value: float | None) -> str:
    """Whole minutes, or a dash."""
    return "–" if value is None else f"{value:,.0f}"


# ---- waiting ------------------------------------------------------------------------------------


def _waits(report: DayReport, lang: str) -> Section:
    lines = [line for line in report.lines if line.hours]
    hours = report.hours
    return Section(
        "waits",
        word("waits_title", lang),
        word("waits_hint", lang),
        ((charts.sign("p50"), word("p50", lang)), (charts.sign("p90"), word("p90", lang))),
        tuple(_wait_panel(line, hours, lang) for line in lines),
        layout="panels",
        figures=Figures(
            word("p50_p90", lang),
            (word("line", lang), word("count", lang), "∑", *(f"{hour}" for hour in hours)),
            tuple(_wait_row(line, hours, lang) for line in lines),
        ),
        csv=("waits", "waits_hourly"),
    )


def _wait_panel(line: LineDay, hours: range, lang: str) -> Chart:
    name, unit = said(line.name, lang), word("minutes", lang)
    scale = charts.Scale.of_minutes(max(LEAST_TOP, *(each.p90 for each in line.hours)))
    bars = [
        charts.WaitBar(each.hour, each.p50, each.p90, _wait_title(each, unit))
        for each in line.hours
    ]
    note = word("wait_note", lang).format(p50=minutes(line.p50), p90=minutes(line.p90))
    return Chart(name, note, charts.waits(bars, hours, scale, f"{name}: {note}"))


def _wait_title(each: HourWait, unit: str) -> str:
    return f"{each.hour}:00 · {each.count} · {minutes(each.p50)} / {minutes(each.p90)} {unit}"


def _wait_row(line: LineDay, hours: range, lang: str) -> tuple[str, ...]:
    known = {each.hour: f"{minutes(each.p50)} / {minutes(each.p90)}" for each in line.hours}
    whole = f"{minutes(line.p50)} / {minutes(line.p90)}"
    cells = (known.get(hour, "") for hour in hours)
    return (said(line.name, lang), str(line.count), whole, *cells)


# ---- arrivals -----------------------------------------------------------------------------------


def _flow(report: DayReport, lang: str) -> Section:
    by_hour = {each.hour: each for each in report.flow}
    arrived, seen = word("arrived", lang), word("seen", lang)
    pairs = [
        charts.HourPair(
            hour,
            each.arrived if each else 0,
            each.seen if each else 0,
            f"{hour}:00 · {arrived} {each.arrived if each else 0} · {seen} {each.seen if each else 0}",
        )
        for hour in report.hours
        for each in (by_hour.get(hour),)
    ]
    return Section(
        "flow",
        word("flow_title", lang),
        word("flow_hint", lang),
        ((charts.sign("one"), arrived), (charts.sign("other"), seen)),
        (Chart("", "", charts.pairs(pairs, word("flow_title", lang))),),
        figures=Figures(
            word("flow_title", lang),
            (
                word("hour", lang),
                *(word(key, lang) for key in ("arrived", "seen", "served", "called", "missed")),
            ),
            tuple(
                (
                    f"{each.hour}:00",
                    *map(str, (each.arrived, each.seen, each.served, each.called, each.missed)),
                )
                for each in report.flow
            ),
        ),
        csv=("hours",),
    )


# ---- missed, and out of turn --------------------------------------------------------------------


def _missed(report: DayReport, lang: str) -> Section:
    lines = sorted((line for line in report.lines if line.missed), key=lambda line: -line.missed)
    title = word("missed_title", lang)
    bars = [
        charts.Bar(said(line.name, lang), line.missed, f"{line.missed} · {_share(line)}", "away")
        for line in lines
    ]
    return Section(
        "missed",
        title,
        word("missed_hint", lang),
        charts=(Chart("", "", charts.bars(bars, title)),) if bars else (),
        half=True,
        figures=Figures(
            title,
            (word("line", lang), word("calls", lang), word("missed", lang), word("share", lang)),
            tuple(
                (said(line.name, lang), str(line.calls), str(line.missed), _share(line))
                for line in lines
            ),
        ),
        csv=("lines", "calls"),
        empty="" if bars else word("no_missed", lang),
    )


def _share(line: LineDay) -> str:
    return f"{100 * line.missed / line.calls:.1f}%" if line.calls else "–"


def _overtaking(report: DayReport, lang: str) -> Section:
    title, words = word("overtakes_title", lang), word("times_families", lang)
    bars = [
        charts.Bar(
            _why(each.why, lang),
            each.calls,
            words.format(calls=each.calls, families=each.families),
            "by-hand" if each.why == "by_name" else "one",
        )
        for each in report.overtaking
    ]
    return Section(
        "overtakes",
        title,
        word("overtakes_hint", lang),
        charts=(Chart("", "", charts.bars(bars, title)),) if bars else (),
        half=True,
        figures=Figures(
            title,
            (word("why", lang), word("calls", lang), word("families", lang)),
            tuple(
                (_why(each.why, lang), str(each.calls), str(each.families))
                for each in report.overtaking
            ),
        ),
        csv=("overtakes",),
        empty="" if bars else word("no_overtakes", lang),
    )


def _why(why: str, lang: str) -> str:
    return said(WHY.get(why, Name(why, why)), lang)


def _by_hand(report: DayReport, places: Places, zone: tzinfo, lang: str) -> Section:
    keys = ("time", "what", "ticket", "line", "detail", "reason", "by")
    return Section(
        "by-hand",
        word("by_hand_title", lang),
        word("by_hand_hint", lang),
        figures=Figures(
            word("by_hand_title", lang),
            tuple(word(key, lang) for key in keys),
            tuple(
                (
                    clock(each.at, zone),
                    said(ACTS.get(each.what, Name(each.what, each.what)), lang),
                    each.ticket or "–",
                    said(each.group, lang),
                    _detail(each, places, lang),
                    each.reason,
                    each.by,
                )
                for each in report.by_hand
            ),
        ),
        open=True,
        csv=("acts",),
    )


def _detail(each: ByHand, places: Places, lang: str) -> str:
    known = {"priority": places.classes, "doctor": places.doctors}.get(each.what, {})
    detail = said(known.get(each.detail.en, each.detail), lang)
    if not each.overtook:
        return detail
    return word("detail_overtook", lang).format(detail=detail, families=each.overtook)


def clock(text: str, zone: tzinfo) -> str:
    """The local time of an ISO 8601 moment, `09:42`."""
    return f"{datetime.fromisoformat(text).astimezone(zone):%H:%M}"


# ---- rooms --------------------------------------------------------------------------------------

_PARTS = ("busy", "calling", "idle_waiting", "idle_empty", "paused")


def _rooms(report: DayReport, lang: str) -> Section:
    lines = [line for line in report.lines if line.points]
    heads = (word("line", lang), word("room", lang), *(word(key, lang) for key in _PARTS))
    return Section(
        "rooms",
        word("rooms_title", lang),
        word("rooms_hint", lang),
        tuple(
            (charts.sign(kind), word(key, lang))
            for kind, key in zip(charts.PARTS, _PARTS, strict=True)
        ),
        tuple(_room_charts(lines, lang)),
        layout="wide",
        figures=Figures(
            f"{word('rooms_title', lang)} ({word('minutes', lang)})",
            (*heads, word("served", lang), word("missed", lang)),
            tuple(_room_row(line, point, lang) for line in lines for point in line.points),
        ),
        csv=("points_day", "openings"),
    )


def _room_bars(line: LineDay, lang: str) -> list[charts.RoomBar]:
    unit = word("minutes", lang)
    return [
        charts.RoomBar(
            said(point.name, lang),
            point.parts,
            tuple(
                f"{word(key, lang)}: {minutes(part)} {unit}"
                for key, part in zip(_PARTS, point.parts, strict=True)
            ),
            _people(point.served, lang),
        )
        for point in line.points
    ]


def _room_charts(lines: Sequence[LineDay], lang: str) -> Iterator[Chart]:
    """One for each line, all on the same scale."""
    longest = max((point.length for line in lines for point in line.points), default=0)
    scale = charts.Scale.of_minutes(longest, 7)
    drawn = [(said(line.name, lang), _room_bars(line, lang)) for line in lines]
    margins = charts.Margins.around([bar for _, rows in drawn for bar in rows])
    for name, rows in drawn:
        label = f"{name}: {word('rooms_title', lang)}"
        yield Chart(name, "", charts.rooms(rows, scale, margins, label, word("hour_sign", lang)))


def _people(count: int, lang: str) -> str:
    return f"{count} {word('people', lang)}"


def _room_row(line: LineDay, point: PointRow, lang: str) -> tuple[str, ...]:
    parts = (minutes(part) for part in point.parts)
    return (
        said(line.name, lang),
        said(point.name, lang),
        *parts,
        str(point.served),
        str(point.missed),
    )
