"""Reading maps, good and bad."""

import json
import zipfile
from pathlib import Path

import pytest

from nav_maps import NotAnArchive, read_archive
from nav_maps.cli import main

POLYMAP = Path(__file__).parents[2].parent / "shared" / "data" / "maps" / "polymap"


def collection(*features: tuple[str, dict[str, object]]) -> str:
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [{"id": id, "properties": more} for id, more in features],
        }
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "level.geojson").write_text(
        collection(("l1", {"ordinal": 0, "name": {"zh": "一楼", "en": "Ground"}}))
    )
    (tmp_path / "unit.geojson").write_text(
        collection(
            ("u1", {"level_id": "l1", "category": "room", "name": {"zh": "检验科"}}),
            ("u2", {"level_id": "l9"}),
        )
    )
    (tmp_path / "opening.geojson").write_text(
        collection(("o1", {"level_id": "l1", "category": "pedestrian"}))
    )
    return tmp_path


def test_levels_and_units_are_read_with_their_names(folder: Path) -> None:
    archive = read_archive(folder)
    assert archive.levels["l1"].names == {"zh": "一楼", "en": "Ground"}
    assert archive.units["u1"].names == {"zh": "检验科"}
    assert archive.counts == {"level": 1, "unit": 2, "opening": 1}


def test_a_unit_on_a_level_that_is_not_there_is_a_finding(folder: Path) -> None:
    assert [(each.file, each.feature) for each in read_archive(folder).findings] == [("unit", "u2")]


def test_a_zip_is_read_like_a_folder(folder: Path, tmp_path: Path) -> None:
    zipped = tmp_path / "map.zip"
    with zipfile.ZipFile(zipped, "w") as file:
        for path in folder.glob("*.geojson"):
            file.write(path, f"venue/{path.name}")
    assert read_archive(zipped) == read_archive(folder)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"features": 3}', '{"features": [3, {}]}', "[" * 5000]
)
def test_a_damaged_file_is_a_finding(folder: Path, text: str) -> None:
    (folder / "unit.geojson").write_text(text)
    assert read_archive(folder).findings


def test_a_folder_without_a_map_is_said_to_be_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(NotAnArchive):
        read_archive(tmp_path)
    assert main(["list", str(tmp_path)]) == 2
    assert "level.geojson" in capsys.readouterr().err


def test_the_command_lists_floors(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", str(folder)]) == 1
    assert "一楼" in capsys.readouterr().out


if POLYMAP.is_dir():

    def test_a_real_campus_is_read() -> None:
        archive = read_archive(POLYMAP)
        assert (len(archive.levels), len(archive.units), len(archive.openings)) == (8, 443, 472)
