"""Recorded tracks: one beacon, carried about between fixed sensors, and where it truly was.

A line is `time,sensor,beacon,RSSI,x,y,z` and an orientation that nothing here needs; times in seconds, positions in metres.
The sensors' file has a line `Dongles:{"id": [[x, y, z], colour, "name"], …}`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from queue_server.whereabouts import Floats, Receiver

COLUMNS_LEAST: Final = 7
TOGETHER_S: Final = 0.1
"""Readings no further apart were made of one advertisement."""
BELIEVED_DBM: Final = range(-110, -15)
"""Radios also report +42 dBm and the like; such a reading is none."""


class TrackError(Exception):
    """A recording can't be used; the text says which line, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Sensor:
    """A fixed receiver of a recording."""

    id: str
    name: str
    x_m: float
    y_m: float
    z_m: float

    @property
    def group(self) -> str:
        """The room or corner it belongs to: its name without the last digit."""
        return self.name[:-1] if self.name[-1:].isdigit() else self.name

    def receiver(self, zone: str = "") -> Receiver:
        """The same for the product's code."""
        return Receiver(self.name, self.x_m, self.y_m, self.z_m, zone=zone or self.name)


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """A recording by advertisements: (looks,) times from 0, (looks, sensors) levels with NaN for unheard, (looks, 3) truth."""

    name: str
    began: float
    at_s: Floats
    level_dbm: Floats
    truth: Floats
    left_out: int
    """Readings that no radio can have made."""

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return float(self.at_s[-1] - self.at_s[0]) if len(self.at_s) else 0.0


def read_sensors(path: Path) -> tuple[Sensor, ...]:
    """Read the sensors' file.

    Raises:
        TrackError: it can't be read, or has no sensors.
    """
    lines = [line for line in _lines(path) if line.startswith("Dongles:")]
    if not lines:
        raise TrackError(f'{path}: no line begins with "Dongles:"; there the sensors are listed.')
    try:
        found = json.loads(lines[0].removeprefix("Dongles:"))
        return tuple(
            Sensor(str(id), str(name), float(x), float(y), float(z))
            for id, ((x, y, z), _colour, name) in found.items()
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise TrackError(
            f'{path}: the sensors can\'t be read ({error}); write "id": [[x, y, z], colour, "name"].'
        ) from error


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TrackError(f"{path} can't be read: {error}.") from error


@dataclass(frozen=True, slots=True)
class _Heard:
    at: float
    sensor: int
    level: int
    xyz: tuple[float, float, float]


def read_track(path: Path, sensors: Sequence[Sensor]) -> Track:
    """Read a recording, in the order of time.

    Raises:
        TrackError: a line can't be understood, or there is none.
    """
    column = {each.id: index for index, each in enumerate(sensors)}
    heard = [
        _heard(f"{path}, line {number}", line, column)
        for number, line in enumerate(_lines(path), start=1)
        if line.strip()
    ]
    if not heard:
        raise TrackError(f"{path} is empty.")
    heard.sort(key=lambda each: each.at)
    good = [each for each in heard if each.level in BELIEVED_DBM]
    looks: list[list[_Heard]] = []
    for each in good:
        if not looks or each.at - looks[-1][-1].at > TOGETHER_S:
            looks.append([])
        looks[-1].append(each)
    level = np.full((len(looks), len(sensors)), np.nan)
    for row, together in enumerate(looks):
        for each in together:
            level[row, each.sensor] = each.level
    return Track(
        path.stem,
        heard[0].at,
        np.array([together[0].at for together in looks]) - heard[0].at,
        level,
        np.array([together[0].xyz for together in looks]).reshape(-1, 3),
        len(heard) - len(good),
    )


def _heard(where: str, line: str, column: dict[str, int]) -> _Heard:
    parts = line.split(",")
    if len(parts) < COLUMNS_LEAST:
        raise TrackError(
            f"{where}: {len(parts)} columns; time,sensor,beacon,RSSI,x,y,z are needed."
        )
    if parts[1] not in column:
        raise TrackError(f"{where}: the sensor {parts[1]!r} is not in the sensors' file.")
    try:
        x, y, z = (float(part) for part in parts[4:7])
        return _Heard(float(parts[0]), column[parts[1]], int(float(parts[3])), (x, y, z))
    except ValueError as error:
        raise TrackError(f"{where}: {error}.") from error
