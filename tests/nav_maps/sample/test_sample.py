"""The hospital that ships with the project: whole, in both languages, and the same in every build."""

from collections import Counter
from pathlib import Path

import pytest

from nav_maps import IndoorMap, Use, diagnose, read_map, use_of
from nav_maps.cli import main
from nav_maps.sample import DEPARTMENTS, sample_files, sample_map, write_sample


@pytest.fixture(scope="module")
def hospital() -> IndoorMap:
    return sample_map()


def test_the_doctor_finds_nothing_wrong_with_it(tmp_path: Path) -> None:
    write_sample(tmp_path / "sample.zip")
    built, read = read_map(tmp_path / "sample.zip")
    diagnosis = diagnose(built, read)
    assert diagnosis.findings == ()


def test_it_is_a_whole_hospital(hospital: IndoorMap) -> None:
    assert [level.short["en"] for level in sorted(hospital.levels.values(), key=lambda each: each.ordinal)] == [
        "B1", "1F", "2F", "3F", "4F",
    ]  # fmt: skip
    assert len(DEPARTMENTS) == 25
    uses = Counter(use_of(unit.category) for unit in hospital.units.values())
    assert uses[Use.ROOM] + uses[Use.PASSAGE] >= 300
    assert uses[Use.ROOM] >= 250
    lifts = {way.names["en"] for way in hospital.navigation.pathways if way.mode == "elevator"}
    assert len(lifts) == 6
    kinds = Counter(device.kind for device in hospital.navigation.devices)
    assert kinds["kiosk"] >= 9
    assert kinds["door"] == 4
    assert kinds["corridor"] >= 50
    assert hospital.navigation.radio_walls


def test_every_department_has_its_line_and_rooms_on_the_map(hospital: IndoorMap) -> None:
    places = {place.id: place for place in hospital.navigation.places}
    assert len(places) == len(hospital.navigation.places)
    for department in DEPARTMENTS:
        assert places[department.key].kind == "area"
        for n in range(1, department.rooms + 1):
            unit = hospital.units[places[f"{department.key}-{n}"].unit]
            assert unit.names["zh"] == f"{department.zh}{n}诊室"


def test_everything_that_people_look_for_has_a_name_in_both_languages(hospital: IndoorMap) -> None:
    for named in (hospital.levels, hospital.units, hospital.amenities, hospital.occupants):
        for each in named.values():
            assert all(each.names.get(language) for language in ("zh", "en")), each
    for landmark in hospital.navigation.landmarks:
        assert all(landmark.names.get(language) for language in ("zh", "en")), landmark


def test_no_two_doors_have_the_same_number(hospital: IndoorMap) -> None:
    numbers = [unit.number["zh"] for unit in hospital.units.values() if unit.number]
    assert len(numbers) >= 200
    assert len(numbers) == len(set(numbers))


def test_every_build_gives_the_same_files() -> None:
    assert sample_files() == sample_files()


def test_the_command_overwrites_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "hospital"
    assert main(["sample", str(out)]) == 0
    assert main(["sample", str(out)]) == 2
    assert "is there already" in capsys.readouterr().err
