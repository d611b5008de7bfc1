"""A graph for one profile and one set of closures: which edges are open, and what each costs in seconds."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array

from nav_maps.doctor.plan import Numbers
from nav_maps.graph.rides import RideWay
from nav_maps.graph.ways import NONE, Flags, Indices, WayGraph
from nav_maps.model import PathwayMode
from nav_maps.route import Profile
from nav_maps.routing.profiles import (
    ESCALATOR_SPEED,
    GAITS,
    LIFT_A_LEVEL_S,
    LIFT_DOORS_S,
    LIFT_WAIT_S,
    Gait,
)

RELUCTANCE_S: Final = 120.0
"""Counted, not reported, for each room that is crossed: one does so only where there is no other way."""
LEAST_S: Final = 1e-4
"""An edge of no length still costs something: sparse matrices take a zero for no edge."""
WITHIN_M: Final = 0.05
"""An edge that runs less than this through a closed unit only touches it."""


@dataclass(frozen=True)
class Leaving:
    """Open edges out of the nodes where walks begin, by node: those of node i are `first[i]` to `first[i + 1]`.

    They stand apart from the rest: nobody comes back to such a node, so no tree need ever look at it.
    """

    first: Indices
    head: Indices
    cost: Numbers
    edge: Indices

    def of(self, node: int) -> slice:
        """The edges of a node; none when it is no beginning."""
        return slice(int(self.first[node]), int(self.first[node + 1]))


@dataclass(frozen=True)
class Network:
    """Costs of a profile's open edges. `seconds` is true for every edge of the graph, `cost` has reluctance in it."""

    graph: WayGraph
    profile: Profile
    seconds: Numbers
    cost: Numbers
    towards: csr_array
    """Transposed costs: rows are heads, tails sorted in each. A tree over it holds the way from everywhere to its root."""
    edges: Indices
    """The edge of each value of `towards`."""
    leaving: Leaving

    def edge(self, tail: int, head: int) -> int:
        """The open edge between two nodes that a path goes along."""
        own = self.leaving.of(tail)
        if own.start < own.stop:
            return int(self.leaving.edge[own][self.leaving.head[own] == head][0])
        low, high = self.towards.indptr[head], self.towards.indptr[head + 1]
        return int(self.edges[low + np.searchsorted(self.towards.indices[low:high], tail)])


def edge_seconds(graph: WayGraph, profile: Profile) -> Numbers:
    """Seconds for each edge (n,), whether it is open or not."""
    gait, edges = GAITS[profile], graph.edges
    seconds = edges.metres / gait.speed + edges.delay_s
    for edge in np.flatnonzero(edges.ride != NONE):
        seconds[edge] = ride_seconds(graph.rides[edges.ride[edge]], gait)
    return np.asarray(np.maximum(seconds, LEAST_S))


def ride_seconds(ride: RideWay, gait: Gait) -> float:
    """Seconds for a ride: what the map says, else by the floors, steps and metres."""
    if ride.mode is PathwayMode.ELEVATOR:
        wait = LIFT_WAIT_S if ride.wait_s is None else ride.wait_s
        a_level = LIFT_A_LEVEL_S if ride.per_level_s is None else ride.per_level_s
        return wait + LIFT_DOORS_S + a_level * max(abs(ride.floors), 1)
    wait = ride.wait_s or 0.0
    if ride.fixed_s is not None:
        return wait + ride.fixed_s
    if ride.mode is PathwayMode.STAIRS:
        return wait + ride.steps * (gait.step_up_s if ride.floors >= 0 else gait.step_down_s)
    if ride.mode in {PathwayMode.ESCALATOR, PathwayMode.MOVING_SIDEWALK}:
        return wait + ride.metres / ESCALATOR_SPEED
    return wait + ride.metres / gait.speed


def allowed(graph: WayGraph, profile: Profile) -> Flags:
    """Edges that a profile may use when nothing is closed (n,)."""
    gait, edges = GAITS[profile], graph.edges
    may = edges.width_m >= gait.width_m
    may &= ~(edges.no_staff if gait.staff_doors else (edges.staff | edges.no_public))
    for edge in np.flatnonzero(edges.ride != NONE):
        may[edge] &= _may_ride(graph.rides[edges.ride[edge]], profile, gait)
    return np.asarray(may)


