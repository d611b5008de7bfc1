"""Where walks begin and end: units, service points, kiosks, amenities, occupants, entrances."""

from collections.abc import Iterator

from shapely import Point

from nav_maps.doctor.plan import Plan
from nav_maps.graph.spaces import Divided
from nav_maps.model import Labels, Unit
from nav_maps.route import Spot


def stops_of(plan: Plan, divided: Divided) -> Iterator[Spot]:
    """Every spot of a map, once for each id; units first, so that a feature of the same id never hides a unit."""
    seen: set[str] = set()
    for spot in _all(plan, divided):
        if spot.feature not in seen:
            seen.add(spot.feature)
            yield spot


def _all(plan: Plan, divided: Divided) -> Iterator[Spot]:
    built = plan.map
    for unit in plan.walkable.values():
        yield _spot(plan, unit.id, unit, _anchor(unit), plan.names(unit))
    for place in built.navigation.places:
        if (unit := plan.walkable.get(place.unit)) is not None:
            point = place.point if _is_in(unit, place.point) else _anchor(unit)
            yield _spot(plan, place.id, unit, point, plan.names(unit))
    for device in built.navigation.devices:
        found = plan.unit_at(device.level, device.point) or _nearest(plan, device.level, device.point)
        if found is not None:
            yield _spot(plan, device.id, found, device.point, device.names, device.facing_deg)
    for amenity in built.amenities.values():
        if (unit := _unit_of(plan, amenity.units, amenity.point)) is not None:
            point = amenity.point if _is_in(unit, amenity.point) else _anchor(unit)
            yield _spot(plan, amenity.id, unit, point, amenity.names)
    for occupant in built.occupants.values():
        if (unit := plan.walkable.get(occupant.unit or "")) is not None:
            point = occupant.point if _is_in(unit, occupant.point) else _anchor(unit)
            yield _spot(plan, occupant.id, unit, point, occupant.names)
    for border in divided.borders:
        if border.other is None and border.opening is not None:
            opening = built.openings[border.opening]
            middle = border.line.interpolate(0.5, normalized=True)
            yield _spot(plan, opening.id, plan.walkable[border.one], middle, opening.names)


def _spot(
    plan: Plan, id: str, unit: Unit, point: Point | None, names: Labels, facing: float | None = None
) -> Spot:
    at = point if point is not None else _anchor(unit)
    return Spot(id, unit.id, unit.level, (at.x, at.y), names or plan.names(unit), facing)


def _anchor(unit: Unit) -> Point:
    """Where a unit is gone to: its display point when that is in it."""
    if _is_in(unit, unit.display_point):
        assert unit.display_point is not None  # noqa: S101 - _is_in says so
        return unit.display_point
    middle = unit.area.centroid
    return middle if unit.area.contains(middle) else unit.area.representative_point()


def _is_in(unit: Unit, point: Point | None) -> bool:
    return point is not None and bool(unit.area.intersects(point))


def _unit_of(plan: Plan, units: tuple[str, ...], point: Point) -> Unit | None:
    named = [plan.walkable[unit] for unit in units if unit in plan.walkable]
    return min(named, key=lambda unit: float(unit.area.distance(point)), default=None)


def _nearest(plan: Plan, level: str, point: Point) -> Unit | None:
    return next(iter(plan.floors[level].near(point, 2.0)), None)
