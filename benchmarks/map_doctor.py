"""The map doctor on planted faults: which it finds, its false alarms, and who gets where before and after its repairs.

Each run plants one kind of fault in a sound map of three floors (91 units), turned by some angle, checks it, makes the safe
repairs, then the proposed ones. Run it with

    python -m benchmarks.map_doctor [--runs N] [--json FILE]
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import mean

from benchmarks.planted_maps import FAULTS, Plant, hospital, many_at_once
from benchmarks.rows import Row, add_json_option, report
from nav_maps import Diagnosis, Finding, diagnose
from nav_maps.doctor import repair
from nav_maps.reading import build, read_archive
from nav_maps.rules import Severity

QUIET = {"file-empty", "file-missing"}


@dataclass(slots=True)
class Tally:
    """What one kind of fault came to: runs, faults found, units and how many of them could be reached."""

    runs: int = 0
    found: int = 0
    units: int = 0
    before: int = 0
    after_safe: list[float] = field(default_factory=list)
    after_all: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def main() -> None:
    """Measure and report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=12, help="of each kind of fault")
    add_json_option(options)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report("The map doctor", list(_measured(Path(folder), given.runs)), given.json)


def _measured(folder: Path, runs: int) -> Iterator[Row]:
    alarms = sum(len(_alarms(_check(folder / f"sound-{n}", None, n)[0])) for n in range(runs))
    yield Row(f"false alarms in {runs} sound maps", alarms, "", 0, "lower")
    tallies = {fault.__name__: _tally(folder, fault, runs) for fault in (*FAULTS, many_at_once)}
    for name, tally in tallies.items():
        yield Row(f"{name}: found", 100 * tally.found / tally.runs, "%", 100)
        yield Row(f"{name}: reached as it came", 100 * tally.before / tally.units, "%")
        yield Row(f"{name}: after safe repairs", 100 * mean(tally.after_safe), "%")
        goal = None if name == many_at_once.__name__ else 100
        yield Row(f"{name}: after proposals", 100 * mean(tally.after_all), "%", goal)
    seconds = sorted(each for tally in tallies.values() for each in tally.seconds)
    yield Row("a check, median", 1000 * seconds[len(seconds) // 2], "ms")


def _tally(folder: Path, fault: Plant, runs: int) -> Tally:
    tally = Tally()
    for n in range(runs):
        started = time.perf_counter()
        found, touched, path = _check(folder / f"{fault.__name__}-{n}", fault, n)
        tally.seconds.append(time.perf_counter() - started)
        tally.runs += 1
        tally.found += any(_is_about(each, touched) for each in _alarms(found))
        tally.units += found.units
        tally.before += found.reached["public"]
        tally.after_safe.append(_repaired(path, False))
        tally.after_all.append(_repaired(path, True))
    return tally


def _check(path: Path, fault: Plant | None, seed: int) -> tuple[Diagnosis, set[str], Path]:
    random = Random(seed)
    sketch = hospital()
    touched = set() if fault is None else fault(sketch, random)
    sketch.write(path, random.uniform(0, 90))
    archive, projection, read = read_archive(path)
    return diagnose(build(archive, projection, read), read), touched, path


def _alarms(found: Diagnosis) -> list[Finding]:
    return [
        each
        for each in found.findings
        if each.severity is not Severity.NOTE and each.rule not in QUIET
    ]


def _is_about(finding: Finding, touched: set[str]) -> bool:
    changed = finding.repair.changes if finding.repair is not None else ()
    return finding.feature in touched or any(change.feature in touched for change in changed)


def _repaired(path: Path, proposed: bool) -> float:
    """The share of units that the public reaches afterwards."""
    archive, projection, _ = read_archive(path)
    repair(archive, projection, proposed)
    found = diagnose(build(archive, projection, []))
    return found.reached["public"] / found.units


if __name__ == "__main__":
    main()
