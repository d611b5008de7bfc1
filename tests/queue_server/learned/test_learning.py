"""What is learned from a journal, how it is kept, and that it is better than what it stands for."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from beacon_sim.day import ALL_LEVERS, draw, run_day
from beacon_sim.day.opening import OpeningRooms
from queue_server.core import Hospital, apply
from queue_server.core import events as e
from queue_server.learned import (
    FIGURES,
    NAMES,
    Examples,
    ForecastError,
    ForecastFileError,
    Model,
    examples,
    features,
    files,
    read,
    split,
    train,
    write,
)
from queue_server.learned.calibration import calibrated
from queue_server.learned.model import DAY_ONE, FORMAT
from tests.queue_server.core.makers import Day, slot
from tests.queue_server.learned.conftest import SMALL


def at(row: np.ndarray, name: str) -> float:
    return float(row[NAMES.index(name)])


# ---- figures ------------------------------------------------------------------------------------


def test_the_figures_speak_of_the_line_and_of_nobody_in_it() -> None:
    day = Day()
    for child in range(4):
        day.arrive(str(child))
    day.arrive("w", doctor="wang")
    h = day.hospital
    h.moment = day.now
    row = features(h, h.visits["v-3"].first_step(), day.now)
    assert row is not None
    assert len(row) == len(NAMES) == len(FIGURES)
    figures = dict(zip(NAMES, row, strict=True))
    assert (figures["firsts_ahead"], figures["returns_ahead"]) == (3.0, 0.0)
    assert figures["firsts_wait"] == 5.0
    assert figures["rooms_open"] == 2.0
    assert figures["is_named"] == 0.0
    assert figures["line_each"] > figures["work_each"] / 3 > 0


def test_a_step_that_stands_in_no_line_has_no_figures() -> None:
    day = Day()
    day.register("1", slot=slot(9))
    h = day.hospital
    assert features(h, h.visits["v-1"].first_step(), day.now) is None


def test_a_replayed_journal_gives_the_figures_that_the_server_had() -> None:
    drawn = draw(replace(SMALL, visits=120), 7)
    opening, lived = OpeningRooms(drawn), {}

    def do(h, command, now):  # type: ignore[no-untyped-def]  # as `run_day` calls it
        happened = opening(h, command, now)
        for event in happened:
            if isinstance(event, e.StepQueued):
                lived[event.step, now] = features(h, h.steps[event.step], now)
        return happened

    run = run_day(drawn, ALL_LEVERS, do=do, keep_events=True)
    assert opening.site is not None
    again = Hospital(opening.site)
    compared = 0
    for number, event in enumerate(run.events):
        apply(again, event)
        last = number + 1 == len(run.events) or run.events[number + 1].at > event.at
        if isinstance(event, e.StepQueued) and last:
            again.moment = event.at
            figures = features(again, again.steps[event.step], event.at)
            np.testing.assert_equal(figures, lived[event.step, event.at])
            compared += figures is not None
    assert compared > 10


def test_examples_are_of_waits_that_ended(days: Examples) -> None:
    assert len(days) > 1_500
    assert (days.waits >= 0).all()
    assert days.joined.mean() > 0.5
    assert set(days.days) == {1, 2, 3, 4}
    still = days.where(~days.joined)
    assert (still.figures[:, NAMES.index("waited")] > 0).any()


def test_an_empty_journal_gives_no_examples() -> None:
    assert len(examples(Day().hospital.site, [])) == 0


# ---- learning -----------------------------------------------------------------------------------


def test_learned_is_closer_than_the_first_day_on_a_day_it_has_not_seen(
    days: Examples, model: Model
) -> None:
    unseen = days.where((days.days == 4) & days.joined & ~np.isnan(days.figures[:, DAY_ONE]))
    told = [model.estimate(row) for row in unseen.figures]
    error = np.abs([each.mean for each in told] - unseen.waits).mean()
    before = np.abs(unseen.figures[:, DAY_ONE] - unseen.waits).mean()
    assert error < 0.9 * before
    inside = [t.low <= wait <= t.high for t, wait in zip(told, unseen.waits, strict=True)]
    assert 0.65 < np.mean(inside) <= 1.0
    assert all(0 <= t.low <= t.mean <= t.high for t in told)


def test_with_too_few_days_nothing_is_learned(days: Examples, as_days: Examples) -> None:
    with pytest.raises(ForecastError, match=r"has 4 days .* at least 14 are needed"):
        split(days)
    grown, held_out = split(as_days)
    assert grown.days.max() < held_out.days.min()
    assert len(np.unique(held_out.days)) == 4


def test_the_ends_are_moved_until_nine_in_ten_are_on_the_right_side() -> None:
    random = np.random.default_rng(1)
    waits = random.gamma(3.0, 5.0, 8_000)
    median = np.full(8_000, 14.0)
    shifts = calibrated(median - 1, median, median + 1, waits)
    low, high = shifts.ends(13.0, 14.0, 15.0)
    assert (waits < low).mean() == pytest.approx(0.1, abs=0.01)
    assert (waits > high).mean() == pytest.approx(0.1, abs=0.01)
    assert calibrated(*(np.array([]),) * 4).ends(1.0, 2.0, 3.0) == (1.0, 3.0)


# ---- the file -----------------------------------------------------------------------------------


def test_a_model_is_read_as_it_was_written(days: Examples, model: Model, tmp_path: Path) -> None:
    path = write(model, tmp_path)
    again = read(path)
    assert again.about == model.about
    for row in days.figures[:50]:
        assert again.estimate(row) == model.estimate(row)


def test_a_figure_that_is_not_known_does_no_harm(model: Model) -> None:
    told = model.estimate([float("nan")] * len(NAMES))
    assert not np.isfinite(told.mean) or told.mean >= 0
    zero = model.estimate([0.0] * len(NAMES))
    assert 0 <= zero.low <= zero.mean <= zero.high


def test_only_some_files_are_kept_the_newest_first(model: Model, tmp_path: Path) -> None:
    for hour in range(8):
        moment = f"2026-03-02T{hour:02}:00:00+00:00"
        write(replace(model, about=replace(model.about, made_at=moment)), tmp_path)
    kept = [path.name for path in files(tmp_path)]
    assert kept == [f"202603020{hour}0000.npz" for hour in (7, 6, 5, 4, 3)]


def tampered(path: Path, name: str, **changes: object) -> Path:
    with np.load(path, allow_pickle=False) as kept:
        arrays = {name: kept[name] for name in kept.files}
    arrays.update(changes)
    bad = path.with_name(f"{name}.npz")
    np.savez(bad, **arrays)
    return bad


def test_a_damaged_or_foreign_file_is_refused_with_a_sentence(model: Model, tmp_path: Path) -> None:
    path = write(model, tmp_path)
    with np.load(path, allow_pickle=False) as kept:
        about, children = json.loads(str(kept["about"])), kept["children"].copy()
    children[5] = 10**6
    other = {**about, "figures": ["one", *NAMES[1:]]}
    torn = tmp_path / "torn.npz"
    torn.write_bytes(path.read_bytes()[:5_000])
    pickled = tampered(path, "pickled", value=np.array([object()], object))
    for bad, says in (
        (tmp_path / "none.npz", "can't be read"),
        (torn, "can't be read"),
        (pickled, "can't be read"),
        (tampered(path, "wild", children=children), "leads nowhere"),
        (tampered(path, "other", about=np.array(json.dumps(other))), "another version"),
        (
            tampered(path, "newer", about=np.array(json.dumps({**about, "format": FORMAT + 1}))),
            "another",
        ),
        (tampered(path, "list", about=np.array("[]")), "another version"),
    ):
        with pytest.raises(ForecastFileError, match=says):
            read(bad)


def test_training_twice_gives_the_same(days: Examples, model: Model) -> None:
    again = train(days.where(days.days <= 2), days.where(days.days == 3))
    assert (again.trees.value == model.trees.value).all()
