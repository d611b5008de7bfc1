"""`beacon-sim faults`: its status, its table, its file."""

import json
from pathlib import Path

import pytest

from beacon_sim.cli import main
from beacon_sim.faults.command import DayRow, as_json, table

LOST = DayRow(7, ("09:00 …",), 149, 3, 1, 180, 400, 390, {"own scan": 2, "carried": 1, "in line": 3,
    "one guardian": 0, "unexplained": 1}, ("v1 …",), (("check-in lost", "v1 …"),))  # fmt: skip


def test_a_day_is_told_and_its_figures_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "days.json"
    assert main(["faults", "--seed", "2", "--json", str(file)]) == 0
    told = capsys.readouterr().out
    assert "the server is killed" in told or "kiosk" in told
    rows = {row["name"]: row for row in json.loads(file.read_text())["rows"]}
    assert rows["check-ins lost"] == {
        "name": "check-ins lost", "load": None, "value": 0, "goal": 0, "met": True,
    }  # fmt: skip
    assert rows["check-ins"]["value"] > 140


def test_what_was_lost_stands_out() -> None:
    shown = table([LOST])
    assert "check-ins lost                                       1  MUST BE 0" in shown
    assert "differences unexplained                              1  MUST BE 0" in shown
    rows = as_json([LOST])["rows"]
    assert isinstance(rows, list)
    assert [row["name"] for row in rows if row["met"] is False] == [
        "check-ins lost",
        "differences unexplained",
    ]


def test_there_must_be_a_day(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["faults", "--days", "0"]) == 2
    assert "at least one day" in capsys.readouterr().err
