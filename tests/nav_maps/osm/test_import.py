"""OpenStreetMap's Simple Indoor Tagging becomes a map one can walk."""

import csv
import io
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nav_maps import Finding, IndoorMap, NotAMap, read_map
from nav_maps.cli import main
from nav_maps.doctor import diagnose
from nav_maps.osm import import_osm
from nav_maps.osm.tags import category_of, levels_of, metres_of, names_of
from nav_maps.writing import write_archive
from tests.nav_maps.makers import at

Json = dict[str, Any]


class Osm:
    """A small OSM file in the making: nodes by their metres."""

    def __init__(self) -> None:
        self.elements: list[Json] = []
        self._nodes: dict[tuple[float, float], Json] = {}

    def node(self, x: float, y: float, **tags: str) -> int:
        if (x, y) not in self._nodes:
            longitude, latitude = at(x, y)
            made: Json = {
                "type": "node",
                "id": len(self._nodes) + 1,
                "lon": longitude,
                "lat": latitude,
                "tags": {},
            }
            self._nodes[x, y] = made
            self.elements.append(made)
        found = self._nodes[x, y]
        found["tags"] = {
            **found["tags"],
            **{key.replace("__", ":"): value for key, value in tags.items()},
        }
        return int(str(found["id"]))

    def way(self, *points: tuple[float, float], **tags: str) -> int:
        nodes = [self.node(*point) for point in points]
        id = 1000 + len(self.elements)
        named = {key.replace("__", ":"): value for key, value in tags.items()}
        self.elements.append(
            {
                "type": "way",
                "id": id,
                "nodes": nodes,
                "tags": named,
            }
        )
        return id

    def ring(self, *points: tuple[float, float], **tags: str) -> int:
        return self.way(*points, points[0], **tags)

    def box(self, x: float, y: float, width: float, depth: float, **tags: str) -> int:
        corners = ((x, y), (x + width, y), (x + width, y + depth), (x, y + depth))
        return self.ring(*corners, **tags)

    def write(self, path: Path) -> Path:
        path.write_text(json.dumps({"version": 0.6, "elements": self.elements}), "utf-8")
        return path

    def write_xml(self, path: Path) -> Path:
        lines = ["<?xml version='1.0'?>", '<osm version="0.6">']
        for each in self.elements:
            tags = "".join(f'<tag k="{k}" v="{v}"/>' for k, v in each["tags"].items())
            if each["type"] == "node":
                lines.append(
                    f'<node id="{each["id"]}" lon="{each["lon"]}" lat="{each["lat"]}">{tags}</node>'
                )
            else:
                nodes = "".join(f'<nd ref="{node}"/>' for node in each["nodes"])
                lines.append(f'<way id="{each["id"]}">{nodes}{tags}</way>')
        path.write_text("\n".join([*lines, "</osm>"]), "utf-8")
        return path


def clinic() -> Osm:
    """Two floors: a corridor with two rooms each, stairs at one end, a lift node at the other."""
    osm = Osm()
    for level, names in (("0", ("检验科", "药房")), ("1", ("儿科", "超声"))):
        osm.ring((0, 0), (20, 0), (20, 3), (15, 3), (5, 3), (0, 3), indoor="corridor", level=level)
        osm.ring(
            (0, 3),
            (5, 3),
            (10, 3),
            (10, 8),
            (0, 8),
            indoor="room",
            level=level,
            name=names[0],
            name__en=f"Room A{level}",
            ref=f"{level}01",
        )
        osm.ring(
            (10, 3), (15, 3), (20, 3), (20, 8), (10, 8), indoor="room", level=level, name=names[1]
        )
    osm.node(5, 3, door="hinged", width="1.1")
    osm.node(15, 3, door="yes")
    osm.node(0, 1.5, entrance="main", level="0")
    osm.box(20, 0, 4, 3, indoor="area", highway="steps", level="0;1")
    osm.node(17, 1.5, highway="elevator", level="0;1", wheelchair="yes")
    osm.node(13, 5, amenity="drinking_water", level="0")
    osm.box(-1, -1, 30, 10, building="hospital", name="小医院", name__en="Small hospital")
    return osm


def imported(path: Path, tmp_path: Path) -> tuple[IndoorMap, list[Finding]]:
    findings: list[Finding] = []
    archive, projection = import_osm(path, findings)
    out = tmp_path / "out.zip"
    write_archive(out, archive, projection)
    built, read = read_map(out)
    return built, [*findings, *read]


