"""Levels and ways as GeoJSON (RFC 7946) for other programs: longitude and latitude, WGS 84."""

from collections.abc import Mapping
from typing import Any

from shapely import LineString, Point

from nav_maps.model import IndoorMap
from nav_maps.route import Ride, Route, Walk
from nav_maps.writing import to_geojson


def level_geojson(built: IndoorMap, level: str) -> dict[str, Any]:
    """The units and openings of a level, with names and categories.

    Raises:
        KeyError: the map has no such level.
    """
    shown = built.levels[level]
    features = [
        _feature(
            built,
            unit.area,
            kind="unit",
            id=unit.id,
            category=unit.category,
            names=dict(unit.names),
        )
        for unit in built.units.values()
        if unit.level == level
    ]
    features += [
        _feature(built, each.line, kind="opening", id=each.id, category=each.category)
        for each in built.openings.values()
        if each.level == level
    ]
    return {
        "type": "FeatureCollection",
        "level": shown.id,
        "ordinal": shown.ordinal,
        "features": features,
    }


def route_geojson(built: IndoorMap, route: Route) -> dict[str, Any]:
    """A way: one line a walk, one point a ride, its ends."""
    features = []
    for piece in route.pieces:
        match piece:
            case Walk() if len(piece.line) > 1:
                line = LineString(piece.line)
                told = {
                    "kind": "walk",
                    "level": piece.level,
                    "metres": round(piece.metres, 2),
                    "seconds": round(piece.seconds, 1),
                }
                features.append(_feature(built, line, **told))
            case Ride() if piece.from_unit in built.units:
                at = built.units[piece.from_unit].area.centroid
                told = {
                    "kind": "ride",
                    "mode": piece.mode.value,
                    "from": piece.from_level,
                    "to": piece.to_level,
                    "seconds": round(piece.seconds, 1),
                }
                features.append(_feature(built, at, **told))
            case _:
                pass
    for name, spot in (("start", route.start), ("end", route.end)):
        features.append(
            _feature(built, Point(spot.point), kind=name, level=spot.level, names=dict(spot.names))
        )
    return {
        "type": "FeatureCollection",
        "metres": round(route.metres, 2),
        "seconds": round(route.seconds, 1),
        "profile": route.profile.value,
        "features": features,
    }


def _feature(built: IndoorMap, shape: Any, **properties: Any) -> Mapping[str, Any]:
    return {
        "type": "Feature",
        "geometry": to_geojson(shape, built.projection),
        "properties": properties,
    }
