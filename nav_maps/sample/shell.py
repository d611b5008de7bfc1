"""The bones that all floors share: corridors, the hall, two cores with stairs and lifts, the ends. Metres, from the south-west.

y 34.8 ┌────────── R4W ──────────┬─ hall ─┬────────── R4E ──────────┐
  27.8 ├───────── corridor C2W ──┤        ├─ corridor C2E ──────────┤
  24.4 ├ end ┬──── R3W ────┬core ┤        ├ core┬──── R3E ────┬ end ┤
  17.4 │     ├──── R2W ────┤     │        │     ├──── R2E ────┤     │
  10.4 ├─────────── corridor C1W ┤        ├─ corridor C1E ──────────┤
   7.0 ├────────── R1W ──────────┤        ├────────── R1E ──────────┤
     0 └─────────────────────────┴╮      ╭┴─────────────────────────┘
       0     8             36    46      62   72            100   108
"""

from dataclasses import dataclass
from math import cos, pi, sin
from typing import Final, Literal

from shapely import Polygon, box
from shapely.geometry.base import BaseGeometry

WIDTH: Final = 108.0
DEPTH: Final = 34.8
C1: Final = (7.0, 10.4)
C2: Final = (24.4, 27.8)
MIDDLE: Final = 17.4
HALL: Final = (46.0, 62.0)
VOID: Final = box(49.0, 12.5, 56.0, 20.5)
"""Open from the second floor down to the whale."""
ESCALATORS: Final = {"up": box(60.4, 11.0, 62.0, 24.0), "down": box(58.8, 11.0, 60.4, 24.0)}


@dataclass(frozen=True, slots=True)
class Row:
    """Where rooms stand side by side, and on which side their corridor runs."""

    west: float
    east: float
    south: float
    north: float
    corridor: str
    door_at: Literal["south", "north"]

    @property
    def door_y(self) -> float:
        """The wall with the doors."""
        return self.south if self.door_at == "south" else self.north


ROWS: Final = {
    "R1W": Row(0.0, 46.0, 0.0, 7.0, "c1w", "north"),
    "R1E": Row(62.0, 108.0, 0.0, 7.0, "c1e", "north"),
    "R2W": Row(8.0, 36.0, 10.4, 17.4, "c1w", "south"),
    "R2E": Row(72.0, 100.0, 10.4, 17.4, "c1e", "south"),
    "R3W": Row(8.0, 36.0, 17.4, 24.4, "c2w", "north"),
    "R3E": Row(72.0, 100.0, 17.4, 24.4, "c2e", "north"),
    "R4W": Row(0.0, 46.0, 27.8, 34.8, "c2w", "south"),
    "R4E": Row(62.0, 108.0, 27.8, 34.8, "c2e", "south"),
}


def outline() -> Polygon:
    """The outer wall, with the round bay of the main entrance."""
    return Polygon([(0, 0), *_bay(), (WIDTH, 0), (WIDTH, DEPTH), (0, DEPTH)])


def grounds() -> Polygon:
    """The house and its forecourt."""
    return box(-8, -16, WIDTH + 8, DEPTH + 8)


def hall(*, escalators: bool, void: bool) -> Polygon:
    """The hall of a floor."""
    west, east = HALL
    found: BaseGeometry = Polygon([(west, 0), *_bay(), (east, 0), (east, DEPTH), (west, DEPTH)])
    for gone in (*(ESCALATORS.values() if escalators else ()), *([VOID] if void else ())):
        found = found.difference(gone)
    if not isinstance(found, Polygon):
        raise TypeError("the hall has fallen to pieces")
    return found


def _bay() -> list[tuple[float, float]]:
    """The bay between (46, 0) and (62, 0): round, with a straight front of six metres for the doors."""
    left = [(51.0 - 5.0 * sin(t), -5.0 * cos(t)) for t in _quarter(8)]
    right = [(57.0 + 5.0 * sin(t), -5.0 * cos(t)) for t in _quarter(8)]
    corners = [*left[::-1], *right]
    return [(round(x, 3), round(y, 3)) for x, y in corners]


def _quarter(steps: int) -> list[float]:
    return [pi / 2 * n / steps for n in range(steps + 1)]


