"""What the categories of units mean for those who walk: passages, ends, ways between levels, and what nobody walks on.

The lists are those of the Indoor Mapping Data Format 1.0.0 (unit categories), widened by words that real maps use. A category
with a dot ("restroom.family") means what its first part means unless it is listed itself.
"""

from enum import StrEnum
from typing import Final


class Use(StrEnum):
    """How a unit is walked on."""

    PASSAGE = "passage"
    ROOM = "room"
    STAIRS = "stairs"
    ELEVATOR = "elevator"
    ESCALATOR = "escalator"
    RAMP = "ramp"
    SOLID = "solid"
    OUTSIDE = "outside"


_UNITS: Final = """
    auditorium brick classroom column concrete conferenceroom drywall elevator escalator fieldofplay firstaid
    fitnessroom foodservice footbridge glass huddleroom kitchen laboratory library lobby lounge mailroom mothersroom
    movietheater movingwalkway nonpublic office opentobelow parking phoneroom platform privatelounge ramp recreation
    restroom restroom.family restroom.female restroom.female.wheelchair restroom.male restroom.male.wheelchair
    restroom.transgender restroom.transgender.wheelchair restroom.unisex restroom.unisex.wheelchair restroom.wheelchair
    road room serverroom shower smokingarea stairs steps storage structure terrace theater unenclosedarea unspecified
    vegetation waitingroom walkway walkway.island wood"""
STANDARD: Final = frozenset(_UNITS.split())
"""Unit categories of the format's list."""

_OPENINGS: Final = (
    "automobile bicycle pedestrian emergencyexit pedestrian.principal pedestrian.transit service"
)
OPENINGS: Final = frozenset(_OPENINGS.split())
"""Opening categories of the format's list."""

RELATIONSHIPS: Final = frozenset(
    ("elevator", "escalator", "movingwalkway", "ramp", "stairs", "traversal", "traversal.path")
)
"""Relationship categories of the format's list."""

_USES: Final = {
    Use.PASSAGE: "walkway walkway.island lobby foyer concourse corridor hallway hall vestibule atrium unenclosedarea "
    "footbridge movingwalkway platform waitingroom opentobelow.walkway entrance reception arcade passage gallery",
    Use.STAIRS: "stairs steps stair stairway staircase stairwell",
    Use.ELEVATOR: "elevator lift elevator.service elevator.staff",
    Use.ESCALATOR: "escalator",
    Use.RAMP: "ramp",
    Use.SOLID: "brick column concrete drywall glass opentobelow structure wood void shaft wall",
    Use.OUTSIDE: "road parking vegetation terrace smokingarea fieldofplay courtyard garden",
}
_USE_OF: Final = {word: use for use, words in _USES.items() for word in words.split()}


def use_of(category: str) -> Use:
    """What a unit's category means for walking; a room when nothing is known of it."""
    word = category
    while word:
        if word in _USE_OF:
            return _USE_OF[word]
        word = word.rpartition(".")[0]
    return Use.ROOM


VERTICAL: Final = frozenset({Use.STAIRS, Use.ELEVATOR, Use.ESCALATOR, Use.RAMP})
"""Uses that lead from one level to another."""
