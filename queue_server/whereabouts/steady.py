"""A zone for people: it changes only when staying with the old one has cost more than a change would.

Each zone gathers the seconds by which it was more probable than the present one, and loses them when it is less. When
one has gathered `change_s`, it takes over. So a clear move is followed within seconds, and a flicker never.
"""

from dataclasses import dataclass, replace
from typing import Final

CHANGE_S: Final = 1.5
MOST_STEP_S: Final = 3.0
"""A gap between two looks counts no longer than this: nothing was heard in it."""


@dataclass(frozen=True, slots=True)
class Steady:
    """The zone as it is told (its index; -1 before the first), and what speaks for each of the others."""

    zone: int = -1
    at_s: float = 0.0
    gathered: tuple[float, ...] = ()


def look(
    steady: Steady, at_s: float, zones: tuple[float, ...], change_s: float = CHANGE_S
) -> Steady:
    """Look at the zones' probabilities at a moment; seconds of any clock that only goes on."""
    best = max(range(len(zones)), key=zones.__getitem__)
    if steady.zone < 0 or len(steady.gathered) != len(zones):
        return Steady(best, at_s, (0.0,) * len(zones))
    passed = min(max(at_s - steady.at_s, 0.0), MOST_STEP_S)
    now = zones[steady.zone]
    gathered = tuple(
        max(0.0, so_far + (each - now) * passed)
        for so_far, each in zip(steady.gathered, zones, strict=True)
    )
    if gathered[best] >= change_s:
        return Steady(best, at_s, (0.0,) * len(zones))
    return replace(steady, at_s=at_s, gathered=gathered)
