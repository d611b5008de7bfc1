"""All that the checks look at, worked out once: the plan, the contacts of openings, the links, and who gets where."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from nav_maps.categories import Use, use_of
from nav_maps.doctor.contacts import Contact, Kind, by_unit, contacts_of
from nav_maps.doctor.links import Link, links_of
from nav_maps.doctor.plan import Plan
from nav_maps.doctor.ways import Ways, Who
from nav_maps.model import IndoorMap, Labels, Level

_SHARED: float = 0.2
_ENTRANCE: Labels = {"zh": "入口", "en": "the entrance"}
_PART: Labels = {"zh": "主要部分", "en": "the main part"}


@dataclass(frozen=True, slots=True)
class Start:
    """Somewhere families start from."""

    unit: str
    names: Labels


@dataclass(frozen=True, slots=True)
class Patient:
    """A map under examination."""

    plan: Plan
    contacts: dict[str, Contact]
    doors: dict[str, list[Contact]]
    links: tuple[Link, ...]
    ways: Ways
    starts: tuple[Start, ...]
    guessed: bool
    """The map names no start: the largest parts were taken."""

    @property
    def map(self) -> IndoorMap:
        """The map."""
        return self.plan.map

    def reached(self, who: Who) -> set[str]:
        """Units reached from any start."""
        return self.ways.reached((start.unit for start in self.starts), who)


def admit(built: IndoorMap) -> Patient:
    """Work out what the checks need."""
    plan = Plan(built)
    contacts = contacts_of(plan)
    links = links_of(built)
    ways = Ways(plan, contacts, links)
    starts = (*_kiosks(plan), *_entrances(built, contacts))
    guessed = not starts
    if guessed:
        starts = tuple(_largest_parts(plan, ways))
    return Patient(plan, contacts, by_unit(contacts), links, ways, starts, guessed)


def _kiosks(plan: Plan) -> list[Start]:
    found = []
    for device in plan.map.navigation.devices:
        if device.kind == "kiosk" and (unit := plan.unit_at(device.level, device.point)):
            name = {"zh": f"自助机 {device.id}", "en": f"kiosk {device.id}"}
            found.append(Start(unit.id, name))
    return found


def _entrances(built: IndoorMap, contacts: dict[str, Contact]) -> list[Start]:
    """Units that a door to the outside leads into, on the level of each building where one walks in."""
    doors = [
        each
        for each in contacts.values()
        if each.kind is Kind.ENTRANCE and each.opening.category != "emergencyexit"
    ]
    found = []
    for stack in stacks(built.levels.values()):
        ordinals = {level.id: level.ordinal for level in stack}
        own = [each for each in doors if each.opening.level in ordinals]
        if own:
            ground = min(own, key=lambda each: abs(ordinals[each.opening.level])).opening.level
            found += [Start(e.units[0].id, _ENTRANCE) for e in own if e.opening.level == ground]
    return list({start.unit: start for start in found}.values())


def _largest_parts(plan: Plan, ways: Ways) -> Iterable[Start]:
    """In each building the passage of the part in which most units hang together."""
    islands = ways.islands(plan.walkable)
    for stack in stacks(plan.map.levels.values()):
        own = {level.id for level in stack}
        for island in islands:
            units = [plan.walkable[unit] for unit in island if plan.walkable[unit].level in own]
            passages = [unit for unit in units if use_of(unit.category) is Use.PASSAGE]
            if units:
                yield Start(max(passages or units, key=lambda unit: unit.area.area).id, _PART)
                break


def stacks(levels: Iterable[Level]) -> list[list[Level]]:
    """Levels by building: those that lie on top of each other."""
    found: list[list[Level]] = []
    for level in sorted(levels, key=lambda level: (level.ordinal, level.id)):
        touching = [stack for stack in found if any(_overlap(level, each) for each in stack)]
        joined = [level, *(each for stack in touching for each in stack)]
        found = [stack for stack in found if stack not in touching] + [joined]
    return found


def _overlap(one: Level, other: Level) -> bool:
    if one.area is None or other.area is None:
        return True
    if not one.area.intersects(other.area):
        return False
    shared = one.area.intersection(other.area).area
    return shared >= _SHARED * min(one.area.area, other.area.area)


def grouped(units: Iterable[str], plan: Plan) -> dict[str, list[str]]:
    """Units by level."""
    found: dict[str, list[str]] = defaultdict(list)
    for unit in units:
        found[plan.walkable[unit].level].append(unit)
    return found
