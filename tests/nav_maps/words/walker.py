"""Somebody who has nothing but the words and their eyes: reads a way sentence by sentence and walks it on the map.

Knows nothing of how the words were made: it takes text, looks along the corridors, and says at which door it ends. Made for
corridors at right angles.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians, sin

from shapely import LineString, Point, unary_union
from shapely.geometry.base import BaseGeometry

from nav_maps.categories import Use, use_of
from nav_maps.model import IndoorMap, Opening, Unit
from nav_maps.route import Metres

DEEP_M = 5.5
"""Sideways clear for this far: a corridor goes off."""


class Lost(Exception):
    """The words do not fit what is seen."""


@dataclass
class Floor:
    """What can be walked on a level. Furniture is walked round, so it does not count."""

    free: BaseGeometry
    doors: dict[str, list[Opening]]
    """Doors of each room, lift, stairs."""


def floor(indoor_map: IndoorMap, level: str) -> Floor:
    """Read a level."""
    units = [unit for unit in indoor_map.units.values() if unit.level == level]
    walked = [
        unit for unit in units if use_of(unit.category) in (Use.PASSAGE, Use.RAMP, Use.OUTSIDE)
    ]
    doors: dict[str, list[Opening]] = {}
    gaps = []
    for opening in indoor_map.openings.values():
        if opening.level != level:
            continue
        middle = opening.line.interpolate(0.5, normalized=True)
        near = [unit for unit in units if unit.area.distance(middle) < 0.3]
        rooms = [unit for unit in near if unit not in walked]
        for room in rooms:
            doors.setdefault(room.id, []).append(opening)
        if not rooms:
            gaps.append(opening.line.buffer(0.3))
    shrunk = [unit.area.buffer(-0.05) for unit in walked]
    return Floor(unary_union([*shrunk, *gaps]), doors)


class Walker:
    """Walks in one language, `zh` or `en`. `heading` in degrees from east against the clock."""

    def __init__(
        self, indoor_map: IndoorMap, language: str, level: str, at: Metres, heading: float
    ) -> None:
        self.map, self.language = indoor_map, language
        self.level, self.at, self.heading = level, at, heading
        self._floors: dict[str, Floor] = {}
        self._leg: float | None = None
        self.arrived: str | None = None
        self.floors_named: list[str] = []

    # ---- seeing ------------------------------------------------------------------------------------

    @property
    def floor(self) -> Floor:
        """Where one is."""
        if self.level not in self._floors:
            self._floors[self.level] = floor(self.map, self.level)
        return self._floors[self.level]

    def clear(self, turn: float, at: Metres | None = None, far: float = 120.0) -> float:
        """Metres that are free in a direction, from where one looks."""
        x, y = at or self.at
        a = radians(self.heading + turn)
        ray = LineString([(x, y), (x + far * cos(a), y + far * sin(a))])
        seen = ray.intersection(self.floor.free)
        parts = getattr(seen, "geoms", [seen])
        here = Point(x, y)
        return max((part.length for part in parts if part.distance(here) < 0.05), default=0.0)

    def ahead(self, metres: float) -> Metres:
        """The place so far ahead (behind when negative)."""
        a = radians(self.heading)
        return (self.at[0] + metres * cos(a), self.at[1] + metres * sin(a))

    def relative(self, point: Metres) -> tuple[float, float]:
        """How far ahead and how far to the left something is."""
        a, dx, dy = radians(self.heading), point[0] - self.at[0], point[1] - self.at[1]
        return dx * cos(a) + dy * sin(a), dy * cos(a) - dx * sin(a)

    # ---- walking -----------------------------------------------------------------------------------

    def go(self, metres: float) -> None:
        """Straight on."""
        self.at = self.ahead(metres)

    def centre(self) -> None:
        """Take the middle of a corridor."""
        left, right = self.clear(90), self.clear(-90)
        if left + right < 6:
            a = radians(self.heading + 90)
            shift = (left - right) / 2
            self.at = (self.at[0] + shift * cos(a), self.at[1] + shift * sin(a))

    def to_the_end(self) -> None:
        """As far as the corridor goes, but not nearer to the wall than its middle."""
        self.centre()
        self.go(max(0.0, self.clear(0) - 1.5))

    def ways_off(self, turn: float) -> list[float]:
        """How far ahead (or behind) corridors go off to a side: the middles of their mouths."""
        found, start = [], None
        reach = self.clear(0)
        steps = [i * 0.25 for i in range(-40, int(reach / 0.25) + 1)]
        for metres in [*steps, reach + 1]:
            at = self.ahead(metres)
            inside = metres <= reach and self.floor.free.contains(Point(at))
            off = inside and self.clear(turn, at) > DEEP_M
            if off and start is None:
                start = metres
            elif not off and start is not None:
                if metres - start >= 0.75:
                    found.append((start + metres) / 2)
                start = None
        return found

    def turn(self, degrees_: float) -> None:
        """Turn here, or where the nearest corridor goes off on that side; in a hall, towards the corridor that is seen there."""
        square = abs(abs(degrees_) - 90) < 20
        if square and not self.in_a_hall(degrees_):
            near = sorted(self.ways_off(degrees_), key=abs)
            slack = max(4.5, 0.3 * (self._leg or 0.0))
            if near and abs(near[0]) <= slack:
                self.go(near[0])
        self.heading += degrees_
        self._leg = None
        if square:
            self.into_the_open()
        self.centre()

    def in_a_hall(self, turn: float) -> bool:
        """Whether it is open to a side here, and some metres before and behind as well."""
        return all(self.clear(turn, self.ahead(far)) > DEEP_M for far in (-3.0, 0.0, 3.0))

    def into_the_open(self) -> None:
        """Some steps aside when a wall is ahead and a corridor beside it."""
        if self.clear(0) > 8:
            return
        a = radians(self.heading + 90)
        for shift in (x * 0.5 * sign for x in range(1, 11) for sign in (1, -1)):
            at = (self.at[0] + shift * cos(a), self.at[1] + shift * sin(a))
            if self.floor.free.contains(Point(at)) and self.clear(0, at) > 8:
                self.at = at
                return

    # ---- doing what is said ------------------------------------------------------------------------

    def read(self, sentence: str) -> None:
        """Do what a sentence says."""
        rules = RULES[self.language]
        at = 0
        while at < len(sentence):
            for pattern, act in rules:
                found = pattern.match(sentence, at)
                if found and found.end() > at:
                    act(self, found)
                    at = found.end()
                    break
            else:
                at += 1

    def out(self, degrees_: float) -> None:
        """Out of the door one stands in."""
        self.heading += 0
        self.go(1.5)
        self.turn(degrees_) if abs(degrees_) > 1 else self.centre()

    def walk_about(self, metres: float) -> None:
        """So far, more or less."""
        self._leg = metres
        self.go(min(metres, max(0.0, self.clear(0) - 0.6)))

    def to_way_off(self, count: int, degrees_: float) -> None:
        """To the nth corridor on that side, and into it."""
        ahead = [metres for metres in self.ways_off(degrees_) if metres > 1.0]
        if len(ahead) < count:
            raise Lost(f"there are {len(ahead)} corridors on that side, not {count}")
        self.go(ahead[count - 1])
        self.turn(degrees_)

    def to_thing(self, name: str, past: bool = False) -> None:
        """Until one is abreast of something."""
        spots = [
            self.relative(at)
            for at in self.spots(name)
            if self.relative(at)[0] > -1 and abs(self.relative(at)[1]) < 12
        ]
        if not spots:
            raise Lost(f"no {name} to be seen")
        ahead = min(spots)[0]
        self._leg = 12.0
        self.go(min(ahead + (3 if past else 0), max(0.0, self.clear(0) - 0.5)))

    def spots(self, name: str) -> list[Metres]:
        """Where things of a name are on this floor."""
        found = [
            (mark.point.x, mark.point.y)
            for mark in self.map.navigation.landmarks
            if mark.level == self.level and self.is_called(mark.names, name)
        ]
        for unit in self.units(name):
            for door in self.floor.doors.get(unit.id, []):
                middle = door.line.interpolate(0.5, normalized=True)
                found.append((middle.x, middle.y))
        for each in self.map.amenities.values():
            here = any(
                self.map.units[u].level == self.level for u in each.units if u in self.map.units
            )
            if here and self.is_called(each.names, name):
                found.append((each.point.x, each.point.y))
        return found

    def is_called(self, names: object, name: str) -> bool:
        """Whether that is its name, articles and capitals aside."""
        own = names.get(self.language, "")  # type: ignore[attr-defined]
        return bool(own) and own.lower() == name.lower().removeprefix("the ").strip()

    def units(self, name: str) -> list[Unit]:
        """Rooms, lifts … of a name on this floor; with the number on the door behind it when that is told."""
        found = re.fullmatch(r"(.+?)\s*[（(](.+)[）)]", name)
        name, number = (found[1], found[2]) if found else (name, "")
        return [
            unit
            for unit in self.map.units.values()
            if unit.level == self.level
            and self.is_called(unit.names, name)
            and (not number or number in unit.number.values())
        ]

    def door_of(self, name: str, side: str) -> tuple[Unit, Opening]:
        """The door of a unit that is on a side from here: `left`, `right`, `ahead`, or anywhere near (empty)."""
        slack = max(8.0, 0.25 * (self._leg or 0.0))
        best: tuple[float, Unit, Opening] | None = None
        for unit in self.units(name):
            for door in self.floor.doors.get(unit.id, []):
                middle = door.line.interpolate(0.5, normalized=True)
                ahead, left = self.relative((middle.x, middle.y))
                if abs(ahead) <= slack and _on(side, ahead, left):
                    best = min(
                        [b for b in (best, (hypot(ahead, left), unit, door)) if b],
                        key=lambda b: b[0],
                    )
        if best is None:
            raise Lost(f"no door of {name} on the {side or 'spot'}")
        return best[1], best[2]

    def arrive(self, name: str, side: str) -> None:
        """Find the door."""
        self.arrived = self.door_of(name, side)[0].id

    def ride(self, name: str, side: str, floor_: str) -> None:
        """Take a lift or stairs to a floor; come out of the same on the other floor, in its door, looking out."""
        unit, _ = self.door_of(name, side)
        self.floors_named.append(floor_)
        level = next(
            (each.id for each in self.map.levels.values() if is_floor(each.short, floor_)), None
        )
        if level is None:
            raise Lost(f"no floor {floor_}")
        self.level = level
        above = min(
            (u for u in self.units(name)),
            key=lambda u: u.area.centroid.distance(unit.area.centroid),
            default=None,
        )
        if above is None or not self.floor.doors.get(above.id):
            raise Lost(f"{name} does not stop at {floor_}")
        door = self.floor.doors[above.id][0]
        self.stand_in(above, door)

    def stand_in(self, unit: Unit, door: Opening) -> None:
        """In a door, looking out."""
        middle = door.line.interpolate(0.5, normalized=True)
        (ax, ay), (bx, by) = door.line.coords[0][:2], door.line.coords[-1][:2]
        self.heading = degrees(atan2(by - ay, bx - ax)) + 90
        self.at = (middle.x, middle.y)
        if unit.area.distance(Point(self.ahead(0.6))) < 0.1:
            self.heading += 180
        self._leg = None


def is_floor(short: object, told: str) -> bool:
    """Whether a floor's short name ("3F", "B1") is what was told ("3楼", "floor 3", "B1层")."""
    own = str(short.get("zh") or short.get("en"))  # type: ignore[attr-defined]
    number = re.sub(r"[楼层]|floor ", "", told)
    return own in (number, f"{number}F", f"F{number}", f"L{number}")


