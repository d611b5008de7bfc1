"""What each receiver adds to the level it hears, learned from ordinary traffic: no survey, nobody walks about with a list.

Expectation and maximisation: where were these phones, given what is known of the receivers; what is left over at each
receiver, given where they were. Readings that were made near each other share shadow and furniture, so they are gathered
by patches of a few metres, and it is the number of patches that counts: a phone left on a chair teaches next to nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np

from queue_server.whereabouts.belief import Belief, Offsets, Reading, Tracker
from queue_server.whereabouts.hindsight import earlier
from queue_server.whereabouts.places import Floats, Ints

PATCH_M: Final = 3.0
PATCH_SD_DB: Final = 4.0
"""Of the level's error that all readings of a patch share."""
READING_SD_DB: Final = 4.5
"""Of what differs from reading to reading."""
PATCHES_LEAST: Final = 8.0
"""Before phones were heard at so many patches nothing is believed: too few cannot tell a level from a place."""
LOOKS_KEPT: Final = 600
"""So many looks of the past are gone through; older ones have served."""


class Look(NamedTuple):
    """What was heard of one phone at one moment."""

    at_s: float
    readings: tuple[Reading, ...]


@dataclass(slots=True)
class Traffic:
    """What was heard lately of some phones, oldest first; bounded."""

    kept: int = LOOKS_KEPT
    paths: dict[str, list[Look]] = field(default_factory=dict)
    count: int = 0

    def note(self, phone: str, look: Look) -> None:
        """Keep a look; the oldest paths make room."""
        self.paths.setdefault(phone, []).append(look)
        self.count += 1
        while self.count > self.kept:
            oldest = next(iter(self.paths))
            if len(self.paths) == 1 or len(self.paths[oldest]) > self.count - self.kept:
                drop = min(self.count - self.kept, len(self.paths[oldest]) - 1)
                del self.paths[oldest][:drop]
                self.count -= drop
                return
            self.count -= len(self.paths.pop(oldest))


def patches_of(tracker: Tracker) -> Ints:
    """The patch of each place, numbered from 0."""
    corner = tracker.places.xy.min(axis=0)
    cells = np.floor((tracker.places.xy - corner) / PATCH_M).astype(np.int64)
    keys = np.column_stack([tracker.places.floor, cells])
    _, found = np.unique(keys, axis=0, return_inverse=True)
    return found.astype(np.int64)


def calibrate(tracker: Tracker, traffic: Traffic, offsets: Offsets, rounds: int = 1) -> Offsets:
    """Learn from the traffic, starting from what was known; gives the prior back while there is too little."""
    patches = patches_of(tracker)
    for _ in range(rounds):
        heard, left_over = _gathered(tracker, traffic, offsets, patches)
        if float(_full(heard).sum()) < PATCHES_LEAST:
            return tracker.unknown_offsets()
        offsets = _solved(tracker, heard, left_over)
    return offsets


def _full(heard: Floats) -> Floats:
    """How far each patch was visited, 0 … 1."""
    most = heard.max(axis=1)
    found: Floats = most / (most + 2.0)
    return found


def _gathered(
    tracker: Tracker, traffic: Traffic, offsets: Offsets, patches: Ints
) -> tuple[Floats, Floats]:
    """Readings and what is left over of them, by patch and receiver: two arrays (patches, receivers)."""
    shape = (int(patches.max()) + 1, len(tracker.receivers))
    heard, left_over = np.zeros(shape), np.zeros(shape)
    for looks in traffic.paths.values():
        for by_place, level in _smoothed(tracker, looks, offsets):
            present = np.isfinite(level)
            residual = np.where(present, level - tracker.levels.model.at_1m_dbm, 0.0)
            expected = by_place @ tracker.levels.mean
            doubt = np.where(present, residual - offsets.mean - expected, 0.0) / 9.0
            weight = np.where(present, 1 / (1 + doubt**2), 0.0)
            share = np.bincount(patches, weights=by_place, minlength=shape[0])
            means = np.zeros(shape)
            np.add.at(means, patches, by_place[:, None] * tracker.levels.mean)
            heard += share[:, None] * weight
            left_over += weight * (share[:, None] * residual - means)
    return heard, left_over


def _smoothed(
    tracker: Tracker, looks: Sequence[Look], offsets: Offsets
) -> list[tuple[Floats, Floats]]:
    """Forward and backward over one phone's looks: at each, the places (places,) and the levels (receivers,)."""
    belief = tracker.start(looks[0].at_s)
    forward: list[Belief] = []
    for look in looks:
        belief = tracker.hear(belief, look.at_s, look.readings, offsets)
        forward.append(belief)
    found: list[tuple[Floats, Floats]] = []
    later = np.ones(len(tracker.motion))
    for index in range(len(looks) - 1, -1, -1):
        both = forward[index].state * later
        level = np.full(len(tracker.receivers), np.nan)
        for each in looks[index].readings:
            if each.agent in tracker.column:
                level[tracker.column[each.agent]] = each.level_dbm - forward[index].phone_db
        found.append((tracker.motion.by_place(both / both.sum()), level))
        if index:
            later = earlier(tracker, forward[index - 1], forward[index], later)
    return found


def _solved(tracker: Tracker, heard: Floats, left_over: Floats) -> Offsets:
    """The most probable offsets, with the mean of all of them free: that one is the phones'."""
    weight = heard / (heard * PATCH_SD_DB**2 + READING_SD_DB**2)
    mean = left_over / np.maximum(heard, 1e-9)
    prior = 1 / tracker.levels.model.receiver_sd_db**2
    shared = 0.0
    total = weight.sum(axis=0)
    for _ in range(20):
        offset = (weight * (mean - shared)).sum(axis=0) / (total + prior)
        shared = float((weight * (mean - offset)).sum() / max(weight.sum(), 1e-9))
    return Offsets(offset, 1 / (total + prior))
