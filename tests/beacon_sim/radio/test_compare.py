"""The simulated radio beside recorded ones, and what the command says."""

import json
from pathlib import Path

import numpy as np
import pytest

from beacon_sim.cli import main
from beacon_sim.radio import Air
from beacon_sim.radio.compare import compare, simulated
from beacon_sim.radio.statistics import fitted, statistics
from beacon_sim.score import Track, read_sensors, read_track
from tests.beacon_sim.score.recording import write_sensors, write_track

RECORDED = Path(__file__).parents[3].parent / "shared" / "data" / "ble"


def test_the_fit_finds_exponent_and_offsets_of_a_radio_without_noise(tmp_path: Path) -> None:
    sensors = read_sensors(write_sensors(tmp_path))
    track = read_track(write_track(tmp_path, "walk", 1), sensors)
    spots = np.array([(each.x_m, each.y_m, each.z_m) for each in sensors])
    away = np.linalg.norm(track.truth[:, None] - spots, axis=2)
    offsets = np.arange(6) - 60.0
    clean = Track("clean", 0, track.at_s, offsets - 21 * np.log10(away), track.truth, 0)
    fit = fitted(sensors, [clean])
    assert fit.exponent == pytest.approx(2.1)
    assert fit.at_1m_dbm == pytest.approx(offsets)


def test_a_simulated_track_is_as_long_and_as_full_as_the_recorded_one(tmp_path: Path) -> None:
    sensors = read_sensors(write_sensors(tmp_path))
    track = read_track(write_track(tmp_path, "walk", 1), sensors)
    made = simulated(Air([each.receiver() for each in sensors]), track)
    assert made.seconds == pytest.approx(track.seconds, abs=1)
    assert abs(len(made.at_s) / len(track.at_s) - 1) < 0.03
    assert np.isfinite(made.level_dbm).mean() == pytest.approx(0.86, abs=0.04)


def test_the_simulated_radio_compared_with_itself_is_alike(tmp_path: Path) -> None:
    sensors = read_sensors(write_sensors(tmp_path))
    air = Air([each.receiver() for each in sensors], seed=99)
    tracks = [
        simulated(air, read_track(write_track(tmp_path, f"w{seed}", seed, 90), sensors))
        for seed in (1, 2)
    ]
    rows = {each.name: each for each in compare(sensors, tracks, seeds=6)}
    for name in ("residual_sd_db", "heard", "near_auc"):
        assert rows[name].alike, rows[name]


def test_the_command_prints_and_writes_each_statistic(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sensors = write_sensors(tmp_path)
    track = write_track(tmp_path, "walk", 1)
    out = tmp_path / "radio.json"
    asked = ["radio", "--compare", str(track), "--sensors", str(sensors), "--seeds", "2"]
    assert main([*asked, "--json", str(out), "--hall", "20"]) == 0
    table = capsys.readouterr().out
    assert "walk (not tuned on)" in table
    assert "20 phones" in table
    figures = json.loads(out.read_text(encoding="utf-8"))["compare"][0]["figures"]
    assert {"residual_sd_db", "residual_skew", "correlation_near"} <= {
        each["name"] for each in figures
    }


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ([], "Say what to do"),
        (["--compare", "x.mbd"], "--sensors"),
        (["--hall", "0"], "Say what to do"),
        (["--hall", "5", "--interval", "0"], "interval"),
        (["--compare", "x.mbd", "--sensors", "nowhere.txt"], "can't be read"),
    ],
)
def test_what_can_not_be_done_is_told_in_a_sentence(
    asked: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["radio", *asked]) == 2
    assert said in capsys.readouterr().err


def test_on_recorded_tracks_not_tuned_on_the_spread_and_the_loss_are_alike() -> None:
    if not RECORDED.is_dir():
        return  # the recordings do not travel with the repository; the tests above make their own
    sensors = read_sensors(RECORDED / "sensors.txt")
    track = read_track(RECORDED / "rectangular_without_rotation.mbd", sensors)
    rows = {each.name: each for each in compare(sensors, [track], seeds=4)}
    assert rows["residual_sd_db"].alike
    assert rows["heard"].alike
    assert statistics(sensors, [track]).residual_skew < -0.4
