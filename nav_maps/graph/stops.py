"""Where walks begin and end: units, service points, kiosks, amenities, occupants, entrances."""

from collections.abc import Iterator
from typing import Final

from shapely import Point

from nav_maps.doctor.plan import Plan
from nav_maps.graph.spaces import Divided
from nav_maps.model import Labels, Unit
from nav_maps.route import Spot

NEAR_M: Final = 2.0
"""A device on a wall or a little outside stands in the unit next to it."""


def stops_of(plan: Plan, divided: Divided) -> Iterator[Spot]:
    """Every spot of a map, once for each id; units first, so that a feature of the same id never hides a unit."""
    seen: set[str] = set()
    for spot in _all(plan, divided):
        if spot.feature not in seen:
            seen.add(spot.feature)
            yield spot


def _all(plan: Plan, divided: Divided) -> Iterator[Spot]:
    for unit in plan.walkable.values():
        yield _spot(plan, unit.id, unit, None, plan.names(unit))
    yield from _places(plan)
    yield from _devices(plan)
    for amenity in plan.map.amenities.values():
        if (home := _unit_of(plan, amenity.units, amenity.point)) is not None:
            yield _spot(plan, amenity.id, home, amenity.point, amenity.names)
    for occupant in plan.map.occupants.values():
        if (home := plan.walkable.get(occupant.unit or "")) is not None:
            yield _spot(plan, occupant.id, home, occupant.point, occupant.names)
    yield from _entrances(plan, divided)


def _places(plan: Plan) -> Iterator[Spot]:
    for place in plan.map.navigation.places:
        if (unit := plan.walkable.get(place.unit)) is not None:
            yield _spot(plan, place.id, unit, place.point, plan.names(unit))


def _devices(plan: Plan) -> Iterator[Spot]:
    for device in plan.map.navigation.devices:
        unit = plan.unit_at(device.level, device.point)
        unit = unit or next(iter(plan.floors[device.level].near(device.point, NEAR_M)), None)
        if unit is not None:
            at = (device.point.x, device.point.y)
            names = device.names or plan.names(unit)
            yield Spot(device.id, unit.id, unit.level, at, names, device.facing_deg)


def _entrances(plan: Plan, divided: Divided) -> Iterator[Spot]:
    for border in divided.borders:
        if border.other is None and border.opening is not None:
            opening, unit = plan.map.openings[border.opening], plan.walkable[border.one]
            at = border.line.interpolate(0.5, normalized=True)
            yield Spot(
                opening.id, unit.id, unit.level, (at.x, at.y), opening.names or plan.names(unit)
            )


def _spot(plan: Plan, id: str, unit: Unit, point: Point | None, names: Labels) -> Spot:
    at = point if point is not None and unit.area.intersects(point) else _anchor(unit)
    return Spot(id, unit.id, unit.level, (at.x, at.y), names or plan.names(unit))


def _anchor(unit: Unit) -> Point:
    """Where a unit is gone to: its display point when that is in it."""
    drawn = unit.display_point
    if drawn is not None and unit.area.intersects(drawn):
        return drawn
    middle = unit.area.centroid
    return middle if unit.area.contains(middle) else unit.area.representative_point()


def _unit_of(plan: Plan, units: tuple[str, ...], point: Point) -> Unit | None:
    named = [plan.walkable[unit] for unit in units if unit in plan.walkable]
    return min(named, key=lambda unit: float(unit.area.distance(point)), default=None)
