"""A small hospital with a map: two floors of corridors, whose ways are known, and pictures anybody can check."""

from dataclasses import replace
from datetime import UTC, datetime

from shapely import Point

from nav_maps import (
    Amenity,
    IndoorMap,
    NoWay,
    Pathway,
    PathwayMode,
    Place,
    Profile,
    Route,
    Spot,
    Walk,
)
from queue_server.ways import Sealer, Ways
from tests.nav_maps.words.buildings import Building, building, way

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
KIOSK = "k01"


def hospital() -> Building:
    """Two floors; kiosk `k01` is on the ground floor."""
    made = building(2)
    made.devices = [
        replace(each, id=KIOSK if each.id == "L0-k1" else each.id) for each in made.devices
    ]
    made.nodes[KIOSK] = made.nodes["L0-k1"]
    return made


def map_of(made: Building, places: dict[tuple[str, str], str]) -> IndoorMap:
    """Its map, with places of the site file: (kind, id) → room."""
    indoor_map = made.map()
    navigation = replace(
        indoor_map.navigation,
        pathways=(
            Pathway("lift", PathwayMode.ELEVATOR, ("L0-lift", "L1-lift")),
            Pathway("stairs", PathwayMode.STAIRS, ("L0-stairs", "L1-stairs")),
        ),
        places=tuple(Place(id, kind, unit) for (kind, id), unit in places.items()),
    )
    amenities = {"tap": Amenity("tap", "drinkingfountain", {}, Point(20.0, 1.2), ("L0-main",))}
    return replace(indoor_map, navigation=navigation, amenities=amenities)


class HandPlanner:
    """Finds the ways that were made by hand: over floors by the lift, or the stairs when it is closed."""

    def __init__(self, made: Building) -> None:
        self.made = made
        self.closed: frozenset[str] = frozenset()
        self.asked = 0
        self.at_night = False

    def route(self, start: Spot, end: Spot, profile: Profile) -> Route | NoWay:
        self.asked += 1
        return self._route(start, end, self.closed)

    def usual(self, start: Spot, end: Spot, profile: Profile) -> Route | NoWay:
        return self._route(start, end, frozenset())

    def close(self, features: frozenset[str]) -> None:
        self.closed = features

    def tell_time(self, local_time: datetime) -> bool:
        at_night = local_time.hour >= 22
        changed, self.at_night = at_night != self.at_night, at_night
        return changed

    def _route(self, start: Spot, end: Spot, closed: frozenset[str]) -> Route | NoWay:
        by = [each for each in ("lift", "stairs") if each not in closed]
        if not by:
            return NoWay(
                {"zh": "电梯和楼梯都停用了。", "en": "The lift and the stairs are closed."},
                ("lift", "stairs"),
            )
        goal = "L0-m3u" if end.feature == "tap" else end.unit
        found = way(self.made, start.feature, goal, by[0])
        return replace(found, end=end)


class PlainPainter:
    """Draws the line of a way on its level, and nothing else."""

    def level(self, level: str, route: Route, language: str, large: bool, width_px: float) -> str:
        walks = [each for each in route.pieces if isinstance(each, Walk) and each.level == level]
        lines = "".join(f'<polyline points="{_points(walk)}"/>' for walk in walks)
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -32 92 64"><rect x="-4" y="-32" width="92" height="64" '
            f'fill="#eef4f4"/><g fill="none" stroke="#d8553f" stroke-width="1.2">{lines}</g></svg>'
        )

    def ticket(self, route: Route, language: str, url: str) -> bytes:
        return b"\x89PNG of " + route.end.feature.encode()


def _points(walk: Walk) -> str:
    return " ".join(f"{x:.2f},{-y:.2f}" for x, y in walk.line)


def rooms_of(made: Building, level: str) -> list[str]:
    """Rooms on a floor, without lift and stairs."""
    return sorted(
        id for id in made.doors if id.startswith(f"{level}-") and ("-r" in id or "-m" in id)
    )


def some_ways(
    places: dict[tuple[str, str], str] | None = None, now: datetime = NINE, url: str = ""
) -> Ways:
    """Ways with a planner of hand-made routes; by default an area upstairs and a point downstairs."""
    made = hospital()
    usual = {
        ("area", "east"): rooms_of(made, "L1")[0],
        ("point", "resp-1"): rooms_of(made, "L0")[0],
    }
    indoor_map = map_of(made, places or usual)
    return Ways(indoor_map, HandPlanner(made), PlainPainter(), Sealer(b"k" * 32), lambda: now, url)