def test_a_tagged_building_becomes_a_map_one_can_walk(tmp_path: Path) -> None:
    built, findings = imported(clinic().write(tmp_path / "clinic.json"), tmp_path)
    assert not findings
    assert built.names == {"zh": "小医院", "en": "Small hospital"}
    assert sorted(unit.category for unit in built.units.values()) == sorted(
        [
            "elevator",
            "elevator",
            "room",
            "room",
            "room",
            "room",
            "stairs",
            "stairs",
            "walkway",
            "walkway",
        ]
    )
    found = diagnose(built)
    assert found.reached == {"public": 10, "wheelchair": 10, "staff": 10}
    assert {each.rule for each in found.findings} <= {"name-language", "vertical-inferred"}


def test_names_numbers_and_widths_are_kept(tmp_path: Path) -> None:
    built, _ = imported(clinic().write(tmp_path / "clinic.json"), tmp_path)
    room = next(unit for unit in built.units.values() if unit.number.get("zh") == "001")
    assert room.names == {"zh": "检验科", "en": "Room A0"}
    assert {round(door.line.length, 1) for door in built.openings.values()} == {0.9, 1.1, 1.8}


def test_stairs_and_lifts_on_several_levels_become_pathways(tmp_path: Path) -> None:
    built, _ = imported(clinic().write(tmp_path / "clinic.json"), tmp_path)
    assert sorted(str(each.mode) for each in built.navigation.pathways) == ["elevator", "stairs"]


def test_xml_says_the_same_as_json(tmp_path: Path) -> None:
    one, _ = imported(clinic().write(tmp_path / "clinic.json"), tmp_path)
    (tmp_path / "xml").mkdir()
    other, _ = imported(clinic().write_xml(tmp_path / "clinic.osm"), tmp_path / "xml")
    assert one == other


def test_importing_twice_gives_the_same_ids(tmp_path: Path) -> None:
    path = clinic().write(tmp_path / "clinic.json")
    (tmp_path / "again").mkdir()
    assert imported(path, tmp_path)[0] == imported(path, tmp_path / "again")[0]


def test_a_corridor_drawn_as_a_line_and_an_escalator_are_walked(tmp_path: Path) -> None:
    osm = Osm()
    for level in ("0", "1"):
        osm.way((0, 0), (20, 0), highway="corridor", level=level)
    osm.way((20, 0), (26, 0), highway="steps", conveying="forward", level="0;1", width="1")
    built, _ = imported(osm.write(tmp_path / "m.json"), tmp_path)
    pathway = built.navigation.pathways[0]
    assert pathway.one_way
    assert [built.levels[built.units[unit].level].ordinal for unit in pathway.units] == [0, 1]
    assert [unit.area.area for unit in built.units.values()] == pytest.approx(
        [40, 40, 6, 6], rel=1e-3
    )


def test_a_multipolygon_has_its_hole(tmp_path: Path) -> None:
    osm = Osm()
    outer, inner = osm.box(0, 0, 10, 10), osm.box(4, 4, 2, 2)
    members = [
        {"type": "way", "ref": ref, "role": role}
        for ref, role in ((outer, "outer"), (inner, "inner"))
    ]
    osm.elements.append(
        {
            "type": "relation",
            "id": 1,
            "members": members,
            "tags": {"type": "multipolygon", "indoor": "area", "level": "0"},
        }
    )
    built, _ = imported(osm.write(tmp_path / "m.json"), tmp_path)
    assert [round(unit.area.area) for unit in built.units.values()] == [96]


