"""Words and icons, as SVG: chosen for three scales, so that there are more of them the nearer one looks."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from shapely import LineString

from nav_maps.draw.lettering import Box, Lettered, placed, wanted
from nav_maps.draw.marks import Mark, marks
from nav_maps.draw.paths import UNITS_PER_M
from nav_maps.draw.themes import Theme
from nav_maps.model import IndoorMap
from nav_maps.route import Metres

ZOOMS: Final = (1.0, 2.0, 4.0)
"""Scales for which words and icons are chosen; the picture's script shows those that fit."""


def words_and_icons(
    built: IndoorMap,
    level: str,
    theme: Theme,
    scale: float,
    language: str,
    walks: Sequence[Sequence[Metres]],
) -> Iterator[str]:
    """Words and icons for each zoom; what is on the screen depends on how near one looks."""
    words, icons = wanted(built, level, language), sorted(marks(built, level), key=lambda m: m.rank)
    way = [LineString(line) for line in walks if len(line) > 1]
    yield '<g id="words" aria-hidden="true">'
    for zoom in ZOOMS:
        px_per_m = scale * zoom
        taken: list[Box] = []
        drawn = list(_free_marks(icons, taken, theme.icon_px / px_per_m))
        on_way = theme.route_px / px_per_m / 2
        taken += [box for line in way for box in _boxes_along(line, on_way)]
        letters = list(placed(words, taken, px_per_m, theme.label_px, theme.least_label_px))
        yield f'<g class="z{zoom:.0f}">'
        yield from (_icon(mark, theme, UNITS_PER_M / px_per_m) for mark in drawn)
        yield from (_text(each, UNITS_PER_M / px_per_m) for each in letters)
        yield "</g>"
    yield "</g>"


def _boxes_along(line: LineString, half: float) -> Iterator[Box]:
    """Little boxes that cover a line, so that no word stands on it."""
    steps = max(1, int(line.length / 1.5))
    for n in range(steps + 1):
        at = line.interpolate(n / steps, normalized=True)
        yield at.x - half, at.y - half, at.x + half, at.y + half


def _free_marks(icons: Sequence[Mark], taken: list[Box], size_m: float) -> Iterator[Mark]:
    half = size_m / 2
    for mark in icons:
        used = (mark.x - half, mark.y - half, mark.x + half, mark.y + half)
        if not any(
            used[0] < o[2] and o[0] < used[2] and used[1] < o[3] and o[1] < used[3] for o in taken
        ):
            taken.append(used)
            yield mark


def _icon(mark: Mark, theme: Theme, u: float) -> str:
    size = theme.icon_px * u
    x, y = mark.x * UNITS_PER_M - size / 2, -mark.y * UNITS_PER_M - size / 2
    inner = size * 0.76
    off = (size - inner) / 2
    return (
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{size:.0f}" height="{size:.0f}" rx="{size * 0.22:.0f}" fill="{theme.icon_ground}"/>'
        f'<use href="#i-{mark.icon}" x="{x + off:.0f}" y="{y + off:.0f}" width="{inner:.0f}" height="{inner:.0f}" fill="{theme.icon}"/>'
    )


def _text(letters: Lettered, u: float) -> str:
    size = letters.px * u
    x, top = (
        letters.x * UNITS_PER_M,
        -letters.y * UNITS_PER_M - (len(letters.lines) - 1) * size * 0.6 + size * 0.36,
    )
    faint = ' class="f"' if letters.faint else ""
    if len(letters.lines) == 1:
        return f'<text x="{x:.0f}" y="{top:.0f}" font-size="{size:.1f}"{faint}>{escape(letters.lines[0])}</text>'
    lines = "".join(
        f'<tspan x="{x:.0f}" y="{top + n * size * 1.2:.0f}">{escape(line)}</tspan>'
        for n, line in enumerate(letters.lines)
    )
    return f'<text font-size="{size:.1f}"{faint}>{lines}</text>'
