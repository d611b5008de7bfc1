"""The vocabulary of a way told: what somebody does, before it is put into any language."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from nav_maps.model import Labels, PathwayMode
from nav_maps.route import Metres


class Side(StrEnum):
    """A direction as one says it, from where one looks."""

    AHEAD = "ahead"
    SLIGHT_LEFT = "slight_left"
    LEFT = "left"
    SHARP_LEFT = "sharp_left"
    SLIGHT_RIGHT = "slight_right"
    RIGHT = "right"
    SHARP_RIGHT = "sharp_right"
    BACK = "back"


class ThingKind(StrEnum):
    """What kind of thing one steers by; languages speak of each in their own way."""

    LANDMARK = "landmark"
    ROOM = "room"
    HALL = "hall"
    AMENITY = "amenity"
    LIFT = "lift"
    STAIRS = "stairs"
    ESCALATOR = "escalator"
    RAMP = "ramp"
    DEVICE = "device"


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that can be seen or looked for: its names, and the number on its door."""

    id: str
    kind: ThingKind
    names: Labels
    number: str = ""


class HeadKind(StrEnum):
    """How a way begins."""

    FROM_DEVICE = "from_device"
    """Standing before a kiosk and reading it; `side` is where the way goes from there."""
    BESIDE = "beside"
    """Standing before a kiosk, and the place asked for is within a few steps of it."""
    TOWARDS = "towards"
    """Facing a thing."""
    OUT_OF = "out_of"
    """Coming out of a room, a lift, the stairs; `side` is where one turns at the door."""
    OFF = "off"
    """Coming off an escalator or a ramp whose direction the map does not tell."""


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a stretch."""

    kind: HeadKind
    side: Side = Side.AHEAD
    thing: Thing | None = None


class UntilKind(StrEnum):
    """By what one knows that the stretch is over."""

    METRES = "metres"
    END = "end"
    AT = "at"
    PAST = "past"
    JUNCTION = "junction"
    AT_ONCE = "at_once"


@dataclass(frozen=True, slots=True)
class Leg:
    """Straight on for `metres`, until something; on the way one passes things and goes through doors."""

    metres: float
    until: UntilKind
    thing: Thing | None = None
    count: int = 0
    """Which way off on that side, for `JUNCTION`."""
    passing: tuple[Thing, ...] = ()
    doors: tuple[str, ...] = ()
    """Doors gone through, by what they are: `door`, `glass`, `automatic`, `gate`."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Turn to a side."""

    side: Side


@dataclass(frozen=True, slots=True)
class TakeRide:
    """Change floors; `side` is where the lift or the stairs are. `rides` > 1: several escalators one after the other."""

    mode: PathwayMode
    thing: Thing
    side: Side
    to_level: str
    floors: int
    rides: int = 1


@dataclass(frozen=True, slots=True)
class Arrive:
    """There; `side` is where it is. `here` when one has not had to walk at all."""

    thing: Thing
    side: Side
    here: bool = False


Action: TypeAlias = Turn | TakeRide | Arrive


@dataclass(frozen=True, slots=True)
class Move:
    """A leg and what is done at its end."""

    leg: Leg
    action: Action


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence of a way. `at` is where its last action is done; metres are counted from the way's start."""

    level: str
    head: Head | None
    moves: tuple[Move, ...]
    at: Metres
    from_m: float
    to_m: float

    @property
    def action(self) -> Action:
        """What is done at its end."""
        return self.moves[-1].action
