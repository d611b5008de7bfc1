"""A level as SVG: what is built, what is where, the way, and whoever looks at it.

User units are decimetres with y downwards, so that coordinates are short whole numbers. Sizes that must be legible (type,
icons, the route) are given in pixels of a screen and turned into user units by the picture's scale.
"""

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Final

from shapely import Polygon, box

from nav_maps.draw.lettering import said
from nav_maps.draw.paths import UNITS_PER_M, View, path_of, view_box
from nav_maps.draw.structure import closed_features, doors, fixtures, floor
from nav_maps.draw.style import css, symbols
from nav_maps.draw.themes import LARGE, LIGHT, Theme
from nav_maps.draw.way import Here, ends, route_line
from nav_maps.draw.words import words_and_icons
from nav_maps.model import IndoorMap
from nav_maps.route import Metres, Route, Walk

MARGIN_M: Final = 2.0
ROUTE_MARGIN_M: Final = 9.0
LEAST_VIEW_M: Final = 42.0
"""Nearer than this nothing of the surroundings would be seen."""
GROUNDS: Final = frozenset({"unenclosedarea", "road", "parking", "vegetation"})
"""Units that would make everything else small."""


def level_svg(
    built: IndoorMap,
    level: str,
    *,
    route: Route | None = None,
    here: Here | None = None,
    theme: Theme = LIGHT,
    language: str = "zh",
    large: bool = False,
    width_px: float = 720.0,
    whole: bool = False,
    closed: frozenset[str] = frozenset(),
) -> str:
    """Draw a level.

    Args:
        built: the map.
        level: id of the level.
        route: its part on this level is drawn, and fills the picture unless `whole`.
        here: the start of the route when left out.
        theme: colours and sizes.
        language: of the words, `zh` or `en`.
        large: larger type.
        width_px: how wide the picture will be on the screen.
        whole: show the whole level even with a route.
        closed: features that can't be used now.

    Raises:
        KeyError: the map has no such level.
    """
    shown = built.levels[level]
    style = _larger(theme) if large else theme
    walks = (
        [piece.line for piece in route.pieces if isinstance(piece, Walk) and piece.level == level]
        if route
        else []
    )
    view = _view(built, level, () if whole else walks)
    units = [unit for unit in built.units.values() if unit.level == level]
    scale = width_px / view.wide
    name, tongue = escape(said(shown.names, language)), "zh-Hans" if language == "zh" else language
    u = UNITS_PER_M / scale  # user units a pixel
    shown_box = view_box(view)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="map" viewBox="{shown_box}" data-whole="{view_box(_view(built, level, ()))}" '
        f'data-scale="{scale:.3f}" data-z="1" role="img" aria-label="{name}" lang="{tongue}">',
        f"<title>{name}</title>{css(style, u)}{symbols()}",
        f'<path d="{path_of(_around(view))}" fill="{style.outside}"/>',
        *floor(built, units, style),
        *doors(built, level, style),
        *fixtures(built, level),
        *closed_features(built, level, closed),
        *route_line(walks, style, u),
        *words_and_icons(built, level, style, scale, language, walks),
        *ends(built, route, here, level, style, u),
        "</svg>",
    ]
    return "".join(parts)


def _walks(route: Route | None, level: str) -> list[Sequence[Metres]]:
    pieces = route.pieces if route else ()
    return [piece.line for piece in pieces if isinstance(piece, Walk) and piece.level == level]


def _around(view: View) -> Polygon:
    """More than can be seen, however one drags."""
    return box(view.west - 400, view.south - 400, view.east + 400, view.north + 400)


def _larger(theme: Theme) -> Theme:
    return replace(
        theme,
        route_px=theme.route_px * LARGE,
        label_px=theme.label_px * LARGE,
        least_label_px=theme.least_label_px * LARGE,
        icon_px=theme.icon_px * LARGE,
    )


def _view(built: IndoorMap, level: str, walks: Sequence[Sequence[Metres]]) -> View:
    points = [point for line in walks for point in line]
    if points:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        return _squarer(min(xs), min(ys), max(xs), max(ys))
    units = [unit for unit in built.units.values() if unit.level == level]
    inside = [unit for unit in units if unit.category not in GROUNDS] or units
    if not inside:
        return View(0.0, 0.0, 10.0, 10.0)
    bounds = [unit.area.bounds for unit in inside]
    west, south = min(each[0] for each in bounds), min(each[1] for each in bounds)
    east, north = max(each[2] for each in bounds), max(each[3] for each in bounds)
    return View(west - MARGIN_M, south - MARGIN_M, east + MARGIN_M, north + MARGIN_M)


def _squarer(west: float, south: float, east: float, north: float) -> View:
    """A way's box with room around it, neither tiny nor a thin strip."""
    wide = max(east - west + 2 * ROUTE_MARGIN_M, LEAST_VIEW_M)
    high = max(north - south + 2 * ROUTE_MARGIN_M, LEAST_VIEW_M * 0.62)
    high, wide = max(high, wide * 0.55), max(wide, high * 0.75)
    x, y = (west + east) / 2, (south + north) / 2
    return View(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
