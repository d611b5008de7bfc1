"""`nav-maps graph`: what the walkable graph of a map is like."""

import argparse
import json
import time

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from nav_maps.cli.arguments import Commands, add_map
from nav_maps.graph import WayGraph, build_graph
from nav_maps.labels import said
from nav_maps.reading import read_map

SHOWN = 12


def add(commands: Commands) -> None:
    """Add the command."""
    graphing = commands.add_parser(
        "graph",
        help="say what the walkable graph of a map is like",
        description="Doors, corners and places by level, the ways between them, rides between levels, and what hangs together. "
        "What keeps people from their way, and its remedy: nav-maps check.",
    )
    add_map(graphing)
    graphing.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> int:
    built, _ = read_map(given.map)
    started = time.perf_counter()
    graph = build_graph(built)
    seconds = time.perf_counter() - started
    parts = _parts(graph)
    if given.json:
        told = {
            "nodes": graph.nodes,
            "edges": len(graph.edges),
            "rides": len(graph.rides),
            "places": len(graph.terminals),
            "parts": parts,
            "levels": _levels(graph),
            "problems": list(graph.problems),
            "build_seconds": round(seconds, 3),
        }
        print(json.dumps(told, ensure_ascii=False))
        return 0
    for level in _levels(graph):
        print(
            f"{level['ordinal']:>4}  {level['name']:<30} {level['nodes']:>6} nodes {level['ways']:>7} ways "
            f"{level['places']:>5} places   clearance {level['least_clearance_m']} m"
        )
    print(
        f"{graph.nodes} nodes, {len(graph.edges)} ways, {len(graph.rides)} rides, built in {1000 * seconds:.0f} ms"
    )
    print(f"places that hang together: {', '.join(str(part) for part in parts)}")
    for problem in graph.problems[:SHOWN]:
        print(f"! {problem}")
    if len(graph.problems) > SHOWN:
        print(f"  … {len(graph.problems) - SHOWN} more (--json)")
    return 0


def _parts(graph: WayGraph) -> list[int]:
    """Units in each part that hangs together, whoever walks, largest first."""
    units = [id for id in graph.plan.walkable if id in graph.terminals]
    if not units:
        return []
    ends = graph.edges.tail, graph.edges.head
    joined = csr_array((np.ones(len(graph.edges)), ends), shape=(graph.nodes, graph.nodes))
    _, labels = connected_components(joined, directed=False)
    of_units = labels[[graph.terminals[id].arrive for id in units]]
    return sorted((int(count) for count in np.unique_counts(of_units).counts), reverse=True)


def _levels(graph: WayGraph) -> list[dict[str, object]]:
    on = graph.level[graph.edges.tail] if len(graph.edges) else np.zeros(0, dtype=int)
    found = []
    for index, id in enumerate(graph.levels):
        level = graph.map.levels[id]
        used = [space.clearance_m for space in graph.divided.spaces if space.level == id]
        found.append(
            {
                "id": id,
                "ordinal": level.ordinal,
                "name": said(level.names, "zh") or id,
                "nodes": int((graph.level == index).sum()),
                "ways": int((on == index).sum()),
                "places": sum(each.spot.level == id for each in graph.terminals.values()),
                "spaces": len(used),
                "least_clearance_m": min(used, default=0.0),
            }
        )
    return sorted(found, key=lambda each: graph.map.levels[str(each["id"])].ordinal)
