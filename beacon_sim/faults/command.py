"""`beacon-sim faults`: days with faults, a table of what came of them, and the story of one that fails."""

import argparse
import json
import logging
import os
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import structlog

from beacon_sim.faults.causes import Way
from beacon_sim.faults.check import Kind, Verdict, judge
from beacon_sim.faults.schedule import draw_faults, in_words
from beacon_sim.faults.shrink import shrink
from beacon_sim.faults.words import explanations, story_lines
from beacon_sim.faults.world import draw_plan, undisturbed

DAYS = 1_000
SHOWN = 20
"""So many differences of a single day are shown; all are in the JSON file."""


@dataclass(frozen=True, slots=True)
class DayRow:
    """What is kept of a day."""

    seed: int
    faults: tuple[str, ...]
    checked_in: int
    late: int
    restarts: int
    messages: int
    calls: int
    equal_calls: int
    differences: dict[str, int]
    """By way; `unexplained` for none."""
    explained: tuple[str, ...]
    problems: tuple[tuple[str, str], ...]
    """Kind and sentence."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    faults = commands.add_parser(
        "faults",
        help="days with broker outages, dead kiosks, killed servers, wrong clocks, doubled and late messages",
        description="Runs small hospital days on the real agents, ingest, journal and rules, with faults from a seed, and holds "
        "each against the same day without them. The status is 1 when anything is lost, doubled, or differs without a cause.",
    )
    faults.add_argument(
        "--days", type=int, help=f"how many ({DAYS:,}; 1 when a seed is given)", metavar="N"
    )
    faults.add_argument("--seed", type=int, help="of the first day (1)", metavar="N")
    faults.add_argument(
        "--json", type=Path, metavar="FILE", help="write figures and all differences"
    )
    faults.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at once")
    faults.add_argument(
        "--shrink",
        action="store_true",
        help="shrink the first day that fails to its shortest story",
    )
    faults.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Run the days; 0 when nothing is wrong, 1 when something is, 2 when it can't be done as it is given."""
    quiet()
    days: int = given.days if given.days is not None else (DAYS if given.seed is None else 1)
    first: int = 1 if given.seed is None else given.seed
    if days < 1 or first < 0 or given.jobs < 1:
        sys.stderr.write("There must be at least one day and one job, and a seed of 0 or more.\n")
        return 2
    rows = list(_with_bar(_rows(range(first, first + days), given.jobs), days))
    out = sys.stdout
    if days == 1:
        _tell_day(rows[0], out)
    out.write(table(rows))
    if given.json:
        given.json.write_text(json.dumps(as_json(rows), ensure_ascii=False, indent=1) + "\n")
    failing = [row for row in rows if row.problems]
    for row in failing[:5]:
        out.write(f"\nseed {row.seed}: {row.problems[0][0]}: {row.problems[0][1]}\n")
        out.write(f"  beacon-sim faults --seed {row.seed} --shrink\n")
    if given.shrink and failing:
        _tell_shrunk(failing[0].seed, out)
    return 1 if failing else 0


