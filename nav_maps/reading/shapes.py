"""Geometry as maps bring it: validated by geojson-pydantic; what it refuses is tidied once and tried again."""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, cast

import shapely
from geojson_pydantic.geometries import Geometry
from pydantic import TypeAdapter, ValidationError
from shapely import GeometryCollection, LineString, MultiLineString, MultiPolygon, Polygon
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from nav_maps.findings import sentence
from nav_maps.model import Area, Labels
from nav_maps.reading.values import number

_ADAPTER: Final[TypeAdapter[Geometry]] = TypeAdapter(Geometry)
_TYPES: Final = {
    each.lower(): each
    for each in ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
}
_DEPTH: Final = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
_NOT_CLOSED: Final = sentence(
    "多边形没有闭合或坐标不完整", "rings are open or positions incomplete"
)
_CROSSES: Final = sentence("多边形自相交", "its outline crosses itself")


@dataclass(frozen=True, slots=True)
class Shape:
    """What became of a raw geometry: the shape or None, why it was mended, or what can't be read."""

    geometry: BaseGeometry | None = None
    mended: Labels | None = None
    problem: str | None = None


def read_shape(given: object) -> Shape:
    """The geometry of a feature in the coordinates it is given in, two-dimensional and not empty."""
    if given is None:
        return Shape()
    if not isinstance(given, Mapping):
        return Shape(problem="it is no object")
    try:
        _validate(given)
        return _sound(given, None)
    except (ValidationError, RecursionError) as error:
        problem = _problem(error)
    try:
        tidied = _tidied(given)
        if tidied is None:
            return Shape(problem=problem)
        _validate(tidied)
        return _sound(tidied, _NOT_CLOSED)
    except (ValidationError, RecursionError):
        return Shape(problem=problem)


def _validate(given: Mapping[str, object]) -> None:
    with warnings.catch_warnings():
        # a collection of one kind is no good style, which nobody who reads a map needs to hear
        warnings.simplefilter("ignore", UserWarning)
        _ADAPTER.validate_python(given)


def _sound(given: Mapping[str, object], mended: Labels | None) -> Shape:
    try:
        geometry = shapely.force_2d(shape(cast("dict[str, object]", given)))
    except (ValueError, TypeError, IndexError, shapely.errors.ShapelyError) as error:
        return Shape(problem=str(error)[:120])
    if geometry.is_empty or not shapely.is_valid_input(geometry):
        return Shape(problem="it is empty")
    if not _finite(geometry):
        return Shape(problem="a coordinate is no number")
    if isinstance(geometry, Polygon | MultiPolygon) and not geometry.is_valid:
        area = polygons_of(shapely.make_valid(geometry, method="structure", keep_collapsed=False))
        return Shape(area, _CROSSES) if area is not None else Shape(problem="it has no area")
    return Shape(geometry, mended)


def _finite(geometry: BaseGeometry) -> bool:
    bounds = geometry.bounds
    return all(abs(each) < 1e9 for each in bounds)


def polygons_of(geometry: BaseGeometry) -> Area | None:
    """The polygons of any geometry, joined; None when it has no area."""
    if isinstance(geometry, Polygon):
        return geometry if geometry.area > 0 else None
    parts = [
        part
        for part in shapely.get_parts(_flat(geometry))
        if isinstance(part, Polygon) and part.area > 0
    ]
    if not parts:
        return None
    joined = shapely.union_all(parts) if len(parts) > 1 else parts[0]
    return joined if isinstance(joined, Polygon | MultiPolygon) else None


def line_of(geometry: BaseGeometry) -> LineString | None:
    """The longest line of a line or several, pieces that meet joined."""
    if isinstance(geometry, MultiLineString):
        geometry = shapely.line_merge(geometry)
    lines = [part for part in shapely.get_parts(geometry) if isinstance(part, LineString)]
    return max(lines, key=lambda line: line.length, default=None)


def _flat(geometry: BaseGeometry) -> BaseGeometry:
    if not isinstance(geometry, GeometryCollection):
        return geometry
    parts = [inner for part in geometry.geoms for inner in shapely.get_parts(part)]
    return GeometryCollection(parts)


def _problem(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        return str(first["msg"])[:120]
    return "it is nested too deeply"


def _tidied(given: Mapping[str, object]) -> Mapping[str, object] | None:
    """The same geometry with positions of two finite numbers and closed rings; None when nothing is left."""
    written = given.get("type")
    name = _TYPES.get(written.strip().lower()) if isinstance(written, str) else None
    if name is None:
        return None
    depth = _DEPTH[name]
    coordinates = given.get("coordinates")
    found = _nesting(coordinates)
    while found is not None and found < depth:
        coordinates, found = [coordinates], found + 1
    if found == depth + 1 and isinstance(coordinates, list) and len(coordinates) == 1:
        coordinates, found = coordinates[0], depth
    if found != depth:
        return None
    tidy = _tidy(coordinates, depth, _ring if "Polygon" in name else _line)
    return None if tidy is None else {"type": name, "coordinates": tidy}


def _nesting(value: object) -> int | None:
    """How many lists stand around the first position."""
    for depth in range(-1, 5):
        if not isinstance(value, list | tuple):
            return depth if depth >= 0 else None
        if not value:
            return None
        value = value[0]
    return None


def _tidy(value: object, depth: int, innermost: Callable[[list[object]], object]) -> object:
    if depth == 0:
        return _position(value)
    if not isinstance(value, list | tuple):
        return None
    parts = [found for each in value if (found := _tidy(each, depth - 1, innermost)) is not None]
    if depth == 1:
        return innermost(parts)
    return parts or None


def _position(value: object) -> tuple[float, float] | None:
    if not isinstance(value, list | tuple) or len(value) < 2:
        return None
    first, second = number(value[0]), number(value[1])
    return None if first is None or second is None else (first, second)


def _ring(positions: list[object]) -> list[object] | None:
    if positions and positions[0] != positions[-1]:
        positions = [*positions, positions[0]]
    return positions if len(positions) >= 4 else None


def _line(positions: list[object]) -> list[object] | None:
    return positions if len(positions) >= 2 else None
