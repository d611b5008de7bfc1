"""The doctor: each fault in a small house is found, said and, where it is safe, mended."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from nav_maps import Finding, read_map
from nav_maps.cli import main
from nav_maps.doctor import diagnose, examine, repair
from nav_maps.reading import build, read_archive
from nav_maps.rules import RULES
from nav_maps.writing import write_archive
from tests.nav_maps.makers import Json, box, feature, house, line, name, point, write

Files = dict[str, list[Json]]
QUIET = {"vertical-inferred", "level-no-lift"}


def found(path: Path) -> list[Finding]:
    built, read = read_map(path)
    return [each for each in (*read, *examine(built)) if each.rule not in QUIET]


def of(files: Files, type: str, id: str) -> Json:
    return next(each for each in files[type] if each["id"] == id)


def test_a_sound_house_has_no_findings(tmp_path: Path) -> None:
    assert not found(write(tmp_path / "map", house(3)))


def test_everybody_but_wheelchairs_gets_everywhere(tmp_path: Path) -> None:
    built, _ = read_map(write(tmp_path / "map", house()))
    assert diagnose(built).reached == {"public": 8, "wheelchair": 4, "staff": 8}


def _door_in_the_room(files: Files) -> None:
    of(files, "opening", "door-a-0")["geometry"] = line((4, 3.4), (5, 3.4))


def _door_in_the_corridor(files: Files) -> None:
    of(files, "opening", "door-a-0")["geometry"] = line((4, 2.7), (5, 2.7))


def _door_across_the_wall(files: Files) -> None:
    of(files, "opening", "door-a-0")["geometry"] = line((4.5, 2.6), (4.5, 3.4))


def _room_behind_a_gap(files: Files) -> None:
    of(files, "unit", "a-0")["geometry"] = box(0, 3.3, 10, 4.7)


def _rooms_on_top_of_the_corridor(files: Files) -> None:
    of(files, "unit", "corridor-0")["geometry"] = box(0, 0, 20, 8)


def _no_door(files: Files) -> None:
    files["opening"] = [each for each in files["opening"] if each["id"] != "door-a-0"]


def _no_stairs_upstairs(files: Files) -> None:
    files["unit"] = [each for each in files["unit"] if each["id"] != "stairs-1"]


def _stairs_aside(files: Files) -> None:
    of(files, "unit", "stairs-1")["geometry"] = box(20, 3, 4, 3)
    of(files, "unit", "b-1")["geometry"] = box(10, 3, 10, 5)
    of(files, "opening", "door-stairs-1")["geometry"] = line((20, 4), (20, 5))


def _no_chinese_name(files: Files) -> None:
    of(files, "unit", "a-0")["properties"]["name"] = {"en": "Laboratory"}


def _no_name(files: Files) -> None:
    of(files, "unit", "a-0")["properties"] |= {"name": None, "alt_name": None}


def _same_number(files: Files) -> None:
    of(files, "unit", "b-0")["properties"]["alt_name"] = {"en": "101"}


def _same_place(files: Files) -> None:
    twin = {**of(files, "unit", "a-0"), "id": "twin"}
    files["unit"].append(twin)


def _split_corridor(files: Files) -> None:
    of(files, "unit", "corridor-0")["geometry"] = box(0, 0, 9.9, 3)
    east = feature(
        "unit", "east-0", box(10, 0, 10, 3), level_id="level-0", category="walkway", name=None
    )
    files["unit"].append(east)


def _kiosk_outside(files: Files) -> None:
    files["x_navigation"] = [
        feature(
            "x_navigation", "k", point(30, -9), kind="device", device="kiosk-01", level_id="level-0"
        )
    ]


def _one_way_in(files: Files) -> None:
    files["x_navigation"] = [
        feature(
            "x_navigation",
            "d",
            None,
            kind="door",
            opening_id="door-a-0",
            from_unit_id="corridor-0",
            to_unit_id="a-0",
        )
    ]


def _closed_backwards(files: Files) -> None:
    files["x_navigation"] = [
        feature(
            "x_navigation",
            "c",
            None,
            kind="closure",
            feature_ids=["a-0"],
            **{"from": "2026-05-02T08:00:00+08:00", "to": "2026-05-01T08:00:00+08:00"},
        )
    ]


def _closed_nothing(files: Files) -> None:
    closure = feature("x_navigation", "c", None, kind="closure", feature_ids=["nowhere"])
    files["x_navigation"] = [closure]


def _level_twice(files: Files) -> None:
    of(files, "level", "level-1")["properties"]["ordinal"] = 0


def _no_entrance(files: Files) -> None:
    files["opening"] = [each for each in files["opening"] if each["id"] != "entrance-0"]


def _narrow_door(files: Files) -> None:
    of(files, "opening", "door-a-0")["geometry"] = line((4, 3), (4.5, 3))


def _off_its_level(files: Files) -> None:
    of(files, "level", "level-0")["geometry"] = box(0, 0, 24, 4)


FAULTS: list[tuple[Callable[[Files], None], str, bool]] = [
    (_door_in_the_room, "opening-inside", True),
    (_door_in_the_corridor, "opening-inside", True),
    (_door_across_the_wall, "opening-across", True),
    (_room_behind_a_gap, "opening-gap", True),
    (_rooms_on_top_of_the_corridor, "units-overlap", True),
    (_no_door, "unit-no-opening", False),
    (_no_stairs_upstairs, "unit-unreachable", False),
    (_stairs_aside, "vertical-unlinked", False),
    (_no_chinese_name, "name-language", False),
    (_no_name, "name-missing", False),
    (_same_number, "number-twice", False),
    (_same_place, "unit-twice", False),
    (_split_corridor, "passages-apart", True),
    (_kiosk_outside, "outside-unit", False),
    (_one_way_in, "one-way-trap", False),
    (_closed_backwards, "closure-never", False),
    (_closed_nothing, "reference-broken", False),
    (_level_twice, "level-twice", False),
    (_no_entrance, "no-entrance", False),
    (_narrow_door, "opening-narrow", False),
    (_off_its_level, "unit-off-level", False),
]


@pytest.mark.parametrize(
    ("fault", "rule", "safe"), FAULTS, ids=lambda each: getattr(each, "__name__", None)
)
def test_a_fault_is_found_and_said_in_both_languages(
    fault: Callable[[Files], None], rule: str, safe: bool, tmp_path: Path
) -> None:
    files = house()
    fault(files)
    findings = [each for each in found(write(tmp_path / "map", files)) if each.rule == rule]
    assert findings
    for each in findings:
        assert all((each.what["zh"], each.what["en"], each.remedy["zh"], each.remedy["en"]))
        assert "{" not in each.what["zh"] + each.what["en"]


@pytest.mark.parametrize(
    ("fault", "rule"),
    [(fault, rule) for fault, rule, safe in FAULTS if safe],
    ids=lambda each: getattr(each, "__name__", None),
)
def test_a_safe_repair_leaves_a_sound_map(
    fault: Callable[[Files], None], rule: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = house()
    fault(files)
    broken, mended = write(tmp_path / "map", files), tmp_path / "mended.zip"
    main(["check", str(broken), "--repair", str(mended), "--json"])
    said = json.loads(capsys.readouterr().out)
    assert rule in {each["rule"] for each in said["repaired"]}
    assert rule not in {each.rule for each in found(mended)}
    built, _ = read_map(mended)
    assert diagnose(built).reached["public"] == len(built.units)


def _no_corridor(files: Files) -> None:
    """Only the rooms are drawn, as programs for leases do; the level's outline holds the corridor."""
    files["unit"] = [each for each in files["unit"] if not each["id"].startswith("corridor")]


