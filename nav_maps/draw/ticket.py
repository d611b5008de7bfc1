"""The way on a ticket of 80 mm: 576 dots wide, black and white, one piece a floor, the way running up the paper.

Only what stands beside the way is drawn. The plan is turned by quarters, so that rooms stay square and words upright.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from math import atan2, cos, hypot, sin
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont
from shapely import LineString, MultiLineString, Polygon
from shapely.geometry.base import BaseGeometry

from nav_maps.categories import Use, use_of
from nav_maps.draw.lettering import said
from nav_maps.model import IndoorMap, PathwayMode
from nav_maps.route import Metres, Ride, Route, Walk

DOTS: Final = 576
EDGE: Final = 14
BESIDE_M: Final = 9.0
"""So far to the left and right of the way things are drawn."""
MOST_DOTS_PER_M: Final = 15.0
TALLEST: Final = 640
"""Of one floor."""
CAPTION: Final = 40
ROUTE: Final = 9
CODE: Final = 300
"""Of a code's side, dots, at most about: 37 mm."""
_TAKE: Final = (("扫码，手机上看路线",), ("Scan: the way", "on your phone"))
FONTS: Final = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
)
"""Where Chinese type may lie; without any, words are in English."""
_BY: Final = {
    PathwayMode.ELEVATOR: ("乘电梯到{}", "Lift to {}"),
    PathwayMode.STAIRS: ("走楼梯到{}", "Stairs to {}"),
    PathwayMode.ESCALATOR: ("乘扶梯到{}", "Escalator to {}"),
    PathwayMode.RAMP: ("走坡道到{}", "Ramp to {}"),
    PathwayMode.WALKWAY: ("到{}", "To {}"),
    PathwayMode.MOVING_SIDEWALK: ("到{}", "To {}"),
}
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


Code = Sequence[Sequence[bool]]
"""The modules of a QR code, row by row, with the quiet zone around: true is dark."""


def ticket_picture(
    built: IndoorMap, route: Route, language: str = "zh", code: Code | None = None
) -> Image.Image:
    """Draw a way: mode `1`, 576 dots wide; below it `code`, which takes the way along on a phone.

    Without Chinese type the words are English. A way inside one room gives a picture with its name only.
    """
    type = _Type.found(language)
    panels = [_panel(built, route, floor, type) for floor in _floors(route)]
    if code:
        panels.append(_code(code, type))
    height = sum(panel.height for panel in panels) + EDGE
    paper = Image.new("L", (DOTS, max(height, CAPTION)), 255)
    y = 0
    for panel in panels:
        paper.paste(panel, (0, y))
        y += panel.height
    return paper.point(lambda shade: 255 if shade > 150 else 0).convert("1")


def ticket_png(
    built: IndoorMap, route: Route, language: str = "zh", code: Code | None = None
) -> bytes:
    """The same as a PNG file."""
    out = BytesIO()
    ticket_picture(built, route, language, code).save(out, "PNG")
    return out.getvalue()