def _on(side: str, ahead: float, left: float) -> bool:
    match side:
        case "left":
            return 0.2 < left < 6
        case "right":
            return -6 < left < -0.2
        case "back left" | "back right":
            return ahead < 0 and (left > 0) == (side == "back left")
        case "back":
            return ahead < 0 and abs(left) < 3.5
        case "ahead":
            return abs(left) < 3.5 and ahead > -1
        case _:
            return abs(left) < 6


Act = Callable[[Walker, "re.Match[str]"], None]
COUNTS = {"第一个": 1, "第二个": 2, "第三个": 3, "first": 1, "second": 2, "third": 3}
TURNS = {
    "左转": 90.0, "右转": -90.0, "掉头": 180.0, "往左前方走": 45.0, "往右前方走": -45.0, "往左后方拐": 135.0,
    "往右后方拐": -135.0, "turn left": 90.0, "turn right": -90.0, "turn round": 180.0, "bear left": 45.0, "bear right": -45.0,
    "turn sharp left": 135.0, "turn sharp right": -135.0,
}  # fmt: skip
OUT = {
    "直行": 0.0, "左转": 90.0, "右转": -90.0, "往左前方": 45.0, "往右前方": -45.0, "往左后方拐": 135.0, "往右后方拐": -135.0,
    "往回走": 180.0, "Go straight": 0.0, "Turn left": 90.0, "Turn right": -90.0, "Bear left": 45.0, "Bear right": -45.0,
    "Turn sharp left": 135.0, "Turn sharp right": -135.0,
}  # fmt: skip
FROM_KIOSK = {
    "背对自助机，往前": 180.0, "面对自助机，往左手边": 90.0, "面对自助机，往右手边": -90.0, "面对自助机，往左前方": 45.0,
    "面对自助机，往右前方": -45.0, "背对自助机，往右前方": 135.0, "背对自助机，往左前方": -135.0, "从自助机旁边往前": 0.0,
    "With your back to the kiosk, bear right and": 135.0, "With your back to the kiosk, bear left and": -135.0,
    "With your back to the kiosk,": 180.0, "Facing the kiosk, turn left and": 90.0, "Facing the kiosk, turn right and": -90.0,
    "Facing the kiosk, bear left and": 45.0, "Facing the kiosk, bear right and": -45.0, "Walk on past the kiosk.": 0.0,
}  # fmt: skip
SIDES = {
    "左手边": "left", "右手边": "right", "左前方": "left", "右前方": "right",
    "左后方": "back left", "右后方": "back right", "身后": "back",
    "on your left": "left", "on your right": "right", "ahead on your left": "left", "ahead on your right": "right",
    "behind you on your left": "back left", "behind you on your right": "back right",
    "straight ahead": "ahead", "behind you": "back",
    "": "",
}  # fmt: skip


