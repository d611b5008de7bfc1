"""What gets an icon, and which; and how much each thing on a map wants to be seen."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from nav_maps.categories import Use, use_of
from nav_maps.model import IndoorMap, PathwayMode, Unit

AMENITIES: Final = {
    "restroom": "toilet", "restroom.wheelchair": "wheelchair", "restroom.unisex.wheelchair": "wheelchair", "mothersroom": "nursing",
    "drinkingfountain": "water", "foodservice": "food", "information": "desk", "strollerrental": "stroller", "defibrillator": "aed",
    "atm": "money", "powerchargingstation": "power", "elevator": "lift", "stairs": "stairs", "escalator": "up", "entry": "exit",
}  # fmt: skip
UNITS: Final = {
    "restroom.unisex.wheelchair": "wheelchair", "restroom.wheelchair": "wheelchair", "restroom": "toilet", "mothersroom": "nursing",
    "foodservice": "food", "recreation": "play",
}  # fmt: skip
NAMED: Final = (("药房", "pharmacy"), ("收费", "cashier"), ("采血", "lab"), ("留取", "lab"))
"""Words in Chinese names that tell what no category tells."""


@dataclass(frozen=True, slots=True)
class Mark:
    """An icon at a place, in metres; the smaller `rank`, the sooner it is drawn."""

    icon: str
    x: float
    y: float
    rank: int
    feature: str


def marks(built: IndoorMap, level: str) -> Iterator[Mark]:
    """Everything on a level that an icon says better than words."""
    units = [unit for unit in built.units.values() if unit.level == level]
    shown: set[str] = set()
    for unit in units:
        icon = _of_unit(built, unit)
        if icon:
            shown.add(unit.id)
            at = unit.display_point or unit.area.representative_point()
            yield Mark(icon, at.x, at.y, 1 if use_of(unit.category) is not Use.ROOM else 2, unit.id)
    yield from _amenities(built, {unit.id for unit in units}, shown)
    yield from _signposts(built, level)


def _amenities(built: IndoorMap, here: set[str], shown: set[str]) -> Iterator[Mark]:
    for amenity in built.amenities.values():
        known = _longest(AMENITIES, amenity.category)
        if known and here.intersection(amenity.units) and not shown.intersection(amenity.units):
            yield Mark(known, amenity.point.x, amenity.point.y, 3, amenity.id)


def _signposts(built: IndoorMap, level: str) -> Iterator[Mark]:
    """Kiosks, what everybody sees, the way in and out."""
    for device in built.navigation.devices:
        if device.kind == "kiosk" and device.level == level:
            yield Mark("kiosk", device.point.x, device.point.y, 4, device.id)
    for landmark in built.navigation.landmarks:
        if landmark.level == level and landmark.prominence >= 5:
            yield Mark("star", landmark.point.x, landmark.point.y, 0, landmark.id)
    for opening in built.openings.values():
        if opening.level == level and opening.category == "pedestrian.principal":
            middle = opening.line.centroid
            yield Mark("exit", middle.x, middle.y, 0, opening.id)


def _of_unit(built: IndoorMap, unit: Unit) -> str | None:
    match use_of(unit.category):
        case Use.ELEVATOR:
            return "lift"
        case Use.STAIRS:
            return "stairs"
        case Use.ESCALATOR:
            return "down" if _leads_down(built, unit) else "up"
        case Use.SOLID | Use.OUTSIDE:
            return None
        case _:
            pass
    name = unit.names.get("zh", "")
    told = next((icon for word, icon in NAMED if word in name), None)
    return told or _longest(UNITS, unit.category)


def _leads_down(built: IndoorMap, unit: Unit) -> bool:
    for way in built.navigation.pathways:
        if way.mode is PathwayMode.ESCALATOR and unit.id in way.units:
            first, last = (built.units.get(id) for id in (way.units[0], way.units[-1]))
            if first and last and first.level in built.levels and last.level in built.levels:
                return built.levels[last.level].ordinal < built.levels[first.level].ordinal
    return False


def _longest(table: dict[str, str], category: str) -> str | None:
    word = category
    while word:
        if word in table:
            return table[word]
        word = word.rpartition(".")[0]
    return None