def _code(code: Code, type: "_Type") -> Image.Image:
    """A code with its words beside it: as large as a phone reads off paper."""
    side = len(code)
    module = max(3, min(6, CODE // side))
    dots = side * module
    image = Image.new("L", (DOTS, dots), 255)
    draw = ImageDraw.Draw(image)
    for row, line in enumerate(code):
        for column, dark in enumerate(line):
            if dark:
                x, y = column * module, row * module
                draw.rectangle((x, y, x + module - 1, y + module - 1), fill=0)
    for number, words in enumerate(_TAKE[type.language != "zh"]):
        draw.text((dots + EDGE, dots / 2 - 40 + 40 * number), words, fill=0, font=type.size(30))
    return image


@dataclass(frozen=True, slots=True)
class _Type:
    """The letters there are, and the language they can write."""

    path: str | None
    language: str

    @classmethod
    def found(cls, language: str) -> "_Type":
        path = next((each for each in FONTS if Path(each).exists()), None)
        return cls(path, language if path or language != "zh" else "en")

    def size(self, dots: int) -> Font:
        """Letters of a size."""
        return ImageFont.truetype(self.path, dots) if self.path else ImageFont.load_default(dots)


@dataclass(slots=True)
class _Floor:
    """What of a way is on one floor, and how it goes on."""

    level: str
    lines: list[Sequence[Metres]]
    then: Ride | None = None

    @property
    def first(self) -> Metres:
        return self.lines[0][0]

    @property
    def last(self) -> Metres:
        return self.lines[-1][-1]


def _floors(route: Route) -> list[_Floor]:
    found: list[_Floor] = []
    for piece in route.pieces:
        if isinstance(piece, Walk):
            if not found or found[-1].level != piece.level or found[-1].then:
                found.append(_Floor(piece.level, []))
            found[-1].lines.append(piece.line)
        elif found:
            found[-1].then = piece
    return [floor for floor in found if floor.lines and floor.lines[0]]


class _Sheet:
    """From metres of a floor to dots of a panel: turned by quarters so that the way runs up."""

    def __init__(self, floor: _Floor) -> None:
        (x1, y1), (x2, y2) = floor.first, floor.last
        self._quarter = round((atan2(x2 - x1, y2 - y1)) / (3.14159265 / 2)) % 4
        points = [self._turned(point) for line in floor.lines for point in line]
        west, east = min(x for x, _ in points) - BESIDE_M, max(x for x, _ in points) + BESIDE_M
        south = min(y for _, y in points) - BESIDE_M / 2
        north = max(y for _, y in points) + BESIDE_M / 2
        wide, high = east - west, north - south
        self.scale = min((DOTS - 2 * EDGE) / wide, TALLEST / high, MOST_DOTS_PER_M)
        self._left = (DOTS - wide * self.scale) / 2 - west * self.scale
        self._top = CAPTION + north * self.scale
        self.height = int(CAPTION + high * self.scale + EDGE)

    def _turned(self, point: Metres) -> Metres:
        x, y = point
        return ((x, y), (-y, x), (-x, -y), (y, -x))[self._quarter]

    def __call__(self, point: Sequence[float]) -> tuple[float, float]:
        """Metres to dots."""
        x, y = self._turned((point[0], point[1]))
        return self._left + x * self.scale, self._top - y * self.scale


def _panel(built: IndoorMap, route: Route, floor: _Floor, type: _Type) -> Image.Image:
    sheet = _Sheet(floor)
    image = Image.new("L", (DOTS, sheet.height), 255)
    draw = ImageDraw.Draw(image)
    way = MultiLineString([line for line in floor.lines if len(line) > 1])
    near = (
        way.buffer(BESIDE_M)
        if not way.is_empty
        else LineString([floor.first, floor.last]).buffer(BESIDE_M)
    )
    _walls(draw, built, floor.level, near, sheet)
    draw.rectangle((0, 0, DOTS, CAPTION), fill=255)
    _way(draw, floor, sheet)
    taken = [_caption(draw, built, floor, type)]
    taken += _end(draw, route, floor, sheet, type)
    _names(draw, built, floor, near, way, sheet, type, taken)
    return image


def _walls(
    draw: ImageDraw.ImageDraw, built: IndoorMap, level: str, near: BaseGeometry, sheet: _Sheet
) -> None:
    for unit in built.units.values():
        if unit.level != level or not unit.area.intersects(near):
            continue
        if use_of(unit.category) is Use.OUTSIDE or unit.category == "unenclosedarea":
            continue
        _rings(draw, unit.area.intersection(near), unit.area, sheet)
    for opening in built.openings.values():
        if opening.level == level and opening.line.intersects(near):
            draw.line([sheet(point) for point in opening.line.coords], fill=255, width=5)


def _rings(
    draw: ImageDraw.ImageDraw, shown: BaseGeometry, whole: BaseGeometry, sheet: _Sheet
) -> None:
    """The walls of a unit as far as they are near, not the edge of what is near."""
    walls = whole.boundary.intersection(shown)
    for part in getattr(walls, "geoms", [walls]):
        if isinstance(part, LineString) and len(part.coords) > 1:
            draw.line([sheet(point) for point in part.coords], fill=0, width=2)


def _way(draw: ImageDraw.ImageDraw, floor: _Floor, sheet: _Sheet) -> None:
    for line in floor.lines:
        dots = [sheet(point) for point in line]
        if len(dots) > 1:
            draw.line(dots, fill=255, width=ROUTE + 8, joint="curve")
            draw.line(dots, fill=0, width=ROUTE, joint="curve")
        for tip in _arrows(dots):
            draw.polygon(tip, fill=0)
    x, y = sheet(floor.first)
    draw.ellipse((x - 15, y - 15, x + 15, y + 15), fill=255, outline=0, width=5)
    draw.ellipse((x - 6, y - 6, x + 6, y + 6), fill=0)


def _arrows(dots: Sequence[tuple[float, float]]) -> Iterator[list[tuple[float, float]]]:
    for (x1, y1), (x2, y2) in pairwise(dots):
        if hypot(x2 - x1, y2 - y1) < 60:
            continue
        way = atan2(y2 - y1, x2 - x1)
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        yield [(x + 17 * cos(way + turn), y + 17 * sin(way + turn)) for turn in (0.0, 2.4, -2.4)]


Taken = tuple[float, float, float, float]


def _caption(draw: ImageDraw.ImageDraw, built: IndoorMap, floor: _Floor, type: _Type) -> Taken:
    level = built.levels.get(floor.level)
    short = said(level.short or level.names, type.language) if level else ""
    text = short
    if floor.then:
        there = built.levels.get(floor.then.to_level)
        to = said(there.short or there.names, type.language) if there else ""
        text += " · " + _BY[floor.then.mode][type.language == "en"].format(to)
    draw.text((EDGE, 2), text, fill=0, font=type.size(28))
    return (0.0, 0.0, float(DOTS), float(CAPTION))


def _end(
    draw: ImageDraw.ImageDraw, route: Route, floor: _Floor, sheet: _Sheet, type: _Type
) -> list[Taken]:
    x, y = sheet(floor.last)
    if floor.then:
        draw.rectangle((x - 15, y - 15, x + 15, y + 15), fill=255, outline=0, width=5)
        return [(x - 18, y - 18, x + 18, y + 18)]
    draw.polygon([(x, y), (x - 17, y - 30), (x + 17, y - 30)], fill=0)
    draw.ellipse((x - 19, y - 54, x + 19, y - 16), fill=0)
    draw.ellipse((x - 8, y - 43, x + 8, y - 27), fill=255)
    name = said(route.end.names, type.language)
    taken = [(x - 22, y - 58, x + 22, y + 4)]
    taken += _write(draw, name, (x, y + 20), type.size(30), taken, sheet.height)
    return taken


def _write(
    draw: ImageDraw.ImageDraw,
    text: str,
    at: tuple[float, float],
    font: Font,
    taken: list[Taken],
    height: int,
) -> list[Taken]:
    """Text on white with its middle near a place, where nothing stands yet; nothing when there is no room."""
    left, top, right, bottom = draw.textbbox((0, 0), text, font=font)
    wide, high = right - left + 8, bottom - top + 6
    x, y = at
    for up in (0, high, -high, 2 * high, -2 * high):
        middle = min(max(x, wide / 2 + 2), DOTS - wide / 2 - 2)
        box = (middle - wide / 2, y + up - high / 2, middle + wide / 2, y + up + high / 2)
        if box[1] < CAPTION or box[3] > height or any(_meet(box, other) for other in taken):
            continue
        draw.rectangle(box, fill=255)
        draw.text((box[0] + 4 - left, box[1] + 3 - top), text, fill=0, font=font)
        return [box]
    return []


def _meet(a: Taken, b: Taken) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _names(
    draw: ImageDraw.ImageDraw,
    built: IndoorMap,
    floor: _Floor,
    near: BaseGeometry,
    way: BaseGeometry,
    sheet: _Sheet,
    type: _Type,
    taken: list[Taken],
) -> None:
    """A few words on what one passes: landmarks first, then waiting areas and halls."""
    for line in floor.lines:
        if len(line) > 1:
            taken += _along(LineString([sheet(point) for point in line]))
    font = type.size(24)
    for landmark in built.navigation.landmarks:
        if (
            landmark.level == floor.level
            and landmark.prominence >= 3
            and near.covers(landmark.point)
        ):
            x, y = sheet((landmark.point.x, landmark.point.y))
            taken += _write(
                draw, "★" + said(landmark.names, type.language), (x, y), font, taken, sheet.height
            )
    for unit in built.units.values():
        if unit.level != floor.level or unit.category not in (
            "waitingroom",
            "lobby",
            "foodservice",
        ):
            continue
        if isinstance(unit.area, Polygon) and unit.area.distance(way) < 4.0:
            at = unit.area.intersection(near).representative_point()
            x, y = sheet((at.x, at.y))
            taken += _write(
                draw, said(unit.names, type.language), (x, y), font, taken, sheet.height
            )


def _along(line: LineString) -> list[Taken]:
    steps = max(1, int(line.length / 12))
    spots = [line.interpolate(n / steps, normalized=True) for n in range(steps + 1)]
    return [(at.x - 10, at.y - 10, at.x + 10, at.y + 10) for at in spots]
