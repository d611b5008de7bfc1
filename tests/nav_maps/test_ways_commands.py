"""`nav-maps graph` and `nav-maps route`, run as they are typed."""

import json

import pytest

from nav_maps.cli import main
from tests.nav_maps.makers import house, write


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write(tmp_path_factory.mktemp("map") / "house", house(2)))


def _json(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, object]]:
    status = main([*arguments, "--json"])
    return status, json.loads(capsys.readouterr().out)


def test_graph_counts_what_is_there(archive: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, told = _json(capsys, "graph", archive)
    assert status == 0
    assert told["parts"] == [8]
    assert len(told["levels"]) == 2  # type: ignore[arg-type]
    assert told["problems"] == []
    assert main(["graph", archive]) == 0
    assert "places that hang together: 8" in capsys.readouterr().out


def test_a_route_by_name_and_door_number(archive: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, told = _json(capsys, "route", archive, "101", "b-1")
    assert status == 0
    assert told["levels"] == ["level-0", "level-1"]
    kinds = [piece["kind"] for piece in told["pieces"]]  # type: ignore[attr-defined]
    assert kinds == ["walk", "ride", "walk"]
    longitude, latitude = told["pieces"][0]["line"][0]  # type: ignore[index]
    assert 119.9 < longitude < 120.1
    assert 29.9 < latitude < 30.1
    assert told["words"]["zh"]  # type: ignore[index]
    assert main(["route", archive, "101", "b-1"]) == 0
    assert "m, " in capsys.readouterr().out


def test_no_way_is_said_with_what_blocks_it(
    archive: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, told = _json(capsys, "route", archive, "a-0", "b-0", "--close", "door-b-0")
    assert (status, told["blocked_by"]) == (1, ["door-b-0"])
    status, told = _json(capsys, "route", archive, "a-0", "a-1", "--profile", "wheelchair")
    assert status == 1
    assert "lift" in told["reason"]["en"]  # type: ignore[index]


def test_the_nearest_of_a_kind_and_stops_on_the_way(
    archive: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, told = _json(capsys, "route", archive, "a-0", "--nearest", "stairs")
    assert (status, told["to"]) == (0, "stairs-0")
    status, told = _json(capsys, "route", archive, "a-0", "b-1", "--via", "b-0")
    assert status == 0
    assert [leg["to"] for leg in told["legs"]] == ["b-0", "b-1"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["a-0", "attic"], "No place on the map is called 'attic'"),
        (["a-0", "药房"], "stands for 2 places"),
        (["a-0"], "Say where to"),
        (["a-0", "--nearest", "helipad"], "nothing of the kind 'helipad'"),
        (["a-0", "b-0", "--close", "gate-9"], "gate-9"),
    ],
)
def test_what_is_not_clear_gives_one_sentence(
    archive: str, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(["route", archive, *arguments]) == 2
    assert said in capsys.readouterr().err


def test_walking_times_as_a_table(archive: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["times", archive, "a-0", "b-0", "a-1", "--profile", "wheelchair"]) == 0
    head, *rows = [line.split(",") for line in capsys.readouterr().out.splitlines()]
    assert head == ["from", "a-0", "b-0", "a-1"]
    assert [row[0] for row in rows] == head[1:]
    assert rows[0][1] == "0.0"
    assert float(rows[0][2]) > 5
    assert rows[0][3] == ""
    status, told = _json(capsys, "times", archive)
    assert status == 0
    assert len(told["seconds"]) == 8  # type: ignore[arg-type]
    assert main(["times", archive, "attic"]) == 2
    assert "'attic'" in capsys.readouterr().err
