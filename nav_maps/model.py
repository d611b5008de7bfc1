"""The vocabulary of indoor maps: what is built, in metres, as frozen values.

Names follow the Indoor Mapping Data Format 1.0.0 (feature types and categories) and, for ways between places, the GTFS file
`pathways.txt`. Geometry is shapely's, in the map's local frame: metres, x to the east, y to the north, origin and
turning back to longitude and latitude in `projection.Projection`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from shapely import LineString, MultiPolygon, Point, Polygon

from nav_maps.projection import Projection

Labels: TypeAlias = Mapping[str, str]
"""Texts by language tag, such as `{"zh": "检验科", "en": "Laboratory"}`."""
Area: TypeAlias = Polygon | MultiPolygon


@dataclass(frozen=True, slots=True)
class Level:
    """A floor. `ordinal` 0 is the ground, negative below; `short` is what people say ("3F", "B1")."""

    id: str
    ordinal: int
    names: Labels
    short: Labels
    area: Area | None = None
    outdoor: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """A room, corridor, stair, lift car … on one level; `category`, `restriction` and `accessibility` as in IMDF.

    `number` is the alternative name, most often what stands on the door.
    """

    id: str
    level: str
    category: str
    names: Labels
    area: Area
    number: Labels = field(default_factory=dict)
    restriction: str | None = None
    accessibility: tuple[str, ...] = ()
    display_point: Point | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """A door or passage: a line on the border of two units. `door` holds IMDF's door properties as given."""

    id: str
    level: str
    category: str
    line: LineString
    names: Labels = field(default_factory=dict)
    accessibility: tuple[str, ...] = ()
    access_control: tuple[str, ...] = ()
    door: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Amenity:
    """A toilet, drinking fountain, seat, parking for strollers …: a point in one or more units."""

    id: str
    category: str
    names: Labels
    point: Point
    units: tuple[str, ...]
    hours: str | None = None


@dataclass(frozen=True, slots=True)
class Occupant:
    """Who or what has its place in a unit (a department, a shop); `point` is its anchor's."""

    id: str
    category: str
    names: Labels
    unit: str | None
    point: Point | None
    hours: str | None = None


@dataclass(frozen=True, slots=True)
class Fixture:
    """Furniture that can't be walked through (IMDF fixture), or a kiosk of shops (IMDF kiosk)."""

    id: str
    level: str
    category: str
    area: Area
    names: Labels = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Relationship:
    """An IMDF relationship: how features belong together (`traversal`, `elevator`, `escalator`, `stairs`, `ramp` …)."""

    id: str
    category: str
    origin: str | None
    destination: str | None
    intermediary: tuple[str, ...]
    direction: str = "undirected"
    hours: str | None = None


class PathwayMode(StrEnum):
    """Kinds of ways, after GTFS `pathway_mode` (its number in `gtfs`)."""

    WALKWAY = "walkway"
    STAIRS = "stairs"
    MOVING_SIDEWALK = "moving_sidewalk"
    ESCALATOR = "escalator"
    ELEVATOR = "elevator"
    RAMP = "ramp"

    @property
    def gtfs(self) -> int:
        """The number in a `pathways.txt`; GTFS has no ramp: it is a walkway with a slope."""
        return {
            "walkway": 1,
            "ramp": 1,
            "stairs": 2,
            "moving_sidewalk": 3,
            "escalator": 4,
            "elevator": 5,
        }[self]


@dataclass(frozen=True, slots=True)
class Pathway:
    """A way that IMDF can't say: how units of several levels hang together, or what a way costs.

    `units` are in order of travel (from, via, to). A lift's are all its stops. `wait_s` is paid once a ride, `per_level_s`
    for each floor; `traversal_time_s` for the whole way where known. `one_way` runs from the first unit to the last.
    """

    id: str
    mode: PathwayMode
    units: tuple[str, ...]
    names: Labels = field(default_factory=dict)
    one_way: bool = False
    length_m: float | None = None
    traversal_time_s: float | None = None
    wait_s: float | None = None
    per_level_s: float | None = None
    capacity: int | None = None
    stair_count: int | None = None
    max_slope: float | None = None
    min_width_m: float | None = None
    staff_only: bool = False
    hours: str | None = None
    profiles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DoorRule:
    """What an opening allows beyond IMDF: from which unit to which (one way), for whom, when, and seconds to pass it."""

    opening: str
    from_unit: str | None = None
    to_unit: str | None = None
    staff_only: bool = False
    hours: str | None = None
    delay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Landmark:
    """Something people see and remember: "the blue whale", "the information desk". `prominence` 1 (small) to 5."""

    id: str
    level: str
    point: Point
    names: Labels
    category: str = ""
    prominence: int = 3


@dataclass(frozen=True, slots=True)
class Device:
    """An edge agent's place: a kiosk, a door or corridor sensor, a board.

    `facing_deg` is where somebody looks who stands before it and reads it (compass degrees, 0 north, 90 east).
    """

    id: str
    kind: str
    level: str
    point: Point
    names: Labels = field(default_factory=dict)
    facing_deg: float | None = None
    height_m: float | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """The queue server's name for a unit: a service point, service group or area of the site file."""

    id: str
    kind: str
    unit: str
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class RadioWall:
    """A wall as radio meets it: how many decibels it takes."""

    level: str
    line: LineString
    attenuation_db: float


@dataclass(frozen=True, slots=True)
class Closure:
    """Features (units, openings, pathways) that can't be used, from when till when (RFC 3339; None: open end), and why."""

    features: tuple[str, ...]
    start: str | None = None
    end: str | None = None
    reason: Labels = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Navigation:
    """All of `x_navigation.geojson`."""

    pathways: tuple[Pathway, ...] = ()
    doors: tuple[DoorRule, ...] = ()
    landmarks: tuple[Landmark, ...] = ()
    devices: tuple[Device, ...] = ()
    places: tuple[Place, ...] = ()
    radio_walls: tuple[RadioWall, ...] = ()
    closures: tuple[Closure, ...] = ()


@dataclass(frozen=True, slots=True)
class IndoorMap:
    """A building or campus, ready to be checked, made a graph of, and drawn. Features by id."""

    names: Labels
    projection: Projection
    levels: Mapping[str, Level]
    units: Mapping[str, Unit]
    openings: Mapping[str, Opening]
    amenities: Mapping[str, Amenity] = field(default_factory=dict)
    occupants: Mapping[str, Occupant] = field(default_factory=dict)
    fixtures: Mapping[str, Fixture] = field(default_factory=dict)
    relationships: Mapping[str, Relationship] = field(default_factory=dict)
    navigation: Navigation = field(default_factory=Navigation)
