"""A little hospital in metres, turned at will, and faults to plant in it as map makers make them."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
import shapely
from shapely import LineString, Point, Polygon, affinity, box
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

FLOORS: Final = 3
LATITUDE: Final = 39.9
LONGITUDE: Final = 116.35


@dataclass(slots=True)
class Drawn:
    """A feature: its shape in metres and its properties."""

    type: str
    id: str
    shape: BaseGeometry | None
    properties: dict[str, object]


@dataclass(slots=True)
class Sketch:
    """All features by id."""

    features: dict[str, Drawn] = field(default_factory=dict)

    def add(self, type: str, id: str, shape: BaseGeometry | None, **properties: object) -> None:
        """Draw a feature."""
        self.features[id] = Drawn(type, id, shape, properties)

    def of(self, type: str, start: str = "") -> list[Drawn]:
        """Features of a type whose id starts so."""
        return [
            each
            for each in self.features.values()
            if each.type == type and each.id.startswith(start)
        ]

    def write(self, folder: Path, turned_deg: float) -> Path:
        """As an archive, turned about its corner."""
        folder.mkdir(parents=True)
        scale = np.array([111_320.0 * np.cos(np.radians(LATITUDE)), 111_034.0])
        files: dict[str, list[object]] = {
            "venue": [],
            "address": [],
            "building": [],
            "footprint": [],
        }
        for each in self.features.values():
            shape = each.shape
            if shape is not None:
                turned = affinity.rotate(shape, turned_deg, origin=(0, 0))
                shape = shapely.transform(turned, lambda at: at / scale + [LONGITUDE, LATITUDE])
            written = {
                "type": "Feature",
                "id": each.id,
                "feature_type": each.type,
                "geometry": None if shape is None else mapping(shape),
                "properties": each.properties,
            }
            files.setdefault(each.type, []).append(written)
        for type, features in files.items():
            text = json.dumps({"type": "FeatureCollection", "features": features})
            (folder / f"{type}.geojson").write_text(text, "utf-8")
        return folder


def hospital() -> Sketch:
    """Three floors: two corridors that meet, twelve rooms to each, a lobby with the entrance, a lift, stairs."""
    sketch = Sketch()
    for n in range(FLOORS):
        level = f"level-{n}"
        short = {"zh": f"{n + 1}F", "en": f"{n + 1}F"}
        names = {"zh": f"{n + 1}层", "en": f"Level {n + 1}"}
        sketch.add(
            "level",
            level,
            box(0, -6, 66, 15),
            ordinal=n,
            name=names,
            short_name=short,
            outdoor=False,
        )
        _unit(sketch, f"west-{n}", box(6, 3, 30, 6), level, "walkway")
        _unit(sketch, f"east-{n}", box(30, 3, 54, 6), level, "walkway")
        _unit(sketch, f"lobby-{n}", box(0, -6, 6, 15), level, "lobby")
        _unit(sketch, f"lift-{n}", box(54, 3, 57, 6), level, "elevator")
        _unit(sketch, f"stairs-{n}", box(57, 3, 66, 6), level, "stairs")
        _unit(sketch, f"hall-{n}", box(54, 6, 66, 15), level, "waitingroom")
        _unit(sketch, f"store-{n}", box(54, -6, 66, 3), level, "room", f"{n}99")
        _door(sketch, f"door-lobby-{n}", (6, 4), (6, 5.4), level)
        _door(sketch, f"door-lift-{n}", (54, 4), (54, 5), level)
        _door(sketch, f"door-hall-{n}", (54, 7), (54, 8), level)
        _door(sketch, f"door-stairs-{n}", (60, 6), (61, 6), level)
        _door(sketch, f"door-store-{n}", (54, 1), (54, 2), level)
        for index in range(12):
            x = 6 + 4 * index
            for side, y in (("n", 6), ("s", -6)):
                top = y + 9
                number = f"{n + 1}{side}{index:02}"
                _unit(sketch, f"room-{number}", box(x, y, x + 4, top), level, "room", number)
                wall = 6 if side == "n" else 3
                _door(sketch, f"door-{number}", (x + 1, wall), (x + 2, wall), level)
    _door(sketch, "entrance", (0, 1), (0, 3), "level-0")
    return sketch


def _unit(
    sketch: Sketch, id: str, shape: Polygon, level: str, category: str, number: str | None = None
) -> None:
    names = {"zh": f"诊室{number}", "en": f"Room {number}"} if number else None
    written = {"zh": number, "en": number} if number else None
    sketch.add("unit", id, shape, level_id=level, category=category, name=names, alt_name=written)


def _door(
    sketch: Sketch, id: str, start: tuple[float, float], end: tuple[float, float], level: str
) -> None:
    sketch.add("opening", id, LineString([start, end]), level_id=level, category="pedestrian")


Plant = Callable[[Sketch, Random], set[str]]
"""Makes a fault and says which features (or which level) it touches."""


def _a_door(sketch: Sketch, random: Random) -> Drawn:
    return random.choice([each for each in sketch.of("opening") if each.id[5:6].isdigit()])


def _room_of(sketch: Sketch, door: Drawn) -> Drawn:
    return sketch.features[f"room-{door.id[5:]}"]


def door_missing(sketch: Sketch, random: Random) -> set[str]:
    """A room without its door."""
    door = _a_door(sketch, random)
    del sketch.features[door.id]
    return {_room_of(sketch, door).id}


def door_off_its_wall(sketch: Sketch, random: Random) -> set[str]:
    """A door 0.1 to 0.6 m off its wall, to either side."""
    door = _a_door(sketch, random)
    off = random.uniform(0.1, 0.6) * random.choice((-1, 1))
    assert door.shape is not None
    door.shape = affinity.translate(door.shape, 0, off)
    return {door.id}


def door_across_the_wall(sketch: Sketch, random: Random) -> set[str]:
    """A door drawn as its open leaf."""
    door = _a_door(sketch, random)
    assert door.shape is not None
    door.shape = affinity.rotate(door.shape, 90)
    return {door.id}


def door_as_a_point(sketch: Sketch, random: Random) -> set[str]:
    """A door that is only its middle, up to 0.2 m off."""
    door = _a_door(sketch, random)
    assert door.shape is not None
    middle = door.shape.centroid
    door.shape = Point(middle.x, middle.y + random.uniform(-0.2, 0.2))
    return {door.id}


def room_behind_a_gap(sketch: Sketch, random: Random) -> set[str]:
    """A room that ends at the inner face of a wall 0.13 to 0.4 m thick."""
    door = _a_door(sketch, random)
    room = _room_of(sketch, door)
    assert room.shape is not None
    room.shape = room.shape.buffer(-random.uniform(0.13, 0.4), join_style="mitre")
    return {room.id, door.id}


def room_over_the_corridor(sketch: Sketch, random: Random) -> set[str]:
    """A room that reaches 0.2 to 0.6 m into the corridor."""
    door = _a_door(sketch, random)
    room = _room_of(sketch, door)
    assert room.shape is not None
    up = -1 if room.id[6] == "n" else 1
    room.shape = room.shape.union(affinity.translate(room.shape, 0, up * random.uniform(0.2, 0.6)))
    level = room.properties["level_id"]
    return {
        room.id,
        door.id,
        *(
            each.id
            for each in sketch.of("unit")
            if each.properties["level_id"] == level and each.id[:4] in {"west", "east"}
        ),
    }


def corridors_apart(sketch: Sketch, random: Random) -> set[str]:
    """A slit of 0.06 to 0.3 m between two corridors."""
    n = random.randrange(FLOORS)
    slit = random.uniform(0.06, 0.3)
    sketch.features[f"east-{n}"].shape = box(30 + slit, 3, 54, 6)
    return {f"east-{n}", f"west-{n}"}


def corridor_under_everything(sketch: Sketch, random: Random) -> set[str]:
    """One corridor over the whole floor, all else on top of it."""
    n = random.randrange(FLOORS)
    sketch.features[f"west-{n}"].shape = box(6, -6, 54, 15)
    del sketch.features[f"east-{n}"]
    return {f"west-{n}"}


def corridor_not_drawn(sketch: Sketch, random: Random) -> set[str]:
    """Only rooms are drawn on a floor."""
    n = random.randrange(FLOORS)
    del sketch.features[f"east-{n}"]
    del sketch.features[f"west-{n}"]
    return {f"level-{n}"}


def stairs_aside(sketch: Sketch, random: Random) -> set[str]:
    """The top floor's stairs are drawn somewhere else."""
    n = FLOORS - 1
    stairs, store = sketch.features[f"stairs-{n}"], sketch.features[f"store-{n}"]
    stairs.shape, store.shape = box(57, -6, 66, 2.5), box(54, -6, 57, 3)
    sketch.features[f"door-stairs-{n}"].shape = LineString([(57, 0), (57, 1)])
    random.random()
    return {stairs.id}


