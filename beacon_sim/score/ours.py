"""The product's own filter on recorded tracks: the code that the server runs, fed as the server is fed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from beacon_sim.score.tracks import Sensor, Track
from queue_server.whereabouts import (
    LATE_S,
    Belief,
    Floats,
    Ints,
    Look,
    Offsets,
    Reach,
    Reading,
    Steady,
    Tracker,
    Traffic,
    around,
    calibrate,
    grid,
    in_hindsight,
    look,
)

CELL_M: Final = 1.0
NEAR_M: Final = 2.0
LEARN_EVERY: Final = 22
"""Looks between two calibrations: about ten seconds."""
WARM_ROUNDS: Final = 8


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What was told at each look: zone (index), position (looks, 2), probability to be near each sensor (looks, sensors)."""

    zone: Ints
    group: Ints
    xy: Floats
    near: Floats


@dataclass(slots=True)
class Building:
    """One set of sensors with the filter on it, learning as it goes."""

    tracker: Tracker
    reach: Reach
    names: tuple[str, ...]
    groups: tuple[int, ...]
    offsets: Offsets
    traffic: Traffic

    @classmethod
    def of(cls, sensors: Sequence[Sensor], used: Sequence[int]) -> "Building":
        """With some of the sensors only; the places are those of all."""
        receivers = [sensors[each].receiver() for each in used]
        everywhere = around([each.receiver() for each in sensors])
        tracker = Tracker.of(grid(receivers, everywhere, CELL_M), receivers)
        named = sorted({sensors[each].group for each in used})
        return cls(
            tracker,
            Reach(tracker, NEAR_M, CELL_M),
            tuple(each.agent for each in receivers),
            tuple(named.index(sensors[each].group) for each in used),
            tracker.unknown_offsets(),
            Traffic(),
        )

    def readings(self, level_dbm: Floats) -> tuple[Reading, ...]:
        """One look as agents report it."""
        return tuple(
            Reading(name, float(level))
            for name, level in zip(self.names, level_dbm, strict=True)
            if np.isfinite(level)
        )

    def warm_up(self, track: Track, used: Sequence[int]) -> None:
        """Hear a track's radio, as traffic of an earlier day; its truth is not looked at."""
        for at, level in zip(track.at_s, track.level_dbm[:, list(used)], strict=True):
            self.traffic.note(track.name, Look(float(at), self.readings(level)))

    def settle(self) -> None:
        """Calibrate on all that was heard."""
        for _ in range(WARM_ROUNDS):
            self.offsets = calibrate(self.tracker, self.traffic, self.offsets)

    def follow(self, track: Track, used: Sequence[int], late_s: float = LATE_S) -> Told:
        """Follow a track; what is told of each moment rests on what was heard until `late_s` after it."""
        beliefs = self._beliefs(track, used)
        zone, group = Steady(), Steady()
        zones, groups, xy, near = [], [], [], []
        last = np.searchsorted(track.at_s, track.at_s + late_s, side="right")
        for index, at in enumerate(track.at_s.tolist()):
            belief = in_hindsight(self.tracker, beliefs[index : int(last[index])])
            where = self.tracker.whereabout(belief)
            zone = look(zone, at, where.zones)
            group = look(group, at, self._by_group(where.zones))
            zones.append(zone.zone)
            groups.append(group.zone)
            xy.append((where.x_m, where.y_m))
            near.append(self.reach.of(belief))
        return Told(np.array(zones), np.array(groups), np.array(xy), np.array(near))

    def _beliefs(self, track: Track, used: Sequence[int]) -> list[Belief]:
        """What is believed at each look, learning on the way."""
        belief = self.tracker.start(float(track.at_s[0]))
        found = []
        for index, at in enumerate(track.at_s.tolist()):
            readings = self.readings(track.level_dbm[index, list(used)])
            belief = self.tracker.hear(belief, at, readings, self.offsets)
            found.append(belief)
            self.traffic.note(track.name, Look(at, readings))
            if index % LEARN_EVERY == LEARN_EVERY - 1:
                self.offsets = calibrate(self.tracker, self.traffic, self.offsets)
        return found

    def _by_group(self, zones: Sequence[float]) -> tuple[float, ...]:
        added = np.bincount(self.groups, weights=np.asarray(zones))
        return tuple(added.tolist())


def cold(
    sensors: Sequence[Sensor], used: Sequence[int], tracks: Sequence[Track], late_s: float
) -> list[Told]:
    """Follow the tracks in the order given; nothing is known at first, and what was learned is kept."""
    building = Building.of(sensors, used)
    return [building.follow(track, used, late_s) for track in tracks]


def warm(
    sensors: Sequence[Sensor], used: Sequence[int], tracks: Sequence[Track], late_s: float
) -> list[Told]:
    """Follow each track in a building that has heard the radio of the others; nobody told it where they were."""
    found = []
    for track in tracks:
        building = Building.of(sensors, used)
        for other in tracks:
            if other is not track:
                building.warm_up(other, used)
        building.settle()
        found.append(building.follow(track, used, late_s))
    return found
