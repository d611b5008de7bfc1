"""Who walks how fast, and over what.

Speeds are everyday ones: adults in a hospital corridor 1.1 m/s (free walking is 1.3 to 1.4), a child of five or a parent holding
its hand 0.8, a pushed stroller 1.0, a wheelchair 0.9, staff 1.35. A flight's step takes 0.6 s up and 0.5 s down for adults.
They are assumptions, not measured here: a site that measures its own gives other values.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from types import MappingProxyType
from typing import Final

from nav_maps.route import Profile


@dataclass(frozen=True, slots=True)
class Gait:
    """One profile's values: metres a second; seconds a step up and down; what it may use."""

    speed: float
    step_up_s: float = 0.6
    step_down_s: float = 0.5
    stairs: bool = True
    escalators: bool = True
    staff_doors: bool = False
    width_m: float = 0.5
    max_slope: float = inf


GAITS: Final[Mapping[Profile, Gait]] = MappingProxyType(
    {
        Profile.ADULT: Gait(1.1),
        Profile.CHILD: Gait(0.8, 0.9, 0.8),
        Profile.STROLLER: Gait(1.0, stairs=False, escalators=False, width_m=0.6, max_slope=0.12),
        Profile.WHEELCHAIR: Gait(
            0.9, stairs=False, escalators=False, width_m=0.75, max_slope=0.083
        ),
        Profile.STAFF: Gait(1.35, 0.5, 0.4, staff_doors=True),
    }
)
"""A wheelchair wants 0.75 m of clear door and a slope of 1:12 at most; door lines on maps are the clear width or more."""

LIFT_WAIT_S: Final = 40.0
LIFT_A_LEVEL_S: Final = 4.0
LIFT_DOORS_S: Final = 8.0
"""Opening and closing at both ends of a ride."""
ESCALATOR_SPEED: Final = 0.5
"""Metres a second along the slope, standing."""
