"""Walls: the straight edges of outlines."""

import shapely
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry


def along_wall(outline: BaseGeometry, point: Point, width_m: float) -> LineString | None:
    """A piece of an outline's straight edge, `width_m` long or as long as the edge, its middle as near a point as can be."""
    edges = [
        LineString(pair)
        for line in shapely.get_parts(outline)
        for pair in zip(line.coords[:-1], line.coords[1:], strict=True)
        if pair[0] != pair[1]
    ]
    if not edges:
        return None
    edge = min(edges, key=lambda each: each.distance(point))
    half = min(width_m, edge.length) / 2.0
    middle = min(max(edge.project(point), half), edge.length - half)
    return LineString([edge.interpolate(middle - half), edge.interpolate(middle + half)])