def quiet() -> None:
    """The server's log has no place between the days; what is wrong is found by looking."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def _rows(seeds: range, jobs: int) -> Iterator[DayRow]:
    if jobs == 1 or len(seeds) == 1:
        yield from map(one_day, seeds)
        return
    with ProcessPoolExecutor(jobs, initializer=quiet) as pool:
        yield from pool.map(one_day, seeds, chunksize=4)


def _with_bar(rows: Iterable[DayRow], total: int) -> Iterator[DayRow]:
    """With a progress bar where there is somebody to see it; it comes with `daozhen[study]`."""
    try:
        from tqdm import tqdm
    except ImportError:
        yield from rows
        return
    yield from tqdm(rows, total=total, unit="day", disable=total == 1 or None)


def one_day(seed: int) -> DayRow:
    """Run and judge the day of a seed."""
    plan = draw_plan(seed)
    calm = undisturbed(plan)
    verdict = judge(plan, draw_faults(seed), calm=calm)
    return DayRow(
        seed,
        tuple(in_words(fault) for fault in verdict.faults),
        verdict.checked_in,
        verdict.late,
        verdict.restarts,
        verdict.messages,
        verdict.calls.total,
        verdict.calls.equal,
        {
            **{way.value: verdict.reached(way) for way in Way},
            "unexplained": verdict.reached(None),
        },
        tuple(explanations(calm, verdict)),
        tuple((problem.kind.value, problem.sentence) for problem in verdict.problems),
    )


# ---- what is shown --------------------------------------------------------------------------------


def figures(rows: list[DayRow]) -> list[tuple[str, int, int | None]]:
    """Name, value, and what it must be at most; None where nothing is asked."""
    count = {kind: sum(k == kind.value for row in rows for k, _ in row.problems) for kind in Kind}
    ways = (*(way.value for way in Way), "unexplained")
    differ = {way: sum(row.differences.get(way, 0) for row in rows) for way in ways}
    return [
        ("days", len(rows), None),
        ("faults", sum(len(row.faults) for row in rows), None),
        ("server restarts", sum(row.restarts for row in rows), None),
        ("messages of kiosks", sum(row.messages for row in rows), None),
        ("scans late or with a wrong time", sum(row.late for row in rows), None),
        ("check-ins", sum(row.checked_in for row in rows), None),
        ("check-ins lost", count[Kind.LOST], 0),
        ("scans lost", count[Kind.SCAN_LOST], 0),
        ("check-ins doubled", count[Kind.DOUBLED], 0),
        ("numbers given twice", count[Kind.NUMBER_TWICE], 0),
        ("families called twice", count[Kind.CALLED_TWICE], 0),
        ("messages never acknowledged", count[Kind.UNSENT], 0),
        ("scans later than the faults account for", count[Kind.TOO_LATE], 0),
        ("places by the wrong moment", count[Kind.WRONG_PLACE], 0),
        ("days not event for event as the rules say", count[Kind.RETOLD], 0),
        ("days that broke off", count[Kind.BROKE_OFF], 0),
        ("calls", sum(row.calls for row in rows), None),
        ("calls equal: family, room, moment", sum(row.equal_calls for row in rows), None),
        ("days with all calls equal", sum(row.calls == row.equal_calls for row in rows), None),
        ("differences: own scan late or misdated", differ[Way.OWN_SCAN.value], None),
        ("differences: carried from another line", differ[Way.CARRIED.value], None),
        ("differences: by others in the line", differ[Way.IN_LINE.value], None),
        ("differences: at a shared window", differ[Way.SHARED_WINDOW.value], None),
        ("differences: by a sibling", differ[Way.ONE_GUARDIAN.value], None),
        ("differences unexplained", differ["unexplained"], 0),
    ]


def table(rows: list[DayRow]) -> str:
    """The figures for people."""
    lines = []
    for name, value, goal in figures(rows):
        mark = "" if goal is None else ("  ok" if value <= goal else f"  MUST BE {goal}")
        lines.append(f"{name:<44}{value:>10,}{mark}\n")
    return "".join(lines)


def as_json(rows: list[DayRow]) -> dict[str, object]:
    """The figures as rows `{name, load, value, goal, met}`, and each day with its differences in words."""
    return {
        "rows": [
            {
                "name": name,
                "load": None,
                "value": value,
                "goal": goal,
                "met": None if goal is None else value <= goal,
            }
            for name, value, goal in figures(rows)
        ],
        "days": [
            {
                "seed": row.seed,
                "faults": row.faults,
                "calls": row.calls,
                "equal_calls": row.equal_calls,
                "differences": row.explained,
                "problems": row.problems,
            }
            for row in rows
        ],
    }


def _tell_day(row: DayRow, out: TextIO) -> None:
    for fault in row.faults:
        out.write(f"{fault}\n")
    out.write("\n")
    for sentence in row.explained[:SHOWN]:
        out.write(f"{sentence}\n")
    more = len(row.explained) - SHOWN
    if more > 0:
        out.write(f"… and {more} more; --json has all of them\n")
    out.write("\n" if row.explained else "")


def _tell_shrunk(seed: int, out: TextIO) -> None:
    plan = draw_plan(seed)
    verdict: Verdict = judge(plan, draw_faults(seed))
    if verdict.good:
        out.write(
            f"\nseed {seed} does not fail a second time: something is not decided by the seed\n"
        )
        return
    found = shrink(plan, verdict)
    families = int(found.plan.drawn.shows_up.sum())
    out.write(f"\nThe shortest story of seed {seed}: {len(found.verdict.faults)} faults, ")
    out.write(f"{families} families ({found.runs} days tried)\n\n")
    out.writelines(f"{line}\n" for line in story_lines(found.verdict))
