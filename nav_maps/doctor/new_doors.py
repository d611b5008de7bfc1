"""Where a door is missing: on the longest wall that a cut-off unit shares with one that is reached."""

from typing import Final

import shapely
from shapely import LineString

from nav_maps.categories import Use, use_of
from nav_maps.doctor.patient import Patient
from nav_maps.findings import AddFeature, Repair, sentence
from nav_maps.model import Unit
from nav_maps.walls import along_wall

DOOR_M: Final = 0.9
WALL_M: Final = 0.5
LEAST_WALL_M: Final = 0.8


def new_door(patient: Patient, units: list[Unit], reached: set[str]) -> Repair | None:
    """An opening on the longest wall that a cut-off unit shares with a reachable one, a passage before all."""
    best: tuple[tuple[bool, float], Unit, Unit, LineString] | None = None
    for unit in units:
        floor = patient.plan.floors[unit.level]
        for other in floor.near(unit.area, WALL_M):
            if other.id not in reached or other.id == unit.id:
                continue
            wall = _wall(unit, other)
            if wall is None or wall.length < LEAST_WALL_M:
                continue
            rank = (use_of(other.category) is Use.PASSAGE, wall.length)
            if best is None or rank > best[0]:
                best = (rank, unit, other, wall)
    if best is None:
        return None
    (_, length), unit, other, wall = best
    line = along_wall(wall, wall.interpolate(0.5, normalized=True), DOOR_M)
    return None if line is None else _door_repair(patient, unit, other, length, line)


def _door_repair(
    patient: Patient, unit: Unit, other: Unit, length: float, line: LineString
) -> Repair:
    middle = line.interpolate(0.5, normalized=True)
    longitude, latitude = patient.map.projection.to_degrees(middle.x, middle.y)
    says = sentence(
        "{unit}与{other}共用一段 {length:.1f} 米的墙而没有门：在 ({lon:.6f}, {lat:.6f}) 加一扇。",
        "{unit} and {other} share a wall of {length:.1f} m and no opening: add one at ({lon:.6f}, {lat:.6f}).",
        unit=patient.plan.called(unit),
        other=patient.plan.called(other),
        length=length,
        lon=longitude,
        lat=latitude,
    )
    properties = {"level_id": unit.level, "category": "pedestrian", "name": None}
    added = AddFeature("opening", f"door-{unit.id}-{other.id}", line, properties)
    return Repair(says, (added,), False)


def _wall(unit: Unit, other: Unit) -> LineString | None:
    """The longest straight piece of a unit's border that runs along another unit."""
    near = shapely.intersection(
        unit.area.boundary, shapely.buffer(other.area, WALL_M, join_style="mitre")
    )
    lines = [
        part for part in shapely.get_parts(shapely.line_merge(near)) if isinstance(part, LineString)
    ]
    edges = [
        LineString(pair)
        for line in lines
        for pair in zip(line.coords[:-1], line.coords[1:], strict=True)
        if pair[0] != pair[1]
    ]
    along = [edge for edge in edges if edge.centroid.distance(other.area) <= WALL_M]
    facing = [edge for edge in along if _faces(edge, other)]
    return max(facing, key=lambda edge: edge.length, default=None)


def _faces(edge: LineString, other: Unit) -> bool:
    """Whether both ends lie as near to the other unit as the middle: not a wall that runs away from it."""
    quarter = edge.interpolate(0.25, normalized=True), edge.interpolate(0.75, normalized=True)
    return all(
        point.distance(other.area) <= edge.centroid.distance(other.area) + 0.15 for point in quarter
    )
