"""The sample hospital as an IMDF archive with `x_navigation.geojson`."""

import json
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from shapely import Point
from shapely.geometry.base import BaseGeometry

from nav_maps.model import IndoorMap
from nav_maps.projection import Projection
from nav_maps.reading import read_map
from nav_maps.sample import shell
from nav_maps.sample.build import EN, ZH, House, Made, feature_id, labels, raise_building
from nav_maps.sample.equip import equip
from nav_maps.writing import to_geojson, write_files

ORIGIN: Final = Projection(120.0, 30.0)
"""Where it would stand: the south-western corner; nobody lives at so round a place."""
FILES: Final = (
    "address",
    "amenity",
    "anchor",
    "building",
    "detail",
    "fixture",
    "footprint",
    "geofence",
    "kiosk",
    "level",
    "occupant",
    "opening",
    "relationship",
    "section",
    "unit",
    "venue",
    "x_navigation",
)


def sample_house() -> House:
    """All features, in metres."""
    house = House()
    _grounds(house)
    raise_building(house)
    equip(house)
    return house


def sample_files() -> dict[str, bytes]:
    """The files of the archive by name."""
    by_type: defaultdict[str, list[Made]] = defaultdict(list)
    for made in sample_house().made:
        by_type[made.type].append(made)
    files = {f"{type}.geojson": _collection(type, by_type[type]) for type in FILES}
    manifest = {
        "version": "1.0.0",
        "created": "2026-11-21T00:00:00Z",
        "language": "zh-Hans",
        "generated_by": "nav-maps sample",
    }
    files["manifest.json"] = _json(manifest)
    return files


def write_sample(out: Path) -> None:
    """Write the archive: a folder, or a zip when the name ends so.

    Raises:
        FileExistsError: there is something at `out` already.
    """
    write_files(out, sample_files())


def sample_map() -> IndoorMap:
    """The hospital as values, read from its files."""
    with TemporaryDirectory() as folder:
        out = Path(folder) / "sample"
        write_sample(out)
        found, _ = read_map(out)
    return found


def _grounds(house: House) -> None:
    address = house.add(
        "address",
        "house",
        None,
        address="晨星路1号",
        unit=None,
        locality="晨星",
        province="CN-ZJ",
        country="CN",
        postal_code=None,
        postal_code_ext=None,
    )
    outline = shell.outline()
    house.add(
        "venue",
        "house",
        shell.grounds(),
        category="unspecified",
        restriction=None,
        name=labels(ZH, EN),
        alt_name=None,
        hours="24/7",
        phone=None,
        website=None,
        display_point=Point(54, 4),
        address_id=address,
    )
    building = house.add(
        "building",
        "house",
        None,
        name=labels("门急诊楼", "Outpatient building"),
        alt_name=None,
        category="unspecified",
        restriction=None,
        display_point=Point(54, 4),
        address_id=address,
    )
    house.add("footprint", "house", outline, category="ground", name=None, building_ids=[building])
    house.add(
        "footprint", "below", outline, category="subterranean", name=None, building_ids=[building]
    )
    if building != feature_id("building:house"):
        raise ValueError("levels stand in another building")


def _collection(type: str, made: list[Made]) -> bytes:
    features = [
        {
            "id": each.id,
            "type": "Feature",
            "feature_type": type,
            "geometry": to_geojson(each.shape, ORIGIN),
            "properties": {name: _value(value) for name, value in each.properties.items()},
        }
        for each in made
    ]
    return _json({"type": "FeatureCollection", "name": type, "features": features})


def _value(value: Any) -> Any:  # a property may be anything that JSON has, or a shape
    return to_geojson(value, ORIGIN) if isinstance(value, BaseGeometry) else value


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
