"""By what one knows where to turn: the end of the corridor, a landmark, the second way off, or metres."""

from math import cos, hypot, radians, sin
from statistics import median
from typing import Final

from shapely import Point

from nav_maps.model import IndoorMap
from nav_maps.route import Metres
from nav_maps.words.sight import Sight
from nav_maps.words.steps import Leg, Thing, UntilKind
from nav_maps.words.things import Placed, label, things_on
from nav_maps.words.turns import Corner, Path, heading, turned

END_M: Final = 4.0
"""A wall so near ahead of a corner: the way ends there."""
AT_ONCE_M: Final = 4.0
NEAR_M: Final = 6.0
"""A thing farther from a corner does not mark it; one that stands out much may be half as far again."""
ABREAST_M: Final = 3.5
STRONG: Final = 3.2
WEAK: Final = 2.2
"""Scores: from `STRONG` a thing is better than counting corridors, below `WEAK` metres are better."""
CORRIDOR_M: Final = 3.5
"""Farther from the side wall than this, one is in a hall, where ways off can't be counted."""
WAY_OFF_M: Final = 3.5
"""So much deeper than the wall is a way off."""
SAMPLE_M: Final = 0.5
MOST_COUNTED: Final = 3
PASS_LEG_M: Final = 25.0
PASSED: Final = 2.0
"""What stands out less is not worth a word in passing."""
FACING_DEG: Final = 25.0
FACING_M: Final = 40.0


