"""`queue-server report` and `queue-server history`."""

import csv
import io
from pathlib import Path

import pytest

from queue_server.cli import main
from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.reports import NAMES
from tests.queue_server.core.makers import NINE, Day, minutes
from tests.queue_server.reports.days import kept

SITE = """
[site]
timezone = "Asia/Shanghai"
[groups.resp]
name = { zh = "呼吸内科", en = "Respiratory clinic" }
kind = "clinic"
[points.a1]
name = { zh = "1 诊室", en = "Room 1" }
group = "resp"
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    day = Day()
    for child in "12":
        day.arrive(child)
        day.now += minutes(1)
    day.do(c.CallOne("a1", "v-2", "nurse", "高热"))
    day.do(c.Start("a1", "wang"), minutes(1))
    day.do(c.Finish("a1", "wang"), minutes(8))
    kept([e.SiteLoaded(NINE, "v1", SITE), *day.events], tmp_path)
    return tmp_path


def run(*words: object) -> int:
    return main([str(word) for word in words])


def test_the_day_in_figures(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("report", "day", "2026-03-02", "--data", data) == 0
    said = capsys.readouterr().out
    assert "2  Registered" in said
    assert "1 / 1 Respiratory clinic (1)" in " ".join(said.split())
    assert run("report", "day", "2026-03-02", "--lang", "zh", "--data", data) == 0
    assert "呼吸内科" in capsys.readouterr().out


def test_a_day_without_anything(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("report", "day", "2026-03-09", "--data", data) == 0
    assert "Nobody was registered" in capsys.readouterr().out


@pytest.mark.parametrize("table", NAMES)
def test_every_table_as_csv(data: Path, capsys: pytest.CaptureFixture[str], table: str) -> None:
    assert run("report", "csv", table, "--data", data) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert rows[0]
    assert all(len(row) == len(rows[0]) for row in rows)


def test_catching_up_says_how_far(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("report", "catch-up", "--data", data) == 0
    said = capsys.readouterr()
    assert "visits counted" in said.err
    assert "up to event" in said.out
    assert run("report", "catch-up", "--data", data) == 0
    assert capsys.readouterr().err == ""
    assert run("report", "catch-up", "--anew", "--data", data) == 0
    assert "visits counted" in capsys.readouterr().err


@pytest.mark.parametrize(
    "what", [("--ticket", "A002"), ("--name", "小2"), ("--card", "card-2"), ("--visit", "v-2")]
)
def test_a_story_is_found_and_told(
    data: Path, capsys: pytest.CaptureFixture[str], what: tuple[str, str]
) -> None:
    assert run("history", *what, "--data", data) == 0
    said = capsys.readouterr().out
    assert "09:02  Called by nurse: Respiratory clinic, to Room 1." in said
    assert "gave the reason: 高热" in said
    assert "张小2" not in said
    assert "张*2" in said


def test_names_are_shown_when_asked_for(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("history", "--name", "张", "--names", "--day", "2026-03-02", "--data", data) == 0
    said = capsys.readouterr().out
    assert "张小1" in said
    assert "张小2" in said


def test_nothing_found_is_status_one(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("history", "--ticket", "Z9", "--data", data) == 1
    assert "Nothing was found." in capsys.readouterr().err
    assert run("history", "--visit", "nobody", "--data", data) == 2
    assert "no visit 'nobody'" in capsys.readouterr().err


def test_without_a_journal_there_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("report", "day", "--data", tmp_path) == 2
    assert "no journal" in capsys.readouterr().err


def test_a_day_can_be_written_as_pdf(data: Path, tmp_path: Path) -> None:
    assert run("report", "day", "2026-03-02", "--data", data, "--pdf", tmp_path / "day.pdf") == 0
    assert (tmp_path / "day.pdf").read_bytes().startswith(b"%PDF-")
