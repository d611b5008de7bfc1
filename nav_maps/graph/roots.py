"""Where one starts from when asking what lies behind what: the main passages of each part of a map."""

from collections import deque
from collections.abc import Collection, Mapping, Sequence

from nav_maps.graph.spaces import Space


def roots_of(
    spaces: Sequence[Space], near: Mapping[int, Collection[int]], free: Collection[int]
) -> set[int]:
    """For each part of the map that hangs together, its largest network of passages (or its largest room)."""
    everywhere = range(len(spaces))
    found: set[int] = set()
    networks = _parts(sorted(free), {each: set(near.get(each, ())) & set(free) for each in free})
    network_of = {space: n for n, network in enumerate(networks) for space in network}
    for part in _parts(everywhere, near):
        numbers = {network_of[space] for space in part if space in network_of}
        if numbers:
            best = max(numbers, key=lambda n: (_size(spaces, networks[n]), -n))
            found |= networks[best]
        else:
            found.add(max(part, key=lambda space: (_size(spaces, {space}), -space)))
    return found


def _size(spaces: Sequence[Space], part: Collection[int]) -> float:
    """Ground in square metres, of what is walked through."""
    return sum(spaces[space].free.area for space in part if spaces[space].is_open or len(part) == 1)


def _parts(every: Collection[int], near: Mapping[int, Collection[int]]) -> list[set[int]]:
    left, found = set(every), []
    for start in every:
        if start not in left:
            continue
        part, queue = {start}, deque([start])
        left.discard(start)
        while queue:
            more = set(near.get(queue.popleft(), ())) & left
            left -= more
            part |= more
            queue.extend(more)
        found.append(part)
    return found
