"""From a route to steps: what is done in which order, in no language yet."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Final

from nav_maps.labels import said
from nav_maps.model import Device, IndoorMap, PathwayMode, Unit
from nav_maps.route import Ride, Route, Walk
from nav_maps.words.sight import is_open
from nav_maps.words.steering import Steering
from nav_maps.words.steps import (
    Arrive,
    Head,
    HeadKind,
    Leg,
    Move,
    Side,
    Step,
    TakeRide,
    Thing,
    ThingKind,
    Turn,
    UntilKind,
)
from nav_maps.words.things import label, unit_thing
from nav_maps.words.turns import heading, plain, side_of, turned
from nav_maps.words.walking import Ends, Told, tell_walk

MOST_STEPS: Final = 8
"""More than this nobody keeps in mind: short stretches are told together."""
TOGETHER_M: Final = (7.0, 14.0, 22.0)
"""Stretches up to the first are always told with the turn before; up to the others when there are too many steps."""
BESIDE_M: Final = 8.0
"""What is no farther from a kiosk is told from where one stands."""
LANDING_M: Final = 14.0
"""Escalators or flights of stairs with no more than this between them are one ride."""
MODE_THINGS: Final = {
    PathwayMode.ELEVATOR: ThingKind.LIFT,
    PathwayMode.STAIRS: ThingKind.STAIRS,
    PathwayMode.ESCALATOR: ThingKind.ESCALATOR,
    PathwayMode.MOVING_SIDEWALK: ThingKind.RAMP,
    PathwayMode.RAMP: ThingKind.RAMP,
    PathwayMode.WALKWAY: ThingKind.RAMP,
}


class Guide:
    """Tells ways on one map. Keeps what it learns of a level, so make one for a map and use it again."""

    def __init__(self, indoor_map: IndoorMap) -> None:
        """Take a map; levels are looked at when a way first leads over them."""
        self.map = indoor_map
        self._steering: dict[str, Steering] = {}

    def steering(self, level: str) -> Steering:
        """What one can steer by on a level."""
        if level not in self._steering:
            self._steering[level] = Steering(self.map, level)
        return self._steering[level]

    @cached_property
    def devices(self) -> Mapping[str, Device]:
        """Kiosks, boards … by id."""
        return {device.id: device for device in self.map.navigation.devices}

    def steps(self, route: Route) -> tuple[Step, ...]:
        """The steps of a route, at least one: the arrival."""
        return tuple(_shortened(_Telling(self, route).steps()))


class _Stretch:
    """A walk between rides, and the rides at its two ends."""

    def __init__(self, walk: Walk | None, after: Ride | None, before: list[Ride]) -> None:
        self.walk, self.after, self.before = walk, after, before


def _stretches(route: Route) -> list[_Stretch]:
    """Walks and what follows them; rides of one kind one after another are one."""
    found: list[_Stretch] = [_Stretch(None, None, [])]
    for piece in route.pieces:
        if isinstance(piece, Walk):
            if found[-1].before:
                found.append(_Stretch(piece, found[-1].before[-1], []))
            else:
                found[-1].walk = _joined(found[-1].walk, piece)
        else:
            found[-1].before.append(piece)
    if found[-1].before:
        found.append(_Stretch(None, found[-1].before[-1], []))
    return _landings(found)


def _joined(first: Walk | None, second: Walk) -> Walk:
    if first is None:
        return second
    moved = tuple(replace(each, at_m=each.at_m + first.metres) for each in second.passed)
    return Walk(
        first.level,
        first.line + second.line,
        first.metres + second.metres,
        first.seconds + second.seconds,
        first.units + second.units,
        first.passed + moved,
    )


def _landings(stretches: list[_Stretch]) -> list[_Stretch]:
    found = stretches[:1]
    for stretch in stretches[1:]:
        last, walk = found[-1], stretch.walk
        short = walk is None or walk.metres <= LANDING_M
        if stretch.before and short and _goes_on(last.before[-1], stretch.before[0]):
            last.before.extend(stretch.before)
        else:
            found.append(stretch)
    return found


def _goes_on(ride: Ride, following: Ride) -> bool:
    foot = {PathwayMode.STAIRS, PathwayMode.ESCALATOR}
    same_way = ride.floors * following.floors > 0
    return ride.mode in foot and following.mode is ride.mode and same_way


class _Telling:
    """One route being told."""

    def __init__(self, guide: Guide, route: Route) -> None:
        self._guide, self._route, self._map = guide, route, guide.map
        self._walked = 0.0

    def steps(self) -> list[Step]:
        steps: list[Step] = []
        for stretch in _stretches(self._route):
            steps += self._stretch(stretch)
        return steps

    def _stretch(self, stretch: _Stretch) -> list[Step]:
        start_m = self._walked
        level = stretch.walk.level if stretch.walk else self._level_without_walk(stretch)
        ends = self._ends(stretch)
        told = (
            tell_walk(self._map, self._guide.steering(level), stretch.walk, ends)
            if stretch.walk
            else None
        )
        self._walked += stretch.walk.metres if stretch.walk else 0.0
        self._walked += sum(ride.metres for ride in stretch.before)
        if told is None:
            return [self._without_walk(stretch, level, start_m)]
        if ends.looks_deg is not None and stretch.walk and stretch.walk.metres <= BESIDE_M:
            return [self._beside(stretch, told, ends.looks_deg, level)]
        return self._told(stretch, told, level, start_m)

    def _level_without_walk(self, stretch: _Stretch) -> str:
        if stretch.before:
            return stretch.before[0].from_level
        return self._route.end.level

    def _without_walk(self, stretch: _Stretch, level: str, start_m: float) -> Step:
        at = self._route.end.point if not stretch.before else self._route.start.point
        leg = Leg(0.0, UntilKind.AT_ONCE)
        action = self._ride(stretch.before, Side.AHEAD) if stretch.before else self._arrive(None)
        return Step(level, None, (Move(leg, action),), at, start_m, self._walked)

    def _beside(self, stretch: _Stretch, told: Told, looks_deg: float, level: str) -> Step:
        """The place or lift is next to the kiosk one stands before: the side from there, and no walk."""
        start = self._route.start
        side = side_of(turned(looks_deg, heading(start.point, told.end)))
        head = Head(HeadKind.BESIDE, thing=self._start_thing())
        action = self._ride(stretch.before, side) if stretch.before else self._arrive(side)
        move = Move(Leg(self._walked, UntilKind.AT_ONCE), action)
        return Step(level, head, (move,), told.end, 0.0, self._walked)

    def _told(self, stretch: _Stretch, told: Told, level: str, start_m: float) -> list[Step]:
        steps: list[Step] = []
        head = self._head(stretch, told, level)
        base, from_m = start_m + told.start_m, start_m
        for leg, turn, corner in told.moves:
            to_m = base + corner.at_m
            steps.append(Step(level, head, (Move(leg, turn),), corner.at, from_m, to_m))
            head, from_m = None, to_m
        action = (
            self._ride(stretch.before, told.into) if stretch.before else self._arrive(told.into)
        )
        steps.append(Step(level, head, (Move(told.last, action),), told.end, from_m, self._walked))
        return steps

    # ---- the two ends ------------------------------------------------------------------------------

    def _ends(self, stretch: _Stretch) -> Ends:
        start, end = self._route.start, self._route.end
        leaves: str | None = None
        looks: float | None = None
        if stretch.after:
            leaves = stretch.after.to_unit
        elif not is_open(self._map.units.get(start.unit)):
            leaves = start.unit
        elif start.facing_deg is not None:
            looks = 90.0 - start.facing_deg
        elif start.unit != end.unit:
            leaves = start.unit
        enters = stretch.before[0].from_unit if stretch.before else self._entered(end.unit)
        avoid = {start.feature, start.unit, end.feature, end.unit, leaves or "", enters or ""}
        avoid |= {label(end.names)} - {""}
        return Ends(leaves, enters, looks, frozenset(avoid))

    def _entered(self, unit: str) -> str | None:
        """The unit whose door is the way's end: a room, or a hall that was asked for itself, not something in it."""
        feature = self._route.end.feature
        inside = feature in self._map.amenities or feature in self._guide.devices
        if is_open(self._map.units.get(unit)) and (inside or unit == self._route.start.unit):
            return None
        return unit

    def _head(self, stretch: _Stretch, told: Told, level: str) -> Head | None:
        start = self._route.start
        if stretch.after:
            thing = self._ride_thing(stretch.after)
            if told.out is None:
                return self._towards(told, level) or Head(HeadKind.OFF, thing=thing)
            return Head(HeadKind.OUT_OF, told.out, thing)
        if told.out is None:
            return self._towards(told, level)
        if start.facing_deg is not None and is_open(self._map.units.get(start.unit)):
            return Head(HeadKind.FROM_DEVICE, told.out, self._start_thing())
        return Head(HeadKind.OUT_OF, told.out, self._thing_of(start.unit, start.unit))

    def _towards(self, told: Told, level: str) -> Head | None:
        at = self._route.start.point if level == self._route.start.level else told.end
        line = next(
            (p.line for p in self._route.pieces if isinstance(p, Walk) and p.level == level), ()
        )
        at = plain(line)[0] if line else at
        avoid = frozenset({self._route.start.feature, self._route.end.feature})
        thing = self._guide.steering(level).faced(at, told.first_heading, avoid)
        return Head(HeadKind.TOWARDS, thing=thing) if thing else None

    def _start_thing(self) -> Thing:
        start = self._route.start
        device = self._guide.devices.get(start.feature)
        if device is not None and device.kind == "kiosk":
            return Thing(device.id, ThingKind.DEVICE, {})
        names = device.names if device is not None and device.names else start.names
        return Thing(start.feature, ThingKind.DEVICE, names)

    # ---- what is done at the end -------------------------------------------------------------------

    def _ride(self, rides: Sequence[Ride], side: Side) -> TakeRide:
        first, last = rides[0], rides[-1]
        floors = sum(ride.floors for ride in rides)
        together = len(rides) if first.mode is PathwayMode.ESCALATOR else 1
        return TakeRide(first.mode, self._ride_thing(first), side, last.to_level, floors, together)

    def _ride_thing(self, ride: Ride) -> Thing:
        names = ride.names
        if not label(names):
            unit = self._map.units.get(ride.from_unit)
            names = unit.names if unit else {}
        return Thing(ride.connection, MODE_THINGS[ride.mode], names)

    def _arrive(self, side: Side | None) -> Arrive:
        end = self._route.end
        return Arrive(self._thing_of(end.feature, end.unit), side or Side.AHEAD, side is None)

    def _thing_of(self, feature: str, unit_id: str) -> Thing:
        unit: Unit | None = self._map.units.get(unit_id)
        names = self._route.end.names if feature == self._route.end.feature else {}
        if unit is None:
            return Thing(feature, ThingKind.ROOM, names)
        thing = unit_thing(self._map, unit)
        return replace(thing, id=feature, names=names if said(names, "zh") else thing.names)


def _shortened(steps: list[Step]) -> list[Step]:
    """Short stretches told together with the turn before them, more of them when there are too many steps."""
    for limit in TOGETHER_M:
        steps = _together(steps, limit)
        if len(steps) <= MOST_STEPS:
            break
    return steps


def _together(steps: list[Step], limit_m: float) -> list[Step]:
    told: list[Step] = []
    for step in steps:
        last = told[-1] if told else None
        if last and _joins(last, step, limit_m):
            told[-1] = replace(last, moves=last.moves + step.moves, at=step.at, to_m=step.to_m)
        else:
            told.append(step)
    return told


def _joins(last: Step, step: Step, limit_m: float) -> bool:
    short = len(last.moves) == 1 and len(step.moves) == 1 and step.head is None
    turning = isinstance(last.action, Turn) and step.moves[0].leg.metres <= limit_m
    return short and turning and not step.moves[0].leg.passing
