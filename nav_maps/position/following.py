"""A walker on a route: how far along, how much is left, what comes next, and whether it is still the route."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from shapely import LineString, Point

from nav_maps.route import Metres, Ride, Route, Walk

OFF_M: Final = 8.0
"""Farther than this from the line (and than twice the position's own doubt) counts as off the route."""
BACK_M: Final = 5.0
"""Nearer than this counts as on it again. In between nothing changes."""
LOOKS: Final = 3
"""So many positions in a row must be off before it is said."""
BACKWARDS_M: Final = 6.0
"""A position may fall behind by this much without the walker having turned."""
ARRIVED_M: Final = 3.0


class State(StrEnum):
    """What is said to the walker."""

    ON = "on"
    OFF = "off"
    ARRIVED = "arrived"


@dataclass(frozen=True, slots=True)
class Progress:
    """`along_m` from the route's start, what is left, the index of the next instruction, and the state."""

    along_m: float
    left_m: float
    left_s: float
    instruction: int
    state: State
    off_looks: int = 0


class Follower:
    """One route being walked: pure, the caller keeps the last `Progress`."""

    def __init__(self, route: Route, ends_m: Sequence[float] = ()) -> None:
        """Take the route and where along it (metres) each instruction ends (`Instruction.to_m`)."""
        self._route, self._ends = route, tuple(ends_m)
        self._walks: list[tuple[str, LineString, float, float]] = []
        self._seconds: list[tuple[float, float]] = [(0.0, 0.0)]
        metres = seconds = 0.0
        for piece in route.pieces:
            if isinstance(piece, Walk):
                self._walks.append((piece.level, LineString(piece.line), metres, piece.metres))
            metres, seconds = metres + piece.metres, seconds + piece.seconds
            self._seconds.append((metres, seconds))

    def start(self) -> Progress:
        """Before the first step."""
        return Progress(0.0, self._route.metres, self._route.seconds, 0, State.ON)

    def after(self, last: Progress, level: str, point: Metres, doubt_m: float = 3.0) -> Progress:
        """The progress after a position on a level; `doubt_m` is one standard deviation of it."""
        if last.state is State.ARRIVED:
            return last
        found = self._nearest(last.along_m, level, Point(point))
        if found is None:
            return self._beside(last, level)
        gap, along = found
        if gap > max(OFF_M, 2 * doubt_m):
            return self._strayed(last)
        if last.state is State.OFF and gap > BACK_M:
            return last
        return self._at(max(along, last.along_m - BACKWARDS_M))

    def _nearest(self, along_m: float, level: str, point: Point) -> tuple[float, float] | None:
        """The gap to the line and the place along it: of stretches nearly as near the one that goes on from here."""
        found = [
            (float(line.distance(point)), start + float(line.project(point)))
            for own, line, start, _ in self._walks
            if own == level
        ]
        if not found:
            return None
        least = min(gap for gap, _ in found)
        return min(
            (each for each in found if each[0] <= least + 1.0),
            key=lambda each: abs(each[1] - along_m),
        )

    def _beside(self, last: Progress, level: str) -> Progress:
        """On a level without a walk of this route: in a lift or on stairs passing it, or astray."""
        riding = any(
            isinstance(piece, Ride) and level in (piece.from_level, piece.to_level)
            for piece in self._route.pieces
        )
        return last if riding else self._strayed(last)

    def _strayed(self, last: Progress) -> Progress:
        looks = last.off_looks + 1
        state = State.OFF if looks >= LOOKS else last.state
        return replace(last, off_looks=looks, state=state)

    def _at(self, along: float) -> Progress:
        left = max(self._route.metres - along, 0.0)
        instruction = sum(1 for end in self._ends if end < along - 1.0)
        instruction = min(instruction, max(len(self._ends) - 1, 0))
        state = State.ARRIVED if left <= ARRIVED_M else State.ON
        return Progress(along, left, self._seconds_left(along), instruction, state)

    def _seconds_left(self, along: float) -> float:
        total = self._seconds[-1][1]
        for (from_m, from_s), (to_m, to_s) in zip(self._seconds, self._seconds[1:], strict=False):
            if along < to_m:
                part = (along - from_m) / max(to_m - from_m, 1e-9)
                return max(total - from_s - part * (to_s - from_s), 0.0)
        return 0.0
