"""Small buildings of corridors at right angles, and ways through them whose turns are known because they are made by hand.

Every floor has one main corridor along x and side corridors along y, rooms on both sides, a lift and stairs at the ends.
Ways run along the corridors' middles, so that the tests need no router.
"""

import random
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import hypot

import networkx as nx
from shapely import LineString, Point, box

from nav_maps.model import (
    Device,
    IndoorMap,
    Landmark,
    Level,
    Navigation,
    Opening,
    PathwayMode,
    Unit,
)
from nav_maps.projection import Projection
from nav_maps.route import Metres, Passed, Profile, Ride, Route, Spot, Walk

HALF = 1.5
"""Half a corridor's width, m."""
DEEP = 5.0
"""A room's depth."""
ZOO = ("whale", "giraffe", "rabbit", "panda", "fox", "owl", "koala", "zebra")
ZOO_ZH = ("鲸鱼", "长颈鹿", "兔子", "熊猫", "狐狸", "猫头鹰", "考拉", "斑马")


@dataclass
class Building:
    """A map in the making, and the graph of its corridors' middles."""

    levels: dict[str, Level] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    openings: dict[str, Opening] = field(default_factory=dict)
    landmarks: list[Landmark] = field(default_factory=list)
    devices: list[Device] = field(default_factory=list)
    graph: "nx.Graph[tuple[str, Metres]]" = field(default_factory=nx.Graph)
    doors: dict[str, Opening] = field(default_factory=dict)
    nodes: dict[str, tuple[str, Metres]] = field(default_factory=dict)
    """Where on its corridor's middle one stands before a door or a kiosk."""

    def map(self) -> IndoorMap:
        """The map as it is now."""
        navigation = Navigation(landmarks=tuple(self.landmarks), devices=tuple(self.devices))
        return IndoorMap(
            {"zh": "试验楼", "en": "Test block"},
            Projection(121.0, 31.0),
            self.levels,
            self.units,
            self.openings,
            navigation=navigation,
        )

    def unit(
        self, id: str, level: str, category: str, zh: str, en: str, area: object, number: str = ""
    ) -> None:
        """Add a unit."""
        names = {"zh": zh, "en": en} if zh else {}
        self.units[id] = Unit(id, level, category, names, area, {"zh": number} if number else {})  # type: ignore[arg-type]

    def opening(self, id: str, level: str, a: Metres, b: Metres) -> Opening:
        """Add an opening."""
        self.openings[id] = Opening(id, level, "pedestrian", LineString([a, b]))
        return self.openings[id]

    def join(self, level: str, a: Metres, b: Metres) -> None:
        """A stretch of corridor that can be walked."""
        self.graph.add_edge((level, a), (level, b), weight=hypot(b[0] - a[0], b[1] - a[1]))


def building(seed: int, floors: int = 2) -> Building:
    """A building by chance."""
    random_ = random.Random(seed)
    made = Building()
    for ordinal in range(-1 if seed % 3 == 0 else 0, floors):
        _floor(made, ordinal, random_)
    return made


