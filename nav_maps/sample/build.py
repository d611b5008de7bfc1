"""From the floor plan to features: geometry in metres, ids that never change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid5

from shapely import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from nav_maps.sample import floors, shell
from nav_maps.sample.cells import Cell, Rows

NAMESPACE: Final = UUID("7b0c4a52-3d0e-5f2b-9a57-0f6d1f6f1c11")
ZH: Final = "晨星儿童医院"
EN: Final = "Morning Star Children's Hospital"
DOOR: Final = 1.1
WIDE: Final = 0.6
"""Of a room that is open to its corridor."""


@dataclass(frozen=True, slots=True)
class Floor:
    """One of the five."""

    short: str
    ordinal: int
    zh: str
    en: str
    rows: Rows

    @property
    def escalators(self) -> bool:
        """They run from the ground to the third floor."""
        return 0 <= self.ordinal <= 2

    @property
    def void(self) -> bool:
        """Whether one looks down into the hall."""
        return 1 <= self.ordinal <= 2


FLOORS: Final = (
    Floor("B1", -1, "地下一层", "Basement", floors.basement()),
    Floor("1F", 0, "一层", "Ground floor", floors.ground()),
    Floor("2F", 1, "二层", "Second floor", floors.second()),
    Floor("3F", 2, "三层", "Third floor", floors.third()),
    Floor("4F", 3, "四层", "Fourth floor", floors.fourth()),
)
Properties = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """A feature to be written; `shape` in metres."""

    type: str
    id: str
    shape: BaseGeometry | None
    properties: Properties


@dataclass(slots=True)
class House:
    """All features, and where rooms came to stand."""

    made: list[Made] = field(default_factory=list)
    areas: dict[tuple[str, str], Polygon] = field(default_factory=dict)
    """By floor and key."""

    def add(self, type: str, key: str, shape: BaseGeometry | None, /, **properties: Any) -> str:
        """A feature; returns its id."""
        id = feature_id(f"{type}:{key}")
        self.made.append(Made(type, id, shape, properties))
        return id

    def unit(
        self, floor: Floor, key: str, area: Polygon, category: str, zh: str, en: str, **more: Any
    ) -> str:
        """A unit."""
        self.areas[floor.short, key] = area
        given = {"restriction": None, "accessibility": None, "alt_name": None, **more}
        return self.add(
            "unit",
            f"{floor.short}:{key}",
            area,
            category=category,
            level_id=level_id(floor),
            name=labels(zh, en),
            display_point=area.representative_point(),
            **given,
        )

    def door(
        self,
        floor: Floor,
        key: str,
        line: tuple[float, float, float, float],
        category: str = "pedestrian",
        **more: Any,
    ) -> str:
        """An opening from (x1, y1) to (x2, y2)."""
        given = {
            "accessibility": ["wheelchair"],
            "access_control": None,
            "door": None,
            "name": None,
        }
        return self.add(
            "opening",
            f"{floor.short}:{key}",
            LineString([line[:2], line[2:]]),
            category=category,
            level_id=level_id(floor),
            alt_name=None,
            display_point=None,
            **{**given, **more},
        )

    def say(self, key: str, shape: BaseGeometry | None, kind: str, **properties: Any) -> None:
        """Something of `x_navigation`."""
        self.add("x_navigation", key, shape, kind=kind, **properties)


def feature_id(key: str) -> str:
    """The id of a feature, the same in every build."""
    return str(uuid5(NAMESPACE, key))


def level_id(floor: Floor) -> str:
    """The id of a level."""
    return feature_id(f"level:{floor.short}")


def unit_id(floor: Floor | str, key: str) -> str:
    """The id of a unit."""
    return feature_id(f"unit:{floor if isinstance(floor, str) else floor.short}:{key}")


def labels(zh: str, en: str) -> dict[str, str]:
    """A name in both languages."""
    return {"zh": zh, "en": en}


def raise_building(house: House) -> None:
    """Levels, corridors, hall, cores, rooms, doors."""
    for floor in FLOORS:
        _level(house, floor)
        _bones(house, floor)
        for name, cells in floor.rows.cells.items():
            _row(house, floor, name, cells)
    _outside(house)


def _level(house: House, floor: Floor) -> None:
    house.add(
        "level",
        floor.short,
        shell.grounds() if floor.ordinal == 0 else shell.outline(),
        category="unspecified",
        restriction=None,
        ordinal=floor.ordinal,
        outdoor=False,
        name=labels(floor.zh, floor.en),
        short_name=labels(floor.short, floor.short),
        display_point=Point(54, 4),
        address_id=None,
        building_ids=[feature_id("building:house")],
    )


def _bones(house: House, floor: Floor) -> None:
    hall = shell.hall(escalators=floor.escalators, void=floor.void)
    zh, en = (
        ("门诊大厅", "Main hall") if floor.ordinal == 0 else (f"{floor.zh}中庭", f"{floor.en} hall")
    )
    house.unit(floor, "hall", hall, "lobby", zh, en)
    if floor.void:
        house.unit(floor, "void", shell.VOID, "opentobelow", "中庭上空", "Open to the hall")
    for key, (zh, en, area) in shell.CORRIDORS.items():
        house.unit(
            floor, key, area, "walkway", f"{floor.zh}{zh}", f"{floor.en}, {en[0].lower()}{en[1:]}"
        )
    for fixed in shell.FIXED:
        if floor.short in fixed.floors.split():
            _fixed(house, floor, fixed)
    for a, b, line, closed in shell.EXTRA_DOORS:
        id = house.door(floor, f"{a}-{b}", line)
        if closed and floor.short == closed:
            house.say(
                f"door:{floor.short}:{a}-{b}", None, "door", opening_id=id, restriction="staff"
            )
    if floor.escalators:
        for way, area in shell.ESCALATORS.items():
            _escalator(house, floor, way, area)


def _fixed(house: House, floor: Floor, fixed: shell.Fixed) -> None:
    staff = "employeesonly" if fixed.staff_only or fixed.category == "structure" else None
    id = house.unit(
        floor, fixed.key, fixed.area, fixed.category, fixed.zh, fixed.en, restriction=staff
    )
    if fixed.door:
        category = "service" if fixed.staff_only else "pedestrian"
        opening = house.door(floor, fixed.key, fixed.door, category)
        if fixed.staff_only:
            house.say(
                f"door:{floor.short}:{fixed.key}",
                None,
                "door",
                opening_id=opening,
                restriction="staff",
            )
    if fixed.amenity:
        _amenity(house, floor, fixed.key, fixed.amenity, id, fixed.area, fixed.zh, fixed.en)


def _escalator(house: House, floor: Floor, way: str, area: Polygon) -> None:
    """On its lower floor one steps on or off at the south, on its upper floor at the north."""
    zh, en = ("上行扶梯", "Escalator up") if way == "up" else ("下行扶梯", "Escalator down")
    house.unit(floor, f"escalator-{way}", area, "escalator", zh, en)
    west, south, east, north = area.bounds
    if floor.ordinal < 2:
        house.door(
            floor, f"escalator-{way}-s", (west + 0.3, south, east - 0.3, south), accessibility=None
        )
    if floor.ordinal > 0:
        house.door(
            floor, f"escalator-{way}-n", (west + 0.3, north, east - 0.3, north), accessibility=None
        )


def _row(house: House, floor: Floor, name: str, cells: list[Cell]) -> None:
    row = shell.ROWS[name]
    stretch = (row.east - row.west) / sum(cell.share for cell in cells)
    edge, used = row.west, 0.0
    number = {
        "R1W": 1,
        "R1E": 16,
        "R2W": 31,
        "R2E": 38,
        "R3W": 45,
        "R3E": 52,
        "R4W": 60,
        "R4E": 76,
    }[name]
    for cell in cells:
        used += cell.share
        end = round(row.west + used * stretch, 2) if cell is not cells[-1] else row.east
        _cell(house, floor, row, cell, box(edge, row.south, end, row.north), number)
        number += cell.numbered
        edge = end


def _cell(
    house: House, floor: Floor, row: shell.Row, cell: Cell, area: Polygon, number: int
) -> None:
    door = f"{floor.short[0] if floor.ordinal >= 0 else 'B'}{number:02}" if cell.numbered else None
    id = house.unit(
        floor,
        cell.key,
        area,
        cell.category,
        cell.zh,
        cell.en,
        restriction="employeesonly" if cell.staff_only else None,
        alt_name=labels(door, door) if door else None,
    )
    west, _, east, _ = area.bounds
    half = (east - west) * WIDE / 2 if cell.door == "wide" else DOOR / 2
    middle = (west + east) / 2
    category = "service" if cell.door == "staff" else "pedestrian"
    line = (middle - half, row.door_y, middle + half, row.door_y)
    opening = house.door(floor, cell.key, line, category)
    if cell.door == "staff":
        key = f"door:{floor.short}:{cell.key}"
        house.say(key, None, "door", opening_id=opening, restriction="staff")
    _furnish(house, floor, row, cell, area)
    if cell.amenity:
        _amenity(house, floor, cell.key, cell.amenity, id, area, cell.zh, cell.en)
    for kind, place, at in _spots(row, cell, area):
        house.say(f"place:{place}", at, "place", place=place, place_kind=kind, unit_id=id)


def _spots(row: shell.Row, cell: Cell, area: Polygon) -> Iterator[tuple[str, str, Point | None]]:
    """Kinds and ids of places, and where one stands: before a window, or anywhere in a room."""
    west, _, east, _ = area.bounds
    if cell.area:
        yield "area", cell.area, None
    if cell.group:
        yield "group", cell.group, None
    if len(cell.places) < 2:
        yield from (("point", place, None) for place in cell.places)
        return
    away = 1 if row.door_at == "south" else -1
    for n, place in enumerate(cell.places):
        x = west + (n + 0.5) * (east - west) / len(cell.places)
        yield "point", place, Point(round(x, 2), row.door_y + away * 4.6)


def _furnish(house: House, floor: Floor, row: shell.Row, cell: Cell, area: Polygon) -> None:
    """Seats to the left and right of the middle; a counter at the back of a hall with windows."""
    west, _, east, _ = area.bounds
    away = 1 if row.door_at == "south" else -1
    if len(cell.places) > 1 and cell.category == "waitingroom":
        back, _far = row.door_y + away * 5.6, row.door_y + away * 6.2
        _fixture(
            house,
            floor,
            f"{cell.key}:counter",
            box(west + 0.6, min(back, back + away * 0.6), east - 0.6, max(back, back + away * 0.6)),
            "desk",
            "服务窗口",
            "Windows",
        )
    elif cell.seats:
        for n in range(cell.seats):
            y = row.door_y + away * (2.6 + 1.5 * n)
            for side, x in (("w", west + 0.5), ("e", east - 2.3)):
                seat = box(x, y - 0.3, x + 1.8, y + 0.3)
                _fixture(
                    house, floor, f"{cell.key}:seats-{side}{n}", seat, "furniture", "座椅", "Seats"
                )


def _fixture(
    house: House, floor: Floor, key: str, area: Polygon, category: str, zh: str, en: str
) -> None:
    house.add(
        "fixture",
        f"{floor.short}:{key}",
        area,
        category=category,
        name=labels(zh, en),
        alt_name=None,
        anchor_id=None,
        level_id=level_id(floor),
        display_point=None,
    )


def _amenity(
    house: House, floor: Floor, key: str, category: str, unit: str, area: Polygon, zh: str, en: str
) -> None:
    house.add(
        "amenity",
        f"{floor.short}:{key}",
        area.representative_point(),
        category=category,
        accessibility=None,
        name=labels(zh, en),
        alt_name=None,
        hours=None,
        phone=None,
        website=None,
        unit_ids=[unit],
        address_id=None,
        correlation_id=None,
    )


def _outside(house: House) -> None:
    """The forecourt around the house, and the doors to it."""
    floor = FLOORS[1]
    forecourt = shell.grounds().difference(shell.outline())
    if not isinstance(forecourt, Polygon):
        raise TypeError("the forecourt has fallen to pieces")
    house.unit(floor, "forecourt", forecourt, "unenclosedarea", "院前广场", "Forecourt")
    for key, _, line, zh, en, category, hours in shell.OUTER_DOORS:
        id = house.door(floor, f"outer-{key}", line, category, name=labels(zh, en))
        if hours:
            house.say(f"door:outer-{key}", None, "door", opening_id=id, hours=hours)
