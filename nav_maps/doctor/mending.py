"""Where an opening belongs that is not where it should be: the nearest wall at which it would join two units."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely import LineString, Point, Polygon

from nav_maps.doctor.contacts import Contact, Kind, contact_of
from nav_maps.doctor.plan import Floor, Plan
from nav_maps.findings import Grow, Repair, SetGeometry, sentence
from nav_maps.model import Opening, Unit
from nav_maps.walls import along_wall

REACH_M: Final = 2.0
SURE_M: Final = 0.8
"""An opening is moved unasked no farther than this, and only when one wall alone is meant."""
LEAST_M: Final = 0.7


@dataclass(frozen=True, slots=True)
class Moved:
    """A better line for an opening, and how far its middle moves (metres east, north)."""

    line: LineString
    east_m: float
    north_m: float
    one: Unit
    other: Unit
    sure: bool

    @property
    def metres(self) -> float:
        """How far."""
        return float(np.hypot(self.east_m, self.north_m))


def moved_to_wall(plan: Plan, opening: Opening, taken: set[frozenset[str]]) -> Moved | None:
    """The nearest place within 2 m where an opening joins two units that no other opening joins; None when there is none."""
    floor = plan.floors[opening.level]
    middle = opening.line.interpolate(0.5, normalized=True)
    found = sorted(_candidates(floor, opening, middle), key=lambda each: each.metres)
    free = [each for each in found if frozenset({each.one.id, each.other.id}) not in taken]
    if not free:
        return None
    best = free[0]
    rivals = {
        frozenset({each.one.id, each.other.id}) for each in free if each.metres <= best.metres + 0.4
    }
    sure = best.metres <= SURE_M and len(rivals) == 1
    return Moved(best.line, best.east_m, best.north_m, best.one, best.other, sure)


def _candidates(floor: Floor, opening: Opening, middle: Point) -> list[Moved]:
    width = max(opening.line.length, LEAST_M) if opening.line.length < 6 else 0.9
    found = []
    for unit in floor.near(middle, REACH_M)[:8]:
        outline = unit.area.boundary
        for spot in _nearest_spots(outline, middle):
            line = along_wall(outline, spot, width)
            if line is None or line.length < LEAST_M:
                continue
            tried = Opening(opening.id, opening.level, opening.category, line)
            contact = contact_of(floor, tried)
            if contact.kind is Kind.JOINS and contact.gap_m <= 0.5:
                found.append(_moved(line, middle, contact))
    return found


def _nearest_spots(outline: shapely.Geometry, middle: Point) -> list[Point]:
    """The nearest point of each edge of an outline that is within reach: a door in a corner may belong to either wall."""
    edges = [
        LineString(pair)
        for part in shapely.get_parts(outline)
        for pair in zip(part.coords[:-1], part.coords[1:], strict=True)
        if pair[0] != pair[1]
    ]
    near = [edge for edge in edges if edge.distance(middle) <= REACH_M and edge.length >= LEAST_M]
    return [edge.interpolate(edge.project(middle)) for edge in near[:12]]


def _moved(line: LineString, middle: Point, contact: Contact) -> Moved:
    at = line.interpolate(0.5, normalized=True)
    one, other = contact.units
    return Moved(line, at.x - middle.x, at.y - middle.y, one, other, False)


def move_repair(plan: Plan, opening: Opening, moved: Moved) -> Repair:
    """The repair that moves an opening to a wall."""
    says = sentence(
        "移动 ({east:+.2f}, {north:+.2f}) 米（东、北）到{one}与{other}之间的墙上。",
        "Move it by ({east:+.2f}, {north:+.2f}) m (east, north) to the wall between {one} and {other}.",
        east=moved.east_m,
        north=moved.north_m,
        one=plan.called(moved.one),
        other=plan.called(moved.other),
    )
    return Repair(says, (SetGeometry("opening", opening.id, moved.line),), moved.sure)


def threshold_repair(plan: Plan, contact: Contact) -> Repair | None:
    """Let both units touch the opening: each grows by the piece of wall before the door."""
    changes: list[Grow] = []
    for unit, gap in ((contact.left, contact.left_m), (contact.right, contact.right_m)):
        if unit is None or gap <= 0.03:
            continue
        grown = _grown(unit, contact.opening.line, gap)
        if grown is not None:
            changes.append(Grow("unit", unit.id, grown))
    if not changes:
        return None
    called = [plan.called(plan.walkable[each.feature]) for each in changes]
    says = sentence(
        "在门洞处把{units}延伸到门线。",
        "Extend {units} through the doorway up to the opening.",
        units={
            "zh": "、".join(names["zh"] for names in called),
            "en": " and ".join(names["en"] for names in called),
        },
    )
    return Repair(says, tuple(changes), True)


def _grown(unit: Unit, line: LineString, gap: float) -> Polygon | None:
    """The quadrangle between a door's line and the unit's border, a hair larger so that rounding leaves no slit."""
    points = [Point(each) for each in (line.coords[0], line.coords[-1])]
    feet = [shapely.shortest_line(point, unit.area).coords[-1] for point in points]
    patch = Polygon([line.coords[0], line.coords[-1], feet[1], feet[0]])
    if not patch.is_valid or patch.area < 1e-4 or patch.area > 2.0 * line.length * (gap + 0.2):
        return None
    return shapely.buffer(patch, 0.001, join_style="mitre")


def laid_along_wall(plan: Plan, contact: Contact) -> Repair | None:
    """A line along the wall for an opening that was drawn across it."""
    floor = plan.floors[contact.opening.level]
    line = contact.opening.line
    for unit in contact.units:
        crossing = shapely.intersection(unit.area.boundary, line)
        spot = crossing.centroid if not crossing.is_empty else line.centroid
        width = min(max(line.length, LEAST_M), 1.2)
        laid = along_wall(unit.area.boundary, spot, width)
        if laid is None:
            continue
        tried = Opening(contact.opening.id, contact.opening.level, "", laid)
        if contact_of(floor, tried).kind is Kind.JOINS:
            says = sentence(
                "改为沿墙的一条线，长 {width:.1f} 米。",
                "Draw it along the wall instead, {width:.1f} m long.",
                width=laid.length,
            )
            return Repair(says, (SetGeometry("opening", contact.opening.id, laid),), True)
    return None
