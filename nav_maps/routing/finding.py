"""What somebody means by "FROM" and "TO": ids, place ids, door numbers, names in any language."""

from collections.abc import Iterable, Iterator
from typing import Final

from nav_maps.categories import Use, use_of
from nav_maps.graph.ways import Terminal, WayGraph
from nav_maps.model import Labels

KINDS: Final[dict[str, tuple[str, ...]]] = {
    "toilet": ("restroom", "toilet", "toilets", "wc"),
    "nursing": ("mothersroom", "nursingroom", "babychanging", "nursing"),
    "water": ("drinkingfountain", "water", "waterdispenser", "drinking_water"),
    "lift": ("elevator", "lift"),
    "stairs": ("stairs", "steps"),
    "exit": ("entrance", "entry", "exit"),
    "pharmacy": ("pharmacy",),
    "cashier": ("cashier", "payment", "billing"),
    "lab": ("laboratory", "lab"),
    "information": ("information", "informationdesk", "reception"),
    "stroller": ("strollerparking", "strollerrental"),
    "food": ("foodservice", "restaurant", "cafe", "vendingmachine"),
    "kiosk": ("kiosk",),
}
"""Kinds people ask the nearest of, and the categories (of units, amenities, occupants, devices) that mean them.

Any other word is taken as a category itself.
"""


def named(graph: WayGraph, text: str) -> list[Terminal]:
    """Who is meant by a text: one when it is clear, several when it is not, none when nothing is called so.

    The first of these that finds something counts: an id; a door number or a name, exactly; a part of a name.
    """
    if text in graph.terminals:
        return [graph.terminals[text]]
    wanted = _plain(text)
    if not wanted:
        return []
    every = list(_said(graph))
    for fits in (lambda said: said == wanted, lambda said: wanted in said):
        found: dict[str, Terminal] = {}
        for terminal, labels in every:
            if any(fits(_plain(said)) for said in labels):
                found.setdefault(_meant(graph, terminal), terminal)
        if found:
            return list(found.values())
    return []


def _meant(graph: WayGraph, terminal: Terminal) -> str:
    """What a name stands for: windows and occupants of a unit are one with it, a kiosk in it is not."""
    spot = terminal.spot
    own = {*graph.map.amenities, *(each.id for each in graph.map.navigation.devices)}
    return spot.feature if spot.feature in own else spot.unit


def of_kind(graph: WayGraph, kind: str) -> list[Terminal]:
    """Everything of a kind (`KINDS`, or a category)."""
    words = KINDS.get(kind.lower(), (kind.lower(),))
    return [
        graph.terminals[id]
        for id, category in _categories(graph)
        if id in graph.terminals and _is_of(category.lower(), words)
    ]


def _is_of(category: str, words: Iterable[str]) -> bool:
    return any(category == word or category.startswith(f"{word}.") for word in words)


def _categories(graph: WayGraph) -> Iterator[tuple[str, str]]:
    built = graph.map
    for unit in built.units.values():
        use = use_of(unit.category)
        yield unit.id, use.value if use in {Use.ELEVATOR, Use.STAIRS} else unit.category
    for amenity in built.amenities.values():
        yield amenity.id, amenity.category
    for occupant in built.occupants.values():
        yield occupant.id, occupant.category
    for device in built.navigation.devices:
        yield device.id, device.kind
    for border in graph.divided.borders:
        if border.other is None and border.opening is not None:
            yield border.opening, "entrance"


def _said(graph: WayGraph) -> Iterator[tuple[Terminal, list[str]]]:
    numbers = {unit.id: unit.number for unit in graph.map.units.values()}
    for id, terminal in graph.terminals.items():
        labels: list[Labels] = [terminal.spot.names]
        if id in numbers:
            labels += [graph.map.units[id].names, numbers[id]]
        yield terminal, [text for each in labels for text in each.values()]


def _plain(text: str) -> str:
    return "".join(text.lower().split())
