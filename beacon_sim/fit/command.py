"""`beacon-sim fit` and `beacon-sim day`: a model from an export, and an export from a model."""

import argparse
import csv
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from beacon_sim.day import ALL_LEVERS, STATUS_QUO, DayModel, draw, run_day
from beacon_sim.fit.errors import FitError
from beacon_sim.fit.export import write_export
from beacon_sim.fit.fitting import fit, remarks, told
from beacon_sim.fit.model_file import read_model, write_model
from beacon_sim.fit.reading import Export, read_export

SHOWN: Final = 10
"""So many bad rows are printed."""
LEVERS: Final = {"status-quo": STATUS_QUO, "all": ALL_LEVERS}


def add_to(commands: Any) -> None:  # argparse names the type of sub-parsers only in private
    """`fit` and `day`."""
    fitting = commands.add_parser(
        "fit",
        help="fit the model of a day to a hospital's own timestamps",
        description="Reads a CSV file (columns in docs/fit.md), and says of each figure what it came to, from how many rows, "
        "or why it could not be fitted. Rows that can't be used are counted and never stop it.",
    )
    fitting.add_argument("export", type=Path, metavar="EXPORT.csv")
    fitting.add_argument("--out", type=Path, required=True, metavar="model.toml", help="the model")
    fitting.add_argument(
        "--base", type=Path, metavar="FILE", help="a model whose figures stay where none is fitted"
    )
    fitting.add_argument(
        "--rejected", type=Path, metavar="FILE", help="write all bad rows here: line, why"
    )
    fitting.set_defaults(run=_fit)
    day = commands.add_parser(
        "day",
        help="run one simulated day, and write it as a hospital's export",
        description="Everybody in it is invented. The columns are those that fit reads.",
    )
    day.add_argument("--export", type=Path, required=True, metavar="FILE.csv", help="the export")
    day.add_argument("--seed", type=int, default=1, help="another seed, another day (1)")
    day.add_argument("--visits", type=int, help="how many families come")
    day.add_argument("--departments", type=int, help="among how many departments")
    day.add_argument("--model", type=Path, metavar="FILE", help="a model file")
    day.add_argument("--levers", choices=tuple(LEVERS), default="status-quo")
    day.set_defaults(run=_day)


def _fit(given: argparse.Namespace) -> int:
    try:
        base = read_model(given.base) if given.base else None
        export = read_export(given.export)
        fitted = fit(export, base)
        write_model(fitted.model, given.out, remarks(fitted))
        if given.rejected:
            _write_bad(export, given.rejected)
    except FitError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.writelines(f"{line}\n" for line in told(fitted))
    used, bad = len(export.rows), len(export.bad)
    sys.stdout.write(f"\n{used:,} rows of {fitted.days} days were used, {bad:,} could not be.\n")
    for row in export.bad[:SHOWN]:
        sys.stdout.write(f"  line {row.line}: {row.why}\n")
    if bad > SHOWN and not given.rejected:
        sys.stdout.write(f"  … and {bad - SHOWN:,} more; --rejected FILE writes all of them.\n")
    sys.stdout.write(f"{given.out} is the model.\n")
    return 0


def _write_bad(export: Export, path: Path) -> None:
    try:
        with path.open("w", newline="", encoding="utf-8-sig") as file:
            writer = csv.writer(file)
            writer.writerow(("line", "why"))
            writer.writerows((row.line, row.why) for row in export.bad)
    except OSError as error:
        raise FitError(f"{path} can't be written: {error.strerror}.") from error


def _day(given: argparse.Namespace) -> int:
    try:
        model = read_model(given.model) if given.model else DayModel()
        if given.visits is not None:
            model = replace(model, visits=_positive("visits", given.visits))
        if given.departments is not None:
            model = replace(model, departments=_positive("departments", given.departments))
        run = run_day(draw(model, given.seed), LEVERS[given.levers], keep_events=True)
        rows = write_export(run, given.export)
    except FitError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{given.export}: {rows:,} rows of one simulated day\n")
    return 0


def _positive(name: str, value: int) -> int:
    if not 1 <= value <= 100_000:
        raise FitError(f"--{name} is 1 or more, and at most 100,000.")
    return value
