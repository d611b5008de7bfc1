"""Maps as they come: each deviation is read as it is meant, and said."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nav_maps import IndoorMap, read_map
from nav_maps.labels import labels
from nav_maps.reading.levels import floor_of
from tests.nav_maps.makers import (
    LATITUDE,
    LONGITUDE,
    Json,
    at,
    box,
    feature,
    house,
    line,
    point,
    write,
)

Files = dict[str, list[Json]]
Read = tuple[IndoorMap, set[str]]


def of(files: Files, type: str, id: str) -> Json:
    return next(each for each in files[type] if each["id"] == id)


def read(tmp_path: Path, change: Callable[[Files], None]) -> Read:
    files = house()
    change(files)
    built, findings = read_map(write(tmp_path / "map", files))
    return built, {each.rule for each in findings}


def each_position(files: Files, change: Callable[[list[float]], list[float]]) -> None:
    def walk(value: object) -> object:
        if isinstance(value, list) and value and isinstance(value[0], float):
            return change(value)
        return [walk(each) for each in value] if isinstance(value, list) else value

    for features in files.values():
        for each in features:
            if each["geometry"]:
                each["geometry"]["coordinates"] = walk(each["geometry"]["coordinates"])


def assert_whole(built: IndoorMap) -> None:
    """All units and doors of the little house are there, in their size."""
    assert (len(built.units), len(built.openings)) == (8, 7)
    assert built.units["a-0"].area.area == pytest.approx(50.0, rel=0.02)
    assert built.openings["door-a-0"].line.length == pytest.approx(1.0, rel=0.02)


def test_heights_in_the_coordinates_are_dropped(tmp_path: Path) -> None:
    built, rules = read(tmp_path, lambda files: each_position(files, lambda at: [*at, 4.5]))
    assert_whole(built)
    assert not rules


def test_exchanged_coordinates_beyond_ninety_degrees_are_turned(tmp_path: Path) -> None:
    built, rules = read(tmp_path, lambda files: each_position(files, lambda at: at[::-1]))
    assert_whole(built)
    assert rules == {"coordinates-swapped"}
    assert built.projection.longitude == pytest.approx(LONGITUDE, abs=0.001)


def test_exchanged_coordinates_show_by_their_corners(tmp_path: Path) -> None:
    """At 60° north and 30° east both orders are possible; a turned building is square in one of them only."""
    turn = np.array([[np.cos(0.5), -np.sin(0.5)], [np.sin(0.5), np.cos(0.5)]])

    def to_the_north(at: list[float]) -> list[float]:
        metres = turn @ [(at[0] - LONGITUDE) * 96_486.28, (at[1] - LATITUDE) * 110_852.43]
        return [30.0 + float(metres[0]) / 55_800.0, 60.0 + float(metres[1]) / 111_412.0]

    files = house(6)
    each_position(files, to_the_north)
    right, findings = read_map(write(tmp_path / "right", files))
    assert not findings
    each_position(files, lambda at: at[::-1])
    turned, findings = read_map(write(tmp_path / "turned", files))
    assert {each.rule for each in findings} == {"coordinates-swapped"}
    assert turned.units["a-0"].area.equals_exact(right.units["a-0"].area, 0.01)


def test_one_exchanged_feature_comes_home(tmp_path: Path) -> None:
    def one(files: Files) -> None:
        geometry = of(files, "unit", "a-0")["geometry"]
        geometry["coordinates"] = [[at[::-1] for at in geometry["coordinates"][0]]]

    built, rules = read(tmp_path, one)
    assert_whole(built)
    assert rules == {"coordinates-swapped"}


def test_web_mercator_is_recognised(tmp_path: Path) -> None:
    def mercator(at: list[float]) -> list[float]:
        radius = 6_378_137.0
        return [
            float(np.radians(at[0]) * radius),
            float(np.log(np.tan(np.pi / 4 + np.radians(at[1]) / 2)) * radius),
        ]

    built, rules = read(tmp_path, lambda files: each_position(files, mercator))
    assert_whole(built)
    assert rules == {"coordinates-not-degrees"}


def test_plain_metres_are_recognised(tmp_path: Path) -> None:
    def metres(at: list[float]) -> list[float]:
        return [(at[0] - LONGITUDE) * 96_486.28 + 500.0, (at[1] - LATITUDE) * 110_852.43 + 900.0]

    built, rules = read(tmp_path, lambda files: each_position(files, metres))
    assert_whole(built)
    assert rules == {"coordinates-not-degrees"}


def test_a_feature_on_another_continent_is_left_out(tmp_path: Path) -> None:
    def far(files: Files) -> None:
        of(files, "unit", "a-0")["geometry"] = {
            "type": "Polygon",
            "coordinates": [[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]],
        }

    built, rules = read(tmp_path, far)
    assert "a-0" not in built.units
    assert "far-away" in rules


def _open_ring(files: Files) -> None:
    of(files, "unit", "a-0")["geometry"]["coordinates"][0].pop()


def _one_list_too_few(files: Files) -> None:
    geometry = of(files, "unit", "a-0")["geometry"]
    geometry["coordinates"] = geometry["coordinates"][0]


def _a_null_position(files: Files) -> None:
    of(files, "unit", "a-0")["geometry"]["coordinates"][0].insert(2, [None, None])


def _texts_for_numbers(files: Files) -> None:
    ring = of(files, "unit", "a-0")["geometry"]["coordinates"]
    ring[0] = [[str(x), str(y)] for x, y in ring[0]]


def _lower_case_type(files: Files) -> None:
    of(files, "unit", "a-0")["geometry"]["type"] = "polygon"


def _outline_twice_around(files: Files) -> None:
    ring = of(files, "unit", "a-0")["geometry"]["coordinates"][0]
    ring[1:1] = [ring[0], at(0, 1), ring[0]]


@pytest.mark.parametrize(
    "change",
    [
        _open_ring,
        _one_list_too_few,
        _a_null_position,
        _lower_case_type,
        _outline_twice_around,
    ],
)
def test_broken_rings_are_mended(change: Callable[[Files], None], tmp_path: Path) -> None:
    built, rules = read(tmp_path, change)
    assert_whole(built)
    assert rules == {"geometry-mended"}


def test_numbers_written_as_texts_are_read(tmp_path: Path) -> None:
    built, _ = read(tmp_path, _texts_for_numbers)
    assert_whole(built)


def test_a_bow_tie_keeps_its_ground(tmp_path: Path) -> None:
    def bow_tie(files: Files) -> None:
        ring = [at(0, 3), at(10, 8), at(10, 3), at(0, 8), at(0, 3)]
        of(files, "unit", "a-0")["geometry"]["coordinates"] = [ring]

    built, rules = read(tmp_path, bow_tie)
    assert built.units["a-0"].area.area == pytest.approx(25.0, rel=0.01)
    assert "geometry-mended" in rules


@pytest.mark.parametrize(
    ("geometry", "length"),
    [
        (point(4.5, 3.1), 0.9),
        (line((4.5, 3), (4.5, 3)), 0.9),
        (box(4, 2.9, 1.2, 0.2), 1.2),
        (
            {
                "type": "MultiLineString",
                "coordinates": [[at(4, 3), at(4.5, 3)], [at(4.5, 3), at(5, 3)]],
            },
            1.0,
        ),
        ({"type": "GeometryCollection", "geometries": [line((4, 3), (5, 3))]}, 1.0),
    ],
    ids=["point", "no length", "polygon", "pieces", "collection"],
)
def test_doors_drawn_otherwise_become_lines(geometry: Json, length: float, tmp_path: Path) -> None:
    def drawn(files: Files) -> None:
        of(files, "opening", "door-a-0")["geometry"] = geometry

    built, rules = read(tmp_path, drawn)
    assert built.openings["door-a-0"].line.length == pytest.approx(length, rel=0.02)
    assert rules == {"opening-drawn-otherwise"}


def test_doors_for_cars_only_are_for_people(tmp_path: Path) -> None:
    def cars(files: Files) -> None:
        for each in files["opening"]:
            each["properties"]["category"] = "AUTOMOBILE"

    built, rules = read(tmp_path, cars)
    assert {door.category for door in built.openings.values()} == {"pedestrian"}
    assert rules == {"category-implausible"}


def test_stairs_that_nobody_may_use_are_free(tmp_path: Path) -> None:
    def closed(files: Files) -> None:
        files.update(house(3))
        for each in files["unit"]:
            if each["properties"]["category"] == "stairs":
                each["properties"]["restriction"] = "employeesonly"

    built, rules = read(tmp_path, closed)
    assert {unit.restriction for unit in built.units.values()} == {None}
    assert rules == {"restriction-implausible"}


def test_categories_in_upper_case_and_ids_in_numbers_are_read(tmp_path: Path) -> None:
    def shout(files: Files) -> None:
        for number, each in enumerate(files["unit"]):
            each["id"] = number
            each["properties"]["category"] = each["properties"]["category"].upper()

    built, rules = read(tmp_path, shout)
    assert not rules
    assert {unit.category for unit in built.units.values()} == {"walkway", "room", "stairs"}
    assert set(built.units) == {str(number) for number in range(8)}


@pytest.mark.parametrize(
    ("written", "ordinal"), [("1", 1), (1.0, 1), (None, 1), ("2F", 1), ("", 1), ([], 1)]
)
def test_an_odd_ordinal_is_read_as_meant(written: object, ordinal: int, tmp_path: Path) -> None:
    def odd(files: Files) -> None:
        of(files, "level", "level-1")["properties"]["ordinal"] = written

    built, rules = read(tmp_path, odd)
    assert built.levels["level-1"].ordinal == ordinal
    assert rules == {"level-ordinal"}


@pytest.mark.parametrize(
    ("name", "ordinal"),
    [
        ("B1", -1),
        ("地下2层", -2),
        ("负一层", -1),
        ("G", 0),
        ("1F", 0),
        ("3楼", 2),
        ("三楼", 2),
        ("L4", 3),
        ("-1", -1),
        ("Roof", None),
    ],
)
def test_floors_as_people_call_them(name: str, ordinal: int | None) -> None:
    assert floor_of(name) == ordinal


def test_no_level_file_makes_the_levels_that_units_name(tmp_path: Path) -> None:
    def none(files: Files) -> None:
        del files["level"]
        for each in (*files["unit"], *files["opening"]):
            each["properties"]["level_id"] = "B1" if each["id"].endswith("0") else "1F"

    built, rules = read(tmp_path, none)
    assert {level.ordinal for level in built.levels.values()} == {-1, 0}
    assert "level-missing" in rules
    assert_whole(built)


def test_a_level_named_instead_of_its_id_is_found(tmp_path: Path) -> None:
    def named(files: Files) -> None:
        for each in (*files["unit"], *files["opening"]):
            each["properties"]["level_id"] = None
            each["properties"]["floor"] = "1F" if each["id"].endswith("0") else "2F"

    built, _ = read(tmp_path, named)
    assert_whole(built)
    assert built.units["a-1"].level == "level-1"


def test_the_same_id_twice_loses_nothing(tmp_path: Path) -> None:
    def twice(files: Files) -> None:
        of(files, "unit", "b-0")["id"] = "a-0"

    built, rules = read(tmp_path, twice)
    assert len(built.units) == 8
    assert rules == {"id-twice"}


def test_the_same_shape_over_and_over_is_cut_off(tmp_path: Path) -> None:
    def heap(files: Files) -> None:
        files["unit"] += [{**files["unit"][0], "id": f"copy-{n}"} for n in range(100)]

    built, rules = read(tmp_path, heap)
    assert len(built.units) == 8 + 19
    assert "piled-up" in rules


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_other_encodings_are_read(encoding: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "map", house())
    path = folder / "unit.geojson"
    text = json.dumps(json.loads(path.read_text("utf-8")), ensure_ascii=False)
    path.write_bytes(text.encode(encoding))
    built, _ = read_map(folder)
    assert_whole(built)
    assert built.units["a-0"].names["zh"] == "检验科"


def test_files_called_otherwise_are_found(tmp_path: Path) -> None:
    folder = write(tmp_path / "map", house())
    (folder / "unit.geojson").rename(folder / "Units.GeoJSON")
    (folder / "opening.geojson").rename(folder / "Hospital_1_Opening.json")
    built, findings = read_map(folder)
    assert_whole(built)
    assert not findings


def test_one_file_with_everything_is_a_map(tmp_path: Path) -> None:
    path = tmp_path / "all.geojson"
    features = [each for features in house().values() for each in features]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    assert_whole(read_map(path)[0])


def test_names_in_whatever_form_are_read() -> None:
    assert labels({"zh-Hans": "药房", "en-US": "Pharmacy"}) == {"zh": "药房", "en": "Pharmacy"}
    assert labels({"zh-TW": "藥局"}) == {"zh": "藥局"}
    assert labels("药房 A") == {"zh": "药房 A"}
    assert labels("Pharmacy", "de") == {"de": "Pharmacy"}
    assert labels({"en": None, "zh": " "}) == {}
    assert labels(12) == {"en": "12"}
    assert labels(["x"]) == {}


def test_what_navigation_lacks_is_said(tmp_path: Path) -> None:
    def lacking(files: Files) -> None:
        files["x_navigation"] = [
            feature(
                "x_navigation", "1", None, kind="pathway", pathway_mode=9, unit_ids=["a-0", "b-0"]
            ),
            feature("x_navigation", "2", None, kind="pathway", pathway_mode=2, unit_ids=["a-0"]),
            feature(
                "x_navigation", "3", None, kind="device", device="kiosk-01", level_id="level-0"
            ),
            feature("x_navigation", "4", None, kind="teleport"),
            feature("x_navigation", "5", None, kind="door", opening_id="door-a-0", delay=-3),
            feature("x_navigation", "6", None, kind="place", unit_id="a-0"),
            feature(
                "x_navigation",
                "7",
                None,
                kind="closure",
                feature_ids=["a-0"],
                **{"from": "tomorrow"},
            ),
        ]

    built, rules = read(tmp_path, lacking)
    assert rules == {"navigation-kind", "navigation-incomplete", "navigation-value"}
    assert len(built.navigation.doors) == 1
    assert built.navigation.closures[0].start is None


def test_navigation_is_read_into_its_values(tmp_path: Path) -> None:
    both = ["stairs-0", "stairs-1"]
    lift_more: Json = {
        "per_level": 3,
        "capacity": 13,
        "restriction": "staff",
        "hours": "Mo-Fr 08:00-18:00",
    }

    def navigation(id: str, geometry: Json | None = None, **properties: object) -> Json:
        return feature("x_navigation", id, geometry, **properties)

    def whole(files: Files) -> None:
        files["x_navigation"] = [
            navigation("lift", kind="pathway", pathway_mode=5, unit_ids=both, wait=40, **lift_more),
            navigation("up", kind="pathway", pathway_mode=4, unit_ids=both, is_bidirectional=0),
            navigation("ramp", kind="pathway", pathway_mode=1, unit_ids=both, max_slope=0.06),
            navigation(
                "k", point(5, 1), kind="device", device="kiosk-01", level_id="level-0", facing=-90
            ),
        ]

    built, rules = read(tmp_path, whole)
    assert not rules
    lift, up, ramp = built.navigation.pathways
    assert (lift.wait_s, lift.per_level_s, lift.capacity, lift.staff_only) == (40, 3, 13, True)
    assert up.one_way
    assert not lift.one_way
    assert ramp.mode == "ramp"
    assert built.navigation.devices[0].facing_deg == 270
