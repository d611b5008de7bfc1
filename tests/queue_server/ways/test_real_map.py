"""The whole of it on the sample hospital: its file, its graph, its pictures."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from nav_maps.sample import write_sample
from queue_server.errors import SettingsError
from queue_server.ways import Closed, Ways, open_ways

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
RESP = (("group", "resp"), ("area", "resp"))


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory) -> Ways:
    folder = tmp_path_factory.mktemp("map")
    write_sample(folder / "sample.zip")
    return open_ways(folder / "sample.zip", folder, lambda: NINE, SHANGHAI, "https://q.example")


@pytest.fixture(autouse=True)
def _all_open(ways: Ways) -> Iterator[None]:
    yield
    ways.close({})


def test_every_kiosk_tells_the_way_to_every_area(ways: Ways) -> None:
    areas = [end for end, kind in ways.places.site_places() if kind == "area"]
    untold = [
        (kiosk, area)
        for kiosk in ways.places.kiosks()
        for area in areas
        if not ways.between(kiosk, area).steps
    ]
    assert len(areas) > 20
    # by design nobody gets from inside to the fever clinic's isolation ward
    assert len({area for _, area in untold}) <= 1, untold


def test_a_way_is_drawn_on_each_of_its_floors_and_on_paper(ways: Ways) -> None:
    way = ways.from_kiosk("kiosk-01", RESP, wait=True)
    assert way
    asked = ways.of_token(way.token)
    assert asked
    for level in way.levels:
        assert "<svg" in (ways.picture(asked, level.id, "zh") or "")
    assert ways.ticket(asked, "zh").startswith(b"\x89PNG")


def test_closing_what_a_way_uses_gives_another_within_a_second(ways: Ways) -> None:
    before = ways.from_kiosk("kiosk-01", RESP, wait=False)
    assert before
    stairs = {
        id: Closed(id, {"zh": "检修"}, None, "guard")
        for id, name in ways.closable()
        if "A楼梯" in name.zh
    }
    began = time.perf_counter()
    ways.close(stairs)
    after = ways.from_kiosk("kiosk-01", RESP, wait=False)
    assert time.perf_counter() - began < 1.0
    assert after
    assert "A楼梯" in "".join(step.text.zh for step in before.steps)
    assert "A楼梯" not in "".join(step.text.zh for step in after.steps)
    assert [note.zh for note in after.notes] == ["A楼梯停用（检修），已为您换了一条路。"]


def test_a_pram_takes_the_lift(ways: Ways) -> None:
    way = ways.from_kiosk("kiosk-01", RESP, wait=False)
    assert way
    asked = ways.of_token(way.token)
    assert asked
    other = ways.of_token(ways.on_wheels(asked))
    assert other
    assert {"lift", "ramp"} & {step.icon for step in other.way.steps}
    assert "stairs" not in {step.icon for step in other.way.steps}


@pytest.mark.parametrize("kind", ["toilet", "nursing", "water", "desk", "food", "play"])
def test_every_kind_of_convenience_is_found_from_every_kiosk(ways: Ways, kind: str) -> None:
    assert kind in {each.id for each in ways.kinds()}
    assert all(ways.between(kiosk, f"nearest:{kind}").steps for kiosk in ways.places.kiosks())


def test_staircases_are_closed_floor_by_floor_and_named_so(ways: Ways) -> None:
    names = [name.zh for _, name in ways.closable()]
    assert len(set(names)) == len(names)
    assert "A楼梯 1F–2F" in names or "A楼梯 2F–1F" in names


def test_what_is_no_map_is_said_with_the_setting(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"no zip")
    with pytest.raises(SettingsError, match="Setting map"):
        open_ways(tmp_path / "x.zip", tmp_path, lambda: NINE, SHANGHAI)