def test_half_levels_are_counted_from_the_ground(tmp_path: Path) -> None:
    osm = Osm()
    for level in ("-1", "0", "0.5", "1"):
        osm.box(0, 0, 10, 10, indoor="area", level=level)
    built, _ = imported(osm.write(tmp_path / "m.json"), tmp_path)
    assert sorted(level.ordinal for level in built.levels.values()) == [-1, 0, 1, 2]


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    osm = clinic()
    osm.way((0, 20), (3, 20), indoor="room", level="0")
    osm.node(50, 50, door="yes", level="0")
    osm.box(40, 0, 5, 5, indoor="area")
    osm.elements.append(
        {"type": "way", "id": 9, "nodes": [1, 2, 77, 1], "tags": {"indoor": "area"}}
    )
    _, findings = imported(osm.write(tmp_path / "m.json"), tmp_path)
    assert {each.rule for each in findings} >= {
        "osm-not-closed",
        "osm-door-alone",
        "osm-incomplete",
        "osm-no-level",
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "neither"),
        ("{}", "no list of elements"),
        ("[1, 2]", "no list of elements"),
        ('{"elements": []}', "nothing indoor"),
        ("<osm/>", "no node"),
        ("<osm><node id='1' lat='1' lon='1'/>", "no sound OSM XML"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><osm><node id="1"/></osm>', "document type"),
        ("[" * 100_000, "no list of elements"),
    ],
)
def test_what_is_no_osm_file_is_one_sentence(
    text: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.osm"
    path.write_text(text)
    assert main(["import", str(path), str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert "Traceback" not in said


def test_the_command_writes_what_check_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = clinic().write(tmp_path / "clinic.json"), tmp_path / "clinic.zip"
    assert main(["import", str(path), str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["unit"] == 10
    main(["check", str(out), "--json"])
    assert json.loads(capsys.readouterr().out)["reached"]["public"] == 10
    with pytest.raises(NotAMap):
        import_osm(out, [])


@pytest.mark.parametrize(
    ("written", "levels"),
    [
        ("0", (0,)),
        ("0;1", (0, 1)),
        ("-1", (-1,)),
        ("-1-2", (-1, 0, 1, 2)),
        ("0-3", (0, 1, 2, 3)),
        ("0.5", (0.5,)),
        ("", ()),
        ("x", ()),
    ],
)
def test_levels_as_people_write_them(written: str, levels: tuple[float, ...]) -> None:
    assert levels_of({"level": written}) == levels


def test_tags_as_people_write_them() -> None:
    assert metres_of("90 cm") == pytest.approx(0.9)
    assert metres_of("1,2") == pytest.approx(1.2)
    assert metres_of("wide") is None
    assert names_of({"name": "Apotheke", "name:zh-Hans": "药房"}) == {
        "zh": "药房",
        "en": "Apotheke",
    }
    assert (
        category_of({"indoor": "room", "amenity": "toilets", "female": "yes"}) == "restroom.female"
    )
    assert category_of({"indoor": "room", "room": "waiting"}) == "waitingroom"
    assert category_of({"indoor": "area", "shop": "gift"}) == "room"


def test_gtfs_pathways_join_all_units(tmp_path: Path) -> None:
    path, out = clinic().write(tmp_path / "clinic.json"), tmp_path / "clinic.zip"
    main(["import", str(path), str(out)])
    assert main(["export", str(out), "--gtfs", str(tmp_path / "gtfs")]) == 0
    rows = {
        name: list(
            csv.DictReader(io.StringIO((tmp_path / "gtfs" / f"{name}.txt").read_text("utf-8")))
        )
        for name in ("levels", "stops", "pathways")
    }
    assert len(rows["levels"]) == 2
    stops = {row["stop_id"]: row for row in rows["stops"]}
    assert [row["location_type"] for row in rows["stops"]].count("2") == 1
    assert {row["pathway_mode"] for row in rows["pathways"]} == {"1", "2", "5"}
    for row in rows["pathways"]:
        assert {row["from_stop_id"], row["to_stop_id"]} <= stops.keys()
    assert len({row["pathway_id"] for row in rows["pathways"]}) == len(rows["pathways"])


CLINIC = clinic().elements


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_change_of_an_osm_file_ends_in_a_map_or_a_sentence(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elements = deepcopy(CLINIC)
    for _ in range(data.draw(st.integers(1, 6))):
        each = data.draw(st.sampled_from(elements))
        if not each:
            continue
        key = data.draw(st.sampled_from(sorted(each)))
        values = (
            st.none()
            | st.integers()
            | st.text(max_size=3)
            | st.lists(st.integers(0, 40), max_size=5)
        )
        tags = st.dictionaries(
            st.sampled_from(
                ["indoor", "level", "highway", "door", "room", "width", "area", "conveying"]
            ),
            st.sampled_from(
                ["yes", "no", "room", "0;1", "-5-5", "steps", "elevator", "1e9", "-1", "corridor"]
            ),
            max_size=4,
        )
        each[key] = data.draw(values | tags)
    folder = tmp_path_factory.mktemp("osm")
    path = folder / "m.json"
    path.write_text(json.dumps({"elements": elements}), "utf-8")
    try:
        built, _ = imported(path, folder)
    except NotAMap:
        return
    diagnose(built)
