"""A forward filter: where somebody is, as a probability of every place of a map.

Between looks the probability spreads along the ways, as far as people walk; a look (how likely each place would make what was
seen) weighs it; a scan says where somebody stands and resets it. Rabiner (1989), section III A: the forward variable.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import csr_array, diags_array

from nav_maps.doctor.plan import Numbers
from nav_maps.position.snapping import Snapped
from nav_maps.position.walked import Walked
from nav_maps.route import Metres

SPEED_M_S: Final = 0.6
"""Families stroll and stand about."""
STEP_S: Final = 1.0
MOST_STEPS: Final = 60
FLOOR: Final = 1e-6
"""No place is ever ruled out by a look: what is ruled out never comes back."""


@dataclass(frozen=True, slots=True)
class Where:
    """The answer: the likeliest floor, its likeliest unit and place, how sure each is, and the middle and radius of the glow."""

    floor: int
    floor_probability: float
    unit: str
    unit_probability: float
    place: int
    place_probability: float
    point: Metres
    radius_m: float


class Motion:
    """How probability spreads in a second over the places of a map."""

    def __init__(self, places: Walked, speed_m_s: float = SPEED_M_S) -> None:
        """Take places; `speed_m_s` is the mean over walking and standing."""
        self.places = places
        count = len(places)
        rate = np.minimum(speed_m_s * STEP_S / places.length_m, 0.45)
        one, other = places.ways.T
        degree = np.maximum(np.bincount(one, minlength=count), 1)
        leaving = csr_array((rate / degree[one], (other, one)), shape=(count, count))
        staying = 1.0 - np.asarray(leaving.sum(axis=0)).reshape(-1)
        self._step = (leaving + diags_array(staying)).tocsr()

    def everywhere(self) -> Numbers:
        """Nothing is known."""
        count = len(self.places)
        return np.full(count, 1 / max(count, 1))

    def at(self, spots: tuple[Snapped, ...]) -> Numbers:
        """A scan, or a position taken as sure: all probability on these places."""
        state = np.zeros(len(self.places))
        for each in spots:
            state[each.place] += each.probability
        return state / state.sum() if state.sum() > 0 else self.everywhere()

    def after(self, state: Numbers, seconds: float) -> Numbers:
        """The state some time later."""
        for _ in range(min(round(seconds / STEP_S), MOST_STEPS)):
            state = np.asarray(self._step @ state)
        return state

    def seen(self, state: Numbers, likelihood: Numbers) -> Numbers:
        """The state after a look; `likelihood` (n,) needs no scale."""
        top = float(likelihood.max(initial=0.0))
        weighed = state * (likelihood / top + FLOOR if top > 0 else 1.0)
        total = float(weighed.sum())
        return np.asarray(weighed / total) if total > 0 else self.everywhere()

    def seen_in(self, state: Numbers, units: Mapping[str, float]) -> Numbers:
        """The state after a look that says how likely some units are (a zone heard by its agent)."""
        return self.seen(state, np.array([units.get(unit, 0.0) for unit in self.places.unit]))

    def where(self, state: Numbers) -> Where:
        """The answer that the state gives."""
        floors: dict[int, float] = defaultdict(float)
        for floor, part in zip(self.places.floor.tolist(), state.tolist(), strict=True):
            floors[floor] += part
        floor = max(floors, key=lambda each: (floors[each], -each))
        on = np.where(self.places.floor == floor, state, 0.0)
        units: dict[str, float] = defaultdict(float)
        for index in np.flatnonzero(on):
            units[self.places.unit[index]] += float(on[index])
        unit = max(units, key=lambda each: (units[each], each))
        inside = np.array([id == unit for id in self.places.unit]) & (on > 0)
        place = int(np.where(inside, on, -1.0).argmax())
        share = on / on.sum()
        middle = share @ self.places.xy
        radius = float(np.sqrt(share @ ((self.places.xy - middle) ** 2).sum(axis=1)))
        point = (float(middle[0]), float(middle[1]))
        sure = (floors[floor], units[unit], float(state[place]))
        return Where(floor, sure[0], unit, sure[1], place, sure[2], point, radius)
