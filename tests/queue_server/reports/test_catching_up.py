"""The tables are the same however often and wherever catching up was broken off, and never stand in the writer's way."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from queue_server.core import events as e
from queue_server.errors import JournalError
from queue_server.journal import Batch, SqliteJournal
from queue_server.journal.reports import check, opened
from queue_server.reports import catch_up, count_points, opened_to_write
from queue_server.reports.tables import ALL, REPORTS, VIEWS
from tests.queue_server.core.makers import NINE, TODAY, ZONE, Day, clock, minutes
from tests.queue_server.reports.days import BusyDay, kept, next_day

Dump = dict[str, list[tuple[object, ...]]]


def brought_up(path: Path, **more: object) -> None:
    with opened_to_write(path) as db:
        catch_up(db, path, ZONE, **more)  # type: ignore[arg-type]  # by name
        count_points(db, ZONE)


def dump(path: Path) -> Dump:
    with sqlite3.connect(path) as db:
        found = {t.name: sorted(db.execute(f"SELECT * FROM {t.name}"), key=str) for t in ALL}  # noqa: S608  # our own names
    db.close()
    return found


@contextmanager
def rows(path: Path) -> Iterator[sqlite3.Connection]:
    db = sqlite3.connect(path)
    db.row_factory = sqlite3.Row
    yield db
    db.close()


def test_a_day_in_pieces_gives_the_same_tables_as_a_day_at_once(
    busy_day: BusyDay, tmp_path: Path
) -> None:
    pieces, whole = tmp_path / "pieces", tmp_path / "whole"
    for folder in (pieces, whole):
        folder.mkdir()
    count = len(busy_day.events)
    cuts = [0, 1, 7, 300, count // 3, count // 3 + 1, count // 2, count - 5, count]
    for start, end in pairwise(cuts):
        brought_up(kept(busy_day.events[start:end], pieces))
    brought_up(kept(busy_day.events, whole))
    assert dump(pieces / "journal.db") == dump(whole / "journal.db")


def test_twice_is_once_and_anew_is_the_same(journal: Path) -> None:
    brought_up(journal)
    first = dump(journal)
    brought_up(journal)
    assert dump(journal) == first
    brought_up(journal, anew=True)
    assert dump(journal) == first


@pytest.mark.parametrize("after", [0, 1, 4, 9])
def test_killed_in_the_middle_it_goes_on_to_the_same_tables(journal: Path, after: int) -> None:
    class Killed(Exception):
        pass

    rests = 0

    def rest() -> None:
        nonlocal rests
        rests += 1
        if rests > after:
            raise Killed

    with pytest.raises(Killed), opened_to_write(journal) as db:
        catch_up(db, journal, ZONE, rest=rest)
    brought_up(journal)
    broken_off = dump(journal)
    brought_up(journal, anew=True)
    assert dump(journal) == broken_off


def test_the_figures_add_up(journal: Path, busy_day: BusyDay) -> None:
    brought_up(journal)
    finished = sum(isinstance(ev, e.Finished) for ev in busy_day.events)
    undone = sum(isinstance(ev, e.Undone) and ev.what == "Finish" for ev in busy_day.events)
    with rows(journal) as db:
        served = db.execute("SELECT sum(served) FROM report_points_day").fetchone()[0]
        done = db.execute("SELECT count(*) FROM report_steps WHERE ended = 'done'").fetchone()[0]
        apart = db.execute(
            "SELECT count(*) FROM report_points_day WHERE abs(busy_s + calling_s + idle_waiting_s + idle_empty_s + paused_s "
            "- (julianday(last_at) - julianday(first_at)) * 86400) > 3"
        ).fetchone()[0]
        lost = db.execute(
            "SELECT count(*) FROM report_steps s WHERE wait_s <> (SELECT coalesce(sum(seconds), 0) FROM report_stays t "
            "WHERE t.step = s.step AND t.state IN ('waiting', 'at_door'))"
        ).fetchone()[0]
    assert served == done == finished - undone
    assert (apart, lost) == (0, 0)


def test_waits_are_told_by_median_and_nine_in_ten(tmp_path: Path) -> None:
    day = Day()
    for n in range(10):
        day.arrive(str(n))
    for n in range(10):
        day.now = clock(9) + minutes(n + 1)
        day.serve()
    path = kept(day.events, tmp_path)
    brought_up(path)
    with rows(path) as db:
        found = dict(db.execute("SELECT * FROM report_waits").fetchone())
    assert found == {
        "day": "2026-03-02",
        "service_group": "resp",
        "kind": "clinic",
        "is_return": 0,
        "count": 10,
        "mean_s": 330.0,
        "p50_s": 300,
        "p90_s": 540,
        "longest_s": 600,
    }


def test_a_new_day_closes_what_the_old_one_left_open(tmp_path: Path) -> None:
    day = Day()
    day.arrive("1")
    day.register("2")
    path = kept(day.events, tmp_path)
    brought_up(path)
    before = len(day.events)
    next_day(day, TODAY + timedelta(days=1))
    next_day(day, TODAY + timedelta(days=2))
    kept(day.events[before:], tmp_path)
    brought_up(path)
    with rows(path) as db:
        ended = dict(db.execute("SELECT visit, ended FROM report_visits").fetchall())
    assert ended == {"v-1": "left", "v-2": "no_show"}


def test_events_of_a_newer_version_are_passed_over(journal: Path) -> None:
    with sqlite3.connect(journal) as db:
        last = db.execute("SELECT max(position) FROM events").fetchone()[0]
        visit = db.execute("SELECT max(visit) FROM events").fetchone()[0]
        new = (
            "INSERT INTO events (position, written_at, type, visit, body) VALUES (?, ?, ?, ?, '{}')"
        )
        db.execute(new, (last + 1, "2026-03-02T10:00:00.000Z", "Teleported", visit))
        db.execute(new, (last + 2, "2026-03-02T10:00:00.000Z", "Comet", None))
    db.close()
    brought_up(journal)
    with rows(journal) as db:
        assert db.execute(
            "SELECT count(*) FROM report_visits WHERE visit = ?", (visit,)
        ).fetchone()[0]


def test_no_child_is_named_in_any_table(journal: Path, busy_day: BusyDay) -> None:
    brought_up(journal)
    text = str(dump(journal))
    names = set(busy_day.hospital.names.values())
    assert names
    assert not [name for name in names if name in text]
    assert not [card for card in busy_day.hospital.cards if f"'{card}'" in text]


def test_the_journal_is_sound_and_open_to_its_writer_afterwards(journal: Path) -> None:
    brought_up(journal)
    writer = SqliteJournal(journal, "test")
    writer.append(Batch(NINE, (e.HelpAsked(NINE, "k1"),)))
    writer.close()
    with opened(journal) as db:
        assert all(finding.ok for finding in check(db))


def test_the_writer_goes_on_between_any_two_transactions(journal: Path) -> None:
    writer = SqliteJournal(journal, "test")
    rests = 0

    def write() -> None:
        nonlocal rests
        rests += 1
        writer.append(Batch(NINE, (e.HelpAsked(NINE, f"k{rests}"),)))

    with opened_to_write(journal) as db:
        catch_up(db, journal, ZONE, rest=write, slice_of=5)
        after = catch_up(db, journal, ZONE)
    assert rests > 10
    assert after.position == writer.position
    writer.close()


def test_made_while_the_writer_is_in_the_middle_of_a_commit(journal: Path) -> None:
    """A transaction that read first and wants to write later would fail at once instead of waiting."""
    writer = sqlite3.connect(journal, isolation_level=None, check_same_thread=False)
    writer.execute("BEGIN IMMEDIATE")
    threading.Timer(0.2, lambda: writer.execute("COMMIT")).start()
    brought_up(journal)
    writer.close()
    assert dump(journal)["report_visits"]


def test_rooms_that_only_pause_are_counted_where_the_site_file_names_them(tmp_path: Path) -> None:
    text = """
        [site]
        timezone = "Asia/Shanghai"
        [groups.resp]
        name = { zh = "呼吸内科", en = "Respiratory" }
        kind = "clinic"
        [points.a1]
        name = { zh = "1 诊室", en = "Room 1" }
        group = "resp"
    """
    events = (
        e.DayOpened(clock(7), date(2026, 3, 2)),
        e.SiteLoaded(clock(7), "v1", text),
        e.PointPaused(clock(8), "a1", "wang", "会诊"),
        e.PointOpened(clock(9), "a1", "wang"),
    )
    path = kept(events, tmp_path)
    brought_up(path)
    with rows(path) as db:
        found = dict(db.execute("SELECT * FROM report_points_day").fetchone())
        named = db.execute("SELECT zh, en FROM report_points").fetchone()
    assert (found["point"], found["paused_s"], found["busy_s"]) == ("a1", 3600, 0)
    assert tuple(named) == ("1 诊室", "Room 1")


def test_hours_are_made_anew_when_the_zone_changes(journal: Path) -> None:
    brought_up(journal)
    with opened_to_write(journal) as db:
        catch_up(db, journal, ZoneInfo("UTC"))
    with rows(journal) as db:
        assert db.execute("SELECT min(hour) FROM report_visits WHERE hour < 7").fetchone()[0] == 0


def test_without_a_journal_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="no journal"), opened_to_write(tmp_path / "journal.db"):
        pass
    assert not list(tmp_path.iterdir())


def test_every_column_and_view_is_documented() -> None:
    docs = (Path(__file__).parents[3] / "docs" / "reports.md").read_text(encoding="utf-8")
    for table in REPORTS:
        assert f"`{table.name}`" in docs
        for column in table.columns:
            assert f"| `{column.name}` | {column.meaning} |" in docs, (table.name, column.name)
    for name, (meaning, _) in VIEWS.items():
        assert f"| `{name}` | {meaning} |" in docs
