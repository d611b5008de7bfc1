"""Distances, floors and minutes as people say them."""

import re
from math import ceil
from typing import Final

from nav_maps.labels import said
from nav_maps.model import Level

_ABOVE: Final = re.compile(
    r"(?:[LF]|floor\s*|level\s*)?(\d{1,3})(?:F|L|/F|楼|层|\s*floor)?", re.IGNORECASE
)
_BELOW: Final = re.compile(r"(?:地下|负|-)(\d)(?:楼|层)?|B(\d)F?", re.IGNORECASE)
FEW_STEPS_M: Final = 8.0


def round_metres(metres: float) -> int:
    """Metres as one says them: by fives to 50, by tens to 200, then by fifties; at least 5."""
    step = 5 if metres < 50 else 10 if metres < 200 else 50
    return max(5, int(metres / step + 0.5) * step)


def minutes(seconds: float) -> int:
    """Whole minutes, never too few; 0 for less than three quarters of one."""
    return 0 if seconds < 45 else ceil(seconds / 60 - 0.15) or 1


def floor_number(level: Level) -> int | None:
    """The number people know a floor by (3 for 3F, -1 for B1); None when it has a name of its own.

    The map's short name says it; without one the ordinal does, the ground being 1 as in China.
    """
    short = said(level.short, "zh") or said(level.short, "en")
    if not short:
        return None if said(level.names, "zh") else _counted(level.ordinal)
    if (found := _ABOVE.fullmatch(short.strip())) is not None and int(found[1]) > 0:
        return int(found[1])
    if (found := _BELOW.fullmatch(short.strip())) is not None:
        return -int(found[1] or found[2])
    return None


def _counted(ordinal: int) -> int:
    return ordinal + 1 if ordinal >= 0 else ordinal
