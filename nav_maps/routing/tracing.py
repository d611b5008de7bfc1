"""From nodes to a route: walks with their lines, units and doors, and rides."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import shapely
from shapely import LineString

from nav_maps.doctor.plan import Floor
from nav_maps.graph.ways import NONE, WayGraph
from nav_maps.model import Unit
from nav_maps.route import Metres, Passed, Piece, Profile, Ride, Route, Spot, Walk
from nav_maps.routing.lines import length, natural_line
from nav_maps.routing.network import Network
from nav_maps.routing.profiles import GAITS

AT_DOOR_M = 0.35
"""A border crossed within this of an opening's line is crossed by that opening (walls have two sides)."""


def trace(
    network: Network,
    nodes: Sequence[int],
    ends: tuple[Spot, Spot],
    epoch: int,
    lead: tuple[Metres, ...] = (),
) -> Route:
    """The route along some nodes; `lead` are points walked up to the first of them."""
    graph = network.graph
    pieces: list[Piece] = []
    walked: list[int] = []
    for tail, head in pairwise(nodes):
        edge = network.edge(tail, head)
        if graph.edges.ride[edge] == NONE:
            walked.append(edge)
            continue
        ride = _ride(network, edge)
        pieces += [*_walks(network, ride.from_level, walked, lead), ride]
        walked, lead = [], ()
    pieces += _walks(network, ends[1].level, walked, lead)
    return Route(
        ends[0],
        ends[1],
        network.profile,
        tuple(pieces),
        sum(piece.metres for piece in pieces),
        sum(piece.seconds for piece in pieces),
        epoch,
    )


def here(spot: Spot, profile: Profile, epoch: int) -> Route:
    """The route from a spot to itself."""
    return Route(spot, spot, profile, (), 0.0, 0.0, epoch)


def _ride(network: Network, edge: int) -> Ride:
    graph = network.graph
    way = graph.rides[graph.edges.ride[edge]]
    units = graph.map.units
    return Ride(
        way.mode,
        way.connection,
        units[way.from_unit].level,
        units[way.to_unit].level,
        way.from_unit,
        way.to_unit,
        way.floors,
        way.metres,
        float(network.seconds[edge]),
        way.names,
    )


def _walks(
    network: Network, level: str, edges: list[int], lead: tuple[Metres, ...]
) -> Iterable[Walk]:
    """The walk along some edges of one level, after a lead; none when they lead nowhere."""
    if not edges and not lead:
        return ()
    graph = network.graph
    line = natural_line(graph, edges) if edges else ()
    line = lead + line[1:] if lead and line else lead or line
    seconds = float(network.seconds[edges].sum()) + length(lead) / GAITS[network.profile].speed

    units, passed = _passed(graph, graph.plan.floors[level], line)
    return (Walk(level, line, length(line), seconds, units, passed),)


def _passed(
    graph: WayGraph, floor: Floor, line: tuple[Metres, ...]
) -> tuple[tuple[str, ...], tuple[Passed, ...]]:
    """The units that a line runs through, in order, and the doors and borders between them."""
    whole = LineString(line)
    cuts = _cuts(floor, whole)
    middles = shapely.get_coordinates(
        shapely.line_interpolate_point(whole, (cuts[:-1] + cuts[1:]) / 2)
    )
    found = floor.at(middles)
    units: list[str] = []
    passed: list[Passed] = []
    left_at = 0.0
    for index, unit in enumerate(found):
        if unit is None:
            continue
        if units and units[-1] != unit.id:
            at = (left_at + float(cuts[index])) / 2
            passed.append(_passage(graph, whole, at, (units[-1], unit)))
        if not units or units[-1] != unit.id:
            units.append(unit.id)
        left_at = float(cuts[index + 1])
    return tuple(units), tuple(passed)


def _cuts(floor: Floor, line: LineString) -> np.ndarray:
    """Places along a line (metres, sorted, its ends included) where it may come from one unit into another."""
    near = floor.tree.query(line, predicate="intersects")
    borders = shapely.boundary(floor.shapes[near])
    points = shapely.get_coordinates(shapely.intersection(borders, line))
    places = shapely.line_locate_point(line, shapely.points(points))
    return np.unique(np.round([0.0, *np.atleast_1d(places), line.length], 3))


def _passage(graph: WayGraph, line: LineString, at_m: float, ends: tuple[str, Unit]) -> Passed:
    """By which opening one comes from a unit into the next."""
    origin, target = ends
    openings = graph.openings_between.get(frozenset({origin, target.id}), ())
    point = line.interpolate(at_m)
    best = min(openings, key=lambda each: float(each.line.distance(point)), default=None)
    if best is None or best.line.distance(point) > AT_DOOR_M + best.line.length / 4:
        return Passed(None, at_m, origin, target.id)
    return Passed(best.id, at_m, origin, target.id)
