"""Recordings: written, read, replayed; and public tracks."""

import hashlib
import io
import itertools
import json
from collections import Counter
from pathlib import Path

import pytest

from edge_agent.core.presence import Heard
from edge_agent.radio import (
    BadRadio,
    Recorder,
    beacon_key,
    read_recording,
    read_track,
    track_as_heard,
)
from protocol.checkin_token import Carried, Carrier, Flags, token_at

NOON = 1772424000
SHARED = Path(__file__).parents[4] / "shared" / "data" / "ble"
MADE = Path(__file__).parent / "walk.mbd"
"""A few invented lines in the format of the public tracks."""


def tracks() -> list[Path]:
    """The public tracks where they are; else what the repository has."""
    return sorted(SHARED.glob("*.mbd")) if SHARED.is_dir() else [MADE]


def adverts(count: int = 3) -> list[Heard]:
    return [
        Heard(
            number * 0.5,
            f"C0:FF:EE:00:00:{number % 2:02X}",
            -60 - number,
            (Carried(token_at(bytes(16), NOON, Flags.CAN_PROVE), Carrier.IBEACON),),
        )
        for number in range(count)
    ]


def recorded(heard: list[Heard], path: Path) -> Path:
    with path.open("w") as out:
        record = Recorder(out, "door-a")
        for each in heard:
            record(each)
    return path


def test_what_was_recorded_is_replayed(tmp_path: Path) -> None:
    again = list(read_recording(recorded(adverts(), tmp_path / "a.jsonl")))
    assert [(each.at_s, each.rssi_dbm, each.tokens) for each in again] == [
        (each.at_s, each.rssi_dbm, each.tokens) for each in adverts()
    ]


def test_no_address_is_written_down() -> None:
    out = io.StringIO()
    record = Recorder(out, "door-a")
    for each in adverts():
        record(each)
    assert "C0:FF" not in out.getvalue()
    assert [json.loads(line).get("device") for line in out.getvalue().splitlines()] == [
        None,
        1,
        2,
        1,
    ]


def test_a_recording_that_was_cut_off_is_read_up_to_there(tmp_path: Path) -> None:
    path = recorded(adverts(), tmp_path / "a.jsonl")
    path.write_bytes(path.read_bytes()[:-20])
    assert len(list(read_recording(path))) == 2


@pytest.mark.parametrize("content", ["", "hello\n", "{}\n", '{"recording":"other"}\n', "[1]\n"])
def test_a_file_that_is_no_recording_is_refused_with_a_sentence(
    tmp_path: Path, content: str
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(content)
    with pytest.raises(BadRadio, match="is no recording"):
        list(read_recording(path))


@pytest.mark.parametrize(
    "line",
    [
        "[]",
        '{"at":1}',
        '{"at":"x","device":1,"rssi":-60,"tokens":[]}',
        '{"at":1,"device":1,"rssi":-60,"tokens":[["zz",0,"x"]]}',
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    path = recorded([], tmp_path / "a.jsonl")
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(BadRadio, match="line 2"):
        list(read_recording(path))


@pytest.mark.parametrize("path", tracks(), ids=lambda path: path.stem)
def test_a_public_track_is_read_to_the_end(path: Path) -> None:
    rows = list(read_track(path))
    assert len(rows) > 5
    assert len({row.beacon for row in rows}) == 1
    assert all(-110 <= row.rssi_dbm <= 42 for row in rows)
    assert len({row.sensor for row in rows}) <= 12


def test_one_sensor_of_a_track_hears_its_own_lines_with_rolling_tokens() -> None:
    path = tracks()[0]
    rows = list(read_track(path))
    sensor = Counter(row.sensor for row in rows).most_common(1)[0][0]
    heard = list(track_as_heard(path, sensor, NOON))
    assert len(heard) == sum(row.sensor == sensor for row in rows)
    assert heard[0].tokens[0].token == token_at(beacon_key(rows[0].beacon), NOON + heard[0].at_s)
    assert all(before.at_s <= after.at_s + 1 for before, after in itertools.pairwise(heard))


def test_a_line_that_is_no_track_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.mbd"
    path.write_text("1581252284.7,b827eb4521b4,e78f135624ce,-84,11.7,4.2,1.7\nhello\n")
    with pytest.raises(BadRadio, match="line 2 is no line of a track"):
        list(read_track(path))


def test_the_key_of_a_beacon_is_the_hash_of_its_name() -> None:
    assert beacon_key("e78f135624ce") == hashlib.sha256(b"e78f135624ce").digest()[:16]
