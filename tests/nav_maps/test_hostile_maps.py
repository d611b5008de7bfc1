"""Whatever a map holds, reading, checking and repairing it end in findings, never in an exception."""

import json
import zipfile
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nav_maps import NotAMap, read_map
from nav_maps.cli import main
from nav_maps.doctor import examine, repair
from nav_maps.reading import files, read_archive
from tests.nav_maps.makers import Json, feature, house, line, point, write

NAVIGATION = [
    feature(
        "x_navigation", "p", None, kind="pathway", pathway_mode=2, unit_ids=["stairs-0", "stairs-1"]
    ),
    feature("x_navigation", "d", None, kind="door", opening_id="door-a-0", from_unit_id="a-0"),
    feature(
        "x_navigation",
        "k",
        point(5, 1),
        kind="device",
        device="kiosk-01",
        level_id="level-0",
        facing=90,
    ),
    feature(
        "x_navigation",
        "l",
        point(9, 1),
        kind="landmark",
        level_id="level-0",
        name={"zh": "鲸", "en": "Whale"},
    ),
    feature("x_navigation", "s", None, kind="place", place="lab", unit_id="a-0"),
    feature(
        "x_navigation",
        "w",
        line((0, 3), (9, 3)),
        kind="radio_wall",
        level_id="level-0",
        attenuation=4,
    ),
    feature("x_navigation", "c", None, kind="closure", feature_ids=["b-1"]),
]
WHOLE = {**house(), "x_navigation": NAVIGATION}

junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6)
    | st.sampled_from(
        ["a-0", "level-1", "Polygon", "Point", "elevator", "zh", "2026-01-01T00:00:00Z"]
    ),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


def steps_to(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value."""
    found = [path] if path else []
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, each in inner:
        found += steps_to(each, (*path, key))
    return found


PLACES = steps_to(WHOLE)


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, list[Json]]:
    """The good map with some of its values replaced, removed or doubled."""
    whole = deepcopy(WHOLE)
    for _ in range(draw(st.integers(1, 5))):
        *way, last = draw(st.sampled_from(PLACES))
        holder: Any = whole
        try:
            for key in way:
                holder = holder[key]
            holder[last]
        except (KeyError, IndexError, TypeError):
            continue
        if not isinstance(holder, dict | list):
            continue
        match draw(st.sampled_from(["replace", "remove", "double"])):
            case "replace":
                holder[last] = draw(junk)
            case "remove":
                del holder[last]
            case _ if isinstance(holder, list):
                holder.insert(last, deepcopy(holder[last]))
            case _:
                pass
    return whole


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(whole=mutated())
def test_any_change_of_a_value_ends_in_findings(
    whole: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("map")
    for type, features in whole.items():
        text = json.dumps({"type": "FeatureCollection", "features": features})
        (folder / f"{type}.geojson").write_text(text, "utf-8")
    try:
        archive, projection, _ = read_archive(folder)
        built, _ = read_map(folder)
    except NotAMap:
        return
    assert {unit.level for unit in built.units.values()} <= built.levels.keys()
    assert {door.level for door in built.openings.values()} <= built.levels.keys()
    assert all(unit.area.is_valid and unit.area.area > 0 for unit in built.units.values())
    for each in (*examine(built), *repair(archive, projection).left):
        assert each.what["zh"]
        assert each.remedy["en"]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_damage_of_the_bytes_ends_in_findings(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = write(tmp_path_factory.mktemp("map") / "map", house())
    name = data.draw(st.sampled_from(["unit", "level", "opening"]))
    path = folder / f"{name}.geojson"
    whole = path.read_bytes()
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(start + 40, len(whole))))
    path.write_bytes(whole[:start] + data.draw(st.binary(max_size=8)) + whole[end:])
    built, findings = read_map(folder)
    whole_map = {"level": 2, "unit": 8, "opening": 7}[name]
    held = {"level": built.levels, "unit": built.units, "opening": built.openings}[name]
    assert findings or len(held) == whole_map


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"features": 3}',
        '{"features": [3, {}]}',
        "[" * 100_000,
        '{"features":' * 20_000,
        "\x00" * 99,
        "null",
    ],
)
def test_a_damaged_file_is_a_finding(text: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "map", house())
    (folder / "unit.geojson").write_text(text)
    built, findings = read_map(folder)
    assert any(each.file.startswith("unit") for each in findings)
    assert not built.units


def test_a_zip_bomb_ends_at_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_FILE", 1024 * 1024)
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("unit.geojson", b" " * 50_000_000)
        zipped.writestr("level.geojson", json.dumps({"features": house()["level"]}))
    _, findings = read_map(bomb)
    assert "file-too-large" in {each.rule for each in findings}


def test_a_zip_that_lies_about_its_sizes_is_a_finding(tmp_path: Path) -> None:
    good = tmp_path / "map.zip"
    folder = write(tmp_path / "map", house())
    with zipfile.ZipFile(good, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path in folder.iterdir():
            zipped.write(path, path.name)
    data = bytearray(good.read_bytes())
    where = data.rfind(b"unit.geojson") - 46
    data[where + 24 : where + 28] = (10).to_bytes(4, "little")
    good.write_bytes(data)
    _, findings = read_map(good)
    assert any(each.file == "unit.geojson" for each in findings)


@pytest.mark.parametrize("cut", [10, 200, 2000])
def test_half_a_zip_is_one_sentence(
    cut: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "map", house())
    whole = tmp_path / "map.zip"
    with zipfile.ZipFile(whole, "w") as zipped:
        for path in folder.iterdir():
            zipped.write(path, path.name)
    (tmp_path / "half.zip").write_bytes(whole.read_bytes()[:-cut])
    assert main(["check", str(tmp_path / "half.zip")]) in {0, 2}
    assert "Traceback" not in capsys.readouterr().err


def test_too_many_features_are_cut_off_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nav_maps.reading import archive

    monkeypatch.setattr(archive, "MOST_FEATURES", 5)
    _, findings = read_map(write(tmp_path / "map", house()))
    assert "too-many-features" in {each.rule for each in findings}


def test_a_folder_given_by_mistake_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8")
    for path in (tmp_path, tmp_path / "photo.jpg", tmp_path / "none"):
        assert main(["check", str(path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 3
