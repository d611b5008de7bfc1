"""Metres of a map as user units of a picture: decimetres, y downwards, whole numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from shapely import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

UNITS_PER_M: Final = 10.0


@dataclass(frozen=True, slots=True)
class View:
    """What of a level is shown, metres; y grows to the north."""

    west: float
    south: float
    east: float
    north: float

    @property
    def wide(self) -> float:
        """From west to east."""
        return self.east - self.west

    @property
    def high(self) -> float:
        """From south to north."""
        return self.north - self.south


def number(metres: float) -> str:
    """Metres in user units, as short as can be."""
    return f"{metres * UNITS_PER_M:.0f}"


def view_box(view: View) -> str:
    """The `viewBox` of what is shown."""
    return f"{number(view.west)} {number(-view.north)} {number(view.wide)} {number(view.high)}"


def path_of(shape: BaseGeometry) -> str:
    """The `d` of a shape."""
    if isinstance(shape, MultiPolygon):
        return "".join(path_of(part) for part in shape.geoms)
    if isinstance(shape, Polygon):
        return "".join(line_of(ring.coords) + "z" for ring in (shape.exterior, *shape.interiors))
    if isinstance(shape, LineString):
        return line_of(shape.coords)
    return ""


def line_of(points: Iterable[tuple[float, ...]]) -> str:
    """Points as a path: the first absolute, then differences."""
    found: list[str] = []
    x = y = 0
    for n, point in enumerate(points):
        at = (round(point[0] * UNITS_PER_M), round(-point[1] * UNITS_PER_M))
        if n == 0:
            found.append(f"M{at[0]} {at[1]}")
        elif at != (x, y):
            found.append(f"l{at[0] - x} {at[1] - y}")
        x, y = at
    return "".join(found)
