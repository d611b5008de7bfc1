"""Statistics of a recording: who was heard how often, how loud, and with which gaps."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median, quantiles, stdev

from edge_agent.core import believed
from edge_agent.radio import Heard, TrackRow, read_recording, read_track


@dataclass(frozen=True, slots=True)
class SensorFigures:
    """One sensor of a track, or one device of a recording. Levels in dBm, times in seconds."""

    name: str
    adverts: int
    disbelieved: int
    """Levels that can't be."""
    per_s: float
    median_dbm: float
    mean_dbm: float
    sd_db: float
    least_dbm: float
    most_dbm: float
    gap_p95_s: float
    longest_gap_s: float


@dataclass(frozen=True, slots=True)
class TrackFigures:
    """A whole recording; `walked_m` is the length of the true path, where it is known."""

    file: str
    seconds: float
    adverts: int
    beacons: int
    walked_m: float | None
    sensors: tuple[SensorFigures, ...]


def figures_of(path: Path) -> TrackFigures:
    """Read a track (`.mbd`) or a recording (`.jsonl`) and count.

    Raises:
        BadRadio: it is neither.
        OSError: it can't be read.
    """
    if path.suffix == ".mbd":
        return _of_track(path, list(read_track(path)))
    return _of_recording(path, list(read_recording(path)))


def _of_track(path: Path, rows: list[TrackRow]) -> TrackFigures:
    by_sensor: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for row in rows:
        by_sensor[row.sensor].append((row.at_s, row.rssi_dbm))
    times = [row.at_s for row in rows]
    return TrackFigures(
        path.name,
        max(times, default=0.0) - min(times, default=0.0),
        len(rows),
        len({row.beacon for row in rows}),
        _walked_m(rows),
        tuple(_of_sensor(name, heard) for name, heard in sorted(by_sensor.items())),
    )


def _of_recording(path: Path, heard: list[Heard]) -> TrackFigures:
    by_device: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for each in heard:
        by_device[f"device {each.address}"].append((each.at_s, each.rssi_dbm))
    tokens = {carried.token.value for each in heard for carried in each.tokens}
    return TrackFigures(
        path.name,
        heard[-1].at_s - heard[0].at_s if heard else 0.0,
        len(heard),
        len(tokens),
        None,
        tuple(_of_sensor(name, levels) for name, levels in by_device.items()),
    )


def _of_sensor(name: str, heard: list[tuple[float, int]]) -> SensorFigures:
    heard = sorted(heard)
    good = [float(level) for _, level in heard if believed(level)]
    gaps = [later - earlier for (earlier, _), (later, _) in pairwise(heard)]
    lasted_s = heard[-1][0] - heard[0][0]
    return SensorFigures(
        name=name,
        adverts=len(heard),
        disbelieved=len(heard) - len(good),
        per_s=(len(heard) - 1) / lasted_s if lasted_s > 0 else 0.0,
        median_dbm=median(good) if good else math.nan,
        mean_dbm=fmean(good) if good else math.nan,
        sd_db=stdev(good) if len(good) > 1 else 0.0,
        least_dbm=min(good, default=math.nan),
        most_dbm=max(good, default=math.nan),
        gap_p95_s=quantiles(gaps, n=20)[-1] if len(gaps) > 1 else 0.0,
        longest_gap_s=max(gaps, default=0.0),
    )


def _walked_m(rows: Iterable[TrackRow]) -> float:
    """Length of the path, its points half a second apart, so that noise of the truth does not count as walking."""
    points: list[tuple[float, float]] = []
    next_s = -math.inf
    for row in sorted(rows, key=lambda row: row.at_s):
        if row.at_s >= next_s:
            points.append((row.x_m, row.y_m))
            next_s = row.at_s + 0.5
    return sum(math.dist(before, after) for before, after in pairwise(points))