def _either(words: object) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True) if word)  # type: ignore[call-overload]


def _rules(pairs: list[tuple[str, Act]]) -> list[tuple["re.Pattern[str]", Act]]:
    return [(re.compile(pattern), act) for pattern, act in pairs]


def _beside(walker: Walker, found: "re.Match[str]") -> None:
    walker._leg = 0.0


def _from_kiosk(walker: Walker, found: "re.Match[str]") -> None:
    walker.heading += FROM_KIOSK[found[0]]
    walker.centre()


def _pass(walker: Walker, found: "re.Match[str]") -> None:
    if not any(abs(walker.relative(at)[1]) < 6 for at in walker.spots(found[1])):
        raise Lost(f"no {found[1]} on the way")


RULES = {
    "zh": _rules(
        [
            (_either(word for word in FROM_KIOSK if word[0] > "z"), _from_kiosk),
            (
                rf"出([^，]*?)({_either(w for w in OUT if w[0] > 'z')})，",
                lambda w, f: w.out(OUT[f[2]]),
            ),
            (r"走几步", lambda w, f: w.walk_about(3.0)),
            (r"走约(\d+)米", lambda w, f: w.walk_about(float(f[1]))),
            (r"走到头(（约\d+米）)?(，在[^，]+旁)?", lambda w, f: w.to_the_end()),
            (r"走到(第.个)路口(左转|右转)", lambda w, f: w.to_way_off(COUNTS[f[1]], TURNS[f[2]])),
            (r"走到([^，]+?)(旁|门口|口)(（约\d+米）)?", lambda w, f: w.to_thing(f[1])),
            (r"走过([^，（]+)(（约\d+米）)?", lambda w, f: w.to_thing(f[1], past=True)),
            (r"经过([^，]+)", _pass),
            (rf"({_either(w for w in TURNS if w[0] > 'z')})", lambda w, f: w.turn(TURNS[f[1]])),
            (
                r"(?:乘|从)(?:(左手边|右手边|左前方|右前方|左后方|右后方|身后)的?)?(\S+?)(?:上|下)?到(\S+?[楼层])",
                lambda w, f: w.ride(f[2], SIDES[f[1] or ""], f[3]),
            ),
            (r"前面就是([^。]+)", lambda w, f: w.arrive(f[1], "ahead")),
            (
                rf"([^，。]+)在您({_either(s for s in SIDES if s and s[0] > 'z')})",
                lambda w, f: w.arrive(f[1], SIDES[f[2]]),
            ),
        ]
    ),
    "en": _rules(
        [
            (_either(word for word in FROM_KIOSK if word[0] < "z"), _from_kiosk),
            (
                rf"({_either(w for w in OUT if w[0] < 'z')}) out of ([^.]+)\.",
                lambda w, f: w.out(OUT[f[1]]),
            ),
            (r"[Ww]alk a few steps", lambda w, f: w.walk_about(3.0)),
            (r"[Ww]alk about (\d+) m", lambda w, f: w.walk_about(float(f[1]))),
            (r"[Gg]o to the end( \(about \d+ m\))?( and, at [^,]+,)?", lambda w, f: w.to_the_end()),
            (
                r"[Tt]ake the (first|second|third) corridor on your (left|right)",
                lambda w, f: w.to_way_off(COUNTS[f[1]], TURNS[f"turn {f[2]}"]),
            ),
            (r"[Gg]o to ([^.]+?)( \(about \d+ m\))? and", lambda w, f: w.to_thing(f[1])),
            (
                r"[Gg]o past ([^.]+?)( \(about \d+ m\))?, then",
                lambda w, f: w.to_thing(f[1], past=True),
            ),
            (r"(?:[Pp]ass|past) ([^,.:]+)", _pass),
            (rf"({_either(w for w in TURNS if w[0] < 'z')})", lambda w, f: w.turn(TURNS[f[1]])),
            (
                rf"[Tt]ake ([^.]+?)(?:,? ({_either(s for s in SIDES if ' you' in s)}),?)?(?: up| down)? to (floor \d+|B\d)",
                lambda w, f: w.ride(f[1], SIDES[f[2] or ""], f[3]),
            ),
            (
                rf"\s*(?:then )?([^:.,]+?) is ({_either(s for s in SIDES if s and s[0] < 'z')})",
                lambda w, f: w.arrive(f[1].strip(), SIDES[f[2]]),
            ),
        ]
    ),
}
