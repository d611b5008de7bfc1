"""Levels as pictures: whole, small, legible, nothing on top of anything."""

import json
import re
import zlib
from pathlib import Path
from xml.etree import ElementTree

import pytest

from nav_maps import IndoorMap
from nav_maps.cli import main
from nav_maps.draw import CONTRAST, LIGHT, Theme, level_geojson, level_svg, pan_zoom_js
from nav_maps.draw.lettering import placed, wanted, width_em
from nav_maps.sample import sample_map, write_sample

NUMBER = re.compile(r"#[0-9a-f]{6}")


@pytest.fixture(scope="module")
def hospital() -> IndoorMap:
    return sample_map()


def level(hospital: IndoorMap, short: str) -> str:
    return next(each.id for each in hospital.levels.values() if each.short["en"] == short)


def test_every_level_is_a_small_picture_that_programs_can_read(hospital: IndoorMap) -> None:
    for id in hospital.levels:
        for language in ("zh", "en"):
            drawn = level_svg(hospital, id, language=language)
            ElementTree.fromstring(drawn)  # noqa: S314  # it is ours
            assert len(drawn) < 100_000
            assert (
                len(zlib.compress(drawn.encode())) + len(zlib.compress(pan_zoom_js().encode()))
                < 14_000
            )


def test_the_script_is_small() -> None:
    assert len(zlib.compress(pan_zoom_js().encode())) < 3_000


def test_units_have_ids_that_stay(hospital: IndoorMap) -> None:
    drawn = level_svg(hospital, level(hospital, "2F"))
    units = [unit.id for unit in hospital.units.values() if unit.level == level(hospital, "2F")]
    assert len(units) > 60
    assert all(f'id="u-{unit}"' in drawn for unit in units)


def test_words_stand_in_their_rooms_and_not_on_each_other(hospital: IndoorMap) -> None:
    for id in hospital.levels:
        letters = list(placed(wanted(hospital, id, "zh"), [], 10.0, 15.0, 12.0))
        assert len(letters) > 30
        boxes = []
        for each in letters:
            wide = max(map(width_em, each.lines)) * each.px / 10
            high = len(each.lines) * each.px * 1.2 / 10
            boxes.append(
                (each.x - wide / 2, each.y - high / 2, each.x + wide / 2, each.y + high / 2)
            )
            west, south, east, north = hospital.units[each.feature].area.bounds
            assert boxes[-1][0] >= west
            assert boxes[-1][2] <= east
            assert boxes[-1][1] >= south
            assert boxes[-1][3] <= north
        for n, a in enumerate(boxes):
            assert not any(
                a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for b in boxes[:n]
            )


def test_nearer_there_are_more_words(hospital: IndoorMap) -> None:
    words = wanted(hospital, level(hospital, "2F"), "en")
    counts = [len(list(placed(words, [], px, 15.0, 12.0))) for px in (4.0, 8.0, 16.0)]
    assert counts[0] < counts[1] <= counts[2]


def test_latin_words_are_not_broken(hospital: IndoorMap) -> None:
    for each in placed(wanted(hospital, level(hospital, "2F"), "en"), [], 8.0, 15.0, 12.0):
        said = set(
            " ".join(
                " ".join(w.texts) for w in wanted(hospital, level(hospital, "2F"), "en")
            ).split()
        )
        assert set(" ".join(each.lines).split()) <= said


@pytest.mark.parametrize("theme", [LIGHT, CONTRAST])
def test_text_can_be_read_on_all_it_stands_on(theme: Theme) -> None:
    grounds = [
        theme.passage,
        theme.room,
        theme.toilet,
        theme.vertical,
        theme.outdoors,
        *theme.waiting,
    ]
    least = 7.0 if theme is CONTRAST else 4.5
    assert all(contrast(theme.text, ground) >= least for ground in grounds)
    assert contrast(theme.faint, theme.staff) >= 4.5
    assert contrast(theme.icon, theme.icon_ground) >= 4.5
    assert contrast(theme.route, theme.passage) >= 4.5


def contrast(a: str, b: str) -> float:
    """WCAG 2.2's contrast ratio of two colours."""
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_what_is_closed_is_crossed_out(hospital: IndoorMap) -> None:
    way = next(each for each in hospital.navigation.pathways if each.names["en"] == "Lift 2")
    drawn = level_svg(hospital, level(hospital, "2F"), closed=frozenset({way.id}))
    assert drawn.count('<path class="c"') == 1


def test_a_level_for_other_programs(hospital: IndoorMap) -> None:
    found = json.loads(json.dumps(level_geojson(hospital, level(hospital, "3F"))))
    assert {each["properties"]["kind"] for each in found["features"]} == {"unit", "opening"}


def test_the_command_draws_and_says_which_levels_there_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_sample(tmp_path / "map")
    for name in ("a.svg", "a.geojson"):
        assert main(["draw", str(tmp_path / "map"), str(tmp_path / name), "--level", "2f"]) == 0
        assert (tmp_path / name).stat().st_size > 10_000
    assert main(["draw", str(tmp_path / "map"), str(tmp_path / "b.svg"), "--level", "9F"]) == 2
    assert "2F" in capsys.readouterr().err
