"""Ways on maps: how fast graphs, routes and tables are, and how good the paths, on the sample hospital or on any map.

The paths are held against `ways_reference.py`: the true shortest walkable path, and an inspector who knows walls and rooms.
networkx gets the same graph with the same costs. Run it with

    python -m benchmarks.ways [MAP] [--quick] [--json FILE]
"""

import argparse
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import networkx as nx
import numpy as np
from shapely.affinity import translate

from benchmarks.rows import Row, add_json_option, report
from benchmarks.ways_reference import Inspector, Reference
from nav_maps import IndoorMap, Navigation, Profile, Route, Router, WayGraph, build_graph, read_map
from nav_maps.model import Relationship
from nav_maps.routing.network import Network, network
from nav_maps.routing.trees import Trees
from nav_maps.sample import sample_map

COPIES = 10
APART_M = 300.0
T = TypeVar("T")


def main() -> None:
    """Measure and report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("map", nargs="?", type=Path, help="instead of the sample hospital")
    options.add_argument("--quick", action="store_true", help="a tenth of the pairs")
    add_json_option(options)
    given = options.parse_args()
    built = sample_map() if given.map is None else read_map(given.map)[0]
    random.seed(7)
    rows = list(_measured(built, 1_000 if given.quick else 10_000))
    report("Ways on a map", rows, given.json)


def _measured(built: IndoorMap, pairs: int) -> Iterator[Row]:
    levels = len(built.levels)
    graph = build_graph(built)
    yield Row("nodes", graph.nodes, "")
    yield Row("ways", len(graph.edges), "")
    wall, own = _least(lambda: build_graph(built), 5)
    yield Row("build, a level", 1000 * wall / levels, "ms", 50, "lower")
    yield Row("build, a level, processor time", 1000 * own / levels, "ms")
    yield from _table(graph)
    yield from _queries(graph)
    yield from _closures(graph)
    yield from _large(built)
    yield from _quality(graph, pairs // 10)
    yield from _validity(graph, pairs)


def _least(work: Callable[[], object], times: int) -> tuple[float, float]:
    """The least wall and processor seconds of some runs."""
    found = []
    for _ in range(times):
        wall, own = time.perf_counter(), time.process_time()
        work()
        found.append((time.perf_counter() - wall, time.process_time() - own))
    return min(wall for wall, _ in found), min(own for _, own in found)


def _places(graph: WayGraph, count: int) -> list[str]:
    """Places of the site first, then units."""
    ids = [each.id for each in graph.map.navigation.places if each.id in graph.terminals]
    ids += [unit for unit in graph.map.units if unit in graph.terminals]
    return ids[:count]


def _table(graph: WayGraph) -> Iterator[Row]:
    places = _places(graph, 300)
    wall, _ = _least(lambda: Router(graph).seconds(places, places), 3)
    yield Row(f"walking times of {len(places)} places", wall, "s", 1, "lower")


def _queries(graph: WayGraph) -> Iterator[Row]:
    router = Router(graph)
    router.prepare([Profile.ADULT])
    kiosks = [each.id for each in graph.map.navigation.devices if each.kind == "kiosk"]
    pairs = _pairs(graph, kiosks or _places(graph, 20), 300)
    ways = network(graph, Profile.ADULT, np.zeros(len(graph.edges), dtype=bool))
    trees = Trees(ways)
    ends = [(graph.terminals[a].leave, graph.terminals[b].arrive) for a, b in pairs]
    for _, goal in ends:
        trees.tree(goal)
    ours = _each(lambda pair: trees.path(*pair), ends)
    whole = _each(lambda pair: router.route(*pair), pairs)
    oracle = _as_networkx(ways)
    theirs = _each(lambda pair: _networkx_path(oracle, *pair), ends[:60])
    yield Row("kiosk → place, the path", 1e6 * ours, "µs")
    yield Row("kiosk → place, line, doors and all", 1e6 * whole, "µs")
    yield Row("networkx Dijkstra, the path", 1e6 * theirs, "µs")
    yield Row("networkx ÷ ours, the path", theirs / ours, "×", 50)
    yield Row("networkx ÷ ours with line, doors and all", theirs / whole, "×")


def _pairs(graph: WayGraph, starts: list[str], count: int) -> list[tuple[str, str]]:
    ends = _places(graph, 10**6)
    found = [(random.choice(starts), random.choice(ends)) for _ in range(count)]
    return [(start, end) for start, end in found if start != end]


def _each(work: Callable[[T], object], cases: list[T]) -> float:
    """Seconds for one case: of three runs through all the quickest."""
    wall, _ = _least(lambda: [work(case) for case in cases], 3)
    return wall / len(cases)


def _as_networkx(ways: Network) -> "nx.DiGraph[int]":
    found: nx.DiGraph[int] = nx.DiGraph()
    found.add_nodes_from(range(ways.graph.nodes))
    edges = ways.graph.edges
    found.add_weighted_edges_from(
        (int(edges.tail[edge]), int(edges.head[edge]), float(ways.cost[edge]))
        for edge in np.concatenate([ways.edges, ways.leaving.edge])
    )
    return found


def _networkx_path(graph: "nx.DiGraph[int]", start: int, goal: int) -> object:
    try:
        return nx.dijkstra_path(graph, start, goal)
    except nx.NetworkXNoPath:
        return None


def _closures(graph: WayGraph) -> Iterator[Row]:
    router = Router(graph)
    router.prepare(Profile)
    rides = sorted({ride.from_unit for ride in graph.rides}) or list(graph.map.units)
    pairs = _pairs(graph, _places(graph, 50), 20)
    first, grown = [], []
    for feature, pair in zip(rides, pairs, strict=False):
        started = time.perf_counter()
        router.close(feature)
        router.route(*pair)
        first.append(time.perf_counter() - started)
        router.settle()
        grown.append(time.perf_counter() - started)
        router.reopen(feature)
        router.settle()
    yield Row("closure in force and first answer, worst", 1000 * max(first), "ms", 1000, "lower")
    yield Row("… and all trees of all profiles grown again, worst", max(grown), "s")


def _large(built: IndoorMap) -> Iterator[Row]:
    graph = build_graph(copied(built, COPIES))
    router = Router(graph)
    pairs = _pairs(graph, _places(graph, 10**6), 200)
    router.route(*pairs[0])
    seconds = []
    for pair in pairs:
        started = time.perf_counter()
        router.route(*pair)
        seconds.append(time.perf_counter() - started)
    yield Row(f"{COPIES} × larger: nodes", graph.nodes, "")
    yield Row(
        f"{COPIES} × larger: a route never asked before, median",
        1000 * float(np.median(seconds)),
        "ms",
        10,
        "lower",
    )
    yield Row(f"{COPIES} × larger: … p95", 1000 * float(np.quantile(seconds, 0.95)), "ms")
    again = _each(lambda pair: router.route(*pair), pairs[-20:])
    yield Row(
        f"{COPIES} × larger: a route to a place asked before", 1000 * again, "ms", 10, "lower"
    )


def copied(built: IndoorMap, count: int) -> IndoorMap:
    """A campus of some copies of a building side by side, each joined to the next by a ramp between halls."""
    units, openings, fixtures, links = {}, {}, {}, {}
    pathways = []
    halls = [
        max(
            (
                unit
                for unit in built.units.values()
                if unit.level == level and unit.category in {"lobby", "walkway"}
            ),
            key=lambda unit: unit.area.area,
            default=None,
        )
        for level in built.levels
    ]
    ends = [hall.id for hall in halls if hall is not None][:2]
    for n in range(count):
        aside = APART_M * n

        def own(id: str, n: int = n) -> str:
            return f"{n}/{id}"

        for unit in built.units.values():
            moved = replace(
                unit, id=own(unit.id), area=translate(unit.area, aside), display_point=None
            )
            units[moved.id] = moved
        for opening in built.openings.values():
            openings[own(opening.id)] = replace(
                opening, id=own(opening.id), line=translate(opening.line, aside)
            )
        for fixture in built.fixtures.values():
            fixtures[own(fixture.id)] = replace(
                fixture, id=own(fixture.id), area=translate(fixture.area, aside)
            )
        pathways += [
            replace(each, id=own(each.id), units=tuple(own(unit) for unit in each.units))
            for each in built.navigation.pathways
        ]
        if n and len(ends) == 2:
            links[own("ramp")] = Relationship(
                own("ramp"), "ramp", f"{n - 1}/{ends[0]}", own(ends[1]), ()
            )
    return IndoorMap(
        built.names,
        built.projection,
        built.levels,
        units,
        openings,
        fixtures=fixtures,
        relationships=links,
        navigation=Navigation(tuple(pathways)),
    )


def _quality(graph: WayGraph, count: int) -> Iterator[Row]:
    """Lengths against the true shortest, of random pairs on one level."""
    router = Router(graph)
    references = {level: Reference(graph, level) for level in graph.levels}
    places = list(graph.terminals)
    ratios: list[float] = []
    tries = 0
    while len(ratios) < count and tries < 40 * count:
        tries += 1
        start, end = random.sample(places, 2)
        if graph.terminals[start].spot.level != graph.terminals[end].spot.level:
            continue
        route = router.route(start, end, Profile.STAFF)
        if not isinstance(route, Route) or len(route.pieces) != 1 or route.metres < 1.0:
            continue
        true = references[graph.terminals[start].spot.level].metres(start, end)
        if np.isfinite(true):
            ratios.append(route.metres / true)
    if ratios:
        yield Row(
            f"drawn ÷ true shortest of {len(ratios)} pairs, median",
            float(np.median(ratios)),
            "",
            1.02,
            "lower",
        )
        yield Row("drawn ÷ true shortest, p95", float(np.quantile(ratios, 0.95)), "")
        yield Row("drawn ÷ true shortest, worst", max(ratios), "", 1.08, "lower")


def _validity(graph: WayGraph, count: int) -> Iterator[Row]:
    """Random pairs of places, random profiles: walls, rooms and fixtures that a walk goes through."""
    router, inspector = Router(graph), Inspector(graph)
    places = list(graph.terminals)
    faults, walked, wheels = 0, 0, 0
    for _ in range(count):
        start, end = random.sample(places, 2)
        route = router.route(start, end, random.choice(list(Profile)))
        if isinstance(route, Route):
            walked += 1
            faults += bool(inspector.faults(route))
    yield Row(f"routes among {count} random pairs", walked, "")
    yield Row("… that go through a wall, a fixture or a room", faults, "", 0, "lower")
    for level in graph.levels:
        wheels += _by_wheelchair(router, level)
    yield Row("levels reached by wheelchair", 100 * wheels / max(len(graph.levels), 1), "%", 100)


def _by_wheelchair(router: Router, level: str) -> bool:
    """Whether some passage of a level can be reached from a passage of another."""
    halls = [
        space.units[0].id
        for space in router.graph.divided.spaces
        if space.is_open and not space.staff_only
    ]
    here = [hall for hall in halls if router.graph.map.units[hall].level == level]
    other = [hall for hall in halls if router.graph.map.units[hall].level != level]
    if not here or not other:
        return True
    return bool(np.isfinite(router.seconds(other, here, Profile.WHEELCHAIR)).any())


if __name__ == "__main__":
    main()
