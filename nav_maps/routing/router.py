"""Ways on a map: routes, tables of walking times, closures that come and go."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from threading import Lock, Thread
from typing import Final

import numpy as np

from nav_maps.doctor.plan import Numbers
from nav_maps.graph.ways import Flags, Terminal, WayGraph
from nav_maps.route import Metres, NoWay, Profile, Route, Spot
from nav_maps.routing.anywhere import first_steps, start_at
from nav_maps.routing.closing import closed_at
from nav_maps.routing.network import closed_edges, network
from nav_maps.routing.noway import AllOpen, why_not
from nav_maps.routing.ordering import best_order
from nav_maps.routing.profiles import GAITS
from nav_maps.routing.tracing import here, trace
from nav_maps.routing.trees import Trees

FEW: Final = 16
"""Trees grown at once behind a closure: other threads run in between."""


class Unknown(KeyError):
    """A feature that is no place on this map."""

    def __init__(self, feature: str) -> None:
        self.feature = feature
        super().__init__(f"There is no place {feature!r} on this map.")

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass
class Epoch:
    """One set of closures and the trees that know it. Replaced as a whole, never changed."""

    number: int
    closed: frozenset[str]
    shut: Flags
    trees: dict[Profile, Trees] = field(default_factory=dict)


class Router:
    """Finds ways on one graph. Safe for several threads; a closure is in force for the next question."""

    def __init__(
        self, graph: WayGraph, closed: Iterable[str] = (), now: datetime | None = None
    ) -> None:
        """Take a graph, what is closed by hand, and the local time that opening hours and planned closures are judged by."""
        self.graph = graph
        self._by_hand = frozenset(closed)
        self._now = now
        self._lock = Lock()
        self._opened = AllOpen(graph)
        self._epoch = self._made(0, self._all_closed())
        self._builder: Thread | None = None

    # ---- closures ----------------------------------------------------------------------------------

    @property
    def epoch(self) -> int:
        """Counts up with every change of what is closed."""
        return self._epoch.number

    @property
    def closed(self) -> frozenset[str]:
        """What can't be used now: by hand, by plan, by the hour."""
        return self._epoch.closed

    def close(self, *features: str) -> int:
        """Close units, openings or pathways at once. Returns the epoch."""
        self._by_hand |= frozenset(features)
        return self._change()

    def reopen(self, *features: str) -> int:
        """Open them again. What is closed by plan or by the hour stays so."""
        self._by_hand -= frozenset(features)
        return self._change()

    def close_only(self, features: Iterable[str]) -> int:
        """Close exactly these by hand, and open all others again. Returns the epoch."""
        self._by_hand = frozenset(features)
        return self._change()

    def tell_time(self, now: datetime) -> int:
        """Go by this local time from now on (call it once a minute)."""
        self._now = now
        return self._change()

    def _all_closed(self) -> frozenset[str]:
        return self._by_hand | closed_at(self.graph.map, self._now)

    def _made(self, number: int, closed: frozenset[str]) -> Epoch:
        return Epoch(number, closed, closed_edges(self.graph, closed))

    def _change(self) -> int:
        """Swap in a new epoch: the next question gets its answer by one Dijkstra, the rest grows behind."""
        with self._lock:
            old = self._epoch
            closed = self._all_closed()
            if closed != old.closed:
                self._epoch = self._made(old.number + 1, closed)
                self._grow_behind(tuple(old.trees))
            return self._epoch.number

    def _grow_behind(self, profiles: Sequence[Profile]) -> None:
        if profiles:
            self._builder = Thread(target=self._grow, args=(self._epoch, profiles), daemon=True)
            self._builder.start()

    def _grow(self, epoch: Epoch, profiles: Sequence[Profile]) -> None:
        for profile in profiles:
            for start in range(0, len(self._arrivals), FEW):
                if self._epoch is not epoch:
                    return
                self._trees(profile, epoch).grow(self._arrivals[start : start + FEW])

    def settle(self) -> None:
        """Wait until the trees of the epoch in force are grown."""
        if self._builder is not None:
            self._builder.join()

    def prepare(self, profiles: Iterable[Profile] = tuple(Profile)) -> None:
        """Grow the trees to every place ahead of the first question."""
        for profile in profiles:
            self._trees(profile, self._epoch).grow(self._arrivals)

    @cached_property
    def _arrivals(self) -> list[int]:
        return [terminal.arrive for terminal in self.graph.terminals.values()]

    def _trees(self, profile: Profile, epoch: Epoch) -> Trees:
        if profile not in epoch.trees:
            epoch.trees[profile] = Trees(network(self.graph, profile, epoch.shut))
        return epoch.trees[profile]

    # ---- questions ---------------------------------------------------------------------------------

    def route(self, start: str, end: str, profile: Profile = Profile.ADULT) -> Route | NoWay:
        """The quickest way between two places (ids of units, places, devices, amenities, occupants, entrances).

        Raises `Unknown` when there is no such place.
        """
        return self._route(self._terminal(start), self._terminal(end), profile, self._epoch)

    def between(self, start: Spot, end: Spot, profile: Profile = Profile.ADULT) -> Route | NoWay:
        """The same between spots of `Places`, which keep their names.

        Raises `Unknown` when there is no such place.
        """
        found = self.route(self._known(start), self._known(end), profile)
        if isinstance(found, NoWay):
            return found
        return replace(
            found,
            start=replace(found.start, names=start.names),
            end=replace(found.end, names=end.names),
        )

    def _known(self, spot: Spot) -> str:
        """The graph's name for a spot: places of the site file stand there under their bare ids."""
        bare = spot.feature.rpartition(":")[2]
        known = self.graph.terminals
        return next((id for id in (spot.feature, bare) if id in known), spot.unit)

    def route_from(
        self, level: str, point: Metres, end: str, profile: Profile = Profile.ADULT
    ) -> Route | NoWay:
        """The quickest way from any position (metres) on a level: the start's `feature` is empty.

        Raises `Unknown` when the position is off the map, or the end no place of it.
        """
        goal = self._terminal(end)
        start = start_at(self.graph, level, point)
        if start is None:
            raise Unknown(f"{level} {point}")
        epoch = self._epoch
        trees = self._trees(profile, epoch)
        seconds = start.metres / GAITS[profile].speed
        costs = trees.costs(goal.arrive, start.nodes) + seconds
        best = int(start.nodes[costs.argmin()])
        nodes = trees.path(best, goal.arrive)
        if nodes is None or np.isinf(costs.min()):
            terminal = self.graph.terminals[start.spot.unit]
            return why_not(self._opened, terminal, goal, profile, epoch.closed)
        lead = first_steps(self.graph, start, best)
        return trace(trees.network, nodes, (start.spot, goal.spot), epoch.number, lead)

    def nearest(
        self, start: str, goals: Iterable[Terminal], profile: Profile = Profile.ADULT
    ) -> Route | NoWay:
        """The way to the quickest to reach of some places (`of_kind(graph, "toilet")`)."""
        epoch = self._epoch
        origin = self._terminal(start)
        trees = self._trees(profile, epoch)
        wanted = [goal for goal in goals if goal.spot.feature != start]
        if not wanted:
            return NoWay({"zh": "地图上没有这样的地方。", "en": "There is none on this map."})
        leave = np.array([origin.leave])
        seconds = [float(trees.seconds(goal.arrive, leave)[0]) for goal in wanted]
        return self._route(origin, wanted[int(np.argmin(seconds))], profile, epoch)

    def tour(
        self,
        stops: Sequence[str],
        profile: Profile = Profile.ADULT,
        *,
        end: str | None = None,
        ordered: bool = False,
    ) -> tuple[Route, ...] | NoWay:
        """From the first stop to all others, in the best order (exact up to 9 others), or as given; to `end` last."""
        terminals = [self._terminal(stop) for stop in (*stops, *([end] if end else []))]
        epoch = self._epoch
        order = list(range(len(terminals)))
        if not ordered:
            costs = self._seconds(terminals, terminals, profile, epoch)
            order = best_order(costs, fixed_last=end is not None)
        routes: list[Route] = []
        for one, other in pairwise(order):
            found = self._route(terminals[one], terminals[other], profile, epoch)
            if isinstance(found, NoWay):
                return found
            routes.append(found)
        return tuple(routes)

    def seconds(
        self, starts: Sequence[str], ends: Sequence[str], profile: Profile = Profile.ADULT
    ) -> Numbers:
        """Walking times (starts, ends); infinite where there is no way. Raises `Unknown`."""
        origins = [self._terminal(start) for start in starts]
        goals = [self._terminal(end) for end in ends]
        return self._seconds(origins, goals, profile, self._epoch)

    def _seconds(
        self,
        starts: Sequence[Terminal],
        ends: Sequence[Terminal],
        profile: Profile,
        epoch: Epoch,
    ) -> Numbers:
        trees = self._trees(profile, epoch)
        trees.grow([end.arrive for end in ends])
        leaves = np.array([start.leave for start in starts], dtype=np.int64)
        table = np.empty((len(starts), len(ends)))
        for column, end in enumerate(ends):
            table[:, column] = trees.seconds(end.arrive, leaves)
        units = [start.spot.feature for start in starts], [end.spot.feature for end in ends]
        table[np.array(units[0])[:, None] == np.array(units[1])[None, :]] = 0.0
        return table

    def _terminal(self, feature: str) -> Terminal:
        found = self.graph.terminals.get(feature)
        if found is None:
            raise Unknown(feature)
        return found

    def _route(
        self, start: Terminal, end: Terminal, profile: Profile, epoch: Epoch
    ) -> Route | NoWay:
        if start.arrive == end.arrive:
            return here(start.spot, profile, epoch.number)
        trees = self._trees(profile, epoch)
        nodes = trees.path(start.leave, end.arrive)
        if nodes is None:
            return why_not(self._opened, start, end, profile, epoch.closed)
        return trace(trees.network, nodes, (start.spot, end.spot), epoch.number)


def walking_times(
    router: Router, places: Collection[str], profile: Profile = Profile.ADULT
) -> Mapping[str, Mapping[str, float]]:
    """Seconds from each place to each other that it can reach, rounded to a tenth."""
    names = list(places)
    table = np.round(router.seconds(names, names, profile), 1)
    return {
        start: {
            end: float(table[row, column])
            for column, end in enumerate(names)
            if np.isfinite(table[row, column])
        }
        for row, start in enumerate(names)
    }
