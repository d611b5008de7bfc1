"""What tells one radio from another: statistics of levels along known paths, the same for recorded and simulated ones.

The residual is what is left of a level when the log-distance line and each receiver's own offset are taken off; both are
fitted by least squares to all tracks given. Correlations are those of two residuals of one receiver and one track, by how far
apart the phone was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.stats import skew

from beacon_sim.score import Sensor, Track
from beacon_sim.score.figures import area_under_curve, changes
from beacon_sim.score.ours import NEAR_M
from beacon_sim.score.plain import medians, strongest
from queue_server.whereabouts import Floats

APART_M: Final = ((0.0, 0.1), (0.3, 0.6), (1.0, 1.5))
PAIRS_MOST: Final = 1_500
"""Readings of one receiver and one track from which pairs are taken: enough, and quick."""


@dataclass(frozen=True, slots=True)
class RadioStatistics:
    """Figures of some tracks together."""

    exponent: float
    residual_sd_db: float
    residual_skew: float
    correlation_near: float
    """Of residuals up to 0.1 m apart."""
    correlation_step: float
    """0.3 to 0.6 m apart."""
    correlation_room: float
    """1 to 1.5 m apart."""
    heard: float
    """Share of adverts that a receiver hears."""
    zones_right: float
    """Strongest receiver of 3 s."""
    changes_per_min: float
    near_auc: float
    """Within 2 m, by the level of 3 s."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """The log-distance line, with an offset a receiver: dBm at 1 m of each, and the exponent."""

    at_1m_dbm: Floats
    exponent: float


def distances(sensors: Sequence[Sensor], track: Track) -> Floats:
    """From the phone to each sensor, in space: (looks, sensors) metres."""
    spots = np.array([(each.x_m, each.y_m, each.z_m) for each in sensors])
    found: Floats = np.linalg.norm(track.truth[:, None] - spots[None], axis=2)
    return found


def fitted(sensors: Sequence[Sensor], tracks: Sequence[Track]) -> Fit:
    """Least squares over all readings."""
    count = len(sensors)
    rows, levels = [], []
    for track in tracks:
        look, column = np.nonzero(np.isfinite(track.level_dbm))
        row = np.zeros((len(look), count + 1))
        row[np.arange(len(look)), column] = 1
        row[:, count] = -10 * np.log10(distances(sensors, track)[look, column])
        rows.append(row)
        levels.append(track.level_dbm[look, column])
    found, *_ = np.linalg.lstsq(np.concatenate(rows), np.concatenate(levels), rcond=None)
    return Fit(found[:count], float(found[count]))


def residuals(sensors: Sequence[Sensor], track: Track, fit: Fit) -> Floats:
    """(looks, sensors), NaN where nothing was heard."""
    line = fit.at_1m_dbm[None] - 10 * fit.exponent * np.log10(distances(sensors, track))
    found: Floats = track.level_dbm - line
    return found


def statistics(sensors: Sequence[Sensor], tracks: Sequence[Track]) -> RadioStatistics:
    """All of them."""
    fit = fitted(sensors, tracks)
    left = [residuals(sensors, track, fit) for track in tracks]
    flat = np.concatenate([each[np.isfinite(each)] for each in left])
    near, step, room = _correlations(tracks, left, float(flat.var()))
    heard = sum(float(np.isfinite(track.level_dbm).sum()) for track in tracks)
    return RadioStatistics(
        fit.exponent,
        float(flat.std()),
        float(skew(flat)),
        near,
        step,
        room,
        heard / sum(track.level_dbm.size for track in tracks),
        *_plain(sensors, tracks),
    )


def _correlations(
    tracks: Sequence[Track], left: Sequence[Floats], variance: float
) -> tuple[float, float, float]:
    total, count = np.zeros(len(APART_M)), np.zeros(len(APART_M))
    for track, residual in zip(tracks, left, strict=True):
        for column in range(residual.shape[1]):
            heard = np.flatnonzero(np.isfinite(residual[:, column]))[:PAIRS_MOST]
            spot, value = track.truth[heard], residual[heard, column]
            apart = np.linalg.norm(spot[:, None] - spot[None], axis=2)
            product = value[:, None] * value[None]
            later = np.triu(np.ones_like(apart, dtype=bool), k=1)
            for index, (low, high) in enumerate(APART_M):
                pairs = later & (apart >= low) & (apart < high)
                total[index] += product[pairs].sum()
                count[index] += pairs.sum()
    near, step, room = total / np.maximum(count, 1) / variance
    return float(near), float(step), float(room)


def _plain(sensors: Sequence[Sensor], tracks: Sequence[Track]) -> tuple[float, float, float]:
    spots = np.array([(each.x_m, each.y_m) for each in sensors])
    right, looks, changed, seconds = 0, 0, 0, 0.0
    near = []
    for track in tracks:
        levels = medians(track)
        zone = strongest(levels, range(len(sensors)))
        away = np.linalg.norm(track.truth[:, None, :2] - spots[None], axis=2)
        right += int((zone == away.argmin(axis=1)).sum())
        looks += len(zone)
        changed += changes(zone)
        seconds += track.seconds
        near.append(np.stack([levels, (away <= NEAR_M).astype(float)], axis=2).reshape(-1, 2))
    auc = area_under_curve(np.concatenate(near))
    return right / looks, changed / seconds * 60, auc
