"""The report of a day, from the tables to the sections of its page."""

import csv
import io
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from queue_server.core import commands as c
from queue_server.journal.reports import opened
from queue_server.reports import (
    DAILY,
    NAMES,
    NOWHERE,
    DayReport,
    Places,
    Section,
    UnknownTable,
    csv_lines,
    day_report,
    sections,
    summaries,
)
from queue_server.reports.day_report import Totals
from tests.queue_server.core.makers import TODAY, ZONE, Day, minutes
from tests.queue_server.reports.days import BusyDay, kept
from tests.queue_server.reports.test_catching_up import brought_up


def reported(path: Path, day: date = TODAY) -> DayReport:
    brought_up(path)
    with opened(path) as db:
        return day_report(db, day)


@pytest.fixture
def quiet_day(tmp_path: Path) -> Path:
    """Three families; one is called by name, one misses its call."""
    day = Day()
    for child in "123":
        day.arrive(child)
        day.now += minutes(1)
    day.now += minutes(10)
    day.do(c.CallOne("a1", "v-3", "nurse", "高热"))
    day.do(c.Start("a1", "wang"), minutes(1))
    day.do(c.Finish("a1", "wang"), minutes(9))
    day.call()
    day.do(c.Miss("a1", "nurse"), minutes(1))
    day.serve()
    return kept(day.events, tmp_path)


def test_a_quiet_day_by_hand(quiet_day: Path) -> None:
    report = reported(quiet_day)
    total = report.totals
    assert (total.registered, total.checked_in, total.finished, total.open) == (3, 3, 2, 1)
    assert (total.calls, total.missed, total.overtakes) == (3, 1, 1)
    (line,) = report.lines
    assert (line.group, line.served, line.calls, line.missed) == ("resp", 2, 3, 1)
    assert (line.p50, line.p90) == (11, 23)
    (room,) = line.points
    assert (room.served, room.busy, room.calling) == (2, 9, 2)
    (over,) = report.overtaking
    assert (over.why, over.calls, over.families) == ("by_name", 1, 2)
    (hand,) = report.by_hand
    assert (hand.ticket, hand.reason, hand.by, hand.overtook) == ("A003", "高热", "nurse", 2)


def test_an_empty_day_and_a_journal_without_tables_have_an_empty_report(quiet_day: Path) -> None:
    with opened(quiet_day) as db:
        assert day_report(db, TODAY) == DayReport(TODAY, None, Totals())
        assert summaries(db) == []
    empty = reported(quiet_day, TODAY + timedelta(days=3))
    assert (empty.lines, empty.flow, empty.totals.registered) == ((), (), 0)
    assert (empty.before, empty.after) == (TODAY, None)


def test_the_days_are_listed(quiet_day: Path) -> None:
    brought_up(quiet_day)
    with opened(quiet_day) as db:
        (summary,) = summaries(db)
    assert (summary.day, summary.registered, summary.finished) == (TODAY, 3, 2)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_chart_of_a_busy_day_has_its_table(
    journal: Path, busy_day: BusyDay, lang: str
) -> None:
    report = reported(journal)
    shown = list(sections(report, Places.of_site(busy_day.hospital.site), ZONE, lang))
    assert [part.id for part in shown] == [
        "waits",
        "flow",
        "missed",
        "overtakes",
        "by-hand",
        "rooms",
    ]
    for part in shown:
        assert part.figures, part.id
        assert part.figures.rows, part.id
        assert all(len(row) == len(part.figures.head) for row in part.figures.rows)
        assert part.charts or part.open
        assert set(part.csv) <= set(DAILY)
    assert _drawn_in_one_language(shown, lang)


def _drawn_in_one_language(shown: list[Section], lang: str) -> bool:
    svgs = "".join(chart.svg + chart.name for part in shown for chart in part.charts)
    words = re.sub(r"dr-\w+|[a-z]+ 医生", "", svgs)
    return lang == "zh" or not re.findall(r"[一-鿿]+", words)


def test_without_names_ids_are_shown(journal: Path) -> None:
    shown = list(sections(reported(journal), NOWHERE, ZONE, "en"))
    assert "resp" in shown[0].charts[0].svg


@pytest.mark.parametrize("name", NAMES)
def test_every_table_can_be_had_as_csv(journal: Path, name: str) -> None:
    brought_up(journal)
    with opened(journal) as db:
        text = "".join(csv_lines(db, name))
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
        count = next(iter(db.query(f"SELECT count(*) AS n FROM report_{name}")))["n"]  # noqa: S608  # our own names
    assert text.startswith("\ufeff")
    assert len(rows) == count + 1
    assert len({len(row) for row in rows}) == 1


def test_one_day_of_a_table_and_no_table_of_that_name(journal: Path) -> None:
    brought_up(journal)
    with opened(journal) as db:
        assert len(list(csv_lines(db, "visits", TODAY))) > 100
        assert len(list(csv_lines(db, "visits", TODAY + timedelta(days=1)))) == 1
        with pytest.raises(UnknownTable, match="waits"):
            list(csv_lines(db, "nonsense"))
        with pytest.raises(UnknownTable):
            list(csv_lines(db, "groups", TODAY))


def test_what_somebody_typed_is_no_formula_in_a_spreadsheet(tmp_path: Path) -> None:
    day = Day()
    day.arrive("1")
    day.do(c.SetPriority("v-1", "level-2", "nurse", "=HYPERLINK(1)"))
    path = kept(day.events, tmp_path)
    brought_up(path)
    with opened(path) as db:
        lines = list(csv_lines(db, "acts"))
    assert "'=HYPERLINK(1)" in lines[1]


def test_a_reader_that_has_no_tables_gets_no_lines(tmp_path: Path) -> None:
    path = kept(Day().events, tmp_path)
    with opened(path) as db:
        assert list(csv_lines(db, "visits")) == []