@dataclass(frozen=True, slots=True)
class Fixed:
    """A unit of the cores or ends: on which floors (short names), its door and what that leads to."""

    key: str
    zh: str
    en: str
    category: str
    area: Polygon
    door: tuple[float, float, float, float] | None
    to: str
    floors: str = "B1 1F 2F 3F 4F"
    staff_only: bool = False
    amenity: str = ""


def _lift(
    key: str, zh: str, en: str, area: Polygon, x: float, floors: str, staff: bool = False
) -> Fixed:
    _, south, _, north = area.bounds
    middle = (south + north) / 2
    to = "lift-lobby" if x < HALL[0] else "passage-e"
    return Fixed(
        key, zh, en, "elevator", area, (x, middle - 0.6, x, middle + 0.6), to, floors, staff
    )


ALL: Final = "B1 1F 2F 3F 4F"
FIXED: Final = (
    # the western core, open to the hall
    Fixed("lift-lobby", "电梯厅", "Lift lobby", "lobby", box(40, 14.4, 46, 20.4), (46, 15.0, 46, 19.8), "hall"),
    _lift("lift-1", "1号电梯", "Lift 1", box(37.4, 14.4, 40, 16.4), 40, ALL),
    _lift("lift-2", "2号电梯", "Lift 2", box(37.4, 16.4, 40, 18.4), 40, ALL),
    _lift("lift-3", "3号电梯", "Lift 3", box(37.4, 18.4, 40, 20.4), 40, ALL),
    Fixed("shaft-w", "管井", "Service shaft", "structure", box(36, 14.4, 37.4, 20.4), None, ""),
    Fixed("stairs-a", "A楼梯", "Stairs A", "stairs", box(36, 10.4, 41, 14.4), (37.9, 10.4, 39.1, 10.4), "c1w"),
    Fixed("guide", "导诊服务台", "Guides", "office", box(41, 10.4, 46, 14.4), (46, 11.8, 46, 13.0), "hall"),
    Fixed("nursing", "母婴室", "Nursing room", "mothersroom", box(36, 20.4, 41, 24.4), (38.0, 24.4, 39.0, 24.4), "c2w", amenity="mothersroom"),
    Fixed("water-w", "开水间", "Drinking water", "room", box(41, 20.4, 46, 24.4), (43.0, 24.4, 44.0, 24.4), "c2w", amenity="drinkingfountain"),
    # the eastern core, along a passage between the corridors
    Fixed("passage-e", "东连廊", "East passage", "walkway", box(66, 10.4, 68.5, 24.4), (66.3, 10.4, 68.2, 10.4), "c1e"),
    _lift("lift-4", "4号医用电梯", "Bed lift 4", box(62, 10.4, 66, 13.6), 66, ALL, True),
    _lift("lift-5", "5号电梯", "Lift 5", box(62, 13.6, 66, 16.4), 66, "1F 2F 3F 4F"),
    Fixed("plant-e", "设备间", "Plant room", "structure", box(62, 13.6, 66, 16.4), None, "", "B1"),
    _lift("lift-6", "6号员工电梯", "Staff lift 6", box(62, 16.4, 66, 19.0), 66, ALL, True),
    Fixed("clean-e", "保洁间", "Cleaning", "storage", box(62, 19.0, 66, 24.4), (66, 21.2, 66, 22.2), "passage-e", staff_only=True),
    Fixed("stairs-b", "B楼梯", "Stairs B", "stairs", box(68.5, 10.4, 72, 16.4), (68.5, 12.8, 68.5, 14.0), "passage-e"),
    Fixed("wc-family", "家庭卫生间", "Family toilet", "restroom.family", box(68.5, 16.4, 72, 20.4), (68.5, 17.9, 68.5, 18.9), "passage-e", amenity="restroom.family"),
    Fixed("water-e", "开水间", "Drinking water", "room", box(68.5, 20.4, 72, 24.4), (68.5, 21.9, 68.5, 22.9), "passage-e", amenity="drinkingfountain"),
    # the ends
    Fixed("cross-w", "西连廊", "West passage", "walkway", box(5, 10.4, 8, 24.4), (5.4, 10.4, 7.6, 10.4), "c1w"),
    Fixed("stairs-c", "C楼梯", "Stairs C", "stairs", box(0, 10.4, 5, 16.4), (5, 12.8, 5, 14.0), "cross-w"),
    Fixed("wc-w-m", "男卫生间", "Men's toilet", "restroom.male", box(0, 16.4, 5, 20.0), (5, 17.8, 5, 18.7), "cross-w", amenity="restroom.male"),
    Fixed("wc-w-f", "女卫生间", "Women's toilet", "restroom.female", box(0, 20.0, 5, 24.4), (5, 21.6, 5, 22.5), "cross-w", amenity="restroom.female"),
    Fixed("cross-e", "东端连廊", "Far east passage", "walkway", box(100, 10.4, 103, 24.4), (100.4, 10.4, 102.6, 10.4), "c1e"),
    Fixed("stairs-d", "D楼梯", "Stairs D", "stairs", box(103, 10.4, 108, 14.8), (103, 12.0, 103, 13.2), "cross-e"),
    Fixed("wc-e-a", "无障碍卫生间", "Accessible toilet", "restroom.unisex.wheelchair", box(103, 14.8, 108, 17.6), (103, 15.7, 103, 16.7), "cross-e", amenity="restroom.wheelchair"),
    Fixed("wc-e-m", "男卫生间", "Men's toilet", "restroom.male", box(103, 17.6, 108, 20.8), (103, 18.7, 103, 19.6), "cross-e", amenity="restroom.male"),
    Fixed("wc-e-f", "女卫生间", "Women's toilet", "restroom.female", box(103, 20.8, 108, 24.4), (103, 22.2, 103, 23.1), "cross-e", amenity="restroom.female"),
)  # fmt: skip

