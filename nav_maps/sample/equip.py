"""What makes a building a hospital one finds one's way in: lifts that link, landmarks, kiosks, sensors, guides, radio walls."""

import itertools
from typing import Final

from shapely import LineString, Point, box

from nav_maps.sample import shell
from nav_maps.sample.build import FLOORS, Floor, House, feature_id, labels, level_id, unit_id
from nav_maps.sample.floors import DEPARTMENTS

_BY_SHORT: Final = {floor.short: floor for floor in FLOORS}
_HALLS: Final = {
    "B1": ("小火车", "the little train", 5),
    "1F": ("蓝鲸", "the blue whale", 5),
    "2F": ("热气球", "the hot-air balloon", 5),
    "3F": ("大火箭", "the rocket", 5),
    "4F": ("摩天轮", "the Ferris wheel", 5),
}
"""What stands in each hall."""
_MURALS: Final = {
    "B1": (("小刺猬", "hedgehog"), ("海星", "starfish"), ("小鼹鼠", "mole"), ("螃蟹", "crab")),
    "1F": (("小熊", "bear"), ("海豚", "dolphin"), ("小兔子", "rabbit"), ("海龟", "turtle")),
    "2F": (("长颈鹿", "giraffe"), ("章鱼", "octopus"), ("猫头鹰", "owl"), ("海马", "seahorse")),
    "3F": (("狮子", "lion"), ("企鹅", "penguin"), ("小象", "elephant"), ("水母", "jellyfish")),
    "4F": (("小鹿", "deer"), ("河豚", "pufferfish"), ("熊猫", "panda"), ("海獭", "otter")),
}
"""On the walls of c1w, c1e, c2w, c2e: forest in the west, sea in the east."""
_KIOSKS: Final = (
    ("kiosk-01", "1F", 47.2, 21.3, 270.0),
    ("kiosk-02", "1F", 47.2, 22.6, 270.0),
    ("kiosk-03", "1F", 47.2, 23.9, 270.0),
    ("kiosk-04", "1F", 47.2, 11.0, 270.0),
    ("kiosk-05", "1F", 5.0, 8.2, 180.0),
    ("kiosk-06", "1F", 104.0, 26.6, 0.0),
    ("kiosk-07", "2F", 47.2, 22.0, 270.0),
    ("kiosk-08", "2F", 47.2, 23.5, 270.0),
    ("kiosk-09", "3F", 47.2, 22.6, 270.0),
    ("kiosk-10", "4F", 47.2, 22.6, 270.0),
    ("kiosk-11", "B1", 47.2, 22.6, 270.0),
)
"""Agent, floor, where one stands, which way one looks."""


def equip(house: House) -> None:
    """Everything of `x_navigation` that is not a door or a place, and what hangs in the halls."""
    for fixed in shell.FIXED:
        if fixed.category in ("elevator", "stairs"):
            _climb(house, fixed)
    _escalators(house)
    for floor in FLOORS:
        _landmarks(house, floor)
        _sensors(house, floor)
        _walls(house, floor)
        _boards(house, floor)
        _wings(house, floor)
    for key, short, x, y, facing in _KIOSKS:
        _kiosk(house, key, _BY_SHORT[short], Point(x, y), facing)
    _desk_and_seats(house)
    for department in DEPARTMENTS:
        _occupant(house, department.key, department.zh, department.en)


def _climb(house: House, fixed: shell.Fixed) -> None:
    floors = fixed.floors.split()
    ids = [unit_id(short, fixed.key) for short in floors]
    name = labels(fixed.zh, fixed.en)
    staff = {"restriction": "staff"} if fixed.staff_only else {}
    if fixed.category == "elevator":
        wait = 45 if fixed.staff_only else 30
        house.say(
            f"pathway:{fixed.key}",
            None,
            "pathway",
            pathway_mode=5,
            unit_ids=ids,
            is_bidirectional=1,
            wait=wait,
            per_level=4,
            capacity=13,
            min_width=1.1,
            name=name,
            **staff,
        )
        return
    for below, above in itertools.pairwise(floors):
        pair = [unit_id(below, fixed.key), unit_id(above, fixed.key)]
        house.say(
            f"pathway:{fixed.key}:{below}",
            None,
            "pathway",
            pathway_mode=2,
            unit_ids=pair,
            is_bidirectional=1,
            length=11,
            stair_count=26,
            min_width=1.4,
            name=name,
        )


