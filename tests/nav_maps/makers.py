"""Small maps for tests, as files: two rooms on a corridor, on as many floors as wanted."""

import json
from pathlib import Path
from typing import Any

LONGITUDE, LATITUDE = 120.0, 30.0
EAST, NORTH = 1 / 96_486.28, 1 / 110_852.43
"""Degrees in a metre, there."""

Json = dict[str, Any]


def at(x: float, y: float) -> list[float]:
    """Metres as degrees."""
    return [LONGITUDE + x * EAST, LATITUDE + y * NORTH]


def box(x: float, y: float, width: float, depth: float) -> Json:
    corners = [(x, y), (x + width, y), (x + width, y + depth), (x, y + depth), (x, y)]
    return {"type": "Polygon", "coordinates": [[at(*corner) for corner in corners]]}


def line(*points: tuple[float, float]) -> Json:
    return {"type": "LineString", "coordinates": [at(*point) for point in points]}


def point(x: float, y: float) -> Json:
    return {"type": "Point", "coordinates": at(x, y)}


def feature(type: str, id: str, geometry: Json | None, **properties: object) -> Json:
    return {
        "id": id,
        "type": "Feature",
        "feature_type": type,
        "geometry": geometry,
        "properties": properties,
    }


def name(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def floor(n: int) -> dict[str, list[Json]]:
    """A corridor 20 × 3 m with rooms A and B north of it and stairs at its east end."""
    level = f"level-{n}"
    return {
        "level": [
            feature(
                "level",
                level,
                box(0, 0, 24, 8),
                ordinal=n,
                category="unspecified",
                outdoor=False,
                name=name(f"{n + 1}层", f"Level {n + 1}"),
                short_name=name(f"{n + 1}F", f"{n + 1}F"),
            )
        ],
        "unit": [
            feature(
                "unit",
                f"{kind}-{n}",
                geometry,
                level_id=level,
                category=category,
                restriction=None,
                name=named,
                alt_name=None if number is None else {"zh": number, "en": number},
            )
            for kind, category, geometry, named, number in (
                ("corridor", "walkway", box(0, 0, 20, 3), name("走廊", "Corridor"), None),
                ("a", "room", box(0, 3, 10, 5), name("检验科", "Laboratory"), f"{n + 1}01"),
                ("b", "room", box(10, 3, 10, 5), name("药房", "Pharmacy"), f"{n + 1}02"),
                ("stairs", "stairs", box(20, 0, 4, 3), name("楼梯", "Stairs"), None),
            )
        ],
        "opening": [
            feature("opening", f"{id}-{n}", geometry, level_id=level, category="pedestrian")
            for id, geometry in (
                ("door-a", line((4, 3), (5, 3))),
                ("door-b", line((14, 3), (15, 3))),
                ("door-stairs", line((20, 1), (20, 2))),
                *([("entrance", line((0, 1), (0, 2)))] if n == 0 else []),
            )
        ],
    }


def house(floors: int = 2) -> dict[str, list[Json]]:
    """All files of a sound little map."""
    files: dict[str, list[Json]] = {"level": [], "unit": [], "opening": []}
    for n in range(floors):
        for type, features in floor(n).items():
            files[type] += features
    files["venue"] = [
        feature("venue", "venue", box(-5, -5, 40, 20), name=name("小医院", "Small hospital"))
    ]
    files["building"] = [feature("building", "building", None, name=None)]
    files["footprint"] = [
        feature("footprint", "footprint", box(0, 0, 24, 8), building_ids=["building"])
    ]
    files["address"] = [feature("address", "address", None, address="1 Road", country="CN")]
    return files


def write(folder: Path, files: dict[str, list[Json]], **more: object) -> Path:
    """The files as an archive folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for type, features in files.items():
        text = json.dumps({"type": "FeatureCollection", "name": type, "features": features})
        (folder / f"{type}.geojson").write_text(text, "utf-8")
    (folder / "manifest.json").write_text(
        json.dumps({"version": "1.0.0", "language": "zh", **more})
    )
    return folder
