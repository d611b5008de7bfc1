"""A day by the real programs: server, journal, broker, agents, HTTP."""

import json
import sqlite3
from pathlib import Path

import pytest

from beacon_sim.cli import main


def test_in_step_every_call_is_that_of_the_pure_run(tmp_path: Path) -> None:
    folder, out = tmp_path / "day", tmp_path / "out.json"
    given = ["live", "--seed", "11", "--visits", "100", "--lockstep"]
    assert main([*given, "--folder", str(folder), "--json", str(out)]) == 0
    found = json.loads(out.read_text("utf-8"))
    assert found["same"] is True
    assert found["same_minutes"] is True
    assert found["same_as_run"] is True
    assert (
        found["compared"]["equal"] == found["compared"]["pure"] == found["compared"]["live"] > 200
    )
    assert found["failed"] == {}
    assert found["scans"] >= 98
    with sqlite3.connect(folder / "server" / "journal.db") as db:
        kinds = dict(db.execute("SELECT type, count(*) FROM events GROUP BY type"))
        ways = {
            json.loads(body)["way"]
            for (body,) in db.execute("SELECT body FROM events WHERE type = 'CheckedIn'")
        }
    db.close()
    assert kinds["Called"] == found["compared"]["live"]
    assert ways == {"qr"}


def test_with_a_running_clock_the_order_comes_near(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["live", "--seed", "11", "--visits", "12", "--speed", "20000", "--json", "-"]
    assert main([*given, "--folder", str(tmp_path / "day")]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["compared"]["live"] >= 12
    assert found["compared"]["rank_correlation"] > 0
    assert found["lags_s"][0] < 600
    assert found["failed"] == {}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--visits", "0"], "--visits must be from 1 to 8,000; it is 0."),
        (["--speed", "0.5"], "--speed must be from 1 to 20,000; it is 0.5."),
        (["--visits", "9", "--broker", "mqtt://127.0.0.1:1"], "did not find the server"),
    ],
)
def test_what_cannot_be_played_is_said_in_a_sentence(
    given: list[str], said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("beacon_sim.live.kiosks.READY_WITHIN_S", 0.5)
    assert main(["live", *given]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error


def test_a_folder_that_holds_another_day_is_not_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "server").mkdir()
    (tmp_path / "server" / "journal.db").touch()
    assert main(["live", "--folder", str(tmp_path)]) == 2
    assert "holds the journal of another day" in capsys.readouterr().err
