"""Where a phone was a moment ago, in the light of what was heard since: a smoother with a small fixed lag.

Who may wait two seconds for the answer gets a better one: a level that shadow or fading made is soon outvoted. The belief of
then is multiplied with what later looks say of each state, carried back by the motion (the backward half of the
forward-backward algorithm: L. R. Rabiner, Proc. IEEE 77 (1989), section III).
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from queue_server.whereabouts.belief import Belief, Tracker
from queue_server.whereabouts.motion import whole_steps
from queue_server.whereabouts.places import Floats

LATE_S: Final = 2.5
"""So old is the moment of which people are told."""
KEPT: Final = 8
"""Beliefs of one phone at most, whatever the looks' rate."""


def recent(past: Sequence[Belief], belief: Belief, late_s: float = LATE_S) -> tuple[Belief, ...]:
    """The beliefs that are not older than `late_s`, the newest last."""
    return (*(each for each in past[1 - KEPT :] if belief.at_s - each.at_s <= late_s), belief)


def in_hindsight(tracker: Tracker, beliefs: Sequence[Belief]) -> Belief:
    """The first of some beliefs, each made of the one before, as it looks after the last of them."""
    first, later = beliefs[0], np.ones(len(tracker.motion))
    for before, after in zip(beliefs[-2::-1], beliefs[:0:-1], strict=True):
        later = earlier(tracker, before, after, later)
    state = first.state * later
    total = float(state.sum())
    if total <= 1e-300:
        return first  # what came later fits nowhere that was believed in then
    return Belief(
        first.at_s, state / total, beliefs[-1].phone_db, beliefs[-1].phone_variance, first.said
    )


def earlier(tracker: Tracker, before: Belief, after: Belief, later: Floats) -> Floats:
    """What a look and all that came later say of the states one look earlier: (states,), at most 1."""
    weight = later if after.said is None else later * after.said[tracker.motion.place]
    weight = tracker.motion.before(weight, whole_steps(after.at_s - before.at_s))
    found: Floats = weight / max(float(weight.max()), 1e-300)
    return found
