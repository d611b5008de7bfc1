"""Who can get where, unit by unit: doors, open borders and links as a directed graph."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import shapely

from nav_maps.categories import Use, use_of
from nav_maps.doctor.contacts import Contact, Kind, outer_points
from nav_maps.doctor.links import Link, level_ways
from nav_maps.doctor.plan import Floor, Plan
from nav_maps.model import DoorRule, Unit

JOINED_M: Final = 0.05
"""Passages whose borders lie this near run into each other."""
OPEN_BORDER_M: Final = 0.6
"""So long must a shared border be to walk over it."""
MOST_PAIRS: Final = 500_000
"""A floor of a campus has some thousands; a heap of units on one another has too many to look at."""
STAFF: Final = "employeesonly"
_OPEN: Final = frozenset({Use.PASSAGE, Use.OUTSIDE, Use.RAMP})


class Who(StrEnum):
    """Those for whom reaching is judged."""

    PUBLIC = "public"
    WHEELCHAIR = "wheelchair"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Step:
    """From one unit to another, by a door, an open border (`via` empty) or a link."""

    origin: str
    target: str
    via: str
    staff_only: bool = False
    steps: bool = False


def is_for_staff(unit: Unit) -> bool:
    """Whether a unit says of itself that the public has no business there."""
    return unit.restriction == STAFF or unit.category.split(".")[0] == "nonpublic"


class Ways:
    """Every step there is."""

    def __init__(self, plan: Plan, contacts: Mapping[str, Contact], links: Iterable[Link]) -> None:
        self._plan = plan
        self.steps: dict[str, list[Step]] = defaultdict(list)
        joined = self._add_doors(contacts)
        for floor in plan.floors.values():
            for one, other in open_borders(floor, joined):
                self._both(Step(one.id, other.id, ""))
        for link in (*links, *level_ways(plan.map)):
            self._add_link(link)
        self._add_outdoors(contacts)

    def reached(self, starts: Iterable[str], who: Who) -> set[str]:
        """Units that somebody can get to from any of the starts."""
        return self._spread(starts, who, self.steps)

    def reaching(self, goals: Iterable[str], who: Who) -> set[str]:
        """Units from which somebody can get to any of the goals."""
        back: dict[str, list[Step]] = defaultdict(list)
        for steps in self.steps.values():
            for step in steps:
                turned = Step(step.target, step.origin, step.via, step.staff_only, step.steps)
                back[turned.origin].append(turned)
        return self._spread(goals, who, back)

    def islands(self, units: Iterable[str]) -> list[set[str]]:
        """Those of some units that hang together, largest first."""
        left, found = set(units), []
        around: dict[str, set[str]] = defaultdict(set)
        for steps in self.steps.values():
            for step in steps:
                around[step.origin].add(step.target)
                around[step.target].add(step.origin)
        while left:
            island, queue = set(), deque([left.pop()])
            while queue:
                unit = queue.popleft()
                island.add(unit)
                near = around[unit] & left
                left -= near
                queue.extend(near)
            found.append(island)
        return sorted(found, key=lambda each: (-len(each), min(each)))

    def _spread(self, starts: Iterable[str], who: Who, steps: Mapping[str, list[Step]]) -> set[str]:
        seen = set(starts)
        queue = deque(seen)
        while queue:
            for step in steps.get(queue.popleft(), ()):
                if step.target not in seen and self._may(step, who):
                    seen.add(step.target)
                    queue.append(step.target)
        return seen

    def _may(self, step: Step, who: Who) -> bool:
        if who is Who.STAFF:
            return True
        if step.staff_only or (who is Who.WHEELCHAIR and step.steps):
            return False
        unit = self._plan.walkable.get(step.target)
        return unit is None or not is_for_staff(unit)

    def _add_doors(self, contacts: Mapping[str, Contact]) -> set[frozenset[str]]:
        rules = {rule.opening: rule for rule in self._plan.map.navigation.doors}
        joined = set()
        for contact in contacts.values():
            if contact.kind in {Kind.JOINS, Kind.ACROSS}:
                one, other = contact.units
                joined.add(frozenset({one.id, other.id}))
                self._add_door(contact.opening.id, one, other, rules.get(contact.opening.id))
        return joined

    def _add_door(self, id: str, one: Unit, other: Unit, rule: DoorRule | None) -> None:
        staff = rule is not None and rule.staff_only
        for origin, target in ((one.id, other.id), (other.id, one.id)):
            if rule is not None and rule.from_unit is not None and rule.from_unit != origin:
                continue
            if rule is not None and rule.to_unit is not None and rule.to_unit != target:
                continue
            self._one(Step(origin, target, id, staff))

    def _add_link(self, link: Link) -> None:
        steps = link.use in {Use.STAIRS, Use.ESCALATOR}
        for one, other in zip(link.units[:-1], link.units[1:], strict=True):
            step = Step(one, other, link.source or "stacked", link.staff_only, steps)
            if link.one_way:
                self._one(step)
            else:
                self._both(step)

    def _add_outdoors(self, contacts: Mapping[str, Contact]) -> None:
        """Entrances lead out onto another level of the same ordinal, where grounds are drawn so."""
        ordinals = {id: level.ordinal for id, level in self._plan.map.levels.items()}
        for contact in contacts.values():
            if contact.kind is not Kind.ENTRANCE:
                continue
            own = contact.opening.level
            for id, floor in self._plan.floors.items():
                if id == own or ordinals[id] != ordinals[own]:
                    continue
                outside = next((unit for unit in floor.at(outer_points(contact)) if unit), None)
                if outside is not None:
                    self._both(Step(contact.units[0].id, outside.id, contact.opening.id))

    def _one(self, step: Step) -> None:
        self.steps[step.origin].append(step)

    def _both(self, step: Step) -> None:
        self._one(step)
        self._one(Step(step.target, step.origin, step.via, step.staff_only, step.steps))


def open_borders(floor: Floor, joined: set[frozenset[str]]) -> list[tuple[Unit, Unit]]:
    """Pairs that run into each other without a door: passages, and stairs or ramps that have no door of their own."""
    doored = {id for pair in joined for id in pair}
    found = []
    for one, other in near_pairs(floor, JOINED_M):
        if frozenset({one.id, other.id}) in joined or not _is_open(one, other, doored):
            continue
        if shared_border_m(one, other, JOINED_M) >= OPEN_BORDER_M:
            found.append((one, other))
    return found


def _is_open(one: Unit, other: Unit, doored: set[str]) -> bool:
    uses = use_of(one.category), use_of(other.category)
    if uses[0] in _OPEN and uses[1] in _OPEN:
        return not any(unit.id in doored for unit in _enclosed(one, other))
    for unit, use, against in ((one, uses[0], uses[1]), (other, uses[1], uses[0])):
        if use in {Use.STAIRS, Use.ESCALATOR} and against in _OPEN and unit.id not in doored:
            return True
    return False


def _enclosed(one: Unit, other: Unit) -> Iterator[Unit]:
    """Of two passages side by side, those with walls of their own: waiting rooms, and the house where it meets the grounds.

    Where such a one has a door anywhere, its other borders are walls; where it has none, one just walks in.
    """
    for unit, against in ((one, other), (other, one)):
        if unit.category == "waitingroom" or (_is_outdoors(against) and not _is_outdoors(unit)):
            yield unit


def _is_outdoors(unit: Unit) -> bool:
    return unit.category == "unenclosedarea" or use_of(unit.category) is Use.OUTSIDE


def near_pairs(floor: Floor, metres: float) -> list[tuple[Unit, Unit]]:
    """Pairs of units of a floor within a distance of each other."""
    found: list[tuple[Unit, Unit]] = []
    at_once = max(1, MOST_PAIRS // max(len(floor.units), 1))
    for start in range(0, len(floor.units), at_once):
        part = floor.shapes[start : start + at_once]
        first, second = floor.tree.query(part, predicate="dwithin", distance=metres)
        found += [
            (floor.units[start + int(one)], floor.units[int(other)])
            for one, other in zip(first, second, strict=True)
            if start + one < other
        ]
        if len(found) > MOST_PAIRS:
            break
    return found


def shared_border_m(one: Unit, other: Unit, metres: float) -> float:
    """How long the border of one runs within a distance of the other (of either, for one may lie within the other)."""
    reach = metres + 0.01
    near = shapely.intersection(one.area.boundary, shapely.buffer(other.area, reach))
    far = shapely.intersection(other.area.boundary, shapely.buffer(one.area, reach))
    return float(max(near.length, far.length))
