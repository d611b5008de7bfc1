"""Which two units an opening joins: found by looking a little to both sides of it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from shapely import LineString, Point

from nav_maps.categories import Use, use_of
from nav_maps.doctor.plan import Floor, Numbers, Plan
from nav_maps.model import Opening, Unit

STEPS_M: Final = (0.03, 0.1, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8)
"""How far to both sides is looked. Beyond the last there is no door any more."""
TOUCHES_M: Final = 0.1
"""An opening within this of a unit touches it."""
WELL_INSIDE_M: Final = 0.15
ALONG: Final = (0.5, 0.25, 0.75)
BEYOND_M: Final = (1.2, 2.5)
"""On an entrance's outer side one is off the units this far out, and off the level's outline that far."""


OUTER_M: Final = (0.1, 0.3, 0.6, 1.0, 1.5, 2.0)


class Kind(StrEnum):
    """What an opening does."""

    JOINS = "joins"
    ENTRANCE = "entrance"
    ONE_SIDED = "one_sided"
    INSIDE = "inside"
    ACROSS = "across"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Contact:
    """What lies on the left and on the right of an opening (seen along its line), and how far off (metres)."""

    opening: Opening
    kind: Kind
    left: Unit | None
    right: Unit | None
    left_m: float
    right_m: float

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units it touches."""
        return tuple(unit for unit in (self.left, self.right) if unit is not None)

    @property
    def gap_m(self) -> float:
        """The wider of the gaps to its two units."""
        return max(self.left_m, self.right_m)


def contacts_of(plan: Plan) -> dict[str, Contact]:
    """Every opening's contact, by id."""
    by_level: dict[str, list[Opening]] = defaultdict(list)
    for opening in plan.map.openings.values():
        by_level[opening.level].append(opening)
    return {
        contact.opening.id: contact
        for level, openings in by_level.items()
        for contact in _on_floor(plan.floors[level], openings)
    }


def contact_of(floor: Floor, opening: Opening) -> Contact:
    """One opening's contact."""
    return _on_floor(floor, [opening])[0]


def _on_floor(floor: Floor, openings: list[Opening]) -> list[Contact]:
    probes = np.concatenate([_probes(opening.line) for opening in openings])
    found = floor.at(probes)
    each = len(found) // len(openings)
    return [
        _judge(floor, opening, found[index * each : (index + 1) * each])
        for index, opening in enumerate(openings)
    ]


def _probes(line: LineString) -> Numbers:
    """Points to the left, to the right, and beyond both ends: (2 * 3 * steps + 2, 2)."""
    start, end = np.asarray(line.coords[0]), np.asarray(line.coords[-1])
    along = (end - start) / max(float(np.hypot(*(end - start))), 1e-9)
    normal = np.array([-along[1], along[0]])
    bases = [np.asarray(line.interpolate(part, normalized=True).coords[0]) for part in ALONG]
    sides = [
        base + sign * step * normal for sign in (1.0, -1.0) for step in STEPS_M for base in bases
    ]
    return np.array([*sides, start - TOUCHES_M * along, end + TOUCHES_M * along])


def _judge(floor: Floor, opening: Opening, found: list[Unit | None]) -> Contact:
    half = len(STEPS_M) * len(ALONG)
    left, left_m = _first(found[:half])
    right, right_m = _first(found[half : 2 * half])
    crossed = _crossed(opening, found[2 * half :])
    if crossed is not None:
        return Contact(opening, Kind.ACROSS, crossed[0], crossed[1], 0.0, 0.0)
    if left is not None and right is not None and left.id != right.id:
        return Contact(opening, Kind.JOINS, left, right, left_m, right_m)
    if left is None and right is None:
        return Contact(opening, Kind.NOWHERE, None, None, left_m, right_m)
    if left is not None and right is not None:
        return Contact(opening, Kind.INSIDE, left, right, left_m, right_m)
    inner = left if left is not None else right
    assert inner is not None  # noqa: S101  # else it were nowhere
    kind = Kind.ENTRANCE if _leads_out(floor, opening, inner, left is None) else Kind.ONE_SIDED
    return Contact(opening, kind, left, right, left_m, right_m)


def _crossed(opening: Opening, ends: list[Unit | None]) -> tuple[Unit, Unit] | None:
    """The units in which the two ends of a line stand, when each stands well inside its own."""
    one, other = ends
    if one is None or other is None or one.id == other.id:
        return None
    start, end = Point(opening.line.coords[0]), Point(opening.line.coords[-1])
    deep = min(_depth(one, start, other), _depth(other, end, one))
    return (one, other) if deep >= WELL_INSIDE_M else None


def _depth(unit: Unit, point: Point, other: Unit) -> float:
    if not unit.area.intersects(point) or other.area.intersects(point):
        return 0.0
    return float(unit.area.boundary.distance(point))


def _first(found: list[Unit | None]) -> tuple[Unit | None, float]:
    """The nearest unit on a side, the middle of the door asked first."""
    for index, unit in enumerate(found):
        if unit is not None:
            return unit, STEPS_M[index // len(ALONG)]
    return None, STEPS_M[-1]


def _leads_out(floor: Floor, opening: Opening, inner: Unit, to_the_left: bool) -> bool:
    """Whether there is no building beyond a door: no units around, and either off the level's outline, which some draw
    generously, or out of a passage: rooms in a row open onto a corridor that nobody drew, lobbies onto the street."""
    near, far = _away(opening.line, to_the_left, BEYOND_M)
    if floor.inside.intersects(Point(near)):
        return False
    return use_of(inner.category) is Use.PASSAGE or not floor.ground.intersects(Point(far))


def outer_points(contact: Contact) -> Numbers:
    """Points before an entrance, from near to far."""
    return _away(contact.opening.line, contact.left is None, OUTER_M)


def _away(line: LineString, to_the_left: bool, metres: tuple[float, ...]) -> Numbers:
    """Points on a line's normal through its middle."""
    start, end = np.asarray(line.coords[0]), np.asarray(line.coords[-1])
    along = (end - start) / max(float(np.hypot(*(end - start))), 1e-9)
    normal = np.array([-along[1], along[0]]) * (1.0 if to_the_left else -1.0)
    middle = np.asarray(line.interpolate(0.5, normalized=True).coords[0])
    return np.array([middle + each * normal for each in metres])


def by_unit(contacts: Mapping[str, Contact]) -> dict[str, list[Contact]]:
    """Contacts of each unit that lead somewhere (to another unit or out)."""
    found: dict[str, list[Contact]] = defaultdict(list)
    for contact in contacts.values():
        if contact.kind in {Kind.JOINS, Kind.ENTRANCE, Kind.ACROSS}:
            for unit in contact.units:
                found[unit.id].append(contact)
    return found
