"""The sample hospital's site file and its map are of one hospital."""

from datetime import date

import pytest

from daozhen.sample_lines import LINES, sittings
from daozhen.sample_site import FILE, site_text
from nav_maps import IndoorMap
from nav_maps.sample import DEPARTMENTS, sample_map
from queue_server import read_site_file
from queue_server.core import StepKind
from queue_server.core.site import Site


@pytest.fixture(scope="module")
def hospital() -> IndoorMap:
    return sample_map()


@pytest.fixture(scope="module")
def site() -> Site:
    return read_site_file(FILE).site


def test_the_committed_file_is_what_the_map_gives(hospital: IndoorMap) -> None:
    written = FILE.read_text(encoding="utf-8")
    assert written == site_text(hospital), "write it anew: python -m daozhen.sample_site"


def test_every_point_and_area_of_the_site_is_a_place_on_the_map_and_the_reverse(
    hospital: IndoorMap, site: Site
) -> None:
    places: dict[str, set[str]] = {"point": set(), "area": set(), "group": set()}
    for place in hospital.navigation.places:
        places[place.kind].add(place.id)
    assert places["point"] == set(site.points)
    assert places["area"] == set(site.areas)
    assert places["group"] <= set(site.groups)


def test_rooms_are_called_as_on_their_doors_and_stand_in_their_departments(
    hospital: IndoorMap, site: Site
) -> None:
    names = {unit.names["zh"] for unit in hospital.units.values()}
    for department in DEPARTMENTS:
        group = site.groups[department.key]
        assert (group.name.zh, group.name.en) == (department.zh, department.en)
        assert group.area == department.key
        rooms = [point for point in site.points_of[department.key] if point.id != "er-resus"]
        assert len(rooms) == department.rooms
        assert {room.name.zh for room in rooms} <= names


def test_areas_are_told_by_floor_side_and_mural_in_both_languages(site: Site) -> None:
    assert site.areas["resp"].place.zh == "二层西侧，长颈鹿壁画旁"
    assert site.areas["resp"].place.en == "Second floor, west side, by the giraffe mural"
    assert site.areas["dental"].place.zh == "三层东侧，水母壁画旁"
    assert site.areas["xray"].place.zh == "负一层西侧，小刺猬壁画旁"
    for area in site.areas.values():
        assert ("西侧" in area.place.zh) == ("west" in area.place.en)


def test_every_department_has_a_doctor_on_weekdays_and_names_are_given_once(site: Site) -> None:
    monday, saturday = date(2026, 3, 2), date(2026, 3, 7)
    names = [each.zh.split()[0] for each in sittings()]
    assert len(set(names)) == len(names)
    for department in DEPARTMENTS:
        here = [each for each in site.sessions if each.point.startswith(f"{department.key}-")]
        if department.key in ("er", "fever"):
            assert not here
            continue
        assert len([each for each in here if each.on(monday)]) == 2 * department.rooms
        assert len([each for each in here if each.on(saturday)]) == 1


def test_a_child_whose_form_is_abnormal_can_be_sent_to_the_fever_clinic(site: Site) -> None:
    gates = [group for group in site.groups.values() if group.rules.screening]
    assert len(gates) >= 3
    assert {group.rules.fever_group for group in gates} == {"fever"}
    assert not site.groups["fever"].rules.screening


def test_there_is_one_of_each_kind_of_line_and_every_line_has_its_own_prefix() -> None:
    assert {line.kind for line in LINES} == {str(kind) for kind in StepKind}
    prefixes = [line.prefix for line in LINES]
    assert len(set(prefixes)) == len(prefixes)
