"""Recordings of adverts: our own, and tracks of a public data set.

* **Ours** (`.jsonl`): a first line that says what it is, then one line an advert that carried tokens. Devices are numbered; no
  address is written down.
* **Tracks** (`.mbd`): comma-separated time (Unix seconds), sensor, beacon, RSSI, then the beacon's true x, y, z in metres and
  its orientation. The beacon's token is made from its name, as `beacon_key` says.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from edge_agent.core.presence import Heard
from edge_agent.radio.port import BadRadio
from protocol.checkin_token import Carried, Carrier, CheckinToken, Flags, token_at

FORMAT: Final = "daozhen-ble-1"


@dataclass(frozen=True, slots=True)
class TrackRow:
    """One line of a track; the position is the beacon's true one, in metres."""

    at_s: float
    sensor: str
    beacon: str
    rssi_dbm: int
    x_m: float
    y_m: float
    z_m: float
    truth: str
    """All columns after the level, as they stand."""


def beacon_key(beacon: str) -> bytes:
    """The visit key that a recorded beacon is given: the first 16 bytes of SHA-256 of its name."""
    return hashlib.sha256(beacon.encode()).digest()[:16]


def read_track(path: Path) -> Iterator[TrackRow]:
    """All rows of a track, as they stand.

    Raises:
        BadRadio: a line is none of a track; the message says which.
        OSError: the file can't be read.
    """
    with path.open(encoding="ascii", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            cells = line.split(",")
            try:
                x_m, y_m, z_m = map(float, cells[4:7])
                truth = ",".join(cells[4:]).strip()
                at_s, rssi = float(cells[0]), int(cells[3])
                yield TrackRow(at_s, cells[1], cells[2], rssi, x_m, y_m, z_m, truth)
            except (ValueError, IndexError) as error:
                raise BadRadio(
                    f"{path}, line {number} is no line of a track: it must begin with time, sensor, beacon, RSSI, x, y, z."
                ) from error


def track_as_heard(path: Path, sensor: str, unix_s: float) -> Iterator[Heard]:
    """What one sensor heard, its times counted from 0; tokens are those of the moment `unix_s` + that time."""
    first_s: float | None = None
    for row in read_track(path):
        first_s = row.at_s if first_s is None else first_s
        if row.sensor == sensor:
            at_s = row.at_s - first_s
            token = token_at(beacon_key(row.beacon), unix_s + at_s)
            yield Heard(at_s, row.beacon, row.rssi_dbm, (Carried(token, Carrier.SERVICE_UUID),))


class Recorder:
    """Writes a recording of ours, advert by advert.

    Args:
        out: where to; flushed with every line, for a recording is cut off by switching off.
        agent: whose it is.
    """

    def __init__(self, out: TextIO, agent: str) -> None:
        self._out = out
        self._numbers: dict[str, int] = {}
        self._first_s: float | None = None
        self.written = 0
        self._line({"recording": FORMAT, "agent": agent})

    def __call__(self, heard: Heard) -> None:
        """Write one advert."""
        if self._first_s is None:
            self._first_s = heard.at_s
        if len(self._numbers) >= 100_000:
            self._numbers.clear()
        device = self._numbers.setdefault(heard.address, len(self._numbers) + 1)
        tokens = [
            [each.token.text, int(each.token.flags), each.carrier.value] for each in heard.tokens
        ]
        at = round(heard.at_s - self._first_s, 4)
        self._line({"at": at, "device": device, "rssi": heard.rssi_dbm, "tokens": tokens})
        self.written += 1

    def _line(self, value: dict[str, object]) -> None:
        self._out.write(json.dumps(value, separators=(",", ":")) + "\n")
        self._out.flush()


def read_recording(path: Path) -> Iterator[Heard]:
    """The adverts of a recording of ours, times counted from 0.

    Raises:
        BadRadio: it is none; the message says where.
        OSError: the file can't be read.
    """
    with path.open(encoding="utf-8") as lines:
        try:
            head = json.loads(next(lines, "null"))
        except ValueError:
            head = None
        if not isinstance(head, dict) or head.get("recording") != FORMAT:
            raise BadRadio(f"{path} is no recording: its first line must say {FORMAT!r}.")
        for number, line in enumerate(lines, 2):
            if not line.endswith("\n"):
                return  # the last line may be cut off where a machine was switched off
            try:
                yield _heard(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                raise BadRadio(f"{path}, line {number} is no advert: {error}") from error


def _heard(value: dict[str, object]) -> Heard:
    at, device, rssi, tokens = (value[name] for name in ("at", "device", "rssi", "tokens"))
    if not isinstance(at, int | float) or not isinstance(rssi, int) or not isinstance(tokens, list):
        raise TypeError("at, rssi and tokens must be a number, a whole number and a list")
    carried = tuple(
        Carried(CheckinToken(bytes.fromhex(text), Flags(flags)), Carrier(carrier))
        for text, flags, carrier in tokens
    )
    return Heard(float(at), str(device), rssi, carried)
