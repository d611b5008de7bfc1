"""Ways from everywhere to a destination, precomputed: one tree for each destination."""

from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property
from threading import Lock
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from nav_maps.doctor.plan import Numbers
from nav_maps.graph.ways import Indices
from nav_maps.routing.network import RELUCTANCE_S, Network

MOST_BYTES: Final = 96 * 1024 * 1024
"""Trees kept for a profile: all of a hospital's, the latest used of a campus's."""
Nexts = NDArray[np.int32]


class Trees:
    """Trees of one network, grown when first asked for."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._trees: OrderedDict[int, tuple[Numbers, Nexts]] = OrderedDict()
        self._most = max(16, MOST_BYTES // max(12 * network.graph.nodes, 1))
        self._lock = Lock()

    def tree(self, goal: int) -> tuple[Numbers, Nexts]:
        """Costs (n,) from every node to `goal`, and the next node (n,) on the way there (negative: none)."""
        with self._lock:
            found = self._trees.get(goal)
            if found is not None:
                self._trees.move_to_end(goal)
                return found
        costs, nexts = dijkstra(self.network.towards, indices=[goal], return_predecessors=True)
        return self._keep(goal, costs[0], nexts[0])

    def grow(self, goals: Sequence[int]) -> None:
        """Many trees at once, as far as they are kept."""
        missing = [goal for goal in dict.fromkeys(goals) if goal not in self._trees][: self._most]
        if not missing:
            return
        costs, nexts = dijkstra(self.network.towards, indices=missing, return_predecessors=True)
        for goal, cost, after in zip(missing, costs, nexts, strict=True):
            self._keep(goal, cost, after)

    def costs(self, goal: int, nodes: Indices) -> Numbers:
        """Costs (m,) from some nodes to `goal`: those of beginnings by the best of their edges."""
        cost, _ = self.tree(goal)
        found = cost[nodes]
        for place, node in enumerate(nodes.tolist()):
            own = self.network.leaving.of(node)
            if own.start < own.stop:
                total = self.network.leaving.cost[own] + cost[self.network.leaving.head[own]]
                found[place] = total.min()
        return np.asarray(found)

    def seconds(self, goal: int, starts: Indices) -> Numbers:
        """True seconds (m,) from each of some nodes where walks begin to `goal`, infinite where there is no way."""
        cost, nexts = self.tree(goal)
        crossed = self._crossed(goal, nexts)
        found = cost[starts] - crossed[starts]
        leaving = self.network.leaving
        first, last = leaving.first[starts], leaving.first[starts + 1]
        begins = np.flatnonzero(last > first)
        if not len(begins):
            return np.asarray(found)
        counts = (last - first)[begins]
        offsets = np.concatenate([[0], np.cumsum(counts)[:-1]])
        edges = np.arange(counts.sum()) - np.repeat(offsets - first[begins], counts)
        head = leaving.head[edges]
        total = leaving.cost[edges] + cost[head]
        if crossed.any():
            owner = np.repeat(np.arange(len(begins)), counts)
            best = np.lexsort((total, owner))[offsets]
            found[begins] = total[best] - crossed[head[best]]
        else:
            found[begins] = np.minimum.reduceat(total, offsets)
        return np.asarray(found)

    def _crossed(self, goal: int, nexts: Nexts) -> Numbers:
        """The reluctance (n,) in the cost of the way from each node."""
        tails, heads = self._reluctant
        crossed = np.zeros(len(nexts))
        crossed[tails[nexts[tails] == heads]] = RELUCTANCE_S
        if not crossed.any():
            return crossed
        ahead = np.where(nexts < 0, goal, nexts)
        for _ in range(int(np.ceil(np.log2(len(nexts)))) + 1):
            crossed, ahead = crossed + crossed[ahead], ahead[ahead]
        return crossed

    @cached_property
    def _reluctant(self) -> tuple[Indices, Indices]:
        network = self.network
        edges = network.edges[network.graph.edges.reluctant[network.edges]]
        return network.graph.edges.tail[edges], network.graph.edges.head[edges]

    def path(self, start: int, goal: int) -> list[int] | None:
        """Nodes from `start` to `goal`, both included; None when there is no way."""
        cost, nexts = self.tree(goal)
        nodes = [start]
        own = self.network.leaving.of(start)
        if own.start < own.stop:
            heads = self.network.leaving.head[own]
            total = self.network.leaving.cost[own] + cost[heads]
            best = int(total.argmin())
            if np.isinf(total[best]):
                return None
            nodes.append(int(heads[best]))
        while nodes[-1] != goal:
            after = int(nexts[nodes[-1]])
            if after < 0:
                return None
            nodes.append(after)
        return nodes

    def _keep(self, goal: int, cost: Numbers, nexts: Nexts) -> tuple[Numbers, Nexts]:
        with self._lock:
            self._trees[goal] = (cost, nexts)
            while len(self._trees) > self._most:
                self._trees.popitem(last=False)
        return cost, nexts
