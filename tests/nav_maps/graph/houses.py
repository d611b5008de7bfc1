"""Small buildings for the graph's tests, in metres: built by hand, no files."""

from shapely import LineString, Point, box

from nav_maps.model import (
    DoorRule,
    IndoorMap,
    Level,
    Navigation,
    Opening,
    Unit,
)
from nav_maps.projection import Projection

Edges4 = tuple[float, float, float, float]


class House:
    """A building being drawn: rectangles and doors."""

    def __init__(self) -> None:
        self.levels: dict[str, Level] = {}
        self.units: dict[str, Unit] = {}
        self.openings: dict[str, Opening] = {}
        self.rules: list[DoorRule] = []

    def level(self, ordinal: int) -> str:
        id = f"L{ordinal}"
        self.levels[id] = Level(id, ordinal, {"zh": f"{ordinal}层", "en": f"Level {ordinal}"}, {})
        return id

    def unit(
        self, id: str, level: str, category: str, edges: Edges4, restriction: str | None = None
    ) -> str:
        names = {"zh": f"{id}室", "en": id}
        self.units[id] = Unit(id, level, category, names, box(*edges), restriction=restriction)
        return id

    def door(
        self, id: str, level: str, start: tuple[float, float], end: tuple[float, float]
    ) -> str:
        self.openings[id] = Opening(id, level, "pedestrian", LineString([start, end]))
        return id

    def map(self, navigation: Navigation | None = None) -> IndoorMap:
        found = navigation or Navigation()
        if self.rules:
            found = Navigation(
                found.pathways,
                tuple(self.rules),
                found.landmarks,
                found.devices,
                found.places,
                found.radio_walls,
                found.closures,
            )
        return IndoorMap(
            {"en": "House"},
            Projection(120.0, 30.0),
            self.levels,
            self.units,
            self.openings,
            navigation=found,
        )


def corridor(house: House, ordinal: int = 0, rooms: int = 3) -> str:
    """A level with a corridor 3 m wide and rooms of 5 × 5 m north of it: `0a`, `0b`, …; `0c-hall` is the corridor."""
    level = house.level(ordinal)
    house.unit(f"{ordinal}-hall", level, "walkway", (0, 0, 5 * rooms, 3))
    for n in range(rooms):
        id = f"{ordinal}{chr(ord('a') + n)}"
        house.unit(id, level, "room", (5 * n, 3, 5 * n + 5, 8))
        house.door(f"{id}-door", level, (5 * n + 2, 3), (5 * n + 3, 3))
    return level


def tower(levels: int = 3, rooms: int = 3) -> House:
    """Corridors on top of each other, with stairs at the east end and a lift at the west end."""
    house = House()
    east = 5.0 * rooms
    for ordinal in range(levels):
        level = corridor(house, ordinal, rooms)
        house.unit(f"{ordinal}-stairs", level, "stairs", (east, 0, east + 4, 3))
        house.door(f"{ordinal}-stairs-door", level, (east, 1), (east, 2))
        house.unit(f"{ordinal}-lift", level, "elevator", (-2, 0, 0, 2))
        house.door(f"{ordinal}-lift-door", level, (0, 0.5), (0, 1.5))
    return house


def point(x: float, y: float) -> Point:
    return Point(x, y)