def _escalators(house: House) -> None:
    for below, above in (("1F", "2F"), ("2F", "3F")):
        for way, zh, en in (
            ("up", "上行扶梯", "Escalator up"),
            ("down", "下行扶梯", "Escalator down"),
        ):
            key = f"escalator-{way}"
            pair = [unit_id(below, key), unit_id(above, key)]
            ids = pair if way == "up" else pair[::-1]
            house.say(
                f"pathway:{key}:{below}",
                None,
                "pathway",
                pathway_mode=4,
                unit_ids=ids,
                is_bidirectional=0,
                length=13,
                traversal_time=26,
                min_width=1.0,
                name=labels(zh, en),
            )


def _landmarks(house: House, floor: Floor) -> None:
    zh, en, prominence = _HALLS[floor.short]
    at = Point(52.5, 22.6) if floor.void else Point(52.5, 16.5)
    _landmark(house, floor, "hall", at, zh, en, prominence, "sculpture")
    if not floor.void:
        _stand(house, floor, at)
    for key, (zh, en) in zip(shell.CORRIDORS, _MURALS[floor.short], strict=True):
        _, _, area = shell.CORRIDORS[key]
        west, south, east, _ = area.bounds
        x = (west + east) / 2
        _landmark(
            house, floor, key, Point(x, south + 0.3), f"{zh}壁画", f"the {en} mural", 3, "mural"
        )


def _landmark(
    house: House,
    floor: Floor,
    key: str,
    at: Point,
    zh: str,
    en: str,
    prominence: int,
    category: str,
) -> None:
    house.say(
        f"landmark:{floor.short}:{key}",
        at,
        "landmark",
        level_id=level_id(floor),
        name=labels(zh, en),
        category=category,
        prominence=prominence,
    )


def _stand(house: House, floor: Floor, at: Point) -> None:
    zh, en, _ = _HALLS[floor.short]
    house.add(
        "fixture",
        f"{floor.short}:landmark",
        at.buffer(1.6, quad_segs=4),
        category="obstruction",
        name=labels(zh, en),
        alt_name=None,
        anchor_id=None,
        level_id=level_id(floor),
        display_point=None,
    )


def _device(
    house: House,
    key: str,
    kind: str,
    floor: Floor,
    at: Point,
    height: float,
    zh: str,
    en: str,
    facing: float | None = None,
) -> None:
    more = {} if facing is None else {"facing": facing}
    house.say(
        f"device:{key}",
        at,
        "device",
        device=key,
        device_kind=kind,
        level_id=level_id(floor),
        height=height,
        name=labels(zh, en),
        **more,
    )


def _kiosk(house: House, key: str, floor: Floor, at: Point, facing: float) -> None:
    number = key.removeprefix("kiosk-").lstrip("0")
    _device(house, key, "kiosk", floor, at, 1.2, f"{number}号自助机", f"Kiosk {number}", facing)
    x, y = {270.0: (-0.9, 0.0), 180.0: (0.0, -0.9), 0.0: (0.0, 0.9)}[facing]
    case = box(at.x + x - 0.3, at.y + y - 0.3, at.x + x + 0.3, at.y + y + 0.3)
    house.add(
        "fixture",
        f"{floor.short}:{key}",
        case,
        category="equipment",
        name=labels(f"{number}号自助机", f"Kiosk {number}"),
        alt_name=None,
        anchor_id=None,
        level_id=level_id(floor),
        display_point=None,
    )


def _sensors(house: House, floor: Floor) -> None:
    """Agents that hear phones: at the doors of the house, and every fifteen metres of corridor."""
    short = floor.short.lower()
    for key, (_, _, area) in shell.CORRIDORS.items():
        west, south, east, north = area.bounds
        for n in range(3):
            at = Point(west + (n + 0.5) * (east - west) / 3, (south + north) / 2)
            _device(
                house,
                f"air-{short}-{key}-{n + 1}",
                "corridor",
                floor,
                at,
                2.6,
                "走廊感应点",
                "Corridor sensor",
            )
    for n, y in enumerate((3.0, 10.0, 29.0), start=1):
        _device(
            house,
            f"air-{short}-hall-{n}",
            "corridor",
            floor,
            Point(50.0, y),
            3.0,
            "大厅感应点",
            "Hall sensor",
        )
    if floor.ordinal == 0:
        for key, x, y in (
            ("main", 54.0, -4.0),
            ("north", 54.0, 33.8),
            ("er", 1.0, 8.7),
            ("fever", 107.0, 26.1),
        ):
            _device(
                house,
                f"door-{key}",
                "door",
                floor,
                Point(x, y),
                2.4,
                "入口感应点",
                "Entrance sensor",
            )


