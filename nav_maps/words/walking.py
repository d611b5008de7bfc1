"""One walk of a route as moves: from the door one comes out of to the door one goes to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import cos, radians, sin
from typing import Final

from shapely import LineString, Point
from shapely.ops import substring

from nav_maps.model import IndoorMap, Opening
from nav_maps.route import Metres, Passed, Walk
from nav_maps.words.sight import DOORWAY_M, is_open
from nav_maps.words.steering import Steering
from nav_maps.words.steps import Leg, Side, Turn, UntilKind
from nav_maps.words.turns import (
    CHORD_M,
    SHORT_M,
    Corner,
    Path,
    heading,
    length,
    plain,
    side_of,
    turned,
)

CLOSE_M: Final = 3.0
"""A corner so near to a door belongs to going out of it, or into it."""
ACROSS_M: Final = 5.0
"""Doors nearer to each other than this are told by where one lies from the other …"""
SAME_WALL_M: Final = 9.0
"""… and doors side by side in a wall when nearer than this."""


@dataclass(frozen=True, slots=True)
class Doorway:
    """A door on a walk: where, and the direction of going through."""

    opening: str
    at: Metres
    at_m: float
    heading_deg: float


@dataclass(frozen=True, slots=True)
class Told:
    """What a walk comes to. `out` is the turn when coming out (None: no door and no direction is known), `into` where the
    door or place at its end is; `moves` are legs with the turn after each, `last` the leg to the end."""

    out: Side | None
    first_heading: float
    moves: tuple[tuple[Leg, Turn, Corner], ...]
    last: Leg
    into: Side
    end: Metres
    start_m: float


@dataclass(frozen=True, slots=True)
class Ends:
    """What is known of a walk's ends: the unit left and the unit gone into, and where one looks at the start."""

    leaves: str | None
    enters: str | None
    looks_deg: float | None
    avoid: frozenset[str]


def doorway(indoor_map: IndoorMap, walk: Walk, passed: Passed) -> Doorway | None:
    """Where and in which direction a walk goes through a door; None when the map does not know the door."""
    opening = indoor_map.openings.get(passed.opening or "")
    if opening is None:
        return None
    middle = opening.line.interpolate(0.5, normalized=True)
    return Doorway(
        opening.id, (middle.x, middle.y), passed.at_m, _through(indoor_map, opening, passed, walk)
    )


def _through(indoor_map: IndoorMap, opening: Opening, passed: Passed, walk: Walk) -> float:
    """At a right angle to the door, towards the unit that is entered."""
    a, b = opening.line.coords[0], opening.line.coords[-1]
    along = heading((a[0], a[1]), (b[0], b[1]))
    middle = opening.line.interpolate(0.5, normalized=True)
    aside = radians(along + 90.0)
    probe = [
        Point(middle.x + sign * 0.6 * cos(aside), middle.y + sign * 0.6 * sin(aside))
        for sign in (1.0, -1.0)
    ]
    to_unit, from_unit = (
        indoor_map.units.get(passed.to_unit),
        indoor_map.units.get(passed.from_unit),
    )
    if to_unit is not None and to_unit.area.distance(probe[0]) != to_unit.area.distance(probe[1]):
        left = to_unit.area.distance(probe[0]) < to_unit.area.distance(probe[1])
    elif from_unit is not None:
        left = from_unit.area.distance(probe[0]) > from_unit.area.distance(probe[1])
    else:
        walked = Path(walk.line).heading_at(passed.at_m)
        left = abs(turned(along + 90.0, walked)) < 90
    return along + (90.0 if left else -90.0)


def tell_walk(indoor_map: IndoorMap, steering: Steering, walk: Walk, ends: Ends) -> Told | None:
    """A walk from door to door; None when nobody has to take a step."""
    line = plain(walk.line)
    if len(line) < 2:
        return None
    first = _first_door(indoor_map, walk, ends)
    last = _last_door(indoor_map, walk, ends, first)
    start_m = first.at_m if first else 0.0
    end_m = last.at_m if last else length(line)
    between = _cut(line, start_m, end_m, first, last)
    if first and last and _close(first, last, length(between)):
        return _across(first, last)
    looks = first.heading_deg if first else ends.looks_deg
    return _along(indoor_map, steering, walk, between, looks, last, start_m, ends)


def _first_door(indoor_map: IndoorMap, walk: Walk, ends: Ends) -> Doorway | None:
    passed = next((each for each in walk.passed if each.from_unit == ends.leaves), None)
    passed = passed or _mouth(indoor_map, walk, ends.leaves, leaving=True)
    return doorway(indoor_map, walk, passed) if passed else None


def _last_door(
    indoor_map: IndoorMap, walk: Walk, ends: Ends, first: Doorway | None
) -> Doorway | None:
    passed = next((each for each in reversed(walk.passed) if each.to_unit == ends.enters), None)
    passed = passed or _mouth(indoor_map, walk, ends.enters, leaving=False)
    if passed is None or (first and passed.at_m < first.at_m):
        return None
    return doorway(indoor_map, walk, passed)


def _mouth(indoor_map: IndoorMap, walk: Walk, unit_id: str | None, leaving: bool) -> Passed | None:
    """Where a walk leaves or enters a hall that is open to the corridor: routes name real doors only."""
    unit = indoor_map.units.get(unit_id or "")
    if unit is None or not is_open(unit):
        return None
    line = LineString(walk.line)
    crossed: list[tuple[float, str]] = []
    for opening in indoor_map.openings.values():
        middle = opening.line.interpolate(0.5, normalized=True)
        on_it = opening.level == walk.level and unit.area.distance(middle) < DOORWAY_M
        if on_it and opening.line.distance(line) < DOORWAY_M:
            crossed.append((float(line.project(middle)), opening.id))
    if not crossed:
        return None
    at_m, id = min(crossed) if leaving else max(crossed)
    return Passed(id, at_m, unit.id if leaving else "", "" if leaving else unit.id)


