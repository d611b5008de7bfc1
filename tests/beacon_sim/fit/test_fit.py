"""A model is found again in the export of its own day; a mangled export gives sentences, never a crash."""

import csv
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from random import Random

import pytest

from beacon_sim.cli import main
from beacon_sim.day import ALL_LEVERS, STATUS_QUO, DayModel, draw, run_day
from beacon_sim.fit import (
    COLUMNS,
    FitError,
    fit,
    read_export,
    read_model,
    told,
    write_export,
    write_model,
)

TRUE = DayModel(
    visits=2_400,
    departments=6,
    booked=0.70,
    early_mean=8.0,
    early_sd=14.0,
    no_show=0.10,
    walk_in_shape=(2.0, 3.0),
    named=0.20,
    first_means=(4.5, 9.0),
    quick_are_large=2.0,
    first_cv=0.5,
    return_base=2.0,
    return_share=0.30,
    labs=0.45,
    urine=0.35,
    stool=0.25,
    blood_window=2.6,
    blood_turn=26.0,
    turn_sd=5.0,
    other_test=0.20,
    prescription=0.55,
    pays_at_window=0.30,
)
WITHIN = {
    "visits": 60,
    "departments": 0,
    "load": 0.06,
    "booked": 0.03,
    "early_mean": 1.2,
    "early_sd": 1.2,
    "no_show": 0.03,
    "named": 0.03,
    "first_cv": 0.04,
    "quick_are_large": 0.5,
    "labs": 0.03,
    "blood": 0.04,
    "urine": 0.04,
    "stool": 0.04,
    "blood_window": 0.15,
    "drop_window": 0.08,
    "cashier_window": 0.15,
    "pharmacy_window": 0.08,
    "window_cv": 0.05,
    "blood_turn": 0.8,
    "urine_turn": 1.2,
    "stool_turn": 1.2,
    "turn_sd": 0.6,
    "other_test": 0.03,
    "other_least": 6.0,
    "other_mean": 7.0,
    "other_room": 0.1,
    "prescription": 0.03,
    "pays_at_window": 0.05,
    "to_room": 0.05,
}


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fit") / "day.csv"
    write_export(run_day(draw(TRUE, 5), STATUS_QUO, keep_events=True), path)
    return path


def test_the_figures_of_the_model_come_back(exported: Path) -> None:
    export = read_export(exported)
    assert not export.bad
    fitted = fit(export)
    off = {
        name: (getattr(fitted.model, name), getattr(TRUE, name))
        for name, most in WITHIN.items()
        if abs(getattr(fitted.model, name) - getattr(TRUE, name)) > most
    }
    assert not off
    assert fitted.model.first_means == pytest.approx(TRUE.first_means, abs=0.7)
    assert fitted.model.slot_shares == pytest.approx(TRUE.slot_shares, abs=0.03)
    assert fitted.model.walk_in_shape == pytest.approx(TRUE.walk_in_shape, abs=0.5)
    assert [s.share for s in fitted.model.sessions] == pytest.approx([0.6, 0.4], abs=0.03)
    for mean in (5.0, 8.0):
        true = TRUE.return_base + TRUE.return_share * mean
        found = fitted.model.return_base + fitted.model.return_share * mean
        assert found == pytest.approx(true, abs=0.4)


def test_every_figure_is_spoken_of_and_what_is_not_fitted_keeps_its_default(exported: Path) -> None:
    fitted = fit(read_export(exported))
    assert {each.name for each in fitted.figures} == {each.name for each in fields(DayModel)}
    for each in fitted.figures:
        if each.value is None:
            assert each.why
            assert getattr(fitted.model, each.name) == getattr(DayModel(), each.name)
        else:
            assert each.count > 0
    lines = list(told(fitted))
    assert any("not fitted" in line for line in lines)
    assert all(line for line in lines)


def test_results_that_were_there_before_the_consult_are_seen(tmp_path: Path) -> None:
    model = DayModel(visits=1_200, departments=3, looks_at_results=0.8, rule_fits=1.0)
    write_export(run_day(draw(model, 2), ALL_LEVERS, keep_events=True), tmp_path / "x.csv")
    fitted = fit(read_export(tmp_path / "x.csv"))
    assert fitted.model.looks_at_results == pytest.approx(0.8, abs=0.2)
    assert fitted.model.first_cv == pytest.approx(model.first_cv, abs=0.06)


def rewritten(path: Path, to: Path, change: Callable[[list[str], list[list[str]]], None]) -> Path:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    change(header, rows)
    with to.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return to


def test_columns_may_be_missing(exported: Path, tmp_path: Path) -> None:
    for column in COLUMNS:

        def drop(header: list[str], rows: list[list[str]], column: str = column) -> None:
            place = header.index(column)
            for row in (header, *rows):
                del row[place]

        path = rewritten(exported, tmp_path / f"{column}.csv", drop)
        if column in ("visit", "kind"):
            with pytest.raises(FitError, match=f"no column '{column}'"):
                read_export(path)
        else:
            fitted = fit(read_export(path))
            assert fitted.model.departments >= 1
            missing = [each for each in fitted.figures if f"column {column!r}" in each.why]
            assert missing or column in ("arrived", "checked_in", "ordered")


