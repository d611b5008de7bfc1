"""Reading `x_navigation.geojson`: what IMDF can't say. Every property is described in `docs/maps.md`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

from shapely import LineString, Point

from nav_maps.findings import Finding, from_slots
from nav_maps.labels import labels
from nav_maps.model import (
    Closure,
    Device,
    DoorRule,
    Labels,
    Landmark,
    Navigation,
    Pathway,
    PathwayMode,
    Place,
    RadioWall,
)
from nav_maps.reading.archive import Feature
from nav_maps.reading.values import flag, number, optional, reference, text, texts, word, words

Kept: TypeAlias = Pathway | DoorRule | Landmark | Device | Place | RadioWall | Closure
MODES: Final = {
    "1": PathwayMode.WALKWAY,
    "2": PathwayMode.STAIRS,
    "3": PathwayMode.MOVING_SIDEWALK,
    "4": PathwayMode.ESCALATOR,
    "5": PathwayMode.ELEVATOR,
    **{str(mode): mode for mode in PathwayMode},
}
_RFC3339: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)?")


@dataclass(frozen=True, slots=True)
class Ground:
    """Ids that navigation features may name."""

    levels: frozenset[str]
    units: frozenset[str]
    openings: frozenset[str]
    amenities: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Reading:
    """One feature being read: its properties, and where findings go."""

    feature: Feature
    ground: Ground
    closable: frozenset[str]
    language: str
    findings: list[Finding]
    own: Mapping[str, object] = field(init=False)

    def __post_init__(self) -> None:
        self.own = self.feature.properties

    @property
    def kind(self) -> str:
        return word(self.own.get("kind"))

    def names(self, key: str = "name") -> Labels:
        return labels(self.own.get(key), self.language)

    def amount(self, key: str, least: float = 0.0) -> float | None:
        """A number of at least `least`, or None and (when something was written) a finding."""
        given = self.own.get(key)
        found = number(given)
        if given is None or (found is not None and found >= least):
            return found
        self.refuse(key, given, f"不小于 {least:g} 的数", f"a number of {least:g} or more")
        return None

    def count(self, key: str) -> int | None:
        found = self.amount(key)
        return None if found is None else round(found)

    def known(self, key: str, ids: frozenset[str]) -> str | None:
        """The id of a feature that is there."""
        given = reference(self.own.get(key))
        if given and given not in ids:
            self.say("reference-broken", property=key, target=given)
        return given if given in ids else None

    def restricted(self) -> bool:
        return word(self.own.get("restriction")) in {"staff", "employeesonly", "private", "no"}

    def point(self) -> Point | None:
        shape = self.feature.shape
        return shape if isinstance(shape, Point) else None

    def line(self) -> LineString | None:
        shape = self.feature.shape
        return shape if isinstance(shape, LineString) else None

    def moment(self, key: str) -> str | None:
        given = optional(self.own.get(key))
        if given is None or _is_moment(given):
            return given
        self.refuse(key, given, "RFC 3339 时间", "a time as in RFC 3339")
        return None

    def refuse(self, key: str, given: object, zh: str, en: str) -> None:
        self.say(
            "navigation-value", property=key, given=repr(given)[:60], wanted_zh=zh, wanted_en=en
        )

    def lacks(self, key: str) -> None:
        self.say("navigation-incomplete", kind=self.kind, property=key)

    def say(self, rule: str, **slots: object) -> None:
        self.findings.append(
            from_slots(rule, "x_navigation", self.feature.id, slots, point=self.point())
        )


def read_navigation(
    features: list[Feature], ground: Ground, language: str, findings: list[Finding]
) -> Navigation:
    """The typed values of all navigation features; what lacks something it can't do without is left out and said."""
    closable = ground.units | ground.openings | ground.amenities | {each.id for each in features}
    found = [_read(_Reading(each, ground, closable, language, findings)) for each in features]
    return Navigation(
        tuple(each for each in found if isinstance(each, Pathway)),
        tuple(each for each in found if isinstance(each, DoorRule)),
        tuple(each for each in found if isinstance(each, Landmark)),
        tuple(each for each in found if isinstance(each, Device)),
        tuple(each for each in found if isinstance(each, Place)),
        tuple(each for each in found if isinstance(each, RadioWall)),
        tuple(each for each in found if isinstance(each, Closure)),
    )


def _read(reading: _Reading) -> Kept | None:
    read = _READERS.get(reading.kind)
    if read is not None:
        return read(reading)
    reading.say("navigation-kind", given=reading.kind or "—", known=", ".join(_READERS))
    return None


