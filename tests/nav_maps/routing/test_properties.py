"""What holds on every building: checked on random ones."""

from functools import lru_cache

import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nav_maps.graph import build_graph
from nav_maps.graph.ways import NONE
from nav_maps.model import DoorRule, PathwayMode
from nav_maps.route import NoWay, Profile, Ride, Route
from nav_maps.routing import Router
from nav_maps.routing.network import allowed, closed_edges, edge_seconds
from tests.nav_maps.graph.houses import House, tower

quick = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
sizes = st.tuples(st.integers(1, 3), st.integers(2, 4))
seeds = st.integers(0, 10**6)


@lru_cache(maxsize=64)
def _building(size: tuple[int, int], seed: int) -> House:
    """A tower with some back rooms, short cuts through rooms, and one-way doors."""
    random = np.random.default_rng(seed)
    house = tower(*size)
    for level in range(size[0]):
        for n in range(size[1]):
            x, id = 5.0 * n, f"{level}{chr(ord('a') + n)}"
            if random.random() < 0.4:
                house.unit(f"{id}-back", f"L{level}", "room", (x, 8, x + 5, 12))
                house.door(f"{id}-back-door", f"L{level}", (x + 2, 8), (x + 3, 8))
            if n and random.random() < 0.4:
                house.door(f"{id}-side", f"L{level}", (x, 5), (x, 6))
    return house


@lru_cache(maxsize=64)
def _router(size: tuple[int, int], seed: int) -> Router:
    return Router(build_graph(_building(size, seed).map()))


def _units(router: Router) -> list[str]:
    return list(router.graph.map.units)


def _is_plain(router: Router, unit: str) -> bool:
    """Passages, and rooms that have one door, to a passage."""
    contacts = router.graph.contacts.values()
    beyond = [
        each.id
        for contact in contacts
        if unit in [own.id for own in contact.units]
        for each in contact.units
        if each.id != unit
    ]
    return unit.endswith("-hall") or [id.endswith("-hall") for id in beyond] == [True]


@quick
@given(size=sizes, seed=seeds, profile=st.sampled_from(Profile))
def test_the_triangle_inequality(size: tuple[int, int], seed: int, profile: Profile) -> None:
    """No way round is quicker than the way. Only plain rooms are asked about: one may not cross the others."""
    router = _router(size, seed)
    units = _units(router)
    table = router.seconds(units, units, profile)
    by = [n for n, unit in enumerate(units) if _is_plain(router, unit)]
    through = (table[:, by, None] + table[None, by, :]).min(axis=1)
    assert (table <= through + 1e-6).all()


@quick
@given(size=sizes, seed=seeds)
def test_the_way_back_is_as_long_where_nothing_is_one_way(size: tuple[int, int], seed: int) -> None:
    router = _router(size, seed)
    units = _units(router)
    table = router.seconds(units, units, Profile.WHEELCHAIR)
    assert table == pytest.approx(table.T)


@quick
@given(size=sizes, seed=seeds, pick=st.integers(0, 10**6))
def test_a_closure_never_shortens(size: tuple[int, int], seed: int, pick: int) -> None:
    graph = _router(size, seed).graph
    features = [*graph.map.units, *graph.map.openings]
    units = list(graph.map.units)
    before = Router(graph).seconds(units, units)
    after = Router(graph, closed=[features[pick % len(features)]]).seconds(units, units)
    assert (after >= before - 1e-6).all()


@quick
@given(size=sizes, seed=seeds)
def test_wheelchairs_never_take_stairs_and_get_to_every_level(
    size: tuple[int, int], seed: int
) -> None:
    router = _router(size, seed)
    for level in range(size[0]):
        route = router.route("0a", f"{level}b", Profile.WHEELCHAIR)
        assert isinstance(route, Route)
        rides = [piece for piece in route.pieces if isinstance(piece, Ride)]
        assert all(ride.mode is PathwayMode.ELEVATOR for ride in rides)


@quick
@given(size=sizes, seed=seeds, pick=st.integers(0, 10**6), forwards=st.booleans())
def test_one_way_doors_are_respected(
    size: tuple[int, int], seed: int, pick: int, forwards: bool
) -> None:
    plain = _building(size, seed)
    house = House()
    house.levels, house.units, house.openings = plain.levels, plain.units, plain.openings
    rooms = [f"{n}a" for n in range(size[0])]
    room = rooms[pick % len(rooms)]
    hall = f"{room[0]}-hall"
    origin, target = (room, hall) if forwards else (hall, room)
    house.rules.append(DoorRule(f"{room}-door", from_unit=origin, to_unit=target))
    router = Router(build_graph(house.map()))
    units = _units(router)
    for start in units:
        for end in units:
            route = router.route(start, end)
            for piece in route.pieces if isinstance(route, Route) else ():
                passed = piece.passed if not isinstance(piece, Ride) else ()
                for each in passed:
                    assert each.opening != f"{room}-door" or each.from_unit == origin


@quick
@given(size=sizes, seed=seeds, profile=st.sampled_from(Profile))
def test_seconds_are_those_of_another_solver(
    size: tuple[int, int], seed: int, profile: Profile
) -> None:
    """networkx on the same edges, with the reluctance to cross rooms, agrees in cost."""
    graph = _router(size, seed).graph
    router = Router(graph)
    oracle: nx.DiGraph[int] = nx.DiGraph()
    oracle.add_nodes_from(range(graph.nodes))
    seconds = edge_seconds(graph, profile) + np.where(graph.edges.reluctant, 120.0, 0.0)
    for edge in np.flatnonzero(allowed(graph, profile)):
        tail, head = int(graph.edges.tail[edge]), int(graph.edges.head[edge])
        known = oracle.get_edge_data(tail, head, {"weight": np.inf})["weight"]
        oracle.add_edge(tail, head, weight=min(known, float(seconds[edge])))
    start = graph.terminals["0a"]
    lengths = nx.single_source_dijkstra_path_length(oracle, start.leave)
    for unit in graph.map.units:
        goal = graph.terminals[unit]
        found = router.route("0a", unit, profile)
        if unit == "0a":
            continue
        assert isinstance(found, Route) == (goal.arrive in lengths)
        if isinstance(found, Route) and not any(edge for edge in _crossing(graph.map.units, found)):
            assert found.seconds == pytest.approx(lengths[goal.arrive])


def _crossing(units: object, route: Route) -> list[str]:
    return [
        unit
        for piece in route.pieces
        if not isinstance(piece, Ride)
        for unit in piece.units[1:-1]
        if not unit.endswith("-hall")
    ]


@quick
@given(size=sizes, seed=seeds)
def test_rooms_are_crossed_only_towards_rooms_behind_them(size: tuple[int, int], seed: int) -> None:
    router = _router(size, seed)
    for start in _units(router):
        for end in _units(router):
            route = router.route(start, end, Profile.STAFF)
            assert not isinstance(route, NoWay)
            for crossed in _crossing(router.graph.map.units, route):
                assert f"{crossed}-back" in {start, end}


def test_a_ride_is_never_a_walk() -> None:
    graph = _router((2, 2), 1).graph
    rides = graph.edges.ride != NONE
    assert (graph.edges.space[rides] == NONE).all()
    assert not closed_edges(graph, ()).any()
