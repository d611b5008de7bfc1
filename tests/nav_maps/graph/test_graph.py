"""The walkable graph: clearance, rooms as ends, doors, ways between levels."""

import numpy as np
import pytest
import shapely
from shapely import box

from nav_maps.graph import build_graph
from nav_maps.graph.clearance import free_spaces
from nav_maps.graph.passing import FAR, Crossing, depths, may_cross
from nav_maps.graph.rides import rides_of
from nav_maps.graph.visibility import corners, visible_pairs
from nav_maps.model import DoorRule, Navigation, Pathway, PathwayMode, Relationship
from nav_maps.route import NoWay, Profile, Ride, Route
from nav_maps.routing import Router
from tests.nav_maps.graph.houses import House, corridor, tower

NO_DOORS = [np.array([], dtype=object)]


def _route(house: House, start: str, end: str, profile: Profile = Profile.ADULT) -> Route:
    found = Router(build_graph(house.map())).route(start, end, profile)
    assert isinstance(found, Route), found
    return found


def test_a_wide_space_keeps_the_full_clearance_from_its_walls() -> None:
    free, used = free_spaces(np.array([box(0, 0, 10, 3)]), NO_DOORS)
    assert used[0] == 0.4
    assert free[0].symmetric_difference(box(0.4, 0.4, 9.6, 2.6)).area < 1e-9


def test_a_narrow_neck_gets_less_clearance_and_only_there() -> None:
    area = shapely.union_all([box(0, 0, 4, 4), box(4, 1.8, 7, 2.4), box(7, 0, 11, 4)])
    free, used = free_spaces(np.array([area]), NO_DOORS)
    assert used[0] < 0.4
    assert free[0].geom_type == "Polygon"
    assert free[0].bounds == pytest.approx((0.4, 0.4, 10.6, 3.6), abs=0.01)


def test_a_space_too_narrow_for_anybody_is_still_walked() -> None:
    free, used = free_spaces(np.array([box(0, 0, 8, 0.3)]), NO_DOORS)
    assert not free[0].is_empty
    assert used[0] < 0.15


def test_corners_are_those_that_stick_into_the_free_space() -> None:
    bent = shapely.union_all([box(0, 0, 10, 2), box(0, 0, 2, 10)])
    at, _, _ = corners(bent)
    assert at.tolist() == [[2.0, 2.0]]


def test_points_around_a_corner_see_the_corner_and_not_each_other() -> None:
    bent = shapely.union_all([box(0, 0, 10, 2), box(0, 0, 2, 10)])
    pairs = visible_pairs(bent, np.array([[9.0, 1.5], [1.5, 9.0]]), corners(bent))
    assert {tuple(pair) for pair in pairs.tolist()} == {(0, 2), (1, 2)}


def test_a_line_that_is_no_tangent_of_a_corner_is_left_out() -> None:
    bent = shapely.union_all([box(0, 0, 10, 2), box(0, 0, 2, 10)])
    pairs = visible_pairs(bent, np.array([[0.5, 0.5]]), corners(bent))
    assert not len(pairs)


def test_rooms_are_no_short_cuts() -> None:
    """Two corridors joined far in the west and by a room with two doors in the east."""
    house = House()
    level = house.level(0)
    house.unit("south", level, "walkway", (0, 0, 40, 3))
    house.unit("west", level, "walkway", (0, 3, 3, 9))
    house.unit("north", level, "walkway", (0, 9, 40, 12))
    house.unit("room", level, "room", (30, 3, 36, 9))
    house.door("d1", level, (32, 3), (33, 3))
    house.door("d2", level, (32, 9), (33, 9))
    house.unit("p", level, "room", (30, -5, 36, 0))
    house.door("dp", level, (32, 0), (33, 0))
    house.unit("q", level, "room", (30, 12, 36, 17))
    house.door("dq", level, (32, 12), (33, 12))
    for profile in Profile:
        route = _route(house, "p", "q", profile)
        assert "room" not in route.pieces[0].units  # type: ignore[union-attr]
        assert route.metres > 60
    assert _route(house, "p", "room").metres < 15


def test_an_anteroom_is_a_way_to_what_lies_behind_it_only() -> None:
    house = House()
    corridor(house, 0, 3)
    house.unit("inner", "L0", "room", (0, 8, 5, 12))
    house.door("inner-door", "L0", (2, 8), (3, 8))
    route = _route(house, "0c", "inner")
    walk = route.pieces[0]
    assert walk.units == ("0c", "0-hall", "0a", "inner")  # type: ignore[union-attr]
    assert [each.opening for each in walk.passed] == ["0c-door", "0a-door", "inner-door"]  # type: ignore[union-attr]


def test_depth_counts_the_rooms_that_must_be_crossed() -> None:
    near = {0: [1], 1: [0, 2], 2: [1, 3], 3: [2]}
    depth = depths(near, {0}, {0})
    assert depth == {0: 0, 1: 0, 2: 1, 3: 2}
    assert may_cross(depth, Crossing(1, 0, 2))
    assert not may_cross({0: 0, 1: 0, 4: 0}, Crossing(1, 0, 4))
    assert FAR > 10**6


def test_a_one_way_door_is_passed_one_way_only() -> None:
    house = House()
    corridor(house, 0, 3)
    house.rules.append(DoorRule("0a-door", from_unit="0a"))
    router = Router(build_graph(house.map()))
    assert isinstance(router.route("0a", "0b"), Route)
    assert isinstance(router.route("0b", "0a"), NoWay)


def test_a_staff_door_lets_staff_through_and_says_so_to_others() -> None:
    house = House()
    corridor(house, 0, 3)
    house.rules.append(DoorRule("0a-door", staff_only=True))
    router = Router(build_graph(house.map()))
    refused = router.route("0b", "0a")
    assert isinstance(refused, NoWay)
    assert refused.blocked_by == ("0a-door",)
    assert "工作人员" in refused.reason["zh"]
    assert isinstance(router.route("0b", "0a", Profile.STAFF), Route)