class Steering:
    """The things and walls of one level."""

    def __init__(self, indoor_map: IndoorMap, level: str) -> None:
        """Take a level; costs some milliseconds."""
        self.sight = Sight(indoor_map, level)
        self._things = things_on(indoor_map, level)

    def leg(self, path: Path, from_m: float, corner: Corner, avoid: frozenset[str]) -> Leg:
        """The stretch from a place on the path to a corner. Things in `avoid` are where one comes from or goes to."""
        metres = corner.at_m - from_m
        if metres < AT_ONCE_M:
            return Leg(metres, UntilKind.AT_ONCE)
        thing, score, past = self._mark(corner, metres, avoid)
        passing = self.passing(path, from_m, corner.at_m, avoid | _ids(thing))
        if self.sight.clear_m(corner.at, corner.heading_in) <= END_M:
            told = thing if thing and score >= STRONG and not past else None
            return Leg(metres, UntilKind.END, told, passing=passing)
        if thing and score >= STRONG:
            return Leg(metres, UntilKind.PAST if past else UntilKind.AT, thing, passing=passing)
        count = self._count(path, from_m, corner)
        if count:
            return Leg(metres, UntilKind.JUNCTION, count=count, passing=passing)
        if thing and score >= WEAK:
            return Leg(metres, UntilKind.PAST if past else UntilKind.AT, thing, passing=passing)
        return Leg(metres, UntilKind.METRES, passing=passing)

    def last_leg(self, path: Path, from_m: float, to_m: float, avoid: frozenset[str]) -> Leg:
        """The stretch that ends at a door, a lift or a place."""
        metres = max(0.0, to_m - from_m)
        if metres < AT_ONCE_M:
            return Leg(metres, UntilKind.AT_ONCE)
        return Leg(metres, UntilKind.METRES, passing=self.passing(path, from_m, to_m, avoid))

    def faced(self, at: Metres, heading_deg: float, avoid: frozenset[str]) -> Thing | None:
        """Something in view in a direction, that one may be told to face."""
        best: tuple[float, Thing] | None = None
        for placed in self._things:
            far = _distance(at, placed.at)
            off = abs(turned(heading_deg, heading(at, placed.at)))
            score = 2 * placed.prominence - far / 8
            if (
                _is_one_of(placed, avoid)
                or not 4 < far <= FACING_M
                or off > FACING_DEG
                or score < WEAK
            ):
                continue
            if (best is None or score > best[0]) and self.sight.sees(at, placed.at):
                best = (score, placed.thing)
        return best[1] if best else None

    def passing(
        self, path: Path, from_m: float, to_m: float, avoid: frozenset[str]
    ) -> tuple[Thing, ...]:
        """The best thing beside a long stretch, for people to know that they are right."""
        if to_m - from_m < PASS_LEG_M:
            return ()
        beside: list[tuple[float, Placed]] = []
        for placed in self._things:
            if _is_one_of(placed, avoid) or placed.prominence < PASSED:
                continue
            along = _project(path, placed.at)
            lateral = _distance(path.point_at(along), placed.at)
            if from_m + 8 < along < to_m - 8 and lateral <= 5:
                beside.append((placed.prominence - lateral / 4, placed))
        for _, placed in sorted(beside, key=lambda found: -found[0]):
            if self.sight.sees(path.point_at(_project(path, placed.at)), placed.at):
                return (placed.thing,)
        return ()

    def _mark(
        self, corner: Corner, metres: float, avoid: frozenset[str]
    ) -> tuple[Thing | None, float, bool]:
        """The thing that best marks a corner, its score, and whether one has passed it when turning."""
        best: tuple[float, Placed, bool] | None = None
        for placed in self._things:
            far = _distance(corner.at, placed.at)
            reach = NEAR_M * (1.5 if placed.prominence >= 4 else 1.0)
            if _is_one_of(placed, avoid) or far > reach:
                continue
            ahead, left = _seen_from(corner, placed.at)
            if ahead < -ABREAST_M and -ahead > metres - 2:
                continue
            score = 2 * placed.prominence - far / 3 + (0.5 if left * corner.degrees > 0 else 0.0)
            if (best is None or score > best[0]) and self.sight.sees(corner.at, placed.at):
                best = (score, placed, ahead < -ABREAST_M)
        return (best[1].thing, best[0], best[2]) if best else (None, 0.0, False)

    def _count(self, path: Path, from_m: float, corner: Corner) -> int:
        """Which way off on its side a corner is, counted from where the stretch begins; 0 when that can't be counted."""
        if not 50 <= abs(corner.degrees) <= 127:
            return 0
        aside = corner.heading_in + (90 if corner.degrees > 0 else -90)
        clear = [
            self.sight.clear_m(path.point_at(from_m + i * SAMPLE_M), aside)
            for i in range(2, int((corner.at_m - from_m) / SAMPLE_M) + 1)
        ]
        beyond = radians(corner.heading_in)
        clear += [
            self.sight.clear_m(
                (corner.at[0] + far * cos(beyond), corner.at[1] + far * sin(beyond)), aside
            )
            for far in (0.5, 1.0, 1.5, 2.0, 2.5)
        ]
        if len(clear) < 12 or median(clear) > CORRIDOR_M:
            return 0
        deep = [metres > median(clear) + WAY_OFF_M for metres in clear]
        runs = _runs(deep)
        if not runs or deep[0] or len(deep) - runs[-1][1] > 10:
            return 0
        return len(runs) if len(runs) <= MOST_COUNTED else 0


def _runs(flags: list[bool]) -> list[tuple[int, int]]:
    """Stretches of at least two that are true: first and one past the last."""
    runs, start = [], None
    for i, flag in enumerate([*flags, False]):
        if flag and start is None:
            start = i
        elif not flag and start is not None:
            if i - start >= 2:
                runs.append((start, i))
            start = None
    return runs


def _seen_from(corner: Corner, point: Metres) -> tuple[float, float]:
    """How far ahead and how far to the left a point is for somebody who comes to a corner."""
    turn = radians(corner.heading_in)
    dx, dy = point[0] - corner.at[0], point[1] - corner.at[1]
    return dx * cos(turn) + dy * sin(turn), dy * cos(turn) - dx * sin(turn)


def _project(path: Path, point: Metres) -> float:
    return float(path.line.project(Point(point)))


def _distance(a: Metres, b: Metres) -> float:
    return hypot(a[0] - b[0], a[1] - b[1])


def _is_one_of(placed: Placed, avoid: frozenset[str]) -> bool:
    """By its id or by its name: a desk and the sign above it are one thing to people."""
    return placed.thing.id in avoid or label(placed.thing.names) in avoid


def _ids(thing: Thing | None) -> frozenset[str]:
    return frozenset({thing.id}) if thing else frozenset()
