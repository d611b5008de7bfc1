"""Where words stand: each in its room, none on another, the wanted ones first."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from shapely import Polygon, box
from shapely.geometry.base import BaseGeometry

from nav_maps.categories import Use, use_of
from nav_maps.model import Area, IndoorMap, Labels, Unit

LINE: Final = 1.2
"""Height of a line over its type size."""
NARROW: Final = 0.56
"""Width of a Latin letter over its type size; a Chinese one is as wide as high."""
MOST_LINES: Final = 3
PADDING_PX: Final = 6.0
SPOTS: Final = (
    (0.5, 0.5), (0.68, 0.5), (0.32, 0.5), (0.5, 0.3), (0.5, 0.7), (0.82, 0.5), (0.18, 0.5), (0.5, 0.15), (0.5, 0.85),
)  # fmt: skip
"""Shares of an area's height and width at which words are tried."""


@dataclass(frozen=True, slots=True)
class Lettered:
    """Words at a place: middle in metres, lines, type size in pixels."""

    feature: str
    x: float
    y: float
    lines: tuple[str, ...]
    px: float
    faint: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Words that want to stand in an area; the first of `texts` that fits is taken. Small `rank`s come first."""

    feature: str
    area: Area
    texts: tuple[str, ...]
    rank: int
    faint: bool = False


Box = tuple[float, float, float, float]


def width_em(text: str) -> float:
    """Width of a line of text over its type size."""
    return sum(1.0 if ord(letter) > 0x2E7F else NARROW for letter in text)


def wanted(built: IndoorMap, level: str, language: str) -> list[Wanted]:
    """What a level has to say, the important first."""
    found = [
        each
        for each in (
            _of_unit(unit, language) for unit in built.units.values() if unit.level == level
        )
        if each
    ]
    return sorted(found, key=lambda each: (each.rank, -each.area.area))


def _of_unit(unit: Unit, language: str) -> Wanted | None:
    use = use_of(unit.category)
    if use in (Use.SOLID, Use.ELEVATOR, Use.STAIRS, Use.ESCALATOR) or unit.category.startswith(
        "restroom"
    ):
        return None
    full, number = said(unit.names, language), said(unit.number, language)
    staff = unit.restriction == "employeesonly" or unit.category in ("nonpublic", "storage")
    shorter = tuple(_shorter(full))
    # the waiting area beside it says whose room it is
    said_once = (*shorter, full) if use is Use.ROOM else (full, *shorter)
    texts = tuple(dict.fromkeys(text for text in (*said_once, number) if _says(text)))
    if not texts:
        return None
    rank = 5 if staff else 0 if unit.category == "waitingroom" else 3 if use is Use.PASSAGE else 2
    return Wanted(unit.id, unit.area, texts, rank, staff)


def _says(text: str) -> bool:
    """Some maps name a room "-"."""
    return any(letter.isalnum() for letter in text)


def said(labels: Labels, language: str) -> str:
    """A label in a language, else in whichever there is."""
    if language in labels:
        return labels[language]
    return next(iter(labels.values()), "")


def _shorter(name: str) -> Iterator[str]:
    """What a name may be cut to: "3诊室" of "呼吸内科3诊室", "Room 3" of "Cardiology, room 3"."""
    for word in ("候诊区", " waiting area"):
        if name.endswith(word):
            yield name.removesuffix(word)
    if ", " in name:
        rest = name.rpartition(", ")[2]
        yield rest[:1].upper() + rest[1:]
    digits = next((n for n, letter in enumerate(name) if letter.isdigit()), None)
    if digits and name.endswith("诊室"):
        yield name[digits:]
    elif name.endswith("治疗室"):
        yield "治疗室"


def placed(
    words: Iterable[Wanted], taken: Sequence[Box], px_per_m: float, most_px: float, least_px: float
) -> Iterator[Lettered]:
    """Words that find a place; `taken` are boxes in metres where something stands already."""
    boxes = list(taken)
    for each in words:
        found = _fitted(each, boxes, px_per_m, most_px, least_px)
        if found:
            letters, used = found
            boxes.append(used)
            yield letters


def _fitted(
    words: Wanted, boxes: list[Box], px_per_m: float, most_px: float, least_px: float
) -> tuple[Lettered, Box] | None:
    spots = list(_spots(words.area))
    for text in words.texts:
        for px in (most_px, (most_px + least_px) / 2, least_px):
            for lines in _broken(text):
                wide = (max(width_em(line) for line in lines) * px + PADDING_PX) / px_per_m
                high = (len(lines) * LINE * px + PADDING_PX / 2) / px_per_m
                for x, y in spots:
                    used = (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
                    if _is_free(used, boxes) and _holds(words.area, used):
                        return Lettered(words.feature, x, y, lines, px, words.faint), used
    return None


def _spots(area: Area) -> Iterator[tuple[float, float]]:
    """Places to try: the middle, then others of the box around the area."""
    west, south, east, north = area.bounds
    for down, across in (
        (0.5, 0.5),
        (0.68, 0.5),
        (0.32, 0.5),
        (0.5, 0.3),
        (0.5, 0.7),
        (0.82, 0.5),
        (0.18, 0.5),
        (0.5, 0.15),
        (0.5, 0.85),
    ):
        yield west + across * (east - west), south + down * (north - south)


def _broken(text: str) -> Iterator[tuple[str, ...]]:
    """A text in one line, two, three."""
    yield (text,)
    chinese = any(ord(letter) > 0x2E7F for letter in text)
    pieces = list(text) if chinese and " " not in text else text.split(" ")
    joint = "" if chinese and " " not in text else " "
    for count in range(2, MOST_LINES + 1):
        if len(pieces) >= count * (1 if joint else 2):  # no Chinese sign stands alone
            yield tuple(_even(pieces, joint, count))


def _even(pieces: list[str], joint: str, count: int) -> Iterator[str]:
    goal = width_em(joint.join(pieces)) / count
    line: list[str] = []
    left = count
    for n, piece in enumerate(pieces):
        line.append(piece)
        rest = len(pieces) - n - 1
        if left > 1 and (width_em(joint.join(line)) >= goal * 0.95 or rest < left):
            yield joint.join(line)
            line, left = [], left - 1
    if line:
        yield joint.join(line)


def _is_free(used: Box, boxes: list[Box]) -> bool:
    return not any(
        used[0] < other[2] and other[0] < used[2] and used[1] < other[3] and other[1] < used[3]
        for other in boxes
    )


def _holds(area: BaseGeometry, used: Box) -> bool:
    inner: Polygon = box(*used)
    return area.covers(inner)