def lift_without_door(sketch: Sketch, random: Random) -> set[str]:
    """A lift nobody can step into on one floor."""
    n = random.randrange(FLOORS)
    del sketch.features[f"door-lift-{n}"]
    return {f"lift-{n}"}


def room_twice(sketch: Sketch, random: Random) -> set[str]:
    """The same room drawn twice."""
    room = random.choice(sketch.of("unit", "room"))
    twin = f"twin-of-{room.id}"
    sketch.add("unit", twin, room.shape, **room.properties)
    return {room.id, twin}


def room_on_no_level(sketch: Sketch, random: Random) -> set[str]:
    """A room whose level is not there."""
    room = random.choice(sketch.of("unit", "room"))
    room.properties["level_id"] = "level-77"
    return {room.id}


FAULTS: Final[tuple[Plant, ...]] = (
    door_missing,
    door_off_its_wall,
    door_across_the_wall,
    door_as_a_point,
    room_behind_a_gap,
    room_over_the_corridor,
    corridors_apart,
    corridor_under_everything,
    corridor_not_drawn,
    stairs_aside,
    lift_without_door,
    room_twice,
    room_on_no_level,
)


def many_at_once(sketch: Sketch, random: Random) -> set[str]:
    """Twenty of the small faults and one of the large ones in one map."""
    small = FAULTS[:6]
    touched = {each for _ in range(20) for each in _planted(random.choice(small), sketch, random)}
    return touched | random.choice((corridors_apart, corridor_not_drawn, stairs_aside))(
        sketch, random
    )


def _planted(fault: Plant, sketch: Sketch, random: Random) -> set[str]:
    try:
        return fault(sketch, random)
    except KeyError:
        return set()
