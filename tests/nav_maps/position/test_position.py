"""Places to be, snapping, following a route, the forward filter."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from nav_maps.graph import build_graph
from nav_maps.position import Follower, Motion, State, Walked, snap, snap_unit, walked
from nav_maps.route import Route, Walk
from nav_maps.routing import Router
from nav_maps.words import Guide, tell
from tests.nav_maps.graph.houses import tower


@pytest.fixture(scope="module")
def places() -> Walked:
    return walked(build_graph(tower(3, 4).map()))


def _route(start: str, end: str) -> Route:
    found = Router(build_graph(tower(3, 4).map())).route(start, end)
    assert isinstance(found, Route)
    return found


def test_every_unit_has_a_place_and_all_hang_together(places: Walked) -> None:
    assert set(places.unit) == set(tower(3, 4).units)
    joined = csr_array((np.ones(len(places.ways)), (places.ways[:, 0], places.ways[:, 1])))
    assert connected_components(joined, directed=False)[0] == 1
    assert (places.length_m > 0).all()


def test_ways_lead_both_ways(places: Walked) -> None:
    pairs = {tuple(way) for way in places.ways.tolist()}
    assert pairs == {(other, one) for one, other in pairs}


def test_no_two_places_of_a_corridor_are_far_from_their_neighbours(places: Walked) -> None:
    same = places.floor[places.ways[:, 0]] == places.floor[places.ways[:, 1]]
    assert places.length_m[same].max() < 8


def test_a_position_snaps_to_what_is_near_the_nearest_first(places: Walked) -> None:
    found = snap(places, "L1", (10.0, 1.5), 2.0)
    assert found[0].unit == "1-hall"
    assert sum(each.probability for each in found) == pytest.approx(1)
    assert all(each.level == "L1" for each in found)
    assert snap(places, "L1", (500.0, 500.0))[0].probability == 1
    assert snap(places, "nowhere", (0, 0)) == ()


def test_a_zone_known_by_name_is_all_its_places(places: Walked) -> None:
    found = snap_unit(places, "0-hall")
    assert len(found) > 3
    assert sum(each.probability for each in found) == pytest.approx(1)
    assert snap_unit(places, "attic") == ()


def test_a_walker_gets_ahead_and_arrives() -> None:
    route = _route("0a", "2d")
    way = tell(Guide(tower(3, 4).map()), route)
    follower = Follower(route, [each.to_m for each in way.instructions])
    progress = follower.start()
    seen = []
    for piece in route.pieces:
        if isinstance(piece, Walk):
            for point in piece.line:
                progress = follower.after(progress, piece.level, point)
                seen.append(progress)
    left = [each.left_m for each in seen]
    assert left == sorted(left, reverse=True)
    assert [each.left_s for each in seen] == sorted((each.left_s for each in seen), reverse=True)
    assert [each.instruction for each in seen] == sorted(each.instruction for each in seen)
    assert progress.state is State.ARRIVED
    assert progress.instruction == len(way.instructions) - 1


def test_one_stray_position_is_no_turn_three_are() -> None:
    route = _route("0a", "0d")
    follower = Follower(route)
    on = follower.after(follower.start(), "L0", (7.0, 1.0))
    once = follower.after(on, "L0", (7.0, 40.0))
    assert (once.state, once.along_m) == (State.ON, on.along_m)
    thrice = follower.after(follower.after(once, "L0", (7, 40)), "L0", (7, 40))
    assert thrice.state is State.OFF
    between = follower.after(thrice, "L0", (7.0, -5.5))
    assert between.state is State.OFF
    assert follower.after(between, "L0", (8.0, 1.0)).state is State.ON


def test_a_doubtful_position_strays_less_easily() -> None:
    follower = Follower(_route("0a", "0d"))
    far = (7.0, 14.5)
    sure = doubtful = follower.start()
    for _ in range(3):
        sure = follower.after(sure, "L0", far, 1.0)
        doubtful = follower.after(doubtful, "L0", far, 10.0)
    assert (sure.state, doubtful.state) == (State.OFF, State.ON)


def test_passing_a_floor_in_the_lift_is_not_off_the_route() -> None:
    route = _route("0a", "2d")
    follower = Follower(route)
    progress = follower.after(follower.start(), "L0", route.pieces[0].line[-1])  # type: ignore[union-attr]
    for _ in range(5):
        progress = follower.after(progress, "L2", route.pieces[-1].line[0])  # type: ignore[union-attr]
    assert progress.state is State.ON
    for _ in range(3):
        progress = follower.after(progress, "L1", (0, 0))
    assert progress.state is State.OFF


def test_probability_stays_one_and_spreads_as_people_walk(places: Walked) -> None:
    motion = Motion(places)
    state = motion.at(snap_unit(places, "0a"))
    assert motion.where(state).unit == "0a"
    later = motion.after(state, 20)
    assert later.sum() == pytest.approx(1)
    assert motion.where(later).radius_m > motion.where(state).radius_m
    assert motion.where(later).floor == 0


def test_a_look_weighs_and_a_scan_resets(places: Walked) -> None:
    motion = Motion(places)
    state = motion.everywhere()
    for _ in range(3):
        state = motion.seen_in(motion.after(state, 1), {"1b": 1.0, "1-hall": 0.3})
    where = motion.where(state)
    assert (where.floor, where.unit) == (1, "1b")
    assert where.floor_probability > 0.99
    scanned = motion.where(motion.at(snap_unit(places, "2c")))
    assert (scanned.floor, scanned.unit, scanned.unit_probability) == (2, "2c", 1.0)


def test_a_single_wild_look_does_not_change_the_floor(places: Walked) -> None:
    motion = Motion(places)
    state = motion.after(motion.at(snap_unit(places, "0-hall")), 5)
    wild = motion.seen_in(state, {"1-hall": 1.0, "0-hall": 0.2})
    assert motion.where(wild).floor == 0
    assert motion.seen(state, np.zeros(len(places))) == pytest.approx(state)
