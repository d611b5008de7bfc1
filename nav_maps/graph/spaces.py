"""Units as spaces to walk in: open passages that run into each other are one space, every other unit is one of its own."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from nav_maps.categories import Use, use_of
from nav_maps.doctor.contacts import Contact, Kind
from nav_maps.doctor.plan import Floor, Plan
from nav_maps.doctor.ways import is_for_staff, open_borders
from nav_maps.graph.clearance import CLEARANCE_M, free_spaces, polygons
from nav_maps.model import DoorRule, IndoorMap, Unit

OPEN: Final = frozenset({Use.PASSAGE, Use.OUTSIDE, Use.RAMP})
"""Uses of units that are walked through."""
WIDE_M: Final = 1.5
"""A door between two passages that is at least so wide, and has no rule, is a part of their space."""
SEAM_M: Final = 0.03
"""Passages this near to each other are one."""
OVERLAP_M2: Final = 0.05
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Space:
    """What is walked in without passing a door that matters.

    `free` is where the middle of a body can be, `clearance_m` the least that had to be used.
    """

    level: str
    units: tuple[Unit, ...]
    free: BaseGeometry
    clearance_m: float
    is_open: bool
    staff_only: bool
    steps: bool

    @property
    def use(self) -> Use:
        """How it is walked on."""
        return use_of(self.units[0].category)


@dataclass(frozen=True, slots=True)
class Border:
    """Where one gets from one unit into another without being in one space: a door, an entrance (one unit), an open border."""

    opening: str | None
    line: LineString
    one: str
    other: str | None
    width_m: float
    rule: DoorRule | None = None


@dataclass(frozen=True, slots=True)
class Divided:
    """A map's spaces, the space of each unit (index), and the borders between spaces."""

    spaces: tuple[Space, ...]
    space_of: Mapping[str, int]
    borders: tuple[Border, ...]


def divide(plan: Plan, contacts: Mapping[str, Contact]) -> Divided:
    """The spaces of a map and the borders between them."""
    rules = {rule.opening: rule for rule in plan.map.navigation.doors}
    by_level: dict[str, list[Contact]] = defaultdict(list)
    for contact in contacts.values():
        by_level[contact.opening.level].append(contact)
    spaces: list[Space] = []
    borders: list[Border] = []
    for level, floor in plan.floors.items():
        made, between = _divide_floor(plan.map, floor, by_level[level], rules)
        spaces += made
        borders += between
    space_of = {unit.id: index for index, space in enumerate(spaces) for unit in space.units}
    return Divided(tuple(spaces), space_of, tuple(borders))


def _divide_floor(
    built: IndoorMap, floor: Floor, contacts: list[Contact], rules: Mapping[str, DoorRule]
) -> tuple[list[Space], list[Border]]:
    if not floor.units:
        return [], []
    doors = [each for each in contacts if each.kind in {Kind.JOINS, Kind.ACROSS, Kind.ENTRANCE}]
    joined = {frozenset(unit.id for unit in each.units) for each in doors if len(each.units) == 2}
    open_pairs = open_borders(floor, joined)
    wide = [each for each in doors if _is_wide(each, rules)]
    units = {unit.id: unit for unit in floor.units}
    halls = [
        [units[id] for id in hall]
        for hall in _groups(
            units, [(one.id, other.id) for one, other in open_pairs if _run_together(one, other)]
        )
    ]
    lines: dict[str, list[LineString]] = defaultdict(list)
    for door in doors:
        for unit in door.units:
            lines[unit.id].append(door.opening.line)
    spaces = _spaces(walkable_areas(built, floor), halls, wide, lines)
    space_of = {unit.id: n for n, space in enumerate(spaces) for unit in space.units}
    borders = [
        _door(each, rules)
        for each in doors
        if len(each.units) == 1 or space_of[each.units[0].id] != space_of[each.units[1].id]
    ]
    for one, other in open_pairs:
        if space_of[one.id] != space_of[other.id]:
            borders += _open_border(one, other)
    return spaces, borders


def _is_wide(contact: Contact, rules: Mapping[str, DoorRule]) -> bool:
    return (
        contact.kind in {Kind.JOINS, Kind.ACROSS}
        and contact.opening.id not in rules
        and contact.opening.line.length >= WIDE_M
        and _run_together(contact.units[0], contact.units[1])
    )


def _run_together(one: Unit, other: Unit) -> bool:
    both_open = use_of(one.category) in OPEN and use_of(other.category) in OPEN
    return both_open and is_for_staff(one) == is_for_staff(other)


def _groups(things: Iterable[T], pairs: Iterable[tuple[T, T]]) -> list[list[T]]:
    root: dict[T, T] = {}

    def find(thing: T) -> T:
        while root.setdefault(thing, thing) != thing:
            root[thing] = root[root[thing]]
            thing = root[thing]
        return thing

    for one, other in pairs:
        root[find(one)] = find(other)
    groups: dict[T, list[T]] = defaultdict(list)
    for thing in things:
        groups[find(thing)].append(thing)
    return list(groups.values())


