"""(f) The same benchmark at two commits, taking turns on the same machine, so that its noise meets both.

    python -m benchmarks.both_commits [--rounds 3] OLD check_ins [--seconds 5]

Prints the median of each figure at both, and new ÷ old. OLD is anything that git understands.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parents[1]


def main() -> int:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("old", metavar="OLD")
    options.add_argument("benchmark", help="name of a module of `benchmarks`")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("rest", nargs=argparse.REMAINDER, help="options of the benchmark")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        old = Path(folder) / "old"
        _git("worktree", "add", "--detach", "--quiet", str(old), given.old)
        try:
            figures = _figures({"old": old, "new": HERE}, given)
        finally:
            _git("worktree", "remove", "--force", str(old))
    _print(figures)
    return 0


def _git(*words: str) -> None:
    subprocess.run(["git", *words], cwd=HERE, check=True)  # the git of this checkout


Figures = dict[str, dict[str, list[float]]]
"""Name of the figure → `old` and `new` → values."""


def _figures(places: dict[str, Path], given: argparse.Namespace) -> Figures:
    figures: Figures = defaultdict(lambda: {"old": [], "new": []})
    for number in range(given.rounds):
        turns = list(places.items())
        for name, place in turns if number % 2 == 0 else turns[::-1]:
            for row in _rows(place, given):
                figures[str(row["name"])][name].append(float(row["value"]))
    return figures


def _rows(place: Path, given: argparse.Namespace) -> list[dict[str, float | str]]:
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "rows.json"
        command = [sys.executable, "-m", f"benchmarks.{given.benchmark}", *given.rest]
        subprocess.run(  # this interpreter, our own module
            [*command, "--json", str(written)],
            cwd=place,
            env={**os.environ, "PYTHONPATH": str(place)},
            check=True,
            stdout=subprocess.DEVNULL,
        )
        rows: list[dict[str, float | str]] = json.loads(written.read_text(encoding="utf-8"))
        return rows


def _print(figures: Figures) -> None:
    widest = max(map(len, figures))
    sys.stdout.write(f"{'':<{widest}} {'old':>12} {'new':>12} {'new/old':>8}\n")
    for name, each in figures.items():
        if each["old"] and each["new"]:
            old, new = statistics.median(each["old"]), statistics.median(each["new"])
            ratio = f"{new / old:8.2f}" if old else "       –"
            sys.stdout.write(f"{name:<{widest}} {old:>12,.2f} {new:>12,.2f} {ratio}\n")


if __name__ == "__main__":
    sys.exit(main())
