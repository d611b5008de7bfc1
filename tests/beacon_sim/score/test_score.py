"""The score on recordings made here, and on the public ones where they lie beside the repository."""

import json
from pathlib import Path

import numpy as np
import pytest

from beacon_sim.cli import main
from beacon_sim.score import Track, TrackError, read_sensors, read_track
from beacon_sim.score.figures import Sample, area_under_curve, estimate, precision_at_recall
from beacon_sim.score.heard import track_as_heard
from beacon_sim.score.ours import Building
from queue_server.whereabouts import LATE_S
from tests.beacon_sim.score.recording import write_sensors, write_track

RECORDED = Path(__file__).parents[3].parent / "shared" / "data" / "ble"


def test_the_score_of_some_tracks_is_printed_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sensors = write_sensors(tmp_path)
    tracks = [write_track(tmp_path, f"walk_{seed}", seed) for seed in (1, 2)]
    out = tmp_path / "score.json"
    asked = ["score", *map(str, tracks), "--sensors", str(sensors), "--json", str(out)]
    assert main(asked) == 0
    table = capsys.readouterr().out
    assert "within 2 m: precision at recall 0.6" in table
    assert "not tuned on" in table
    assert "said when more likely than not" in table
    found = json.loads(out.read_text(encoding="utf-8"))
    assert found["tuned_on"] == []
    assert found["not_tuned_on"] == ["walk_1", "walk_2"]
    figures = {(each["name"], each["plain_method"]): each for each in found["figures"]}
    zones = figures["6 zones: right", "strongest of 3 s"]
    assert zones["cold"]["low"] <= zones["cold"]["value"] <= zones["cold"]["high"]
    changes = figures["6 zones: changes, times the truth's", "strongest of 3 s"]
    assert changes["warm"]["value"] < changes["plain"]
    assert figures["position: median error, m", "weighted centroid"]["warm"]["value"] < 3


@pytest.mark.parametrize("late_s", [0.0, LATE_S])
def test_what_is_told_never_depends_on_what_comes_later_than_said(
    tmp_path: Path, late_s: float
) -> None:
    sensors = read_sensors(write_sensors(tmp_path))
    whole = read_track(write_track(tmp_path, "walk", 1), sensors)
    lines = (tmp_path / "walk.mbd").read_text(encoding="utf-8").splitlines()
    (tmp_path / "half.mbd").write_text("\n".join(lines[:200]), encoding="utf-8")
    half = read_track(tmp_path / "half.mbd", sensors)
    every = range(len(sensors))
    told = [Building.of(sensors, every).follow(each, every, late_s) for each in (whole, half)]
    looks = int((half.at_s < half.at_s[-1] - late_s).sum())
    assert looks > 30
    assert np.array_equal(told[0].xy[:looks], told[1].xy[:looks])
    assert np.array_equal(told[0].zone[:looks], told[1].zone[:looks])


def test_a_moment_is_told_better_when_one_may_wait(tmp_path: Path) -> None:
    sensors = read_sensors(write_sensors(tmp_path))
    every = range(len(sensors))
    wrong = []
    for late_s in (0.0, LATE_S):
        track = read_track(write_track(tmp_path, "walk", 1), sensors)
        told = Building.of(sensors, every).follow(track, every, late_s)
        wrong.append(np.linalg.norm(told.xy - track.truth[:, :2], axis=1))
    assert np.median(wrong[1]) < np.median(wrong[0])


def test_the_figures_through_bleak_are_those_computed_from_the_file(tmp_path: Path) -> None:
    sensors = read_sensors(write_sensors(tmp_path))
    path = write_track(tmp_path, "walk", 1, seconds=5)
    assert_same_track(track_as_heard(path, sensors), read_track(path, sensors))


def test_a_recorded_track_is_the_same_through_bleak(tmp_path: Path) -> None:
    if not RECORDED.is_dir():
        return
    sensors = read_sensors(RECORDED / "sensors.txt")
    path = tmp_path / "begins.mbd"
    lines = (RECORDED / "straight_03.mbd").read_text(encoding="utf-8").splitlines()[:400]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert_same_track(track_as_heard(path, sensors), read_track(path, sensors))


def assert_same_track(one: Track, other: Track) -> None:
    assert np.array_equal(one.level_dbm, other.level_dbm, equal_nan=True)
    assert np.array_equal(one.at_s, other.at_s)
    assert np.array_equal(one.truth, other.truth)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("1,id-sensor10,beacon", "3 columns"),
        ("1,nobody,beacon,-70,1,1,1", "not in the sensors' file"),
        ("1,id-sensor10,beacon,loud,1,1,1", "loud"),
        ("", "empty"),
    ],
)
def test_a_recording_that_cannot_be_used_is_told_with_its_line(
    tmp_path: Path, line: str, said: str
) -> None:
    sensors = read_sensors(write_sensors(tmp_path))
    path = tmp_path / "bad.mbd"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(TrackError, match=said):
        read_track(path, sensors)


def test_the_command_says_what_is_wrong_with_a_file_and_does_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "none.txt"
    assert main(["score", str(tmp_path / "t.mbd"), "--sensors", str(missing)]) == 2
    assert "can't be read" in capsys.readouterr().err


def test_levels_that_no_radio_reports_are_left_out_and_counted(tmp_path: Path) -> None:
    sensors = read_sensors(write_sensors(tmp_path))
    path = write_track(tmp_path, "walk", 1)
    with path.open("a", encoding="utf-8") as file:
        file.write("1041,id-sensor10,beacon,42,1,1,1\n")
    assert read_track(path, sensors).left_out == 1


def test_precision_counts_all_that_have_the_same_score() -> None:
    rows = np.array([[1.0, 1], [1.0, 0], [0.5, 1], [0.1, 0]])
    assert precision_at_recall(rows) == pytest.approx(2 / 3)
    assert area_under_curve(np.array([[2.0, 1], [1.0, 0], [1.0, 0]])) == 1


def test_an_interval_grows_when_looks_repeat_each_other() -> None:
    rng = np.random.default_rng(1)
    at = np.arange(0, 600, 0.5)
    alone = rng.normal(size=len(at))
    repeated = np.repeat(rng.normal(size=len(at) // 20), 20)
    widths = []
    for rows in (alone, repeated):
        found = estimate(Sample([rows], [at]), lambda rows: float(rows.mean()))
        widths.append(found.high - found.low)
    assert widths[1] > 2 * widths[0]


def test_on_a_recorded_track_the_filter_is_better_than_the_strongest_sensor() -> None:
    if not RECORDED.is_dir():
        return  # the recordings do not travel with the repository; the tests above make their own
    from beacon_sim.score.plain import medians, strongest

    sensors = read_sensors(RECORDED / "sensors.txt")
    every = range(len(sensors))
    track = read_track(RECORDED / "zigzagging_with_rotation.mbd", sensors)
    building = Building.of(sensors, every)
    building.warm_up(read_track(RECORDED / "rectangular_without_rotation.mbd", sensors), every)
    building.settle()
    told = building.follow(track, every)
    spots = np.array([(each.x_m, each.y_m) for each in sensors])
    true = np.linalg.norm(track.truth[:, None, :2] - spots, axis=2).argmin(axis=1)
    plain = float((strongest(medians(track), every) == true).mean())
    assert float((told.zone == true).mean()) > plain + 0.1
    changed, truly = ((np.diff(each) != 0).sum() for each in (told.zone, true))
    assert changed <= 1.75 * truly
    error = np.linalg.norm(told.xy - track.truth[:, :2], axis=1)
    assert np.median(error) < 2.1
