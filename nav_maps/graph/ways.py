"""The walkable graph as arrays: nodes (doors, corners, where walks begin and end) and directed edges (walks and rides)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from nav_maps.doctor.contacts import Contact
from nav_maps.doctor.plan import Numbers, Plan
from nav_maps.graph.rides import RideWay
from nav_maps.graph.room import Room
from nav_maps.graph.spaces import Border, Divided
from nav_maps.model import IndoorMap, Opening
from nav_maps.route import Metres, Spot

Indices: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
NONE: Final = -1
FLAT_M: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where a walk may begin or end: two nodes, for nobody walks *through* it. `arrive` has only edges in, `leave` only out."""

    spot: Spot
    arrive: int
    leave: int


@dataclass(frozen=True, slots=True)
class Edges:
    """Directed edges, one row each. `space` is -1 for a ride, `ride` (index into `WayGraph.rides`) is -1 for a walk.

    `width_m` is that of the narrower door at its ends; `staff` keeps the public out; `no_public` and `no_staff` say for whom it
    crosses a room that is no way through; `reluctant` marks the rooms that are, where there is no other.
    """

    tail: Indices
    head: Indices
    metres: Numbers
    space: Indices
    ride: Indices
    width_m: Numbers
    delay_s: Numbers
    staff: Flags
    no_public: Flags
    no_staff: Flags
    reluctant: Flags

    def __len__(self) -> int:
        return len(self.tail)


@dataclass(frozen=True)
class WayGraph:
    """A map as a graph.

    Of nodes: `at` (n, 2) in metres, `level` (n,) into `levels`, `border` (n,) into `divided.borders` or -1.
    """

    map: IndoorMap
    plan: Plan
    contacts: Mapping[str, Contact]
    divided: Divided
    levels: tuple[str, ...]
    at: Numbers
    level: Indices
    border: Indices
    edges: Edges
    rides: tuple[RideWay, ...]
    terminals: Mapping[str, Terminal]
    feet: Mapping[tuple[int, int], Metres]
    """Where one stands in a space (node, space) before going through a door or up to a place at the wall."""
    inner: Mapping[int, tuple[Metres, ...]]
    """Corners turned at within an edge (a walk through a room with nooks)."""
    problems: tuple[str, ...]

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return len(self.at)

    @cached_property
    def beginnings(self) -> Flags:
        """Nodes (n,) that walks only begin at: those of terminals, but not where a ride ends."""
        found = np.zeros(self.nodes, dtype=bool)
        found[[terminal.leave for terminal in self.terminals.values()]] = True
        found[self.edges.head[self.edges.ride != NONE]] = False
        return found

    @cached_property
    def rides_by_feature(self) -> Mapping[str, Indices]:
        """Ride edges by each feature that must be open for them."""
        found: dict[str, list[int]] = {}
        for edge in np.flatnonzero(self.edges.ride != NONE):
            for feature in self.rides[self.edges.ride[edge]].features:
                found.setdefault(feature, []).append(int(edge))
        return {feature: np.array(edges) for feature, edges in found.items()}

    @cached_property
    def openings_between(self) -> Mapping[frozenset[str], tuple[Opening, ...]]:
        """Openings by the two units they join."""
        found: dict[frozenset[str], tuple[Opening, ...]] = {}
        for contact in self.contacts.values():
            key = frozenset(unit.id for unit in contact.units)
            found[key] = (*found.get(key, ()), contact.opening)
        return found

    @cached_property
    def _rooms(self) -> dict[int, Room]:
        return {}

    def room(self, space: int) -> Room:
        """The free area of a space, for questions about the room in it."""
        if space not in self._rooms:
            self._rooms[space] = Room(self.divided.spaces[space].free)
        return self._rooms[space]

    def border_of(self, node: int) -> Border | None:
        """The door or open border that a node stands on."""
        index = self.border[node]
        return None if index == NONE else self.divided.borders[index]

    def line(self, edge: int) -> list[Metres]:
        """The points of a walk along an edge, its ends included."""
        tail, head = int(self.edges.tail[edge]), int(self.edges.head[edge])
        space = int(self.edges.space[edge])
        points: list[Metres] = [self.point(tail)]
        points += [each for each in (self.feet.get((tail, space)),) if each is not None]
        points += self.inner.get(edge, ())
        points += [each for each in (self.feet.get((head, space)),) if each is not None]
        points.append(self.point(head))
        return points

    def point(self, node: int) -> Metres:
        """Where a node is."""
        return float(self.at[node, 0]), float(self.at[node, 1])
