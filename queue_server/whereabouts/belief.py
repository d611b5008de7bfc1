"""Where one phone is: a forward filter over places, and what it says. Values in, values out; no clock."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from queue_server.whereabouts.levels import LevelModel, Levels
from queue_server.whereabouts.motion import STEP_S, Motion, Walking, whole_steps
from queue_server.whereabouts.places import Floats, Places, Receiver

FORGOTTEN_S: Final = 120.0
"""After such a silence the phone starts anew: anywhere."""
SILENT_ADVERTS_MOST: Final = 4.0
"""Silence of one report is worth no more adverts than this."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one agent heard of a phone: `level_dbm` is the mean of `count` adverts."""

    agent: str
    level_dbm: float
    count: int = 1


@dataclass(frozen=True, slots=True)
class Offsets:
    """What is known of the receivers' levels: means and variances (receivers,), dB and dB²."""

    mean: Floats
    variance: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Belief:
    """What is believed of one phone at a moment (seconds of any clock that only goes on)."""

    at_s: float
    state: Floats
    """Probabilities of the filter's states."""
    phone_db: float = 0.0
    """How much louder than usual this phone is, hand and pocket included."""
    phone_variance: float = 16.0
    said: Floats | None = field(default=None, repr=False)
    """What the last look said of each place, (places,) and at most 1; None when it said nothing."""


@dataclass(frozen=True, slots=True)
class Whereabout:
    """What is known of where a phone is."""

    at_s: float
    zone: str
    """The zone that is most probable just now; for people use `steady.Steady`, which does not flap."""
    probability: float
    x_m: float
    y_m: float
    floor: int
    floor_probability: float
    spread_m: float
    """Root mean square distance from (x, y): the radius of the glow on a map."""
    zones: tuple[float, ...] = field(repr=False)
    """Probability of each zone, in the order of `Places.zones`."""


@dataclass(frozen=True, slots=True)
class Tracker:
    """The filter of one building. Everything in it is made once; a belief is all that a phone needs."""

    places: Places
    receivers: tuple[Receiver, ...]
    levels: Levels
    motion: Motion
    column: dict[str, int]

    @classmethod
    def of(
        cls,
        places: Places,
        receivers: Sequence[Receiver],
        model: LevelModel | None = None,
        walking: Walking | None = None,
    ) -> "Tracker":
        """Put the parts together.

        Raises:
            ValueError: two receivers have the same name.
        """
        column = {each.agent: index for index, each in enumerate(receivers)}
        if len(column) < len(receivers):
            raise ValueError("Two receivers have the same name; each agent needs its own.")
        return cls(
            places,
            tuple(receivers),
            Levels(places, receivers, model or LevelModel()),
            Motion(places, walking or Walking()),
            column,
        )

    def unknown_offsets(self) -> Offsets:
        """What is known of receivers that were just hung up."""
        count = len(self.receivers)
        return Offsets(np.zeros(count), np.full(count, self.levels.model.receiver_sd_db**2))

    def start(self, at_s: float) -> Belief:
        """A phone of which nothing is known: anywhere."""
        even = np.full(len(self.places), 1 / len(self.places))
        return Belief(
            at_s, self.motion.start(even), phone_variance=self.levels.model.phone_sd_db**2
        )

    def advance(self, belief: Belief, at_s: float) -> Belief:
        """Time has passed; a moment before the belief's own changes nothing."""
        passed = at_s - belief.at_s
        if passed <= 0:
            return belief
        if passed > FORGOTTEN_S:
            fresh = self.start(at_s)
            return replace(fresh, phone_db=belief.phone_db, phone_variance=belief.phone_variance)
        steps = whole_steps(passed)
        if not steps:
            return belief
        # the rest is kept for the next time: steps are whole
        return replace(
            belief,
            at_s=min(at_s, belief.at_s + steps * STEP_S),
            state=self.motion.after(belief.state, steps),
            said=None,
        )

    def hear(
        self,
        belief: Belief,
        at_s: float,
        readings: Sequence[Reading],
        offsets: Offsets,
        silent: Sequence[str] = (),
    ) -> Belief:
        """Take in what was heard at a moment, and who is well and heard nothing. Agents that hang nowhere are ignored."""
        belief = self.advance(belief, at_s)
        known = [each for each in readings if each.agent in self.column]
        if not known:
            return belief if belief.said is None else replace(belief, said=None)
        heard = [self.column[each.agent] for each in known]
        level = np.array([each.level_dbm for each in known])
        variance = offsets.variance[heard]
        offset = offsets.mean[heard] + belief.phone_db
        evidence = self.levels.log_likelihood(heard, level, offset, variance)
        quiet = [self.column[each] for each in silent if each in self.column]
        if quiet:
            adverts = min(max(each.count for each in known), SILENT_ADVERTS_MOST)
            spoken = offsets.mean[quiet] + belief.phone_db
            evidence = evidence + self.levels.silence(quiet, spoken, adverts)
        said: Floats = np.exp(evidence - evidence.max())
        state = _weighed(belief.state, said, self.motion)
        by_place = self.motion.by_place(state)
        phone_db, phone_variance = self._phone(belief, by_place, heard, level, offset, variance)
        return Belief(belief.at_s, state, phone_db, phone_variance, said)

    def _phone(
        self,
        belief: Belief,
        by_place: Floats,
        heard: Sequence[int],
        level: Floats,
        offset: Floats,
        variance: Floats,
    ) -> tuple[float, float]:
        """How loud the phone is, from what is left over: a Kalman filter of one value."""
        model = self.levels.model
        mean = by_place @ self.levels.mean[:, heard]
        spread = by_place @ self.levels.mean[:, heard] ** 2 - mean**2
        left_over = np.clip(level - model.at_1m_dbm - offset - mean, -15, 15)
        noise = (28.0 + spread + variance) / model.weight
        information = float((1 / noise).sum())
        gain = belief.phone_variance / (belief.phone_variance + 1 / information)
        moved = gain * float((left_over / noise).sum()) / information
        return belief.phone_db + moved, belief.phone_variance * (1 - gain)

    def whereabout(self, belief: Belief) -> Whereabout:
        """Say it in words and numbers."""
        by_place = self.motion.by_place(belief.state)
        by_zone = by_place @ self.places.share
        floors = np.bincount(self.places.floor - self.places.floor.min(), weights=by_place)
        storey = int(floors.argmax())
        floor = storey + int(self.places.floor.min())
        here = np.where(self.places.floor == floor, by_place, 0.0) / floors[storey]
        x, y = here @ self.places.xy
        spread = float(here @ ((self.places.xy - (x, y)) ** 2).sum(axis=1))
        best = int(by_zone.argmax())
        return Whereabout(
            at_s=belief.at_s,
            zone=self.places.zones[best],
            probability=float(by_zone[best]),
            x_m=float(x),
            y_m=float(y),
            floor=floor,
            floor_probability=float(floors[storey]),
            spread_m=spread**0.5,
            zones=tuple(by_zone.tolist()),
        )


def _weighed(state: Floats, said: Floats, motion: Motion) -> Floats:
    weighed = state * said[motion.place]
    total = weighed.sum()
    if not np.isfinite(total) or total <= 1e-300:
        # what was heard fits nowhere that was believed in: believe in what was heard
        weighed = motion.start(said)
        total = weighed.sum()
    found: Floats = weighed / total
    return found
