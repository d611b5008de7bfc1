"""What one can steer by on a level: landmarks, doors with a name on them, lifts, conveniences."""

from dataclasses import dataclass
from math import hypot
from typing import Final

from shapely import STRtree

from nav_maps.categories import Use, use_of
from nav_maps.labels import said
from nav_maps.model import IndoorMap, Labels, Opening, Unit
from nav_maps.route import Metres
from nav_maps.words.sight import DOORWAY_M, is_open
from nav_maps.words.steps import Thing, ThingKind

RIDES: Final = {
    Use.ELEVATOR: ThingKind.LIFT,
    Use.STAIRS: ThingKind.STAIRS,
    Use.ESCALATOR: ThingKind.ESCALATOR,
    Use.RAMP: ThingKind.RAMP,
}
CONVENIENCES: Final[dict[str, Labels]] = {
    "restroom": {"zh": "卫生间", "en": "toilets"},
    "mothersroom": {"zh": "母婴室", "en": "nursing room"},
    "drinkingfountain": {"zh": "饮水处", "en": "drinking fountain"},
    "information": {"zh": "问询处", "en": "information desk"},
    "vendingmachine": {"zh": "自动售货机", "en": "vending machine"},
    "atm": {"zh": "取款机", "en": "cash machine"},
}
"""What conveniences without a name of their own are called, by IMDF category (before any dot)."""
PLAIN_ROOM: Final = 1.0
"""How much a room with a mere number stands out …"""
NAMED_ROOM: Final = 2.2
"""… and one with a name, on the scale of a landmark's prominence (1–5)."""
STAFF_ROOM: Final = 0.6
"""… and one that families have nothing to do with: nobody looks at its door."""
CONVENIENCE: Final = 2.0
SAME_NAME_M: Final = 35.0
"""Two things of one name nearer than this can't be told apart."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A thing, where it is seen, and how much it stands out (1–5)."""

    thing: Thing
    at: Metres
    prominence: float


def label(names: Labels) -> str:
    """Any name, Chinese first; empty without one."""
    return said(names, "zh")


def unit_thing(indoor_map: IndoorMap, unit: Unit) -> Thing:
    """How a unit is spoken of: by its own name, else its occupant's, else what it is."""
    names = unit.names if label(unit.names) else _occupant_names(indoor_map, unit.id)
    if not label(names):
        names = CONVENIENCES.get(unit.category.partition(".")[0], {})
    kind = RIDES.get(use_of(unit.category)) or (ThingKind.HALL if is_open(unit) else ThingKind.ROOM)
    return Thing(unit.id, kind, names, label(unit.number))


def _occupant_names(indoor_map: IndoorMap, unit: str) -> Labels:
    return next(
        (each.names for each in indoor_map.occupants.values() if each.unit == unit and each.names),
        {},
    )


def things_on(indoor_map: IndoorMap, level: str) -> list[Placed]:
    """All that can be steered by on a level and is not easily taken for another thing."""
    found = [
        Placed(
            Thing(each.id, ThingKind.LANDMARK, each.names),
            (each.point.x, each.point.y),
            float(each.prominence),
        )
        for each in indoor_map.navigation.landmarks
        if each.level == level and label(each.names)
    ]
    found += _doors(indoor_map, level)
    found += _conveniences(indoor_map, level)
    return [each for each in found if _alone(each, found)]


def _doors(indoor_map: IndoorMap, level: str) -> list[Placed]:
    units = [unit for unit in indoor_map.units.values() if unit.level == level]
    openings = [each for each in indoor_map.openings.values() if each.level == level]
    if not units:
        return []
    tree = STRtree([unit.area for unit in units])
    found = []
    for opening in openings:
        # by its middle: its ends touch the rooms beside it as well
        middle = opening.line.interpolate(0.5, normalized=True)
        near = tree.query(middle.buffer(DOORWAY_M), predicate="intersects")
        beside = [units[i] for i in near]
        if any(is_open(unit) for unit in beside):
            found += [_door(indoor_map, unit, opening) for unit in beside if not is_open(unit)]
    return [each for each in found if label(each.thing.names)]


def _door(indoor_map: IndoorMap, unit: Unit, opening: Opening) -> Placed:
    thing = unit_thing(indoor_map, unit)
    middle = opening.line.interpolate(0.5, normalized=True)
    counted = any(character.isdigit() for character in label(thing.names))
    plain = counted or label(thing.names) == thing.number
    seen = STAFF_ROOM if unit.restriction or unit.category == "nonpublic" else NAMED_ROOM
    return Placed(thing, (middle.x, middle.y), min(seen, PLAIN_ROOM) if plain else seen)


def _conveniences(indoor_map: IndoorMap, level: str) -> list[Placed]:
    found = []
    for each in indoor_map.amenities.values():
        units = [indoor_map.units.get(unit) for unit in each.units]
        here = any(unit is not None and unit.level == level for unit in units)
        names = each.names or CONVENIENCES.get(each.category.partition(".")[0], {})
        if here and label(names):
            thing = Thing(each.id, ThingKind.AMENITY, names)
            found.append(Placed(thing, (each.point.x, each.point.y), CONVENIENCE))
    return found


def _alone(placed: Placed, all_things: list[Placed]) -> bool:
    """No other thing of that name near by; two doors of one room are the same thing, but not the same place."""
    return not any(
        other is not placed
        and label(other.thing.names) == label(placed.thing.names)
        and hypot(other.at[0] - placed.at[0], other.at[1] - placed.at[1]) < SAME_NAME_M
        and not _same_spot(other, placed)
        for other in all_things
    )


def _same_spot(a: Placed, b: Placed) -> bool:
    return hypot(a.at[0] - b.at[0], a.at[1] - b.at[1]) < 3.0
