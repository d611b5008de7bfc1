"""The commands beside `run`."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from queue_server.cli import main
from queue_server.core import events as e
from queue_server.journal import Batch, Rejected, SqliteJournal
from tests.queue_server.core.makers import NINE


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    journal = SqliteJournal(tmp_path / "journal.db", "test")
    poison = Rejected("some/topic", "not_json", "why", b"\xff\x00", NINE, "k1")
    events = (e.PatientNamed(NINE, "p1", "张小宝"), e.VisitCancelled(NINE, "v1", "desk"))
    journal.append(Batch(NINE, events, rejected=(poison,)))
    journal.close()
    return tmp_path


def run(*words: object) -> int:
    return main([str(word) for word in words])


def test_a_sound_journal_is_found_sound(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("journal", "check", "--data", data) == 0
    assert capsys.readouterr().out.count("ok ") == 3


@pytest.mark.parametrize(
    "sql",
    ["DELETE FROM events WHERE position = 1", "UPDATE events SET body = '{' WHERE position = 2"],
)
def test_damage_is_found(data: Path, capsys: pytest.CaptureFixture[str], sql: str) -> None:
    journal = SqliteJournal(data / "journal.db", "test")
    journal._db.execute(sql)
    journal.close()
    assert run("journal", "check", "--data", data) == 1
    assert capsys.readouterr().out.count("BAD") == 1


def test_the_last_events_are_shown(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("journal", "tail", "-n", 1, "--data", data) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert "VisitCancelled" in line


def test_events_are_exported_as_json_all_or_those_of_a_visit(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("journal", "export", "--data", data)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["body"].get("name") for line in lines] == ["张小宝", None]
    run("journal", "export", "--visit", "v1", "--data", data)
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_rejected_messages_are_listed_and_shown(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("rejected", "list", "--data", data) == 0
    assert "not_json" in capsys.readouterr().out
    assert run("rejected", "show", 1, "--data", data) == 0
    assert r"b'\xff\x00'" in capsys.readouterr().out
    assert run("rejected", "show", 99, "--data", data) == 1


def test_accounts_are_made_listed_and_removed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "password").write_text("correct horse\n")
    add = ("account", "add", "chen", "--role", "nurse", "--data", tmp_path)
    assert run(*add, "--password-file", tmp_path / "password") == 0
    run("account", "list", "--data", tmp_path)
    assert "nurse        chen" in capsys.readouterr().out
    run("account", "remove", "chen", "--data", tmp_path)
    run("account", "list", "--data", tmp_path)
    assert "chen" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("journal", "check", "--data", "/nowhere"), "There is no journal at /nowhere/journal.db"),
        (("run", "--config", "/nowhere/server.toml"), "/nowhere/server.toml can't be read"),
        (("run", "--site", "/nowhere/site.toml"), "The site file /nowhere/site.toml can't be read"),
    ],
)
def test_what_can_not_be_done_is_told_in_a_sentence(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    assert run(*words) == 2
    shown = capsys.readouterr().err
    assert told in shown
    assert "Traceback" not in shown


def test_a_file_that_is_no_journal_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "journal.db").write_bytes(b"not a database " * 100)
    assert run("journal", "check", "--data", tmp_path) == 2
    assert "can't be read" in capsys.readouterr().err
