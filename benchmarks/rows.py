"""How every benchmark reports: a table for people, rows for machines, and the machine it ran on.

`--json FILE` writes a list of `{"name", "value", "unit", "goal", "met"}`; `goal` and `met` are null where there is none.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `goal` is the least that is good enough, or with `better="lower"` the most."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    better: Literal["higher", "lower"] = "higher"

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None without a goal."""
        if self.goal is None:
            return None
        return self.value >= self.goal if self.better == "higher" else self.value <= self.goal


def add_json_option(options: argparse.ArgumentParser) -> None:
    """Add `--json FILE`."""
    options.add_argument("--json", type=Path, metavar="FILE", help="write the rows there as well")


def report(title: str, rows: Iterable[Row], to: Path | None = None) -> None:
    """Print the table and the machine; write the rows to a file when one is given."""
    kept = list(rows)
    widest = max((len(row.name) for row in kept), default=0)
    sys.stdout.write(f"{title}\n{machine()}\n\n")
    for row in kept:
        figure = f"{_figure(row.value):>10} {row.unit:<8}"
        sys.stdout.write(f"{row.name:<{widest}}  {figure}{_goal(row)}\n")
    if to is not None:
        to.write_text(json.dumps([_as_json(row) for row in kept], indent=1, ensure_ascii=False))


def machine() -> str:
    """The machine in a line: cores, processor, system, Python."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} cores, {_processor()}, {platform.system()} {platform.release()}, Python {platform.python_version()}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _goal(row: Row) -> str:
    if row.goal is None:
        return ""
    sign = "≥" if row.better == "higher" else "≤"
    return f"goal {sign} {_figure(row.goal)}  {'met' if row.met else 'NOT MET'}"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 1000 else f"{value:,.3g}"


def _as_json(row: Row) -> dict[str, object]:
    return {
        "name": row.name,
        "value": row.value,
        "unit": row.unit,
        "goal": row.goal,
        "met": row.met,
    }
