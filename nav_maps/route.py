"""What a route is: the same value whoever asks (a kiosk, a ticket, a phone, the day simulator) and however it was found."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from nav_maps.model import Labels, PathwayMode

Metres: TypeAlias = tuple[float, float]


class Profile(StrEnum):
    """Who walks. Speeds and what each may use: `profiles.py`."""

    ADULT = "adult"
    CHILD = "child"
    STROLLER = "stroller"
    WHEELCHAIR = "wheelchair"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Passed:
    """A door or the border of two units that the walk goes through, `at_m` from the walk's start."""

    opening: str | None
    at_m: float
    from_unit: str
    to_unit: str


@dataclass(frozen=True, slots=True)
class Walk:
    """A stretch on one level: its line (metres, in the map's frame), the units it runs through and the doors passed."""

    level: str
    line: tuple[Metres, ...]
    metres: float
    seconds: float
    units: tuple[str, ...]
    passed: tuple[Passed, ...] = ()


@dataclass(frozen=True, slots=True)
class Ride:
    """A change of level by one connection: a lift, stairs, an escalator, a ramp. `floors` is signed: up is positive."""

    mode: PathwayMode
    connection: str
    from_level: str
    to_level: str
    from_unit: str
    to_unit: str
    floors: int
    metres: float
    seconds: float
    names: Labels


Piece: TypeAlias = Walk | Ride


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map to start from or end at: a unit, or a point in one. `feature` is what was asked for."""

    feature: str
    unit: str
    level: str
    point: Metres
    names: Labels
    facing_deg: float | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """From one spot to another for one profile: walks and rides in turn. `epoch` is that of the closures it knows."""

    start: Spot
    end: Spot
    profile: Profile
    pieces: tuple[Piece, ...]
    metres: float
    seconds: float
    epoch: int = 0

    @property
    def levels(self) -> tuple[str, ...]:
        """Levels in the order of travel."""
        found: list[str] = []
        for piece in self.pieces:
            for level in (
                (piece.level,) if isinstance(piece, Walk) else (piece.from_level, piece.to_level)
            ):
                if not found or found[-1] != level:
                    found.append(level)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class NoWay:
    """There is none, and why: `reason` by language; `blocked_by` names closures or doors whose opening would give one."""

    reason: Mapping[str, str]
    blocked_by: tuple[str, ...] = ()
