"""Routes, nearest, tours, tables, closures."""

from datetime import UTC, datetime
from itertools import pairwise, permutations

import numpy as np
import pytest
from shapely import Point, box

from nav_maps.graph import build_graph
from nav_maps.model import (
    Amenity,
    Closure,
    Device,
    DoorRule,
    Navigation,
    Opening,
    Pathway,
    PathwayMode,
    Place,
)
from nav_maps.route import NoWay, Profile, Ride, Route, Walk
from nav_maps.routing import Router, Unknown, named, of_kind, walking_times
from nav_maps.routing.hours import is_open
from nav_maps.routing.ordering import best_order
from tests.nav_maps.graph.houses import House, corridor, tower


def _router(house: House, navigation: Navigation | None = None) -> Router:
    return Router(build_graph(house.map(navigation)))


def _found(router: Router, start: str, end: str, profile: Profile = Profile.ADULT) -> Route:
    route = router.route(start, end, profile)
    assert isinstance(route, Route), route
    return route


def test_a_route_on_one_level_is_one_walk_through_two_doors() -> None:
    route = _found(_router(tower(1)), "0a", "0c")
    (walk,) = route.pieces
    assert isinstance(walk, Walk)
    assert walk.units == ("0a", "0-hall", "0c")
    assert [each.opening for each in walk.passed] == ["0a-door", "0c-door"]
    assert (walk.passed[0].from_unit, walk.passed[0].to_unit) == ("0a", "0-hall")
    assert walk.line[0] == (2.5, 5.5)
    assert walk.line[-1] == (12.5, 5.5)
    assert route.metres == pytest.approx(10 + 2 * (2.5 + 0.4), rel=0.03)
    assert route.seconds == pytest.approx(route.metres / 1.1, rel=0.03)


def test_a_route_to_where_one_is_has_no_pieces() -> None:
    route = _found(_router(tower(1)), "0a", "0a")
    assert (route.pieces, route.metres, route.seconds) == ((), 0.0, 0.0)


def test_levels_come_in_the_order_of_travel() -> None:
    route = _found(_router(tower(3)), "0a", "2b")
    assert route.levels == ("L0", "L2")
    assert [type(piece) for piece in route.pieces] == [Walk, Ride, Walk]


def test_a_child_prefers_the_lift_where_an_adult_climbs() -> None:
    router = _router(tower(4))
    rides = {
        profile: next(p for p in _found(router, "0b", "3b", profile).pieces if isinstance(p, Ride))
        for profile in (Profile.ADULT, Profile.CHILD)
    }
    assert rides[Profile.ADULT].mode is PathwayMode.STAIRS
    assert rides[Profile.CHILD].mode is PathwayMode.ELEVATOR


def test_an_unknown_place_is_named() -> None:
    with pytest.raises(Unknown, match="'attic'"):
        _router(tower(1)).route("0a", "attic")


def test_a_closed_lift_sends_wheelchairs_nowhere_and_says_why() -> None:
    router = _router(tower(2))
    before = _found(router, "0a", "1a", Profile.WHEELCHAIR)
    assert router.close("1-lift") == 1
    refused = router.route("0a", "1a", Profile.WHEELCHAIR)
    assert isinstance(refused, NoWay)
    assert refused.blocked_by == ("1-lift",)
    assert "1-lift" in refused.reason["en"]
    assert isinstance(router.route("0a", "1a"), Route)
    router.reopen("1-lift")
    after = _found(router, "0a", "1a", Profile.WHEELCHAIR)
    assert (after.pieces, after.epoch) == (before.pieces, 2)


def test_without_a_lift_a_stroller_is_told_that_there_are_only_stairs() -> None:
    house = tower(2)
    for id in ("0-lift", "1-lift"):
        del house.units[id]
        del house.openings[f"{id}-door"]
    refused = _router(house).route("0a", "1a", Profile.STROLLER)
    assert isinstance(refused, NoWay)
    assert "楼梯" in refused.reason["zh"]
    assert refused.blocked_by


def test_a_narrow_door_keeps_a_wheelchair_out() -> None:
    house = tower(1)
    line = house.openings["0a-door"].line
    narrow = line.interpolate([0.2, 0.8], normalized=True)
    house.openings["0a-door"] = Opening(
        "0a-door", "L0", "pedestrian", type(line)([(p.x, p.y) for p in narrow])
    )
    refused = _router(house).route("0b", "0a", Profile.WHEELCHAIR)
    assert isinstance(refused, NoWay)
    assert refused.blocked_by == ("0a-door",)


def test_a_closed_corridor_is_gone_around() -> None:
    house = House()
    level = house.level(0)
    house.unit("south", level, "walkway", (0, 0, 40, 3))
    house.unit("west", level, "walkway", (0, 3, 3, 9))
    house.unit("east", level, "walkway", (37, 3, 40, 9))
    house.unit("north", level, "walkway", (0, 9, 40, 12))
    router = _router(house)
    short = router.route("west", "north")
    house_closed = router.close("east")
    assert house_closed == 1
    start, end = _found(router, "south", "north"), short
    assert isinstance(end, Route)
    walk = start.pieces[0]
    assert isinstance(walk, Walk)
    assert "east" not in walk.units
    assert "west" in walk.units