def _thick_walls(files: Files) -> None:
    """Units end at the inner faces of walls 0.24 m thick, doors lie in their middle."""
    for n in range(2):
        of(files, "unit", f"a-{n}")["geometry"] = box(0, 3.24, 9.88, 4.76)
        of(files, "unit", f"b-{n}")["geometry"] = box(10.12, 3.24, 9.88, 4.76)
        of(files, "opening", f"door-a-{n}")["geometry"] = line((4, 3.12), (5, 3.12))
        of(files, "opening", f"door-b-{n}")["geometry"] = line((14, 3.12), (15, 3.12))


PROPOSALS: list[tuple[Callable[[Files], None], str]] = [
    (_no_door, "unit-no-opening"),
    (_no_corridor, "passage-missing"),
    (_stairs_aside, "vertical-unlinked"),
    (_thick_walls, "opening-gap"),
]


@pytest.mark.parametrize(
    ("fault", "rule"), PROPOSALS, ids=lambda each: getattr(each, "__name__", None)
)
def test_with_the_proposals_made_everybody_gets_everywhere(
    fault: Callable[[Files], None], rule: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = house()
    fault(files)
    broken, mended = write(tmp_path / "map", files), tmp_path / "mended"
    assert rule in {each.rule for each in found(broken)}
    main(["check", str(broken), "--repair", str(mended), "--proposed"])
    assert "left" in capsys.readouterr().out
    built, _ = read_map(mended)
    assert diagnose(built).reached["public"] == len(built.units) == 8
    assert not [each for each in found(mended) if each.severity == "error"]


def test_doors_onto_undrawn_ground_are_no_entrances(tmp_path: Path) -> None:
    files = house()
    _no_corridor(files)
    built, _ = read_map(write(tmp_path / "map", files))
    assert diagnose(built).reached["public"] < 8


def _corridor_called_a_room(files: Files) -> None:
    for n in range(2):
        of(files, "unit", f"corridor-{n}")["properties"]["category"] = "room"


def test_a_corridor_that_is_called_a_room_becomes_one(tmp_path: Path) -> None:
    files = house()
    _corridor_called_a_room(files)
    finding = next(
        each for each in found(write(tmp_path / "map", files)) if each.rule == "passage-miscalled"
    )
    assert finding.repair is not None
    assert finding.repair.safe
    main(["check", str(tmp_path / "map"), "--repair", str(tmp_path / "mended")])
    built, _ = read_map(tmp_path / "mended")
    assert built.units["corridor-0"].category == "walkway"


def test_a_room_that_many_are_reached_through_is_proposed_as_a_passage(tmp_path: Path) -> None:
    files = house(1)
    hub = of(files, "unit", "corridor-0")
    hub["properties"] |= {"category": "office", "name": name("东区", "East")}
    for x in range(0, 20, 5):
        id = f"small-{x}"
        files["unit"].append(
            feature(
                "unit", id, box(x, -4, 5, 4), level_id="level-0", category="room", name=name(id, id)
            )
        )
        door = feature(
            "opening",
            f"door-{id}",
            line((x + 1, 0), (x + 2, 0)),
            level_id="level-0",
            category="pedestrian",
        )
        files["opening"].append(door)
    finding = next(
        each for each in found(write(tmp_path / "map", files)) if each.rule == "passage-miscalled"
    )
    assert finding.feature == "corridor-0"
    assert finding.repair is not None
    assert not finding.repair.safe


def test_a_generous_outline_of_the_level_hides_no_entrance(tmp_path: Path) -> None:
    files = house(1)
    of(files, "level", "level-0")["geometry"] = box(-20, -20, 64, 48)
    assert not found(write(tmp_path / "map", files))


def test_what_is_not_public_is_for_staff(tmp_path: Path) -> None:
    files = house()
    of(files, "unit", "a-0")["properties"]["category"] = "nonpublic"
    built, _ = read_map(write(tmp_path / "map", files))
    assert diagnose(built).reached == {"public": 7, "wheelchair": 3, "staff": 8}


def test_a_room_behind_what_is_for_staff_is_said(tmp_path: Path) -> None:
    files = house()
    of(files, "unit", "corridor-1")["properties"]["restriction"] = "employeesonly"
    assert {"unit-staff-only"} <= {each.rule for each in found(write(tmp_path / "map", files))}


def test_a_kiosk_that_is_cut_off_is_said(tmp_path: Path) -> None:
    files = house()
    _no_door(files)
    files["x_navigation"] = [
        feature(
            "x_navigation", "k", point(5, 5), kind="device", device="kiosk-01", level_id="level-0"
        )
    ]
    finding = next(
        each for each in found(write(tmp_path / "map", files)) if each.rule == "start-cut-off"
    )
    assert "kiosk-01" in finding.what["en"]


def test_the_proposed_door_stands_on_the_shared_wall(tmp_path: Path) -> None:
    files = house()
    _no_door(files)
    finding = next(
        each for each in found(write(tmp_path / "map", files)) if each.rule == "unit-no-opening"
    )
    assert finding.repair is not None
    assert "10.0" in finding.remedy["en"]
    change = finding.repair.changes[0]
    assert change.feature == "door-a-0-corridor-0"


def test_grounds_on_a_level_of_their_own_are_reached_by_the_entrance(tmp_path: Path) -> None:
    files = house()
    files["level"].append(
        feature(
            "level",
            "grounds",
            box(-30, -30, 80, 60),
            ordinal=0,
            outdoor=True,
            name=name("室外", "Grounds"),
            short_name=name("室外", "Grounds"),
        )
    )
    path = feature(
        "unit", "path", box(-10, 0, 9.5, 3), level_id="grounds", category="walkway", name=None
    )
    files["unit"].append(path)
    built, _ = read_map(write(tmp_path / "map", files))
    assert diagnose(built).reached["public"] == 9


def test_a_traversal_joins_what_no_door_touches(tmp_path: Path) -> None:
    files = house()
    _no_door(files)
    files["relationship"] = [
        feature(
            "relationship",
            "r",
            None,
            category="traversal",
            direction="undirected",
            origin={"id": "corridor-0", "feature_type": "unit"},
            intermediary=None,
            destination={"id": "a-0", "feature_type": "unit"},
        )
    ]
    built, _ = read_map(write(tmp_path / "map", files))
    assert diagnose(built).reached["public"] == 8


def test_a_wall_between_two_corridors_is_no_slit(tmp_path: Path) -> None:
    files = house()
    side = feature(
        "unit", "side", box(0, -3.2, 20, 3), level_id="level-0", category="walkway", name=None
    )
    files["unit"].append(side)
    files["opening"].append(
        feature(
            "opening",
            "side-door",
            line((20, -1), (20, -0.5)),
            level_id="level-0",
            category="pedestrian",
        )
    )
    of(files, "unit", "stairs-0")["geometry"] = box(20, -3.2, 4, 6.2)
    assert "passages-apart" not in {each.rule for each in found(write(tmp_path / "map", files))}


def test_a_finding_says_where(tmp_path: Path) -> None:
    files = house()
    _door_in_the_room(files)
    finding = next(
        each for each in found(write(tmp_path / "map", files)) if each.rule == "opening-inside"
    )
    assert finding.where is not None
    assert finding.where.level["zh"] == "1F"
    assert finding.where.near == name("检验科", "Laboratory")
    assert finding.where.longitude == pytest.approx(120.00004, abs=1e-5)


def test_a_lift_makes_the_upper_floor_reachable_by_wheelchair(tmp_path: Path) -> None:
    files = house()
    for n in range(2):
        files["unit"].append(
            feature(
                "unit",
                f"lift-{n}",
                box(20, 3, 2, 2),
                level_id=f"level-{n}",
                category="elevator",
                name=name("电梯", "Lift"),
            )
        )
        files["opening"].append(
            feature(
                "opening",
                f"door-lift-{n}",
                line((20, 3.5), (20, 4.5)),
                level_id=f"level-{n}",
                category="pedestrian",
            )
        )
    built, _ = read_map(write(tmp_path / "map", files))
    reached = diagnose(built).reached
    assert reached["public"] == 10
    # the lift opens into room B: a wheelchair gets there through it, and into the stairwell
    assert reached["wheelchair"] == 10


def test_a_pathway_takes_the_place_of_what_is_inferred(tmp_path: Path) -> None:
    files = house()
    _stairs_aside(files)
    files["x_navigation"] = [
        feature(
            "x_navigation",
            "p",
            None,
            kind="pathway",
            pathway_mode=2,
            unit_ids=["stairs-0", "stairs-1"],
        )
    ]
    assert {each.rule for each in found(write(tmp_path / "map", files))} <= {"unit-off-level"}


def test_status_says_whether_something_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = house(1)
    assert main(["check", str(write(tmp_path / "good", files))]) == 0
    _no_door(files)
    assert main(["check", str(write(tmp_path / "bad", files)), "--lang", "zh"]) == 1
    assert "没有门" in capsys.readouterr().out
    assert main(["check", str(tmp_path / "none")]) == 2


def test_a_repair_overwrites_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "map", house())
    assert main(["check", str(path), "--repair", str(path)]) == 2
    assert "is there already" in capsys.readouterr().err


def test_every_rule_has_its_sentences_in_both_languages() -> None:
    for rule in RULES.values():
        assert set(rule.what) == set(rule.remedy) == {"zh", "en"}
        assert all(rule.what.values())
        assert all(rule.remedy.values())


POLYMAP = Path(__file__).parents[3].parent / "shared" / "data" / "maps" / "polymap"
if POLYMAP.is_dir():

    def test_a_real_campus_is_mended_so_that_everybody_gets_everywhere(tmp_path: Path) -> None:
        archive, projection, read = read_archive(POLYMAP)
        found = diagnose(build(archive, projection, read), read)
        assert (found.units, found.reached["public"]) == (443, 440)
        moved = [each for each in found.findings if each.rule == "opening-inside"]
        assert [each.repair.safe for each in moved if each.repair] == [True, True]
        repair(archive, projection)
        assert diagnose(build(archive, projection, [])).reached["public"] == 442
        repair(archive, projection, proposed=True)
        write_archive(tmp_path / "mended.zip", archive, projection)
        built, _ = read_map(tmp_path / "mended.zip")
        assert diagnose(built).reached["public"] == 443