def _boards(house: House, floor: Floor) -> None:
    for cells in floor.rows.cells.values():
        for cell in cells:
            if cell.seats and (cell.places or cell.area):
                area = house.areas[floor.short, cell.key]
                _device(
                    house,
                    f"board-{cell.key}",
                    "board",
                    floor,
                    area.representative_point(),
                    2.4,
                    f"{cell.zh}大屏",
                    f"Board, {cell.en}",
                )


def _walls(house: House, floor: Floor) -> None:
    """Plasterboard along the corridors, masonry between the rows, concrete around the cores."""
    level = level_id(floor)
    lines = [((row.west, row.door_y), (row.east, row.door_y), 4.0) for row in shell.ROWS.values()]
    lines += [
        ((8.0, shell.MIDDLE), (36.0, shell.MIDDLE), 8.0),
        ((72.0, shell.MIDDLE), (100.0, shell.MIDDLE), 8.0),
    ]
    lines += [((x, 10.4), (x, 24.4), 12.0) for x in (36.0, 62.0, 72.0)]
    for n, (a, b, loss) in enumerate(lines):
        house.say(
            f"wall:{floor.short}:{n}",
            LineString([a, b]),
            "radio_wall",
            level_id=level,
            attenuation=loss,
        )


def _wings(house: House, floor: Floor) -> None:
    """Three areas, each with its guide: the forest in the west, the sky in the middle, the sea in the east."""
    west, east = shell.HALL
    for key, area, category, zh, en in (
        ("forest", box(0, 0, west, shell.DEPTH), "forest", "小熊森林", "Bear Forest"),
        ("sky", shell.hall(escalators=False, void=False), "sky", "云雀天空", "Lark Sky"),
        ("sea", box(east, 0, shell.WIDTH, shell.DEPTH), "sea", "小鲸海洋", "Whale Sea"),
    ):
        house.add(
            "section",
            f"{floor.short}:{key}",
            area,
            category="unspecified",
            restriction=None,
            accessibility=None,
            name=labels(zh, en),
            alt_name=None,
            display_point=area.representative_point(),
            level_id=level_id(floor),
            address_id=None,
            correlation_id=category,
            parents=None,
        )


def _desk_and_seats(house: House) -> None:
    ground = _BY_SHORT["1F"]
    desk = box(51.0, 4.6, 57.0, 5.6)
    house.add(
        "fixture",
        "1F:information",
        desk,
        category="desk",
        name=labels("咨询台", "Information desk"),
        alt_name=None,
        anchor_id=None,
        level_id=level_id(ground),
        display_point=None,
    )
    _landmark(
        house, ground, "information", Point(54.0, 4.2), "咨询台", "the information desk", 4, "desk"
    )
    hall = unit_id(ground, "hall")
    for key, category, x, y, zh, en in (
        ("information", "information", 54.0, 4.0, "咨询台", "Information desk"),
        ("strollers", "strollerrental", 48.0, 2.0, "童车租借", "Stroller hire"),
        ("aed", "defibrillator", 60.5, 26.0, "自动体外除颤器", "Defibrillator"),
        ("power", "powerchargingstation", 60.5, 30.0, "充电站", "Phone charging"),
    ):
        house.add(
            "amenity",
            f"1F:{key}",
            Point(x, y),
            category=category,
            accessibility=None,
            name=labels(zh, en),
            alt_name=None,
            hours=None,
            phone=None,
            website=None,
            unit_ids=[hall],
            address_id=None,
            correlation_id=None,
        )


def _occupant(house: House, key: str, zh: str, en: str) -> None:
    for floor in FLOORS:
        area = house.areas.get((floor.short, f"{key}-wait"))
        if area is None:
            continue
        anchor = house.add(
            "anchor",
            key,
            area.representative_point(),
            address_id=None,
            unit_id=unit_id(floor, f"{key}-wait"),
        )
        house.add(
            "occupant",
            key,
            None,
            category="clinic",
            name=labels(zh, en),
            anchor_id=anchor,
            hours="Mo-Fr 08:00-17:30; Sa 08:00-12:00",
            phone=None,
            website=None,
            validity=None,
            correlation_id=feature_id(f"department:{key}"),
        )