CORRIDORS: Final = {
    "c1w": ("南走廊西段", "South corridor, west", box(0, C1[0], HALL[0], C1[1])),
    "c1e": ("南走廊东段", "South corridor, east", box(HALL[1], C1[0], WIDTH, C1[1])),
    "c2w": ("北走廊西段", "North corridor, west", box(0, C2[0], HALL[0], C2[1])),
    "c2e": ("北走廊东段", "North corridor, east", box(HALL[1], C2[0], WIDTH, C2[1])),
}
EXTRA_DOORS: Final = (
    # corridor or passage, corridor or hall, the line, staff only on
    ("c1w", "hall", (46.0, 7.2, 46.0, 10.2), ""),
    ("c1e", "hall", (62.0, 7.2, 62.0, 10.2), ""),
    ("c2w", "hall", (46.0, 24.6, 46.0, 27.6), ""),
    ("c2e", "hall", (62.0, 24.6, 62.0, 27.6), "1F"),
    ("cross-w", "c2w", (5.4, 24.4, 7.6, 24.4), ""),
    ("cross-e", "c2e", (100.4, 24.4, 102.6, 24.4), "1F"),
    ("passage-e", "c2e", (66.3, 24.4, 68.2, 24.4), "1F"),
)
"""On the ground floor the fever clinic's corridor is closed to everybody but staff: families come from outside."""
OUTER_DOORS: Final = (
    ("main", "hall", (52.0, -5.0, 56.0, -5.0), "正门", "Main entrance", "pedestrian.principal", None),
    ("north", "hall", (52.5, DEPTH, 55.5, DEPTH), "北门", "North door", "pedestrian", "Mo-Su 07:00-20:00"),
    ("er", "c1w", (0.0, 7.6, 0.0, 9.8), "急诊入口", "Emergency entrance", "pedestrian.principal", None),
    ("fever", "c2e", (WIDTH, 25.0, WIDTH, 27.2), "发热门诊入口", "Fever clinic entrance", "pedestrian.principal", None),
    ("exit-c", "stairs-c", (0.0, 12.8, 0.0, 14.0), "C出口", "Exit C", "emergencyexit", None),
    ("exit-d", "stairs-d", (WIDTH, 12.0, WIDTH, 13.2), "D出口", "Exit D", "emergencyexit", None),
)  # fmt: skip