def walkable_areas(built: IndoorMap, floor: Floor) -> dict[str, BaseGeometry]:
    """Each unit's area without fixtures, what is solid, and smaller units drawn on top of it."""
    solid = [
        unit.area
        for unit in built.units.values()
        if unit.level == floor.level and use_of(unit.category) is Use.SOLID
    ]
    solid += [each.area for each in built.fixtures.values() if each.level == floor.level]
    sizes = shapely.area(floor.shapes)
    cut: dict[int, list[BaseGeometry]] = defaultdict(list)
    for one, other in _overlapping(floor.shapes, floor.shapes):
        if (sizes[other], other) < (sizes[one], one):
            cut[one].append(floor.shapes[other])
    for one, other in _overlapping(floor.shapes, np.array(solid, dtype=object)):
        cut[one].append(solid[other])
    areas = {unit.id: unit.area for unit in floor.units}
    found: dict[str, BaseGeometry] = dict(areas)
    for one, taken in cut.items():
        left = polygons(shapely.difference(floor.shapes[one], shapely.union_all(taken)))
        if not left.is_empty:
            found[floor.units[one].id] = left
    return found


def _overlapping(shapes: np.ndarray, others: np.ndarray) -> list[tuple[int, int]]:
    """Index pairs of shapes that share more than their border."""
    if not len(others):
        return []
    first, second = shapely.STRtree(others).query(shapes, predicate="intersects")
    if shapes is others:
        kept = first != second
        first, second = first[kept], second[kept]
    shared = shapely.area(shapely.intersection(shapes[first], others[second])) > OVERLAP_M2
    return [(int(one), int(two)) for one, two in zip(first[shared], second[shared], strict=True)]


def _spaces(
    areas: Mapping[str, BaseGeometry],
    halls: list[list[Unit]],
    wide: list[Contact],
    lines: Mapping[str, list[LineString]],
) -> list[Space]:
    """Spaces of halls (units that run into each other), joined by wide doors.

    Halls are shrunk one by one: walls that are drawn as a mere line would vanish if their areas were joined before.
    """
    merged = np.array([_merged([areas[unit.id] for unit in hall]) for hall in halls], dtype=object)
    free, used = free_spaces(merged, [_doors_of(hall, lines) for hall in halls])
    by_unit = {unit.id: n for n, hall in enumerate(halls) for unit in hall}
    throats: dict[int, list[BaseGeometry]] = defaultdict(list)
    joins = [(by_unit[door.units[0].id], by_unit[door.units[1].id]) for door in wide]
    for (one, other), door in zip(joins, wide, strict=True):
        throats[one].append(_throat(door, areas))
        throats[other] += []
    return [
        _space(halls, group, free, used, throats) for group in _groups(range(len(halls)), joins)
    ]


def _space(
    halls: list[list[Unit]],
    group: list[int],
    free: np.ndarray,
    used: np.ndarray,
    throats: Mapping[int, list[BaseGeometry]],
) -> Space:
    parts = [free[n] for n in group]
    parts += [throat for n in group for throat in throats.get(n, ())]
    units = tuple(unit for n in group for unit in halls[n])
    use = use_of(units[0].category)
    return Space(
        units[0].level,
        units,
        parts[0] if len(parts) == 1 else polygons(shapely.union_all(parts)),
        float(min(used[n] for n in group)),
        use in OPEN,
        is_for_staff(units[0]),
        use in {Use.STAIRS, Use.ESCALATOR},
    )


def _doors_of(hall: list[Unit], lines: Mapping[str, list[LineString]]) -> np.ndarray:
    return np.array([line for unit in hall for line in lines.get(unit.id, ())], dtype=object)


def _merged(areas: list[BaseGeometry]) -> BaseGeometry:
    if len(areas) == 1:
        return areas[0]
    grown = shapely.buffer(np.array(areas, dtype=object), SEAM_M, join_style="mitre")
    return polygons(shapely.buffer(shapely.union_all(grown), -SEAM_M, join_style="mitre"))


def _throat(contact: Contact, areas: Mapping[str, BaseGeometry]) -> BaseGeometry:
    """The free way through a wide door: as wide as the door less the clearance, as deep as its wall and the clearance."""
    line = contact.opening.line
    start = min(CLEARANCE_M, line.length / 2 - 0.1) / line.length
    kept = LineString(shapely.line_interpolate_point(line, [start, 1 - start], normalized=True))
    deep = contact.gap_m + CLEARANCE_M + 0.05
    throat = shapely.buffer(kept, deep, cap_style="flat", join_style="mitre")
    through = shapely.buffer(line, contact.gap_m + 0.02, cap_style="flat", join_style="mitre")
    ground = shapely.union_all([through, *(areas[unit.id] for unit in contact.units)])
    return polygons(shapely.intersection(throat, ground))


def _door(contact: Contact, rules: Mapping[str, DoorRule]) -> Border:
    units = contact.units
    return Border(
        contact.opening.id,
        contact.opening.line,
        units[0].id,
        units[1].id if len(units) == 2 else None,
        contact.opening.line.length,
        rules.get(contact.opening.id),
    )


def _open_border(one: Unit, other: Unit) -> list[Border]:
    """The open border of two units, part by part."""
    reach = shapely.buffer(other.area, 0.06)
    shared = shapely.line_merge(shapely.intersection(one.area.boundary, reach))
    return [
        Border(None, part, one.id, other.id, part.length)
        for part in shapely.get_parts(shared)
        if isinstance(part, LineString) and part.length >= 0.6
    ]