def _may_ride(ride: RideWay, profile: Profile, gait: Gait) -> bool:
    if ride.profiles and profile.value not in ride.profiles:
        return False
    if ride.mode is PathwayMode.STAIRS:
        return gait.stairs
    if ride.mode is PathwayMode.ESCALATOR:
        return gait.escalators
    return ride.mode is PathwayMode.ELEVATOR or ride.max_slope <= gait.max_slope


def closed_edges(graph: WayGraph, features: Collection[str]) -> Flags:
    """Edges (n,) that any of some closed features (units, openings, pathways, relationships) shuts."""
    shut = np.zeros(len(graph.edges), dtype=bool)
    doors = {
        index
        for index, border in enumerate(graph.divided.borders)
        if border.opening is not None and border.opening in features
    }
    if doors:
        on = np.isin(graph.border, list(doors))
        shut |= on[graph.edges.tail] | on[graph.edges.head]
    for feature in features:
        if (rides := graph.rides_by_feature.get(feature)) is not None:
            shut[rides] = True
        if feature in graph.divided.space_of:
            shut |= _in_unit(graph, feature)
        elif feature in graph.map.openings:
            shut |= _through_opening(graph, feature)
    return shut


def _in_unit(graph: WayGraph, unit: str) -> Flags:
    """Walks in a unit; in a space of several units those that run over its ground."""
    index = graph.divided.space_of[unit]
    inside: Flags = graph.edges.space == index
    if len(graph.divided.spaces[index].units) == 1:
        return inside
    which = np.flatnonzero(inside)
    area = graph.map.units[unit].area
    lines = _straight(graph, which)
    shapely.prepare(area)
    touched = shapely.intersects(area, lines)
    over = shapely.length(shapely.intersection(area, lines[touched])) > WITHIN_M
    shut = np.zeros(len(graph.edges), dtype=bool)
    shut[which[touched][over]] = True
    return shut


def _through_opening(graph: WayGraph, opening: str) -> Flags:
    """Walks through a door that is a part of its space (wide doors between passages)."""
    line = graph.map.openings[opening].line
    level = graph.levels.index(graph.map.openings[opening].level)
    units = graph.divided.spaces
    spaces = [index for index, space in enumerate(units) if len(space.units) > 1]
    edges = graph.edges
    which = np.flatnonzero(np.isin(edges.space, spaces) & (graph.level[edges.tail] == level))
    shut = np.zeros(len(edges), dtype=bool)
    shut[which] = shapely.intersects(line, _straight(graph, which))
    return shut


def _straight(graph: WayGraph, which: Indices) -> NDArray[np.object_]:
    ends = np.stack([graph.at[graph.edges.tail[which]], graph.at[graph.edges.head[which]]], axis=1)
    return np.asarray(shapely.linestrings(ends), dtype=object)


def network(graph: WayGraph, profile: Profile, closed: Flags) -> Network:
    """The open edges of a profile and their costs. Of edges between the same two nodes the cheapest is kept."""
    seconds = edge_seconds(graph, profile)
    cost = seconds + np.where(graph.edges.reluctant, RELUCTANCE_S, 0.0)
    which = _cheapest(graph, np.flatnonzero(allowed(graph, profile) & ~closed), cost)
    begins = graph.beginnings[graph.edges.tail[which]]
    inner = which[~begins]
    starts = np.searchsorted(graph.edges.head[inner], np.arange(graph.nodes + 1))
    short = graph.edges.tail[inner].astype(np.int32), starts.astype(np.int32)
    towards = csr_array((cost[inner], *short), shape=(graph.nodes, graph.nodes))
    leaving = _leaving(graph, which[begins], cost)
    return Network(graph, profile, seconds, cost, towards, inner, leaving)


def _cheapest(graph: WayGraph, which: Indices, cost: Numbers) -> Indices:
    """Edges sorted by head and tail, the cheapest of each pair."""
    tail, head = graph.edges.tail[which], graph.edges.head[which]
    order = np.lexsort((cost[which], tail, head))
    which, tail, head = which[order], tail[order], head[order]
    first = np.ones(len(which), dtype=bool)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    return which[first]


def _leaving(graph: WayGraph, which: Indices, cost: Numbers) -> Leaving:
    which = which[np.argsort(graph.edges.tail[which], kind="stable")]
    first = np.searchsorted(graph.edges.tail[which], np.arange(graph.nodes + 1))
    return Leaving(first, graph.edges.head[which], cost[which], which)
