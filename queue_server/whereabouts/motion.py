"""How people move between places: they stand, set off, keep their direction, turn, and stop again.

The state of the filter is (place, doing), where doing is standing there, or walking along one of the ways that begin there.
So the next step depends on the last one without a second place in the state, on a grid as on the graph of a map.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import csr_array

from queue_server.whereabouts.places import Floats, Ints, Places

STEP_S: Final = 0.5
"""Time goes in steps of this length."""
STEPS_MOST: Final = 24
"""After a gap longer than this many steps the phone may be anywhere near; more steps tell nothing new."""


def whole_steps(passed_s: float) -> int:
    """How many steps a time is."""
    return int(passed_s / STEP_S + 0.5)


@dataclass(frozen=True, slots=True)
class Walking:
    """Rates a second of a person in a hospital, and the speed in m/s."""

    speed_m_s: float = 0.6
    """Families stroll and stand about; 1.2 is a person alone on the way."""
    set_off: float = 0.15
    stop: float = 0.1
    turn: float = 0.15
    straightness: float = 2.0
    """How strongly the way on is preferred that goes straight ahead; 0 is a drunkard's walk."""


class Motion:
    """The transition of one step, as a sparse matrix over all states."""

    def __init__(self, places: Places, walking: Walking) -> None:
        count = len(places)
        self.place: Ints = np.concatenate([np.arange(count), places.ways[:, 0]])
        """The place of each state: first all that stand, then all that walk."""
        self._step = _step(places, walking)
        self._back = self._step.T.tocsr()
        self._places = count

    def __len__(self) -> int:
        return len(self.place)

    def start(self, by_place: Floats) -> Floats:
        """Spread a probability of places evenly over what one may be doing there."""
        doing = np.bincount(self.place, minlength=self._places)
        even = (by_place / doing)[self.place]
        found: Floats = even / even.sum()
        return found

    def after(self, state: Floats, steps: int) -> Floats:
        """The probabilities after some steps."""
        for _ in range(min(steps, STEPS_MOST)):
            state = np.asarray(self._step @ state, dtype=np.float64)
        return state

    def before(self, weight: Floats, steps: int) -> Floats:
        """Some steps backwards: what later evidence says of the states then."""
        for _ in range(min(steps, STEPS_MOST)):
            weight = np.asarray(self._back @ weight, dtype=np.float64)
        return weight

    def by_place(self, state: Floats) -> Floats:
        """Add up what may be done at each place: (places,)."""
        found: Floats = np.bincount(self.place, weights=state, minlength=self._places).astype(
            np.float64, copy=False
        )
        return found


def _step(places: Places, walking: Walking) -> csr_array:
    """Column: from, row: to."""
    count, ways = len(places), places.ways
    begin, end = ways[:, 0], ways[:, 1]
    degree = np.bincount(begin, minlength=count)
    states = count + len(ways)
    on = np.minimum(walking.speed_m_s * STEP_S / places.length_m, 0.95)
    turn, stop, go = (rate * STEP_S for rate in (walking.turn, walking.stop, walking.set_off))
    entries = [
        # standing: stay or set off along any way
        (np.arange(count), np.arange(count), np.where(degree > 0, 1 - go, 1.0)),
        (count + np.arange(len(ways)), begin, go / degree[begin]),
        # walking: stop here
        (begin, count + np.arange(len(ways)), np.full(len(ways), stop)),
    ]
    before, after, share = _onward(places, walking.straightness)
    entries.append((count + after, count + before, (1 - stop) * on[before] * share))
    here, other, even = _about(ways, degree)
    entries.append((count + other, count + here, (1 - stop) * (1 - on[here]) * turn * even))
    rest = (1 - stop) * (1 - on) * (1 - turn)
    entries.append((count + np.arange(len(ways)), count + np.arange(len(ways)), rest))
    to, of, value = (np.concatenate(each) for each in zip(*entries, strict=True))
    matrix = csr_array((value, (to, of)), shape=(states, states))
    matrix.sum_duplicates()
    _check(matrix, end)
    return matrix


def _check(matrix: csr_array, end: Ints) -> None:
    lost = abs(np.asarray(matrix.sum(axis=0)) - 1).max() if len(end) else 0.0
    if lost > 1e-9:
        raise ValueError(
            "A way leads to a place from which none leads on; every way needs its way back."
        )


def _pairs(left: Ints, right: Ints, count: int) -> tuple[Ints, Ints]:
    """All (i, j) with left[i] == right[j]."""
    order = np.argsort(right, kind="stable")
    first = np.searchsorted(right[order], np.arange(count), side="left")
    many = np.bincount(right, minlength=count)
    i = np.repeat(np.arange(len(left)), many[left])
    within = np.arange(len(i)) - np.repeat(np.cumsum(many[left]) - many[left], many[left])
    return i, order[np.repeat(first[left], many[left]) + within]


def _onward(places: Places, straightness: float) -> tuple[Ints, Ints, Floats]:
    """From the end of each way onto each way that begins there, those straight ahead preferred."""
    ways = places.ways
    before, after = _pairs(ways[:, 1], ways[:, 0], len(places))
    along = places.xy[ways[:, 1]] - places.xy[ways[:, 0]]
    length = np.maximum(np.linalg.norm(along, axis=1), 1e-9)
    cosine = (along[before] * along[after]).sum(axis=1) / (length[before] * length[after])
    weight = np.exp(straightness * cosine)
    total = np.bincount(before, weights=weight, minlength=len(ways))
    return before, after, weight / total[before]


def _about(ways: Ints, degree: Ints) -> tuple[Ints, Ints, Floats]:
    """From each way onto each that begins at the same place, evenly."""
    here, other = _pairs(ways[:, 0], ways[:, 0], len(degree))
    return here, other, 1.0 / degree[ways[here, 0]]