def test_staff_units_are_no_way_for_the_public() -> None:
    house = House()
    level = house.level(0)
    house.unit("west", level, "walkway", (0, 0, 10, 3))
    house.unit("back", level, "walkway", (10, 0, 20, 3), "employeesonly")
    house.unit("east", level, "walkway", (20, 0, 30, 3))
    router = Router(build_graph(house.map()))
    assert isinstance(router.route("west", "east"), NoWay)
    assert isinstance(router.route("west", "east", Profile.STAFF), Route)


def test_passages_that_run_into_each_other_are_walked_straight() -> None:
    house = House()
    level = house.level(0)
    for n in range(4):
        house.unit(f"h{n}", level, "walkway", (10 * n, 0, 10 * n + 10, 3))
    route = _route(house, "h0", "h3")
    assert route.metres == pytest.approx(30, abs=0.05)
    walk = route.pieces[0]
    assert walk.units == ("h0", "h1", "h2", "h3")  # type: ignore[union-attr]
    assert [each.opening for each in walk.passed] == [None, None, None]  # type: ignore[union-attr]


def test_a_wall_drawn_as_a_mere_line_is_not_walked_through() -> None:
    """Two halls that share a wall without thickness and a wide door at its far end."""
    house = House()
    level = house.level(0)
    house.unit("south", level, "walkway", (0, 0, 40, 4))
    house.unit("north", level, "walkway", (0, 4, 40, 8))
    house.door("wide", level, (36, 4), (39, 4))
    house.unit("p", level, "room", (0, -4, 4, 0))
    house.door("dp", level, (1, 0), (2, 0))
    house.unit("q", level, "room", (0, 8, 4, 12))
    house.door("dq", level, (1, 8), (2, 8))
    route = _route(house, "p", "q")
    assert route.metres > 70
    assert "wide" in [each.opening for each in route.pieces[0].passed]  # type: ignore[union-attr]


def test_fixtures_and_columns_are_walked_around() -> None:
    house = House()
    level = house.level(0)
    house.unit("hall", level, "lobby", (0, 0, 20, 10))
    house.unit("column", level, "column", (8, 4, 12, 6))
    for id, x in (("p", -4.0), ("q", 20.0)):
        house.unit(id, level, "room", (x, 3, x + 4, 7))
        edge = 0 if id == "p" else 20
        house.door(f"d{id}", level, (edge, 4.5), (edge, 5.5))
    route = _route(house, "p", "q")
    line = shapely.LineString(route.pieces[0].line)  # type: ignore[union-attr]
    assert 0.39 <= line.distance(box(8, 4, 12, 6)) <= 0.8


def test_stacked_stairs_and_lifts_lead_to_every_level() -> None:
    house = tower(3)
    rides = rides_of(house.map())
    pairs = {(ride.from_unit, ride.to_unit) for ride in rides}
    for kind in ("stairs", "lift"):
        assert {
            (f"{a}-{kind}", f"{b}-{kind}") for a in range(3) for b in range(3) if a != b
        } <= pairs
    assert len(pairs) == 12


def test_a_lift_is_one_ride_over_several_floors() -> None:
    route = _route(tower(4), "0a", "3a", Profile.WHEELCHAIR)
    rides = [piece for piece in route.pieces if isinstance(piece, Ride)]
    assert [(ride.mode, ride.floors) for ride in rides] == [(PathwayMode.ELEVATOR, 3)]
    assert rides[0].seconds == pytest.approx(40 + 8 + 3 * 4)


def test_a_pathway_says_what_a_lift_costs_and_where_it_stops() -> None:
    lift = Pathway("lift", PathwayMode.ELEVATOR, ("0-lift", "2-lift"), wait_s=10, per_level_s=2)
    rides = [
        each for each in rides_of(tower(3).map(Navigation((lift,)))) if each.connection == "lift"
    ]
    assert {(ride.from_unit, ride.to_unit, ride.floors) for ride in rides} == {
        ("0-lift", "2-lift", 2),
        ("2-lift", "0-lift", -2),
    }
    assert all(ride.wait_s == 10 and ride.per_level_s == 2 for ride in rides)


def test_an_escalator_goes_one_way() -> None:
    up = Pathway("up", PathwayMode.ESCALATOR, ("0-stairs", "1-stairs"), one_way=True)
    rides = [each for each in rides_of(tower(2).map(Navigation((up,)))) if each.connection == "up"]
    assert [(ride.from_unit, ride.to_unit) for ride in rides] == [("0-stairs", "1-stairs")]


def test_a_relationship_links_what_does_not_stand_on_each_other() -> None:
    house = tower(2)
    house.units["far"] = house.units["1-stairs"].__class__(
        "far", "L1", "stairs", {}, box(50, 0, 54, 3)
    )
    built = house.map()
    related = Relationship("rel", "stairs", "0-stairs", "far", ())
    linked = built.__class__(
        built.names,
        built.projection,
        built.levels,
        built.units,
        built.openings,
        relationships={"rel": related},
    )
    assert ("0-stairs", "far") in {(ride.from_unit, ride.to_unit) for ride in rides_of(linked)}


def test_an_empty_map_is_an_empty_graph() -> None:
    graph = build_graph(House().map())
    assert graph.nodes == 0
    assert len(graph.edges) == 0


def test_a_room_without_a_door_is_named() -> None:
    house = House()
    level = house.level(0)
    house.unit("shut", level, "room", (0, 0, 4, 4))
    assert any("shut" in problem for problem in build_graph(house.map()).problems)
