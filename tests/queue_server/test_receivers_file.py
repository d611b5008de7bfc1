from pathlib import Path

import pytest

from queue_server.errors import SettingsError
from queue_server.receivers_file import PLACES_MOST, read_receivers

GOOD = """
[[receiver]]
agent = "door-east"
x = 0
y = 0
zone = "东门"

[[receiver]]
agent = "door-west"
x = 24.0
y = 8
height = 2.2
floor = 1

[[stairs]]
floors = [0, 1]
x = 12
y = 4
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "receivers.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_gives_places_on_both_floors_and_spots_for_impossible_ways(tmp_path: Path) -> None:
    found = read_receivers(written(tmp_path, GOOD))
    assert found.spots() == {"door-east": (0, 0, 0), "door-west": (24, 8, 1)}
    tracker = found.tracker()
    assert set(tracker.places.zones) == {"东门", "door-west"}
    assert set(tracker.places.floor.tolist()) == {0, 1}


def test_a_large_building_gets_a_coarser_grid(tmp_path: Path) -> None:
    lines = [
        f'[[receiver]]\nagent = "a{number}"\nx = {40 * number}\ny = {60 * (number % 2)}'
        for number in range(4)
    ]
    assert len(read_receivers(written(tmp_path, "\n".join(lines))).tracker().places) <= PLACES_MOST


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "receiver"),
        ("[[receiver]]\nagent = 'a'\nx = 1", "y"),
        ("[[receiver]]\nagent = 'a'\nx = 1\ny = 2\ncolour = 'red'", "colour"),
        ("[[receiver]]\nagent = 'a'\nx = 1\ny = 2\n" * 2, "same name"),
        (GOOD.replace("[0, 1]", "[0, 7]"), "floor 7"),
        ("[[receiver", "receivers.toml"),
    ],
)
def test_what_is_wrong_is_told_with_the_file(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as wrong:
        read_receivers(written(tmp_path, text))
    assert "receivers.toml" in str(wrong.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="can't be read"):
        read_receivers(tmp_path / "none.toml")