def _floor(made: Building, ordinal: int, random_: random.Random) -> None:
    level = f"L{ordinal}"
    short = f"{ordinal + 1}F" if ordinal >= 0 else f"B{-ordinal}"
    made.levels[level] = Level(level, ordinal, {"zh": short}, {"zh": short, "en": short})
    long = random_.choice([48.0, 66.0, 84.0])
    made.unit(f"{level}-main", level, "walkway", "", "", box(0, -HALF, long, HALF))
    sides = sorted(random_.sample(range(12, int(long) - 10, 12), k=min(3, int(long) // 24)))
    branches = [(float(x), random_.choice([1, -1]), random_.choice([18.0, 24.0])) for x in sides]
    for i, (x, up, reach) in enumerate(branches):
        _branch(made, level, i, x, up, reach)
        if random_.random() < 0.6:
            name = random_.randrange(len(ZOO))
            at = Point(x + random_.choice([-2.2, 2.2]), random_.choice([-1.2, 1.2]))
            made.landmarks.append(
                Landmark(
                    f"{level}-mark{i}",
                    level,
                    at,
                    {"zh": ZOO_ZH[name], "en": f"{ZOO[name].title()} statue"},
                    "",
                    4,
                )
            )
    _rooms_along_main(made, level, long, branches)
    _vertical(made, level, "lift", "elevator", 0.0, random_)
    _vertical(made, level, "stairs", "stairs", long, random_)
    _kiosks(made, level, long, branches)
    _main_line(made, level)


def _branch(made: Building, level: str, i: int, x: float, up: int, reach: float) -> None:
    id, y0, y1 = f"{level}-side{i}", up * HALF, up * (HALF + reach)
    made.unit(id, level, "walkway", "", "", box(x - HALF, min(y0, y1), x + HALF, max(y0, y1)))
    made.opening(f"{id}-mouth", level, (x - HALF, y0), (x + HALF, y0))
    made.join(level, (x, 0.0), (x, y1 - up * 0.5))
    for j in range(int(reach - DEEP - 3) // 6):
        for hand in (-1, 1):
            near, far = x + hand * HALF, x + hand * (HALF + DEEP)
            y = y0 + up * (DEEP + 1.5 + 6 * j)
            area = box(min(near, far), y - 2.9, max(near, far), y + 2.9)
            _room(
                made,
                level,
                f"{id}-r{j}{'lr'[hand > 0]}",
                area,
                (near, y - 0.5),
                (near, y + 0.5),
                (x, y),
            )


def _rooms_along_main(
    made: Building, level: str, long: float, branches: list[tuple[float, int, float]]
) -> None:
    for up in (1, -1):
        for j, x in enumerate(range(9, int(long) - 6, 6)):
            taken = [b for b in branches if b[1] == up and abs(b[0] - x) < HALF + 3.1]
            if not taken:
                area = box(
                    x - 2.9,
                    min(up * HALF, up * (HALF + DEEP)),
                    x + 2.9,
                    max(up * HALF, up * (HALF + DEEP)),
                )
                y = up * HALF
                _room(
                    made,
                    level,
                    f"{level}-m{j}{'du'[up > 0]}",
                    area,
                    (x - 0.5, y),
                    (x + 0.5, y),
                    (float(x), 0.0),
                )


def _room(
    made: Building, level: str, id: str, area: object, a: Metres, b: Metres, on_line: Metres
) -> None:
    count = len(made.units)
    made.unit(
        id, level, "room", f"检查室{count}", f"Exam room {count}", area, number=str(100 + count)
    )
    made.doors[id] = made.opening(f"{id}-door", level, a, b)
    _stand(made, level, id, on_line)


def _vertical(
    made: Building, level: str, name: str, category: str, x: float, random_: random.Random
) -> None:
    del random_
    id, inside = f"{level}-{name}", (x + 3.0 if x == 0 else x - 3.0)
    zh, en = {"lift": ("2号电梯", "Lift 2"), "stairs": ("东楼梯", "East stairs")}[name]
    made.unit(id, level, category, zh, en, box(inside - 1.5, HALF, inside + 1.5, HALF + 4))
    made.doors[id] = made.opening(f"{id}-door", level, (inside - 0.6, HALF), (inside + 0.6, HALF))
    _stand(made, level, id, (inside, 0.0))


def _kiosks(
    made: Building, level: str, long: float, branches: list[tuple[float, int, float]]
) -> None:
    free = next(x for x in (6.0, 7.0, 8.0) if all(abs(b[0] - x) > 3 for b in branches))
    for id, y, facing in ((f"{level}-k1", -1.0, 180.0),):
        made.devices.append(Device(id, "kiosk", level, Point(free, y), {"zh": "自助机"}, facing))
    _stand(made, level, f"{level}-k1", (free, 0.0))


def _stand(made: Building, level: str, id: str, at: Metres) -> None:
    made.graph.add_node((level, at))
    made.nodes[id] = (level, at)


def _main_line(made: Building, level: str) -> None:
    """Join what lies on each corridor in its order."""
    nodes = [at for on, at in made.graph.nodes if on == level]
    mains = sorted({at for at in nodes if at[1] == 0.0})
    for a, b in pairwise(mains):
        made.join(level, a, b)
    for x in {at[0] for at in nodes if at[1] != 0.0}:
        for sign in (1, -1):
            column = sorted(
                {at for at in nodes if at[0] == x and at[1] * sign > 0}, key=lambda at: abs(at[1])
            )
            for a, b in zip([(x, 0.0), *column][:-1], column, strict=True):
                made.join(level, a, b)


# ---- ways through it -------------------------------------------------------------------------------


def way(made: Building, start: str, end: str, by: str = "lift") -> Route:
    """The way from a room or kiosk to a room, over floors by the lift or the stairs; the turns are those of its middle line."""
    devices = {device.id: device for device in made.devices}
    from_level = devices[start].level if start in devices else made.units[start].level
    to_level = made.units[end].level
    if from_level == to_level:
        pieces: tuple[Walk | Ride, ...] = (_walk(made, from_level, start, end),)
    else:
        mode = {"lift": PathwayMode.ELEVATOR, "stairs": PathwayMode.STAIRS}[by]
        out, into = f"{from_level}-{by}", f"{to_level}-{by}"
        floors = made.levels[to_level].ordinal - made.levels[from_level].ordinal
        ride = Ride(
            mode, by, from_level, to_level, out, into, floors, 0.0, 40.0, made.units[out].names
        )
        pieces = (_walk(made, from_level, start, out), ride, _walk(made, to_level, into, end))
    metres = sum(piece.metres for piece in pieces)
    return Route(_spot(made, start), _spot(made, end), Profile.ADULT, pieces, metres, metres / 1.1)


def roughened(route: Route, random_: random.Random) -> Route:
    """The same way as somebody really walks it: swaying, with corners cut."""
    return replace(
        route, pieces=tuple(_rough(p, random_) if isinstance(p, Walk) else p for p in route.pieces)
    )


def _rough(walk: Walk, random_: random.Random) -> Walk:
    line = LineString(walk.line)
    cut = LineString(_cut_corners([(x, y) for x, y in line.simplify(0.01).coords]))
    points = [cut.interpolate(d) for d in [*_every(cut.length, 0.7), cut.length]]
    sway = [
        (p.x + random_.uniform(-0.12, 0.12), p.y + random_.uniform(-0.12, 0.12))
        if 0 < i < len(points) - 1
        else (p.x, p.y)
        for i, p in enumerate(points)
    ]
    rough = LineString(sway)
    passed = tuple(
        replace(each, at_m=rough.project(line.interpolate(each.at_m))) for each in walk.passed
    )
    return replace(walk, line=tuple(sway), metres=rough.length, passed=passed)


def _every(length: float, step: float) -> list[float]:
    return [i * step for i in range(int(length / step) + 1)]


def _cut_corners(points: list[Metres]) -> list[Metres]:
    """Each corner cut by 0.8 m, or less where a side is short."""
    cut: list[Metres] = [points[0]]
    for before, at, after in zip(points[:-2], points[1:-1], points[2:], strict=True):
        for other in (before, after):
            far = hypot(other[0] - at[0], other[1] - at[1])
            share = min(0.8, far / 3) / far
            cut.append((at[0] + (other[0] - at[0]) * share, at[1] + (other[1] - at[1]) * share))
    return [*cut, points[-1]]


def _spot(made: Building, id: str) -> Spot:
    for device in made.devices:
        if device.id == id:
            at = (device.point.x, device.point.y)
            return Spot(
                id, f"{device.level}-main", device.level, at, device.names, device.facing_deg
            )
    unit = made.units[id]
    return Spot(id, id, unit.level, (unit.area.centroid.x, unit.area.centroid.y), unit.names)


def _walk(made: Building, level: str, start: str, end: str) -> Walk:
    line = [*_inside(made, start)]
    nodes = nx.shortest_path(made.graph, made.nodes[start], made.nodes[end], weight="weight")
    line += [at for _, at in nodes]
    line += _inside(made, end)[::-1]
    passed, units = [], [start] if start in made.units else []
    if start in made.doors:
        passed.append(
            Passed(f"{start}-door", _along(line, made.doors[start]), start, f"{level}-main")
        )
    if end in made.doors:
        passed.append(Passed(f"{end}-door", _along(line, made.doors[end]), f"{level}-main", end))
    metres = LineString(line).length
    return Walk(
        level, tuple(line), metres, metres / 1.1, (*units, f"{level}-main", end), tuple(passed)
    )


def _along(line: list[Metres], door: Opening) -> float:
    return float(LineString(line).project(door.line.interpolate(0.5, normalized=True)))


def _inside(made: Building, id: str) -> list[Metres]:
    """From the middle of a room to its door; from a kiosk the place before it."""
    if id in made.doors:
        centre, door = (
            made.units[id].area.centroid,
            made.doors[id].line.interpolate(0.5, normalized=True),
        )
        return [(centre.x, centre.y), (door.x, door.y)]
    device = next(device for device in made.devices if device.id == id)
    return [(device.point.x, device.point.y)]
