"""The journal in a SQLite file."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.core import events as e
from queue_server.errors import (
    CommitFailed,
    JournalDamaged,
    JournalError,
    JournalLocked,
    JournalTooNew,
)
from queue_server.journal import Batch, Mark, MarkChange, MemoryJournal, Rejected, SqliteJournal
from queue_server.journal.rejected import KEPT_OF_AGENT, PAYLOAD_KEPT
from tests.queue_server.core.makers import NINE

K1 = ("k1", "00112233445566aa")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[SqliteJournal]:
    journal = SqliteJournal(path, "test")
    yield journal
    journal.close()


def named(child: int) -> e.Event:
    return e.PatientNamed(NINE, f"p{child}", f"张小{child}")


def asked(path: Path, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.commit()
        connection.close()


def rejected(n: int, agent: str = "k1", size: int = 10, at: datetime = NINE) -> Rejected:
    payload = str(n).encode().ljust(size, b"x")
    return Rejected("some/topic", "not_json", "why", payload, at, agent, K1[1], n)


def test_a_new_journal_is_empty_and_a_batch_moves_its_position(journal: SqliteJournal) -> None:
    assert (journal.position, list(journal.replay())) == (0, [])
    assert journal.append(Batch(NINE, (named(1), named(2)))) == 2
    assert journal.append(Batch(NINE, (named(3),))) == 3
    assert list(journal.replay()) == [named(1), named(2), named(3)]


def test_events_and_marks_are_there_after_opening_again(path: Path) -> None:
    journal = SqliteJournal(path, "test")
    journal.append(Batch(NINE, (named(1),), (MarkChange(*K1, 1, (3, 4)),)))
    journal.append(Batch(NINE + timedelta(1), (), (MarkChange("k2", K1[1], 7),)))
    journal.close()
    again = SqliteJournal(path, "test")
    assert again.position == 1
    assert list(again.replay()) == [named(1)]
    assert list(again.marks()) == [Mark(*K1, 1, frozenset({3, 4})), Mark("k2", K1[1], 7)]
    again.close()


def test_closed_up_numbers_are_no_longer_kept_apart(journal: SqliteJournal) -> None:
    journal.append(Batch(NINE, (), (MarkChange(*K1, 1, (3, 5)),)))
    journal.append(Batch(NINE, (), (MarkChange(*K1, 3, (), closed_up=True),)))
    assert list(journal.marks()) == [Mark(*K1, 3, frozenset({5}))]


changes = st.builds(
    MarkChange,
    st.sampled_from(["k1", "k2"]),
    st.just(K1[1]),
    st.integers(0, 9),
    st.frozensets(st.integers(10, 20), max_size=3).map(tuple),
    st.just(True),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(changes, max_size=6))
def test_the_journal_in_memory_keeps_marks_as_the_one_on_disk_does(
    tmp_path_factory: pytest.TempPathFactory, changed: list[MarkChange]
) -> None:
    disk = SqliteJournal(tmp_path_factory.mktemp("j") / "journal.db", "test")
    memory, stored = MemoryJournal(), set[tuple[str, int]]()
    for n, change in enumerate(changed):
        new = tuple(seq for seq in change.beyond if (change.agent, seq) not in stored)
        stored.update((change.agent, seq) for seq in new)
        change = MarkChange(change.agent, change.install, change.contiguous, new, True)
        for journal in (disk, memory):
            journal.append(Batch(NINE + timedelta(seconds=n), (), (change,)))
    assert list(disk.marks()) == list(memory.marks())
    disk.close()


def test_a_failed_commit_leaves_nothing_and_says_what_to_do(path: Path) -> None:
    journal = SqliteJournal(path, "test")
    journal.append(Batch(NINE, (named(1),)))
    journal._db.execute("PRAGMA max_page_count = 30")  # a full disk, as SQLite sees it
    with pytest.raises(CommitFailed, match=r"full.* Nothing that was acknowledged is lost"):
        journal.append(Batch(NINE, tuple(named(n) for n in range(5000)), (MarkChange(*K1, 9),)))
    assert journal.position == 1
    assert list(journal.replay()) == [named(1)]
    assert list(journal.marks()) == []
    journal.close()


def test_two_servers_can_not_use_one_journal(journal: SqliteJournal, path: Path) -> None:
    with pytest.raises(JournalLocked, match=r"process \d+.*Stop it first"):
        SqliteJournal(path, "test")


def test_a_journal_belongs_to_its_site(path: Path) -> None:
    SqliteJournal(path, "test").close()
    with pytest.raises(JournalError, match="belongs to the site 'test', not to 'other'"):
        SqliteJournal(path, "other")
    SqliteJournal(path, "test").close()


def test_a_journal_of_a_newer_version_is_left_alone(path: Path) -> None:
    SqliteJournal(path, "test").close()
    asked(
        path,
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
        "VALUES ('daozhen.journal', 'm999_future', '2030')",
    )
    with pytest.raises(JournalTooNew, match="m999_future"):
        SqliteJournal(path, "test")


def test_something_that_is_no_journal_is_refused_with_a_sentence(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database at all " * 100)
    with pytest.raises(JournalDamaged, match="can't be read: file is not a database"):
        SqliteJournal(path, "test")


def test_a_folder_that_can_not_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(JournalError, match="--data"):
        SqliteJournal(tmp_path / "file" / "journal.db", "test")


def test_a_missing_event_is_noticed_at_replay(journal: SqliteJournal, path: Path) -> None:
    journal.append(Batch(NINE, (named(1), named(2), named(3))))
    asked(path, "DELETE FROM events WHERE position = 2")
    with pytest.raises(JournalDamaged, match="event 2 is missing"):
        list(journal.replay())


def test_an_event_of_an_unknown_type_is_named_at_replay(journal: SqliteJournal, path: Path) -> None:
    journal.append(Batch(NINE, (named(1), named(2))))
    asked(path, "UPDATE events SET type = 'Teleported' WHERE position = 2")
    with pytest.raises(JournalDamaged, match=r"Event 2 .*'Teleported'"):
        list(journal.replay())


def test_any_sql_tool_can_read_along(journal: SqliteJournal, path: Path) -> None:
    journal.append(Batch(NINE, (e.HelpAsked(NINE, "k1"), e.VisitCancelled(NINE, "v1", "desk"))))
    assert asked(path, "SELECT type, visit, body ->> 'agent', written_at FROM events") == [
        ("HelpAsked", None, "k1", "2026-03-02T01:00:00.000Z"),
        ("VisitCancelled", "v1", None, "2026-03-02T01:00:00.000Z"),
    ]


# ---- rejected messages --------------------------------------------------------------------------


def test_the_same_rubbish_again_only_raises_its_count(journal: SqliteJournal, path: Path) -> None:
    journal.append(Batch(NINE, rejected=(rejected(1), rejected(1))))
    journal.append(Batch(NINE, rejected=(rejected(1, at=NINE + timedelta(hours=1)),)))
    assert asked(path, "SELECT count, first_at, last_at FROM rejected") == [
        (3, "2026-03-02T01:00:00.000Z", "2026-03-02T02:00:00.000Z")
    ]


def test_a_flood_of_rubbish_is_counted_but_does_not_fill_the_disk(
    journal: SqliteJournal, path: Path
) -> None:
    for start in range(0, 1000, 100):
        flood = tuple(rejected(n, size=100_000) for n in range(start, start + 100))
        journal.append(Batch(NINE, rejected=flood))
    journal.append(Batch(NINE, rejected=(rejected(1, "k2"),)))
    kept = asked(
        path, "SELECT agent, count(*), max(length(payload)), max(bytes) FROM rejected GROUP BY 1"
    )
    assert kept == [("k1", KEPT_OF_AGENT, PAYLOAD_KEPT, 100_000), ("k2", 1, 10, 10)]
    assert asked(path, "SELECT agent, count FROM rejected_totals") == [("k1", 1000), ("k2", 1)]
    assert path.stat().st_size < 20_000_000


def test_invented_agent_names_do_not_fill_the_disk_either(
    journal: SqliteJournal, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("queue_server.journal.rejected.AGENTS_COUNTED", 5)
    journal.append(Batch(NINE, rejected=tuple(rejected(n, f"k{n}") for n in range(20))))
    assert asked(path, "SELECT count(DISTINCT agent), sum(count) FROM rejected_totals") == [(6, 20)]


def test_nobody_else_may_read_the_journal(journal: SqliteJournal, path: Path) -> None:
    journal.append(Batch(NINE, (named(1),)))
    files = list(path.parent.glob("journal.db*"))
    assert len(files) >= 2
    for file in files:
        assert file.name.endswith("lock") or file.stat().st_mode & 0o077 == 0, file