def test_a_closed_wide_door_between_passages_is_not_walked_through() -> None:
    house = House()
    level = house.level(0)
    house.unit("one", level, "walkway", (0, 0, 10, 4))
    house.unit("two", level, "walkway", (10.2, 0, 20, 4))
    house.door("fire", level, (10.1, 1), (10.1, 3))
    router = _router(house)
    assert isinstance(router.route("one", "two"), Route)
    router.close("fire")
    assert isinstance(router.route("one", "two"), NoWay)


def test_planned_closures_and_opening_hours_follow_the_clock() -> None:
    night = DoorRule("0a-door", hours="Mo-Su 07:00-19:00")
    planned = Closure(("0b-door",), "2026-03-02T08:00:00+00:00", "2026-03-02T12:00:00+00:00")
    house = tower(1)
    navigation = Navigation(doors=(night,), closures=(planned,))
    router = Router(build_graph(house.map(navigation)), now=datetime(2026, 3, 2, 9, tzinfo=UTC))
    assert router.closed == {"0b-door"}
    router.tell_time(datetime(2026, 3, 2, 20, tzinfo=UTC))
    assert router.closed == {"0a-door"}
    assert isinstance(router.route("0c", "0a"), NoWay)


@pytest.mark.parametrize(
    ("hours", "day", "clock", "expected"),
    [
        ("24/7", 2, "03:00", True),
        ("Mo-Fr 07:30-18:00", 2, "07:30", True),
        ("Mo-Fr 07:30-18:00", 2, "18:00", False),
        ("Mo-Fr 07:30-18:00", 7, "10:00", False),
        ("Mo-Fr 08:00-12:00,13:30-17:00; Sa 08:00-12:00", 3, "12:30", False),
        ("Mo-Fr 08:00-12:00,13:30-17:00; Sa 08:00-12:00", 7, "09:00", True),
        ("Mo-Su 22:00-06:00", 2, "05:00", True),
        ("Mo 22:00-06:00", 3, "05:00", True),
        ("Mo 22:00-06:00", 2, "05:00", False),
        ("Sa,Su off", 7, "12:00", False),
        ("08:00-17:00", 8, "09:00", True),
        ("sunrise-sunset", 2, "00:00", True),
        ("PH off", 2, "00:00", True),
        ("", 2, "00:00", True),
    ],
)
def test_opening_hours(hours: str, day: int, clock: str, expected: bool) -> None:
    """2 March 2026 is a Monday."""
    hour, minute = clock.split(":")
    assert is_open(hours, datetime(2026, 3, day, int(hour), int(minute), tzinfo=UTC)) is expected


def test_the_nearest_toilet_is_the_quickest_to_reach() -> None:
    house = tower(2, 4)
    for id in ("0d", "1a"):
        unit = house.units[id]
        house.units[id] = unit.__class__(id, unit.level, "restroom.unisex", {}, unit.area)
    router = _router(house)
    route = router.nearest("0a", of_kind(router.graph, "toilet"))
    assert isinstance(route, Route)
    assert route.end.feature == "0d"
    assert isinstance(router.nearest("0a", of_kind(router.graph, "pharmacy")), NoWay)


def test_places_kiosks_and_amenities_are_where_they_say() -> None:
    navigation = Navigation(
        places=(Place("lab-1", "point", "0b", Point(6, 7)),),
        devices=(Device("kiosk-01", "kiosk", "L0", Point(9, 0.1), {}, 180.0),),
    )
    built = tower(1).map(navigation)
    water = Amenity("water", "drinkingfountain", {}, Point(1, 0.2), ("0-hall",))
    graph = build_graph(
        built.__class__(
            built.names,
            built.projection,
            built.levels,
            built.units,
            built.openings,
            {"water": water},
            navigation=navigation,
        )
    )
    router = Router(graph)
    route = _found(router, "kiosk-01", "lab-1")
    assert list(route.start.point) == [9, 0.1]
    assert route.start.facing_deg == 180.0
    assert list(route.end.point) == [6, 7]
    assert route.end.unit == "0b"
    (goal,) = of_kind(graph, "water")
    assert list(goal.spot.point) == [1, 0.2]


def test_names_numbers_and_parts_of_names_are_understood() -> None:
    house = tower(1)
    unit = house.units["0b"]
    house.units["0b"] = unit.__class__(
        "0b", "L0", "room", {"zh": "检验科", "en": "Laboratory"}, unit.area, {"en": "102"}
    )
    graph = build_graph(house.map())
    for text in ("0b", "102", "检验科", "laboratory", "检验", "labor"):
        assert [each.spot.unit for each in named(graph, text)] == ["0b"]
    assert named(graph, "attic") == []
    assert named(graph, " ") == []
    assert len(named(graph, "室")) > 1