def test_columns_may_be_called_in_chinese(exported: Path, tmp_path: Path) -> None:
    def rename(header: list[str], _: list[list[str]]) -> None:
        header[:] = [COLUMNS[name][0] for name in header]

    path = rewritten(exported, tmp_path / "zh.csv", rename)
    text = path.read_text("utf-8").replace(",first,", ",首诊,").replace(",blood,", ",采血,")
    path.write_bytes(text.encode("gb18030"))
    assert fit(read_export(path)).model == fit(read_export(exported)).model


BAD = {
    "it names no visit": ("", "first", "", "", ""),
    "kind 'surgery' is none of": ("v1", "surgery", "", "", ""),
    "started 'ten past nine' is no time": ("v2", "first", "", "ten past nine", ""),
    "finished (08:00:00) is earlier than started (09:00:00)": (
        "v3",
        "first",
        "",
        "2026-03-02 09:00",
        "2026/03/02 08:00",
    ),
    "is more than a day after": ("v4", "first", "", "2026-03-02 09:00", "2026-03-05 08:00"),
}


def test_bad_rows_are_kept_with_line_and_reason(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    lines = ["visit,kind,department,started,finished", *(",".join(row) for row in BAD.values())]
    lines += ["", "v9,first,ears,2026-03-02T09:00:00+08:00,2026-03-02 09:05", "v10,first"]
    path.write_text("\n".join(lines), encoding="utf-8")
    export = read_export(path)
    assert [row.line for row in export.bad] == [2, 3, 4, 5, 6]
    for row, why in zip(export.bad, BAD, strict=True):
        assert why in row.why
    assert [row.visit for row in export.rows] == ["v9", "v10"]
    assert export.rows[0].took == 5.0


def outcome(path: Path) -> list[str]:
    try:
        return list(told(fit(read_export(path))))
    except FitError as error:
        return [str(error)]


def test_a_mangled_export_gives_sentences(exported: Path, tmp_path: Path) -> None:
    raw = exported.read_bytes()[:60_000]
    for seed in range(30):
        random = Random(seed)
        bytes_ = bytearray(raw)
        for _ in range(random.choice([5, 200, 3_000])):
            place = random.randrange(len(bytes_))
            bytes_[place : place + 1] = random.randbytes(random.randrange(3))
        path = tmp_path / f"{seed}.csv"
        path.write_bytes(bytes_)
        assert outcome(path)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no column 'visit'"),
        (b"PK\x03\x04rest", "workbook"),
        (b"\xff\xfe\xfa\x81\x20\x80", "neither UTF-8 nor GB 18030"),
        (b"visit,kind\n", "No row of the export has a time"),
        (b"visit,kind\nv1,first\n", "No row of the export has a time"),
    ],
)
def test_a_file_that_is_no_export_is_said_to_be_none(
    tmp_path: Path, content: bytes, says: str
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(FitError, match=says):
        fit(read_export(path))
    with pytest.raises(FitError, match="can't be read"):
        read_export(tmp_path / "none.csv")


# ---- the model file -----------------------------------------------------------------------------


def test_a_model_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "model.toml"
    write_model(TRUE, path)
    assert read_model(path) == TRUE
    path.write_text("labs = 0.5\n", encoding="utf-8")
    assert read_model(path) == DayModel(labs=0.5)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("labs = ", "is not TOML"),
        ("lab = 0.5", "no figure 'lab'"),
        ("labs = 1.5", "labs is a share"),
        ("labs = 'many'", "labs is a number"),
        ("labs = nan", "labs is a number"),
        ("visits = 0", "visits is a whole number"),
        ("first_means = [3]", "first_means is a list of two"),
        ("slot_shares = [0.5, 0.1]", "must come to 1"),
        ("[windows]\nblood = 0", "windows.blood is a whole number"),
        ("[windows]\nshop = 1", "windows has no 'shop'"),
        ("[[sessions]]\nstart = 500", "each of sessions has start, end and share"),
        ("[[sessions]]\nstart = 500\nend = 400\nshare = 1", "ends after its start"),
    ],
)
def test_a_wrong_model_file_is_said_to_be_wrong(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "model.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FitError, match=says.replace("[", r"\[")):
        read_model(path)


# ---- the commands -------------------------------------------------------------------------------


def test_a_day_is_exported_and_fitted_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day, model, bad = tmp_path / "day.csv", tmp_path / "model.toml", tmp_path / "bad.csv"
    small = ("--visits", "300", "--departments", "2")
    assert main(["day", "--export", str(day), *small]) == 0
    with day.open("a", encoding="utf-8") as file:
        file.write("v,first,,,,yesterday\n")
    assert main(["fit", str(day), "--out", str(model), "--rejected", str(bad)]) == 0
    said = capsys.readouterr().out
    assert "1 could not be" in said
    assert "booked_slot 'yesterday' is no time" in said
    assert "not fitted: an export does not say who came together" in said
    assert bad.read_text("utf-8-sig").splitlines()[0] == "line,why"
    assert read_model(model).departments == 2
    assert main(["day", "--export", str(day), "--model", str(model)]) == 0
    assert main(["run", "--model", str(model), "--visits", "150"]) == 0
    assert "150 visits" in capsys.readouterr().out
    assert main(["run", "--model", str(bad)]) == 2
    assert main(["fit", str(tmp_path / "none"), "--out", str(model)]) == 2
    assert main(["day", "--export", str(day), "--visits", "0"]) == 2
