"""Where a phone was a moment ago, in the light of what was heard since."""

import numpy as np
import pytest

from queue_server.whereabouts import LATE_S, Belief, in_hindsight, recent
from tests.queue_server.whereabouts.hall import readings, tracker

TRACKER = tracker()
OFFSETS = TRACKER.unknown_offsets()


def heard(spots: list[tuple[float, float]], seed: int = 1) -> list[Belief]:
    rng = np.random.default_rng(seed)
    found = [TRACKER.start(0.0)]
    for second, spot in enumerate(spots):
        found.append(TRACKER.hear(found[-1], float(second), readings(spot, rng), OFFSETS))
    return found[1:]


def test_one_look_alone_is_left_as_it_is() -> None:
    belief = heard([(4.0, 4.0)])[0]
    assert np.allclose(in_hindsight(TRACKER, [belief]).state, belief.state)


def test_later_looks_make_an_earlier_place_more_certain() -> None:
    beliefs = heard([(4.0, 4.0)] * 6)
    at_once = TRACKER.whereabout(beliefs[2])
    later = TRACKER.whereabout(in_hindsight(TRACKER, beliefs[2:5]))
    assert later.at_s == at_once.at_s
    assert later.spread_m < at_once.spread_m


def test_a_silence_between_looks_changes_nothing_of_before() -> None:
    beliefs = heard([(4.0, 4.0)] * 3)
    quiet = TRACKER.hear(beliefs[-1], 3.0, (), OFFSETS)
    assert np.allclose(in_hindsight(TRACKER, [beliefs[-1], quiet]).state, beliefs[-1].state)


def test_hindsight_is_the_exact_answer_of_both_directions() -> None:
    first, second = heard([(4.0, 4.0), (6.0, 4.0)])
    motion = TRACKER.motion
    assert second.said is not None
    exact = np.zeros(len(motion))
    for state in np.flatnonzero(first.state > 1e-3)[:5]:
        alone = np.zeros(len(motion))
        alone[state] = 1.0
        reached = motion.after(alone, 2)
        exact[state] = first.state[state] * float(reached @ second.said[motion.place])
    found = in_hindsight(TRACKER, [first, second]).state
    known = exact > 0
    assert np.allclose(found[known] / found[known].sum(), exact[known] / exact[known].sum())


@pytest.mark.parametrize("every_s", [0.1, 1.0])
def test_what_is_kept_of_a_phone_is_bounded(every_s: float) -> None:
    kept: tuple[Belief, ...] = ()
    for index in range(40):
        kept = recent(kept, TRACKER.start(index * every_s))
    assert len(kept) <= 8
    assert kept[-1].at_s - kept[0].at_s <= LATE_S
