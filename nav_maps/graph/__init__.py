"""The walkable graph of a map: `build_graph(map)`.

In reading order: `clearance` (where a body fits), `visibility` (what sees what), `spaces` (units as spaces, doors as borders),
`rides` (between levels), `passing` and `roots` (which rooms are ways through), `stops` (where walks begin and end),
`ways` (the graph as arrays), `inside` (one room), `allowing` (whom edges let through), `room`, `build`.
"""

from nav_maps.graph.build import build_graph
from nav_maps.graph.rides import RideWay
from nav_maps.graph.ways import Edges, Terminal, WayGraph

__all__ = ["Edges", "RideWay", "Terminal", "WayGraph", "build_graph"]
