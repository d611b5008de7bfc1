"""Ways between levels: those the map names, and those that stacked stairs, lifts, escalators and ramps mean."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from nav_maps.categories import VERTICAL, Use, use_of
from nav_maps.model import IndoorMap, PathwayMode, Unit

STACKED: Final = 0.25
"""Units stand on top of each other when they share this much of the smaller one."""
_USE_OF_MODE: Final = {
    PathwayMode.STAIRS: Use.STAIRS,
    PathwayMode.ESCALATOR: Use.ESCALATOR,
    PathwayMode.ELEVATOR: Use.ELEVATOR,
    PathwayMode.RAMP: Use.RAMP,
    PathwayMode.WALKWAY: Use.RAMP,
    PathwayMode.MOVING_SIDEWALK: Use.ESCALATOR,
}


@dataclass(frozen=True, slots=True)
class Link:
    """Units of several levels that hang together. `source` is the feature that says so, or empty when inferred."""

    use: Use
    units: tuple[str, ...]
    source: str = ""
    one_way: bool = False
    staff_only: bool = False


def links_of(built: IndoorMap) -> tuple[Link, ...]:
    """All links: pathways, then relationships, then what is inferred for units that neither names."""
    named = [*_pathways(built), *_relationships(built)]
    taken = {unit for link in named for unit in link.units}
    return (*named, *_inferred(built, taken))


def level_ways(built: IndoorMap) -> list[Link]:
    """Ways that the map names between units of one level: pathways, and traversals by an opening or without."""
    found = [
        Link(Use.PASSAGE, each.units, each.id, each.one_way, each.staff_only)
        for each in built.navigation.pathways
        if len({built.units[unit].level for unit in each.units}) == 1
    ]
    for each in built.relationships.values():
        ends = tuple(end for end in (each.origin, each.destination) if end in built.units)
        if len(ends) == 2 and len({built.units[end].level for end in ends if end}) == 1:
            units = tuple(end for end in ends if end is not None)
            found.append(Link(Use.PASSAGE, units, each.id, each.direction == "directed"))
    return found


def _pathways(built: IndoorMap) -> list[Link]:
    return [
        Link(_USE_OF_MODE[each.mode], each.units, each.id, each.one_way, each.staff_only)
        for each in built.navigation.pathways
        if len({built.units[unit].level for unit in each.units}) > 1
    ]


def _relationships(built: IndoorMap) -> list[Link]:
    found = []
    for each in built.relationships.values():
        parts = (each.origin, *each.intermediary, each.destination)
        units = tuple(part for part in parts if part is not None and part in built.units)
        if len({built.units[unit].level for unit in units}) > 1:
            use = use_of(each.category)
            use = use if use in VERTICAL else use_of(built.units[units[0]].category)
            found.append(Link(use, units, each.id, each.direction == "directed"))
    return found


def _inferred(built: IndoorMap, taken: set[str]) -> list[Link]:
    by_use: dict[Use, list[Unit]] = defaultdict(list)
    for unit in built.units.values():
        use = use_of(unit.category)
        if use in VERTICAL and unit.id not in taken:
            by_use[use].append(unit)
    return [
        Link(use, (unit.id, above.id))
        for use, units in by_use.items()
        for unit in units
        if (above := _above(built, unit, units)) is not None
    ]


def _above(built: IndoorMap, unit: Unit, units: list[Unit]) -> Unit | None:
    """The stacked unit of the next level up."""
    own = built.levels[unit.level].ordinal
    stacked = [
        each for each in units if built.levels[each.level].ordinal > own and is_stacked(unit, each)
    ]
    return min(stacked, key=lambda each: built.levels[each.level].ordinal, default=None)


def is_stacked(one: Unit, other: Unit) -> bool:
    """Whether two units share enough ground."""
    if not one.area.intersects(other.area):
        return False
    shared = one.area.intersection(other.area).area
    return shared >= STACKED * min(one.area.area, other.area.area)
