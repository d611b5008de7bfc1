"""Recorded radio: counted, and played through the fake BlueZ without a loss."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from beacon_sim.cli import main
from beacon_sim.tracks import figures_of, play_through_bleak
from edge_agent.core import Heard
from edge_agent.radio import BadRadio, Recorder, read_recording, read_track
from protocol.checkin_token import Carried, Carrier, token_at

SHARED = Path(__file__).parents[4] / "shared" / "data" / "ble"
MADE = Path(__file__).parents[2] / "edge_agent" / "radio" / "walk.mbd"


def track() -> Path:
    """The shortest public track where it is; else the one that the repository has."""
    public = SHARED / "straight_03.mbd"
    return public if public.is_file() else MADE


def test_every_advert_of_a_track_reaches_bleak_as_it_was_recorded() -> None:
    compared, heard = asyncio.run(play_through_bleak(track()))
    assert all((each.lost, each.other_level) == (0, 0) for each in compared)
    assert heard == list(read_track(track()))


def test_a_level_that_can_not_be_is_passed_on_for_the_agent_to_disbelieve() -> None:
    _, heard = asyncio.run(play_through_bleak(MADE))
    assert 42 in [row.rssi_dbm for row in heard]


def test_what_was_heard_is_written_as_a_track(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "heard.mbd"
    table = tmp_path / "table.json"
    assert main(["replay", str(MADE), "--out", str(out), "--json", str(table)]) == 0
    assert [(row.sensor, row.rssi_dbm, row.truth) for row in read_track(out)] == [
        (row.sensor, row.rssi_dbm, row.truth) for row in read_track(MADE)
    ]
    assert sum(each["heard"] for each in json.loads(table.read_text())) == 8
    assert "other level" in capsys.readouterr().out


def test_the_figures_of_a_track() -> None:
    figures = figures_of(MADE)
    assert (figures.adverts, figures.beacons, len(figures.sensors)) == (8, 1, 2)
    first, second = figures.sensors
    assert (first.adverts, first.median_dbm, first.most_dbm, first.disbelieved) == (5, -66, -61, 0)
    assert (second.adverts, second.disbelieved, second.least_dbm) == (3, 1, -80)
    assert figures.walked_m == pytest.approx(0.5, abs=0.01)


def test_the_figures_of_a_recording_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "hall.jsonl"
    with path.open("w") as out:
        record = Recorder(out, "door-a")
        for number in range(5):
            carried = Carried(token_at(bytes(16), 0), Carrier.SERVICE_UUID)
            record(Heard(number * 0.1, "C0:FF:EE:00:00:01", -60 - number, (carried,)))
    figures = figures_of(path)
    [device] = figures.sensors
    assert (figures.adverts, figures.beacons, figures.walked_m) == (5, 1, None)
    assert (device.name, device.median_dbm) == ("device 1", -62)
    assert device.per_s == pytest.approx(10)


@pytest.mark.parametrize("command", ["replay", "stats"])
@pytest.mark.parametrize("content", [None, "hello\n"])
def test_what_is_no_track_is_said_in_a_sentence(
    command: str, content: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.mbd"
    if content:
        path.write_text(content)
    assert main([command, str(path)]) == 2
    said = capsys.readouterr().err
    assert str(path) in said
    assert "Traceback" not in said


def test_an_agents_radio_is_recorded_and_can_be_replayed(tmp_path: Path) -> None:
    """`record` from a replayed track: what a sensor heard, as a recording of ours."""
    out = tmp_path / "door.jsonl"
    radio = f"replay:{MADE}?sensor=aa0000000001&speed=10"
    assert main(["record", str(out), "--bluetooth", radio, "--seconds", "1"]) == 0
    assert [each.rssi_dbm for each in read_recording(out)] == [-70, -69, -66, -65, -61]
    assert main(["record", str(out), "--bluetooth", radio]) == 2, "it is there already"


def test_a_radio_that_is_not_there_is_said_and_recorded_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    radio = f"replay:{tmp_path / 'none.jsonl'}"
    assert (
        main(["record", str(tmp_path / "a.jsonl"), "--bluetooth", radio, "--seconds", "0.6"]) == 1
    )
    assert "Bluetooth replay none.jsonl is not there" in capsys.readouterr().err


def test_a_real_agent_program_hears_a_served_track(tmp_path: Path) -> None:
    program = Path(sys.executable).parent
    serving = subprocess.Popen(
        [str(program / "beacon-sim"), "replay", str(MADE), "--serve", "--speed", "1"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert serving.stdout is not None
    address = serving.stdout.readline().strip().partition("=")[2]
    out = tmp_path / "served.jsonl"
    heard = subprocess.run(
        [
            str(program / "edge-agent"),
            "record",
            str(out),
            "--bluetooth",
            "hci0",
            "--seconds",
            "1.5",
        ],
        env={**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": address},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    said, _ = serving.communicate(timeout=30)
    assert "8 adverts played" in said
    assert [each.rssi_dbm for each in read_recording(out)] == [-70, -69, -66, -65, -61], heard


def test_another_file_is_refused_where_a_track_is_wanted() -> None:
    with pytest.raises(BadRadio):
        asyncio.run(play_through_bleak(Path(__file__)))
