from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from queue_server.whereabouts import Steady, look
from queue_server.whereabouts.steady import CHANGE_S


def follow(looks: Sequence[tuple[float, tuple[float, ...]]]) -> list[int]:
    steady, found = Steady(), []
    for at, zones in looks:
        steady = look(steady, at, zones)
        found.append(steady.zone)
    return found


def test_a_flicker_changes_nothing() -> None:
    looks = [(float(at), (0.45, 0.55) if at % 2 else (0.6, 0.4)) for at in range(60)]
    assert set(follow(looks)) == {0}


def test_a_clear_move_is_followed_within_seconds() -> None:
    looks = [(0.0, (0.95, 0.05)), *((at / 2, (0.05, 0.95)) for at in range(1, 12))]
    changed = follow(looks).index(1)
    assert looks[changed][0] <= CHANGE_S / 0.9 + 0.5


def test_a_long_gap_is_no_evidence_for_a_change() -> None:
    steady = look(Steady(), 0.0, (0.6, 0.4))
    assert look(steady, 1000.0, (0.4, 0.6)).zone == 0


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1)), max_size=30))
def test_whatever_comes_the_zone_is_one_of_those_there_are(
    looks: list[tuple[float, float]],
) -> None:
    assert set(follow([(at, (p, 1 - p)) for at, p in looks])) <= {0, 1}
