"""One clock for several processes."""

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from beacon_sim import SharedClock
from beacon_sim.live.by_clock import main

EIGHT = datetime(2026, 3, 2, 8, 0, 0, 123_457, tzinfo=UTC)


def test_a_clock_stands_where_it_was_set_for_all_who_share_it(tmp_path: Path) -> None:
    clock = SharedClock.made(tmp_path / "clock", EIGHT)
    other = SharedClock.joined(tmp_path / "clock")
    assert clock.now() == other.now() == EIGHT
    assert clock.speed == 0
    clock.stand(EIGHT + timedelta(microseconds=1))
    assert other.now() == EIGHT + timedelta(microseconds=1)


def test_a_running_clock_runs_so_many_times_as_fast_as_ours(tmp_path: Path) -> None:
    clock = SharedClock.made(tmp_path / "clock", EIGHT)
    began_s = time.monotonic()
    clock.run(EIGHT, 600)
    time.sleep(0.05)
    passed = (SharedClock.joined(tmp_path / "clock").now() - EIGHT).total_seconds()
    assert 0.05 * 600 <= passed <= (time.monotonic() - began_s) * 600
    first, second = clock.now(), clock.now()
    assert first <= second


def test_another_process_reads_the_same_moment(tmp_path: Path) -> None:
    SharedClock.made(tmp_path / "clock", EIGHT)
    code = (
        "import sys; from pathlib import Path; from beacon_sim import SharedClock; "
        "print(SharedClock.joined(Path(sys.argv[1])).now().isoformat())"
    )
    asked = [sys.executable, "-c", code, str(tmp_path / "clock")]
    said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    assert datetime.fromisoformat(said.strip()) == EIGHT


def test_a_clock_that_nobody_made_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="clock"):
        SharedClock.joined(tmp_path / "clock")


def test_only_known_programs_live_by_another_clock(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    SharedClock.made(tmp_path / "clock", EIGHT)
    assert main(str(tmp_path / "clock"), "sundial", "none.toml") == 2
    assert "sundial can't be run by another clock" in capsys.readouterr().err
