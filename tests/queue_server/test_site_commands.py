"""`site check` and `journal site`, for the person who writes the file."""

from pathlib import Path

import pytest

from queue_server.cli import main
from queue_server.core import events as e
from queue_server.journal import Batch, SqliteJournal
from tests.queue_server.core.makers import NINE

SITES = Path(__file__).parents[2] / "daozhen" / "sites"


def run(*words: object) -> int:
    return main([str(word) for word in words])


def test_a_file_that_can_be_used_is_summed_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("site", "check", SITES / "small.toml", "--day", "2026-03-02") == 0
    told = capsys.readouterr().out
    assert "4 areas, 5 lines, 10 points" in told
    assert "resp-1 (lin), resp-2 (zhou)" in told
    assert "early_minutes = 60" in told
    assert told.endswith("9 registrations. The file can be used.\n")


def test_what_may_not_be_meant_is_noted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    odd = tmp_path / "odd.toml"
    text = (SITES / "small.toml").read_text("utf-8")
    text = text.replace("early_minutes = 60", "late_every = 5")
    text = text.replace('group = "cashier"', 'group = "cashier"\nclasses = ["infant"]')
    nobody = '\n[doctors.nobody]\nname = { zh = "某医生", en = "Dr Nobody" }\n'
    odd.write_text(text + nobody, encoding="utf-8")
    assert run("site", "check", odd) == 0
    told = capsys.readouterr().out
    assert 'note: resp: late_every has no effect without late = "every_nth"' in told
    assert "note: cashier: every point is for priority classes" in told
    assert "note: the doctor nobody sits nowhere" in told


def test_what_is_wrong_with_a_file_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text((SITES / "small.toml").read_text("utf-8").replace('"lab"\narea', '"labb"\narea'))
    assert run("site", "check", bad) == 2
    assert "did you mean 'lab'?" in capsys.readouterr().err


def test_every_version_that_was_in_force_can_be_read_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journal = SqliteJournal(tmp_path / "journal.db", "test")
    journal.append(Batch(NINE, (e.SiteLoaded(NINE, "v1", "a = 1\n"),)))
    journal.append(Batch(NINE, (e.SiteLoaded(NINE, "v2", "a = 2\n"),)))
    journal.close()
    assert run("journal", "site", "--data", tmp_path) == 0
    assert run("journal", "site", "v1", "--data", tmp_path) == 0
    assert capsys.readouterr().out == "a = 2\na = 1\n"
    assert run("journal", "site", "--list", "--data", tmp_path) == 0
    assert [line.split()[2] for line in capsys.readouterr().out.splitlines()] == ["v1", "v2"]
    assert run("journal", "site", "v3", "--data", tmp_path) == 2
    assert "no version v3" in capsys.readouterr().err
