"""Reading maps, good and bad."""

import zipfile
from pathlib import Path

import pytest

from nav_maps import NotAMap, read_map
from nav_maps.cli import main
from tests.nav_maps.makers import house, write

POLYMAP = Path(__file__).parents[3].parent / "shared" / "data" / "maps" / "polymap"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "map", house())


def rules(path: Path) -> set[str]:
    return {each.rule for each in read_map(path)[1]}


def test_a_sound_map_is_read_without_findings(folder: Path) -> None:
    built, findings = read_map(folder)
    assert not findings
    assert (len(built.levels), len(built.units), len(built.openings)) == (2, 8, 7)
    assert built.names == {"zh": "小医院", "en": "Small hospital"}
    assert built.units["a-0"].names["zh"] == "检验科"
    assert built.units["a-0"].number["zh"] == "101"
    assert built.levels["level-1"].short["zh"] == "2F"


def test_shapes_are_in_metres(folder: Path) -> None:
    built, _ = read_map(folder)
    assert built.units["a-0"].area.area == pytest.approx(50.0, rel=1e-4)
    assert built.openings["door-a-0"].line.length == pytest.approx(1.0, rel=1e-4)


def test_a_zip_with_folders_inside_is_read_like_a_folder(folder: Path, tmp_path: Path) -> None:
    zipped = tmp_path / "map.zip"
    with zipfile.ZipFile(zipped, "w") as file:
        for path in folder.iterdir():
            file.write(path, f"hospital/imdf/{path.name}")
            file.writestr(f"__MACOSX/hospital/imdf/._{path.name}", b"\x00\x05")
    assert read_map(zipped) == read_map(folder)


def test_a_folder_without_a_map_is_said_to_be_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(NotAMap):
        read_map(tmp_path)
    assert main(["list", str(tmp_path)]) == 2
    assert "level.geojson" in capsys.readouterr().err


def test_the_command_lists_floors(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", str(folder)]) == 0
    assert "1层" in capsys.readouterr().out


if POLYMAP.is_dir():

    def test_a_real_campus_is_read() -> None:
        built, _ = read_map(POLYMAP)
        assert (len(built.levels), len(built.units), len(built.openings)) == (8, 443, 472)
        assert {each.category for each in built.openings.values()} == {"pedestrian"}