def _pathway(reading: _Reading) -> Pathway | None:
    own = reading.own
    given = texts(own.get("unit_ids"))
    units = tuple(each for each in given if each in reading.ground.units)
    for each in set(given) - set(units):
        reading.say("reference-broken", property="unit_ids", target=each)
    mode = MODES.get(word(own.get("pathway_mode")))
    if mode is None:
        reading.lacks("pathway_mode")
        return None
    if len(units) < 2:
        reading.lacks("unit_ids")
        return None
    slope = number(own.get("max_slope"))
    return Pathway(
        id=reading.feature.id,
        mode=PathwayMode.RAMP if mode is PathwayMode.WALKWAY and slope else mode,
        units=units,
        names=reading.names(),
        one_way=flag(own.get("is_bidirectional")) is False,
        length_m=reading.amount("length"),
        traversal_time_s=reading.amount("traversal_time"),
        wait_s=reading.amount("wait"),
        per_level_s=reading.amount("per_level"),
        capacity=reading.count("capacity"),
        stair_count=None
        if (steps := number(own.get("stair_count"))) is None
        else round(abs(steps)),
        max_slope=slope,
        min_width_m=reading.amount("min_width"),
        staff_only=reading.restricted(),
        hours=optional(own.get("hours")),
        profiles=words(own.get("profiles")),
    )


def _door(reading: _Reading) -> DoorRule | None:
    opening = reading.known("opening_id", reading.ground.openings)
    if opening is None:
        reading.lacks("opening_id")
        return None
    return DoorRule(
        opening=opening,
        from_unit=reading.known("from_unit_id", reading.ground.units),
        to_unit=reading.known("to_unit_id", reading.ground.units),
        staff_only=reading.restricted(),
        hours=optional(reading.own.get("hours")),
        delay_s=reading.amount("delay") or 0.0,
    )


def _landmark(reading: _Reading) -> Landmark | None:
    point, level = _standing(reading)
    if point is None or level is None:
        return None
    prominence = reading.count("prominence")
    return Landmark(
        id=reading.feature.id,
        level=level,
        point=point,
        names=reading.names(),
        category=word(reading.own.get("category")),
        prominence=3 if prominence is None else min(max(prominence, 1), 5),
    )


def _device(reading: _Reading) -> Device | None:
    point, level = _standing(reading)
    if point is None or level is None:
        return None
    facing = number(reading.own.get("facing"))
    return Device(
        id=text(reading.own.get("device")) or reading.feature.id,
        kind=word(reading.own.get("device_kind")) or "kiosk",
        level=level,
        point=point,
        names=reading.names(),
        facing_deg=None if facing is None else facing % 360.0,
        height_m=reading.amount("height"),
    )


def _standing(reading: _Reading) -> tuple[Point | None, str | None]:
    point, level = reading.point(), reading.known("level_id", reading.ground.levels)
    if point is None:
        reading.lacks("geometry (Point)")
    elif level is None:
        reading.lacks("level_id")
    return point, level


def _place(reading: _Reading) -> Place | None:
    id = text(reading.own.get("place"))
    unit = reading.known("unit_id", reading.ground.units)
    if not id or unit is None:
        reading.lacks("unit_id" if id else "place")
        return None
    return Place(id, word(reading.own.get("place_kind")) or "point", unit, reading.point())


def _radio_wall(reading: _Reading) -> RadioWall | None:
    line, level = reading.line(), reading.known("level_id", reading.ground.levels)
    attenuation = reading.amount("attenuation")
    if line is None or level is None or attenuation is None:
        lacking = "geometry (LineString)" if line is None else "level_id" if level is None else ""
        reading.lacks(lacking or "attenuation")
        return None
    return RadioWall(level, line, attenuation)


def _closure(reading: _Reading) -> Closure | None:
    given = texts(reading.own.get("feature_ids"))
    for each in sorted(set(given) - reading.closable):
        reading.say("reference-broken", property="feature_ids", target=each)
    features = tuple(each for each in given if each in reading.closable)
    if not features:
        reading.lacks("feature_ids")
        return None
    start, end = reading.moment("from"), reading.moment("to")
    return Closure(features, start, end, reading.names("reason"))


def _is_moment(given: str) -> bool:
    if not _RFC3339.fullmatch(given):
        return False
    try:
        datetime.fromisoformat(given.replace(" ", "T").upper())
    except ValueError:
        return False
    return True


_READERS: Final[Mapping[str, Callable[[_Reading], Kept | None]]] = {
    "pathway": _pathway,
    "door": _door,
    "landmark": _landmark,
    "device": _device,
    "place": _place,
    "radio_wall": _radio_wall,
    "closure": _closure,
}

KINDS: Final = tuple(_READERS)
"""Every `kind` that a navigation feature can have."""
