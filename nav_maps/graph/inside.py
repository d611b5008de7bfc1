"""Ways inside one room: from each of its points to each other, around what stands in it."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from nav_maps.doctor.plan import Numbers
from nav_maps.graph.spaces import Space
from nav_maps.graph.visibility import corners, visible_pairs
from nav_maps.graph.ways import FLAT_M
from nav_maps.route import Metres


def inside(space: Space, standing: Numbers) -> tuple[Numbers, "Turns"]:
    """Lengths of the shortest walks between points of a room (n, n), and the corners they turn at."""
    turns = corners(space.free)
    if not len(turns[0]):
        gaps = standing[:, None, :] - standing[None, :, :]
        return np.hypot(gaps[..., 0], gaps[..., 1]), Turns(None, standing)
    pairs = visible_pairs(space.free, standing, turns)
    every = np.concatenate([standing, turns[0]])
    metres = np.maximum(np.hypot(*(every[pairs[:, 0]] - every[pairs[:, 1]]).T), FLAT_M)
    sees = csr_array((metres, (pairs[:, 0], pairs[:, 1])), shape=(len(every), len(every)))
    lengths, before = dijkstra(
        sees, directed=False, indices=np.arange(len(standing)), return_predecessors=True
    )
    return lengths[:, : len(standing)], Turns(before, every)


class Turns:
    """The corners between two points of a room."""

    def __init__(self, before: np.ndarray | None, every: Numbers) -> None:
        self._before, self._every = before, every

    def __call__(self, one: int, other: int) -> tuple[Metres, ...]:
        """Those on the way from one point to another, by index."""
        if self._before is None:
            return ()
        found: list[Metres] = []
        node = int(self._before[one, other])
        while node >= 0 and node != one:
            found.append((float(self._every[node, 0]), float(self._every[node, 1])))
            node = int(self._before[one, node])
        return tuple(reversed(found))