def test_a_tour_takes_the_best_order_and_ends_where_asked() -> None:
    router = _router(tower(1, 6))
    stops = ["0a", "0e", "0b", "0d", "0c"]
    tour = router.tour(stops)
    assert isinstance(tour, tuple)
    assert [route.end.feature for route in tour] == ["0b", "0c", "0d", "0e"]
    ended = router.tour(stops, end="0f")
    assert isinstance(ended, tuple)
    assert ended[-1].end.feature == "0f"
    given = router.tour(stops, ordered=True)
    assert isinstance(given, tuple)
    assert [route.end.feature for route in given] == stops[1:]


def test_the_best_order_is_the_best_of_all_orders() -> None:
    costs = np.random.default_rng(3).uniform(1, 10, (7, 7))
    order = best_order(costs)
    total = sum(costs[a, b] for a, b in pairwise(order))
    every = (
        sum(costs[a, b] for a, b in zip((0, *rest), rest, strict=False))
        for rest in permutations(range(1, 7))
    )
    assert total == pytest.approx(min(every))


def test_many_stops_are_still_ordered_well() -> None:
    at = np.random.default_rng(5).uniform(0, 100, 16)
    at[0] = 0
    order = best_order(np.abs(at[:, None] - at[None, :]), fixed_last=False)
    assert sorted(order) == list(range(16))
    assert sum(abs(at[a] - at[b]) for a, b in pairwise(order)) <= 130


def test_the_table_says_what_the_routes_say() -> None:
    router = _router(tower(2))
    places = ["0a", "0c", "1b"]
    table = walking_times(router, places)
    for start in places:
        for end in places:
            assert table[start][end] == pytest.approx(_found(router, start, end).seconds, abs=0.06)


def test_seconds_leave_out_the_reluctance_to_cross_rooms() -> None:
    house = House()
    corridor(house, 0, 3)
    house.unit("inner", "L0", "room", (0, 8, 5, 12))
    house.door("inner-door", "L0", (2, 8), (3, 8))
    house.unit("innermost", "L0", "room", (0, 12, 5, 16))
    house.door("innermost-door", "L0", (2, 12), (3, 12))
    router = _router(house)
    route = _found(router, "0c", "innermost")
    assert router.seconds(["0c"], ["innermost"])[0, 0] == pytest.approx(route.seconds)
    assert route.seconds < 60


def test_places_that_cannot_be_reached_are_left_out_of_the_table() -> None:
    house = tower(1)
    house.units["shut"] = house.units["0a"].__class__("shut", "L0", "room", {}, box(50, 50, 55, 55))
    table = walking_times(_router(house), ["0a", "shut"])
    assert table == {"0a": {"0a": 0.0}, "shut": {"shut": 0.0}}


def test_a_pathway_for_some_profiles_is_for_these_only() -> None:
    bed = Pathway("bed", PathwayMode.ELEVATOR, ("0-lift", "1-lift"), profiles=("staff",))
    router = _router(tower(2), Navigation((bed,)))
    refused = router.route("0a", "1a", Profile.WHEELCHAIR)
    assert isinstance(refused, NoWay)
    assert isinstance(router.route("0a", "1a", Profile.STAFF), Route)


def test_trees_grow_behind_a_closure_and_agree_with_the_first_answers() -> None:
    router = _router(tower(3))
    router.prepare([Profile.ADULT])
    router.close("1-stairs")
    first = _found(router, "0a", "2c")
    router.settle()
    assert _found(router, "0a", "2c") == first
    assert all(
        piece.mode is PathwayMode.ELEVATOR for piece in first.pieces if isinstance(piece, Ride)
    )


def test_from_any_position_one_is_led_by_the_quickest_way() -> None:
    router = _router(tower(2, 4))
    known = _found(router, "0-hall", "1b")
    at = known.start.point
    free = router.route_from("L0", at, "1b")
    assert isinstance(free, Route)
    assert free.seconds == pytest.approx(known.seconds, rel=0.02)
    assert (free.start.feature, free.start.unit, free.start.point) == ("", "0-hall", at)
    in_room = router.route_from("L0", (1.0, 7.5), "0c")
    assert isinstance(in_room, Route)
    walk = in_room.pieces[0]
    assert isinstance(walk, Walk)
    assert [each.opening for each in walk.passed] == ["0a-door", "0c-door"]
    assert list(walk.line[0]) == [1.0, 7.5]
    inside = router.route_from("L0", (1.0, 7.5), "0a")
    assert isinstance(inside, Route)
    assert inside.metres == pytest.approx(2.5, abs=0.3)


def test_a_position_off_the_map_is_no_start() -> None:
    router = _router(tower(1))
    with pytest.raises(Unknown):
        router.route_from("L0", (500.0, 0.0), "0a")
    with pytest.raises(Unknown):
        router.route_from("roof", (1.0, 1.0), "0a")


def test_a_position_from_which_there_is_no_way_says_why() -> None:
    router = _router(tower(1))
    router.close("0a-door")
    refused = router.route_from("L0", (12.0, 1.0), "0a")
    assert isinstance(refused, NoWay)
    assert refused.blocked_by == ("0a-door",)
