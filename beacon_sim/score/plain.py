"""Plain methods, to compare with: strongest sensor, weighted centroid, fingerprints. What most products do."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from beacon_sim.score.tracks import Sensor, Track
from queue_server.whereabouts import Floats, Ints

MEDIAN_S: Final = 3.0
UNHEARD_DBM: Final = -110.0
NEIGHBOURS: Final = 5


def medians(track: Track) -> Floats:
    """The median of each sensor over the last 3 s: (looks, sensors), `UNHEARD_DBM` where nothing was heard."""
    rows = []
    for at in track.at_s:
        lately = track.level_dbm[(track.at_s > at - MEDIAN_S) & (track.at_s <= at)]
        heard = np.isfinite(lately)
        row = np.full(lately.shape[1], UNHEARD_DBM)
        for column in np.flatnonzero(heard.any(axis=0)):
            row[column] = np.median(lately[heard[:, column], column])
        rows.append(row)
    return np.array(rows)


def strongest(levels: Floats, columns: Sequence[int]) -> Ints:
    """Which of the columns is heard strongest: (looks,), positions in `columns`."""
    found: Ints = levels[:, list(columns)].argmax(axis=1)
    return found


def centroid(levels: Floats, sensors: Sequence[Sensor]) -> Floats:
    """The sensors' places weighted by received power: (looks, 2) metres."""
    spots = np.array([(each.x_m, each.y_m) for each in sensors])
    # the square root of the power: the best of the usual exponents, between 1 (nearest only) and 0 (the middle)
    weight = 10 ** (levels / 20)
    weight[levels <= UNHEARD_DBM] = 0
    found: Floats = weight @ spots / weight.sum(axis=1, keepdims=True)
    return found


def fingerprints(levels: Floats, survey: Sequence[tuple[Floats, Floats]]) -> Floats | None:
    """Nearest neighbours in a survey of (levels, positions): (looks, 2); None without a survey."""
    if not survey:
        return None
    known = np.concatenate([each for each, _ in survey])
    spots = np.concatenate([each for _, each in survey])[:, :2]
    away = ((levels[:, None] - known[None]) ** 2).sum(axis=2)
    nearest = np.argsort(away, axis=1, kind="stable")[:, :NEIGHBOURS]
    found: Floats = spots[nearest].mean(axis=1)
    return found