def _cut(
    line: Sequence[Metres],
    from_m: float,
    to_m: float,
    first: Doorway | None,
    last: Doorway | None,
) -> list[Metres]:
    part = substring(Path(line).line, from_m, max(from_m, to_m))
    points = [(x, y) for x, y in part.coords]
    if first:
        points = [first.at, *points[1:]] if len(points) > 1 else [first.at]
    if last:
        points = [*points[:-1], last.at] if len(points) > 1 else [*points, last.at]
    return plain(points)


def _close(first: Doorway, last: Doorway, metres: float) -> bool:
    same_wall = abs(turned(first.heading_deg, last.heading_deg)) > 150
    return metres < (SAME_WALL_M if same_wall else ACROSS_M)


def _across(first: Doorway, last: Doorway) -> Told:
    """From a door to one close by: the way is where the one lies seen from the other."""
    go = heading(first.at, last.at) if length([first.at, last.at]) > 0.8 else (first.heading_deg)
    out = turned(first.heading_deg, go)
    into = turned(go, last.heading_deg)
    if abs(out) < 60 and abs(into) < 60:  # over the corridor, a little aside at most
        out, into = 0.0, 0.0
    steps = length([first.at, last.at])
    leg = Leg(steps, UntilKind.AT_ONCE)
    return Told(side_of(out), go, (), leg, side_of(into), last.at, first.at_m)


def _along(
    indoor_map: IndoorMap,
    steering: Steering,
    walk: Walk,
    between: list[Metres],
    looks: float | None,
    last: Doorway | None,
    start_m: float,
    ends: Ends,
) -> Told | None:
    if len(between) < 2:
        return None
    path = Path(between)
    begun, first_heading = _beginning(path, known=looks is not None)
    corners = [each for each in path.corners if each.at_m > begun]
    arrived, corners, into = _ending(path, corners, last)
    from_m, moves = 0.0, []
    used: frozenset[str] = frozenset()  # what marks a corner does not mark the next one
    for corner in corners:
        leg = steering.leg(path, from_m, corner, ends.avoid | used)
        used = frozenset({leg.thing.id}) if leg.thing else frozenset()
        leg = replace(leg, doors=_doors(indoor_map, walk, start_m + from_m, start_m + corner.at_m))
        following = next((c.at_m for c in corners if c.at_m > corner.at_m), path.metres)
        brief = min(corner.at_m - from_m, following - corner.at_m)
        moves.append((leg, Turn(side_of(corner.degrees, brief)), corner))
        from_m = corner.at_m
    leg = steering.last_leg(path, from_m, path.metres, ends.avoid)
    leg = replace(
        leg, doors=_doors(indoor_map, walk, start_m + from_m, start_m + path.metres - 0.5)
    )
    first_m = corners[0].at_m if corners else path.metres
    out = side_of(turned(looks, first_heading), first_m) if looks is not None else None
    return Told(out, first_heading, tuple(moves), leg, into, arrived, start_m)


def _beginning(path: Path, known: bool) -> tuple[float, float]:
    """Up to where corners belong to setting out, and the direction one has then."""
    close = CLOSE_M if known else CLOSE_M / 2
    begun = settled = 0.0
    for corner in path.corners:
        if corner.at_m <= close and path.metres - corner.to_m > SHORT_M:
            begun, settled = corner.at_m, corner.to_m
    following = next((c.from_m for c in path.corners if c.at_m > begun), path.metres)
    first = path.direction(settled, min(following, settled + CHORD_M))
    return begun, path.heading_at(settled + 0.05) if first is None else first


def _ending(
    path: Path, corners: list[Corner], last: Doorway | None
) -> tuple[Metres, list[Corner], Side]:
    """The corners that are told as corners, and where the end lies for somebody who comes along."""
    kept = [c for c in corners if path.metres - c.at_m > CLOSE_M]
    near = corners[len(kept) :]
    kept, near = corners[:-1] if len(near) > 1 else kept, near[-1:]
    until = near[0].from_m if near else path.metres
    since = max(kept[-1].to_m if kept else 0.0, until - CHORD_M)
    along = path.direction(since, until)
    if along is None:
        along = near[0].heading_in if near else path.heading_at(path.metres)
    end = last.heading_deg if last else path.heading_at(path.metres)
    return (
        path.point_at(path.metres),
        kept,
        side_of(turned(along, end), path.metres - (kept[-1].at_m if kept else 0.0)),
    )


def _doors(indoor_map: IndoorMap, walk: Walk, from_m: float, to_m: float) -> tuple[str, ...]:
    """Doors worth a word between two places of a walk: real ones, between parts that one walks through."""
    told = []
    for passed in walk.passed:
        if from_m + 0.5 < passed.at_m < to_m - 0.2 and passed.opening:
            opening = indoor_map.openings.get(passed.opening)
            units = (indoor_map.units.get(passed.from_unit), indoor_map.units.get(passed.to_unit))
            if opening is not None and all(is_open(unit) for unit in units):
                told += _door_kind(opening)
    return tuple(told)


def _door_kind(opening: Opening) -> list[str]:
    kind = str(opening.door.get("type") or "").lower()
    material = str(opening.door.get("material") or "").lower()
    if not opening.door or (kind in {"open", ""} and not material):
        return []
    if material == "glass":
        return ["glass"]
    return ["gate"] if material == "gate" or kind.startswith("turnstile") else ["door"]
