"""Whether coordinates are degrees in the order longitude, latitude; if they are not, what they are instead.

That the two are exchanged shows in three ways: a latitude beyond 90; features far from the others that come home when
exchanged; and, where the numbers alone allow both, right angles: walls meet at right angles in the true order and are skewed
in the other.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import cos, radians
from typing import Final, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from nav_maps.findings import Finding, finding, sentence
from nav_maps.model import Labels
from nav_maps.reading.archive import Archive, Feature

Numbers: TypeAlias = NDArray[np.float64]

HOME_KM: Final = 30.0
"""A campus is not larger: what lies farther from its middle is lost."""
SQUARE_DEGREES: Final = 1.5
CORNERS_WANTED: Final = 40
CORNERS_LOOKED_AT: Final = 4_000
MERCATOR: Final = 20_037_508.342789244
BUILT: Final = ("unit", "level", "opening", "fixture", "amenity", "anchor", "section", "kiosk")


class Frame(StrEnum):
    """What the numbers are."""

    DEGREES = "degrees"
    SWAPPED = "swapped"
    MERCATOR = "mercator"
    METRES = "metres"


@dataclass(frozen=True, slots=True)
class _Judged:
    frame: Frame
    why: Labels


def to_degrees(archive: Archive, findings: list[Finding]) -> None:
    """Every shape becomes longitude and latitude; what was wrong about the numbers becomes a finding."""
    placed = [feature for feature in _all(archive) if feature.shape is not None]
    if not placed:
        return
    built = [each for each in placed if each.type in BUILT] or placed
    judged = _judge([each.shape for each in built if each.shape is not None])
    if judged.frame is not Frame.DEGREES:
        _turn(placed, _TURNS[judged.frame])
        findings.append(_says(judged, built[0]))
    _bring_home(placed, built, findings)


def _all(archive: Archive) -> Iterable[Feature]:
    return archive.of(*archive.features)


def _turn(features: Sequence[Feature], change: Callable[[Numbers], Numbers]) -> None:
    shapes = np.array([each.shape for each in features], dtype=object)
    for feature, turned in zip(features, shapely.transform(shapes, change), strict=True):
        feature.shape = turned
        feature.changed = True


def _swapped(pairs: Numbers) -> Numbers:
    return pairs[:, ::-1]


def _from_mercator(pairs: Numbers) -> Numbers:
    longitude = pairs[:, 0] / MERCATOR * 180.0
    latitude = np.degrees(2.0 * np.arctan(np.exp(pairs[:, 1] / MERCATOR * np.pi)) - np.pi / 2.0)
    return np.column_stack((longitude, latitude))


def _from_metres(pairs: Numbers) -> Numbers:
    return (pairs - np.median(pairs, axis=0)) / 111_320.0


_TURNS: Final = {
    Frame.SWAPPED: _swapped,
    Frame.MERCATOR: _from_mercator,
    Frame.METRES: _from_metres,
}


def _judge(shapes: list[BaseGeometry]) -> _Judged:
    pairs = shapely.get_coordinates(shapes)
    x, y = np.median(np.abs(pairs), axis=0)
    if x <= 180 and y <= 90:
        return _judge_by_corners(shapes, x, y)
    if x <= 90 and y <= 180:
        why = sentence(
            "纬度为 {y}，超过 90 度", "a latitude of {y} is beyond 90", y=round(float(y), 4)
        )
        return _Judged(Frame.SWAPPED, why)
    example = sentence("{x}, {y}", "{x}, {y}", x=round(float(x), 1), y=round(float(y), 1))
    low, high = pairs.min(axis=0), pairs.max(axis=0)
    is_mercator = x > 50_000 and x <= MERCATOR and y <= MERCATOR and np.all(high - low < 50_000)
    return _Judged(Frame.MERCATOR if is_mercator else Frame.METRES, example)


def _judge_by_corners(shapes: list[BaseGeometry], x: float, y: float) -> _Judged:
    """Exchanged when far more corners are square in the other order. Near 45° or square to north nothing can be said."""
    as_given = _Judged(Frame.DEGREES, {})
    if x > 90:
        return as_given
    edges = _corners(shapes)
    if len(edges) < CORNERS_WANTED:
        return as_given
    given, other = _square_share(edges, y), _square_share(edges[:, :, ::-1], x)
    if other < 0.5 or other < given + 0.3:
        return as_given
    why = sentence(
        "按现有顺序只有 {given:.0%} 的墙角是直角，对调后有 {other:.0%}",
        "as given {given:.0%} of the corners are square, exchanged {other:.0%}",
        given=given,
        other=other,
    )
    return _Judged(Frame.SWAPPED, why)


def _corners(shapes: list[BaseGeometry]) -> Numbers:
    """Pairs of edges that meet in a corner of a polygon: shape (n, 2, 2), in degrees as given."""
    found: list[Numbers] = []
    count = 0
    for shape in shapes:
        for part in shapely.get_parts(shape):
            if part.geom_type == "Polygon" and count < CORNERS_LOOKED_AT:
                ring = np.asarray(part.exterior.coords)[:-1]
                into, out = ring - np.roll(ring, 1, axis=0), np.roll(ring, -1, axis=0) - ring
                found.append(np.stack((into, out), axis=1))
                count += len(ring)
    return np.concatenate(found) if found else np.empty((0, 2, 2))


def _square_share(edges: Numbers, latitude: float) -> float:
    """The share of corners within 1.5° of a right angle, the straight ones left out."""
    metres = edges * np.array([cos(radians(latitude)), 1.0])
    bearings = np.degrees(np.arctan2(metres[:, :, 1], metres[:, :, 0]))
    turns = np.abs((bearings[:, 1] - bearings[:, 0] + 180.0) % 360.0 - 180.0)
    long_enough = np.all(np.hypot(metres[:, :, 0], metres[:, :, 1]) > 0.5 / 111_320.0, axis=1)
    turning = turns[long_enough & (turns > 10.0) & (turns < 170.0)]
    return float(np.mean(np.abs(turning - 90.0) < SQUARE_DEGREES)) if len(turning) else 0.0


def _says(judged: _Judged, example: Feature) -> Finding:
    if judged.frame is Frame.SWAPPED:
        return finding(
            "coordinates-swapped", example.type, why_zh=judged.why["zh"], why_en=judged.why["en"]
        )
    mercator = judged.frame is Frame.MERCATOR
    return finding(
        "coordinates-not-degrees",
        example.type,
        example=judged.why["en"],
        kind_zh="网络墨卡托米（EPSG:3857）" if mercator else "本地米制",
        kind_en="Web Mercator metres (EPSG:3857)" if mercator else "metres of a frame of its own",
    )


def _bring_home(placed: list[Feature], built: list[Feature], findings: list[Finding]) -> None:
    """Exchange what lies far away and comes home so; leave out what does not."""
    home = np.median(_middles(built), axis=0)
    middles = _middles(placed)
    away, other = _km(middles, home), _km(middles[:, ::-1], home)
    lost = {id(each) for each, km in zip(placed, away, strict=True) if km > HOME_KM}
    strayed = [
        feature
        for feature, back in zip(placed, other, strict=True)
        if id(feature) in lost and back <= HOME_KM
    ]
    if strayed:
        _turn(strayed, _swapped)
        findings += [
            finding("coordinates-swapped", feature.type, feature.id, why_zh=zh, why_en=en)
            for feature in strayed
            for zh, en in [
                ("对调后与地图其余部分重合", "exchanged, it lies with the rest of the map")
            ]
        ]
    back_home = {id(each) for each in strayed}
    for feature, km in zip(placed, away, strict=True):
        if id(feature) in lost and id(feature) not in back_home:
            feature.shape = None
            findings.append(finding("far-away", feature.type, feature.id, km=round(float(km))))


def _middles(features: list[Feature]) -> Numbers:
    boxes = shapely.bounds(np.array([each.shape for each in features], dtype=object))
    return (boxes[:, :2] + boxes[:, 2:]) / 2.0


def _km(pairs: Numbers, home: Numbers) -> Numbers:
    off = (pairs - home) * np.array([np.cos(np.radians(home[1])), 1.0]) * 111.32
    return np.asarray(np.hypot(off[:, 0], off[:, 1]), dtype=np.float64)
