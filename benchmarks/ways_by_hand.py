"""Our routes against the graph that the makers of a map drew by hand (navPath.geojson beside its IMDF files).

A place is linked to a node, which stands somewhere in the corridor before it, often some metres off its door, or in the room.
Where it stands outside, our length is taken from the door on; what the node is off stays, and weighs less the farther one goes.
Some of those ways lead through third rooms, which ours never do: they are counted and left out.

    python -m benchmarks.ways_by_hand MAP [--pairs N] [--json FILE]
"""

import argparse
import json
import random
from pathlib import Path

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

from benchmarks.rows import Row, add_json_option, report
from nav_maps import IndoorMap, Profile, Route, Router, Walk, WayGraph, build_graph, read_map

FAR_M = 40.0


def main() -> None:
    """Measure and report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("map", type=Path)
    options.add_argument("--pairs", type=int, default=2000)
    add_json_option(options)
    given = options.parse_args()
    built, _ = read_map(given.map)
    hand = _Hand(given.map, built.projection.to_metres)
    router = Router(build_graph(built))
    random.seed(7)
    graph = router.graph
    places = [place for place in hand.node_of if place in graph.terminals]
    ratios, far, through = [], [], 0
    passages = _passages(graph)
    for _ in range(given.pairs):
        start, end = random.sample(places, 2)
        ends = [graph.terminals[place].spot for place in (start, end)]
        if ends[0].level != ends[1].level:
            continue
        route = router.route(start, end, Profile.STAFF)
        theirs = hand.metres(start, end)
        if not isinstance(route, Route) or len(route.pieces) != 1 or not 5 < theirs < np.inf:
            continue
        outside = [
            not built.units[spot.unit].area.intersects(hand.at(place))
            for spot, place in zip(ends, (start, end), strict=True)
        ]
        ratio = _between(route.pieces[0], outside) / theirs
        if hand.crosses(start, end, passages[ends[0].level], built):
            through += 1
            continue
        ratios.append(ratio)
        if theirs > FAR_M:
            far.append(ratio)
    rows = [Row("pairs whose way by hand runs through a third room: left out", through, "")]
    for name, found in (("", ratios), (f", farther than {FAR_M:.0f} m", far)):
        rows.append(Row(f"pairs on one level{name}", len(found), ""))
        for part in (0.05, 0.5, 0.95, 1.0):
            quantile = float(np.quantile(found, part)) if found else float("nan")
            rows.append(Row(f"ours ÷ by hand, {100 * part:.0f} of 100{name}", quantile, ""))
    report("Ways by hand", rows, given.json)


def _passages(graph: WayGraph) -> dict[str, BaseGeometry]:
    """The ground of the passages of each level, with the width of a wall."""
    return {
        level: shapely.buffer(
            shapely.union_all(
                [
                    unit.area
                    for space in graph.divided.spaces
                    if space.is_open and space.level == level
                    for unit in space.units
                ]
            ),
            0.5,
        )
        for level in graph.levels
    }


def _between(walk: object, outside: list[bool]) -> float:
    """The length of a walk, without what lies behind the first and the last door where these are not counted."""
    assert isinstance(walk, Walk)
    start, end = 0.0, walk.metres
    if walk.passed:
        start = walk.passed[0].at_m if outside[0] else start
        end = walk.passed[-1].at_m if outside[1] else end
    return end - start


class _Hand:
    """The graph drawn by hand."""

    def __init__(self, folder: Path, to_metres: object) -> None:
        assert callable(to_metres)
        nodes = json.loads((folder / "navPath.geojson").read_text("utf-8"))["features"]
        links = json.loads((folder / "navPathAssocieted.geojson").read_text("utf-8"))["features"]
        number = {node["id"]: n for n, node in enumerate(nodes)}
        self._at = at = np.array(
            [to_metres(*node["geometry"]["coordinates"][:2]) for node in nodes]
        )
        pairs = {
            tuple(sorted((number[node["id"]], number[other])))
            for node in nodes
            for other in node["properties"]["neighbours"]
            if other in number
        }
        one, other = np.array(sorted(pairs)).T
        metres = np.maximum(np.hypot(*(at[one] - at[other]).T), 1e-6)
        self._graph = csr_array((metres, (one, other)), shape=(len(at), len(at)))
        self._known: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        self.node_of = {
            link["properties"]["associeted_id"]: number[link["properties"]["pathNode_id"]]
            for link in links
            if link["properties"]["pathNode_id"] in number
        }

    def crosses(self, start: str, end: str, passages: BaseGeometry, built: IndoorMap) -> bool:
        """Whether the way between two places leaves the passages, other than in the places' own rooms."""
        nodes = [self.node_of[end]]
        before = self._tree(self.node_of[start])[1]
        while nodes[-1] != self.node_of[start]:
            nodes.append(int(before[nodes[-1]]))
        if len(nodes) < 2:
            return False
        off = shapely.difference(LineString(self._at[nodes]), passages)
        rooms = [
            unit.area
            for unit in built.units.values()
            if any(unit.area.intersects(self.at(place)) for place in (start, end))
        ]
        return bool(shapely.difference(off, shapely.union_all(rooms)).length > 1.0)

    def at(self, place: str) -> Point:
        """Where the node of a place stands."""
        return Point(self._at[self.node_of[place]])

    def metres(self, start: str, end: str) -> float:
        """The shortest way between the nodes of two places."""
        return float(self._tree(self.node_of[start])[0][self.node_of[end]])

    def _tree(self, node: int) -> tuple[np.ndarray, np.ndarray]:
        if node not in self._known:
            far, before = dijkstra(
                self._graph, directed=False, indices=[node], return_predecessors=True
            )
            self._known[node] = far[0], before[0]
        return self._known[node]


if __name__ == "__main__":
    main()
