"""The way, as SVG: its line with arrows, where it begins, changes the floor and ends."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, cos, hypot, radians, sin
from typing import Final

from nav_maps.draw.paths import UNITS_PER_M, line_of, number
from nav_maps.draw.themes import Theme
from nav_maps.model import IndoorMap
from nav_maps.route import Metres, Ride, Route

ARROW_EVERY_M: Final = 7.0


@dataclass(frozen=True, slots=True)
class Here:
    """Where somebody is, in metres; `facing_deg` is a compass bearing, `unsure_m` draws a glow."""

    point: Metres
    facing_deg: float | None = None
    unsure_m: float = 0.0


def route_line(walks: Sequence[Sequence[Metres]], theme: Theme, u: float) -> Iterator[str]:
    """The line of a way on this level."""
    lines = [line for line in walks if len(line) > 1]
    if not lines:
        return
    d = "".join(line_of(line) for line in lines)
    yield f'<g id="route"><path class="re" d="{d}"/><path class="r" d="{d}"/>'
    arrows = "".join(
        _arrow(x, y, way, theme.route_px * u) for line in lines for x, y, way in _arrows(line)
    )
    if arrows:
        yield f'<path class="ra" d="{arrows}"/>'
    yield "</g>"


def _arrows(line: Sequence[Metres]) -> Iterator[tuple[float, float, float]]:
    """Places and directions (radians, mathematical) of arrows along a line, none at a corner."""
    for (x1, y1), (x2, y2) in pairwise(line):
        length = hypot(x2 - x1, y2 - y1)
        count = int(length // ARROW_EVERY_M) or int(length > ARROW_EVERY_M / 2)
        for n in range(count):
            part = (n + 0.5) / count
            yield x1 + part * (x2 - x1), y1 + part * (y2 - y1), atan2(y2 - y1, x2 - x1)


def _arrow(x: float, y: float, way: float, size: float) -> str:
    reach = size / UNITS_PER_M * 0.3
    back = [(x + reach * cos(way + turn), y + reach * sin(way + turn)) for turn in (2.3, -2.3)]
    tip = (x + reach * cos(way), y + reach * sin(way))
    return line_of([back[0], tip, back[1]])


def ends(
    built: IndoorMap, route: Route | None, here: Here | None, level: str, theme: Theme, u: float
) -> Iterator[str]:
    """Where a way begins, leaves the level and ends; or where somebody is."""
    if route and route.end.level == level:
        x, y = route.end.point
        yield _pin(x, y, theme, u)
    for piece in route.pieces if route else ():
        if isinstance(piece, Ride) and piece.from_level == level and piece.from_unit in built.units:
            at = built.units[piece.from_unit].area.centroid
            yield _ring(at.x, at.y, theme, u)
    stands = here or (
        Here(route.start.point, route.start.facing_deg)
        if route and route.start.level == level
        else None
    )
    if stands:
        yield _you(stands, theme, u)


def _pin(x: float, y: float, theme: Theme, u: float) -> str:
    s = theme.icon_px * u * 0.055
    return (
        f'<g id="end" transform="translate({number(x)} {number(-y)}) scale({s:.3f})"><path d="M0 0C-6-9-11-14-11-21a11 11 0 1 1 22 0C11-14 6-9 0 0z" '
        f'fill="{theme.end}" stroke="#fff" stroke-width="2"/><circle cy="-21" r="4.500" fill="#fff"/></g>'
    )


def _ring(x: float, y: float, theme: Theme, u: float) -> str:
    return (
        f'<circle cx="{number(x)}" cy="{number(-y)}" r="{theme.icon_px * u * 0.75:.0f}" fill="none" stroke="{theme.route}" '
        f'stroke-width="{3.5 * u:.1f}"/>'
    )


def _you(here: Here, theme: Theme, u: float) -> str:
    x, y = here.point
    r = theme.icon_px * u * 0.42
    parts = [f'<g id="here" transform="translate({number(x)} {number(-y)})">']
    if here.unsure_m:
        parts.append(f'<circle r="{number(here.unsure_m)}" fill="{theme.start}" opacity=".18"/>')
    if here.facing_deg is not None:
        turn = radians(here.facing_deg)
        tip = (2.3 * r * sin(turn), -2.3 * r * cos(turn))
        sides = [(0.95 * r * sin(turn + off), -0.95 * r * cos(turn + off)) for off in (-0.75, 0.75)]
        corners = " ".join(f"{a:.1f},{b:.1f}" for a, b in (sides[0], tip, sides[1]))
        parts.append(
            f'<polygon points="{corners}" fill="{theme.start}" stroke="#fff" stroke-width="{1.5 * u:.1f}"/>'
        )
    parts.append(
        f'<circle r="{r:.1f}" fill="{theme.start}" stroke="#fff" stroke-width="{3 * u:.1f}"/></g>'
    )
    return "".join(parts)
