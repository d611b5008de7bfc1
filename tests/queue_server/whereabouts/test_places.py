import numpy as np
import pytest

from queue_server.whereabouts import Area, Motion, Places, Receiver, Walking, grid
from tests.queue_server.whereabouts.hall import RECEIVERS


def test_a_grid_covers_what_the_receivers_span_and_every_place_is_shared_out_among_zones() -> None:
    places = grid(RECEIVERS, cell_m=2.0)
    assert len(places) == 9 * 7
    assert np.allclose(places.share.sum(axis=1), 1)
    assert set(places.zones) == {each.agent for each in RECEIVERS}


def test_cells_on_a_border_belong_to_both_zones() -> None:
    places = grid([Receiver("left", 0, 0), Receiver("right", 3, 0)], [Area(-1, 0, 4, 1)], 1.0)
    middle = places.share[np.argmin(abs(places.xy[:, 0] - 1.5))]
    assert middle.tolist() == [0.5, 0.5]


def test_stairs_join_two_floors_both_ways() -> None:
    receivers = [Receiver("a", 0, 0), Receiver("b", 4, 0), Receiver("c", 0, 0, floor=1)]
    areas = [Area(0, 0, 4, 4), Area(0, 0, 4, 4, floor=1)]
    places = grid(receivers, areas, 2.0, {(0, 1): (0, 0)})
    between = [way for way in places.ways.tolist() if places.floor[way[0]] != places.floor[way[1]]]
    assert len(between) == 2
    assert between[0] == between[1][::-1]


def test_a_grid_without_receivers_says_so() -> None:
    with pytest.raises(ValueError, match="Without a receiver"):
        grid([])
    with pytest.raises(ValueError, match="floor 3"):
        grid(RECEIVERS, [Area(0, 0, 1, 1, floor=3)])


def test_probability_is_neither_made_nor_lost_by_walking() -> None:
    motion = Motion(grid(RECEIVERS, cell_m=2.0), Walking())
    state = motion.start(np.eye(63)[30])
    for steps in (1, 5, 40):
        assert motion.after(state, steps).sum() == pytest.approx(1)


def test_who_walks_goes_on_straight_ahead_rather_than_back() -> None:
    line = np.arange(9)
    xy = np.column_stack([line.astype(float), np.zeros(9)])
    ways = np.array([(a, b) for a in line for b in (a - 1, a + 1) if 0 <= b < 9])
    places = Places(
        xy, np.zeros(9, dtype=np.int64), ways, np.ones(len(ways)), ("all",), np.ones((9, 1))
    )
    motion = Motion(places, Walking(speed_m_s=1.0))
    east = 9 + ways.tolist().index([4, 5])
    later = motion.by_place(motion.after(np.eye(len(motion))[east], 6))
    assert later[5:].sum() > 4 * later[:4].sum()


def test_a_way_without_a_way_back_is_refused() -> None:
    places = Places(
        np.array([[0.0, 0.0], [1.0, 0.0]]),
        np.zeros(2, dtype=np.int64),
        np.array([[0, 1]]),
        np.ones(1),
        ("all",),
        np.ones((2, 1)),
    )
    with pytest.raises(ValueError, match="way back"):
        Motion(places, Walking())
