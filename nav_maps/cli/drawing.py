"""`nav-maps draw`: a level, or a level and a way, as a picture or for other programs."""

import argparse
import json
import sys
from pathlib import Path

from nav_maps.cli.arguments import Commands
from nav_maps.draw import THEMES, level_geojson, level_svg
from nav_maps.model import IndoorMap
from nav_maps.reading import read_map


def add(commands: Commands) -> None:
    """The command."""
    draw = commands.add_parser(
        "draw",
        help="draw a level",
        description="An SVG for screens, or GeoJSON when OUT ends in .geojson.",
    )
    draw.add_argument("map", type=Path, metavar="MAP", help="folder, zip or GeoJSON file")
    draw.add_argument("out", type=Path, metavar="OUT", help="a file: .svg or .geojson")
    draw.add_argument("--level", metavar="L", help='id, short name ("2F") or ordinal (the ground)')
    draw.add_argument("--theme", choices=sorted(THEMES), default="light")
    draw.add_argument("--lang", choices=("zh", "en"), default="zh", help="of the words")
    draw.add_argument("--large", action="store_true", help="large type")
    draw.add_argument("--width", type=float, default=1080.0, metavar="PX", help="of the screen")
    draw.set_defaults(run=_draw)


def _draw(given: argparse.Namespace) -> int:
    built, _ = read_map(given.map)
    level = level_of(built, given.level)
    if level is None:
        known = ", ".join(
            sorted({level.short.get("en", level.id) for level in built.levels.values()})
        )
        sys.stderr.write(f"There is no level {given.level!r}; there are {known}.\n")
        return 2
    if given.out.suffix == ".geojson":
        text = json.dumps(level_geojson(built, level), ensure_ascii=False)
    else:
        text = level_svg(
            built,
            level,
            theme=THEMES[given.theme],
            language=given.lang,
            large=given.large,
            width_px=given.width,
        )
    given.out.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{given.out}\n")
    return 0


def level_of(built: IndoorMap, asked: str | None) -> str | None:
    """The id of a level by id, short name, name or ordinal; the one nearest to the ground without any."""
    if asked is None:
        return min(built.levels.values(), key=lambda each: (abs(each.ordinal), each.id)).id
    for level in built.levels.values():
        names = {level.id, str(level.ordinal), *level.short.values(), *level.names.values()}
        if asked.casefold() in {name.casefold() for name in names}:
            return level.id
    return None
