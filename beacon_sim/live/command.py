"""`beacon-sim live`: a simulated day by the real programs, and whether the calls are those of the pure run."""

import argparse
import http.client
import json
import logging
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import structlog

from beacon_sim.day.compare import SCENARIOS
from beacon_sim.live.compare import Difference
from beacon_sim.live.errors import LiveError
from beacon_sim.live.play import Played, Progress, play, small_model
from beacon_sim.programs import ProgramFailed

MOST_VISITS: Final = 8_000
SPEEDS: Final = (1.0, 20_000.0)


def add_to(commands: Any) -> None:  # argparse names the type of sub-parsers only in private
    """The command."""
    live = commands.add_parser(
        "live",
        help="play a simulated day by the real programs, and compare the calls with the pure run",
        description="The families of a seed come twice: to the bare rules, and to a real queue server with its journal, its HTTP "
        "API, a broker and edge agents. In step (the usual) each act happens at the very moment it has in the pure run, and "
        "the calls must be equal: exit status 0. With --speed the clock runs, and it is said how near the order comes.",
    )
    live.add_argument("--seed", type=int, default=1, help="of the families (1)")
    live.add_argument("--visits", type=int, default=200, help="families that come (200)")
    live.add_argument("--scenario", choices=list(SCENARIOS), default="all")
    how = live.add_mutually_exclusive_group()
    how.add_argument("--lockstep", action="store_true", help="in step; so it is without --speed")
    how.add_argument("--speed", type=float, help="let the clock run so many times as fast as ours")
    live.add_argument(
        "--broker", default="", metavar="URL", help="use this broker: mqtt://host:port"
    )
    live.add_argument("--folder", type=Path, metavar="DIR", help="keep journal and logs here")
    live.add_argument("--json", type=Path, metavar="FILE", help="write the outcome; - for stdout")
    live.set_defaults(run=run_live)


def run_live(given: argparse.Namespace) -> int:
    """Play and compare: 0 when the calls are equal (or the clock ran), 1 when not, 2 when it can't be played."""
    wrong = _what_is_wrong(given)
    if wrong:
        sys.stderr.write(wrong + "\n")
        return 2
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    try:
        with _folder(given.folder) as folder, _progress() as progress:
            played = play(
                given.seed,
                small_model(given.visits),
                SCENARIOS[given.scenario],
                folder,
                speed=given.speed,
                broker=given.broker,
                progress=progress,
            )
    except (LiveError, ProgramFailed, OSError, http.client.HTTPException) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    _tell(played, given)
    failed = bool(played.failed) or (given.speed is None and not played.compared.same)
    return 1 if failed else 0


def _what_is_wrong(given: argparse.Namespace) -> str:
    if not 1 <= given.visits <= MOST_VISITS:
        return f"--visits must be from 1 to {MOST_VISITS:,}; it is {given.visits}."
    if given.speed is not None and not SPEEDS[0] <= given.speed <= SPEEDS[1]:
        return f"--speed must be from {SPEEDS[0]:g} to {SPEEDS[1]:,.0f}; it is {given.speed:g}."
    if given.folder and (given.folder / "server" / "journal.db").exists():
        return (
            f"{given.folder} holds the journal of another day; name an empty folder with --folder."
        )
    return ""


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="beacon-sim-") as made:
        yield Path(made)


@contextmanager
def _progress() -> Iterator[Progress]:
    """The hospital's clock on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _minute: None
        return
    shown = -1

    def show(minute: float) -> None:
        nonlocal shown
        if int(minute) // 5 != shown:
            shown = int(minute) // 5
            sys.stderr.write(f"\r{int(minute) // 60:02}:{int(minute) % 60:02} ")
            sys.stderr.flush()

    yield show
    sys.stderr.write("\r      \r")


def _tell(played: Played, given: argparse.Namespace) -> None:
    found = played.compared
    outcome = {
        "seed": given.seed,
        "visits": given.visits,
        "scenario": given.scenario,
        "speed": given.speed,
        "same": found.same,
        **asdict(played),
    }
    if given.json and str(given.json) != "-":
        given.json.write_text(json.dumps(outcome, indent=1) + "\n", encoding="utf-8")
    if given.json and str(given.json) == "-":
        sys.stdout.write(json.dumps(outcome, indent=1) + "\n")
        return
    sys.stdout.write("\n".join(_lines(played, given)) + "\n")


def _lines(played: Played, given: argparse.Namespace) -> Iterator[str]:
    found = played.compared
    yield (
        f"Seed {given.seed}, {given.visits} visits, scenario {given.scenario}: {found.pure} calls in the pure run "
        f"({played.pure_s:.2f} s), {found.live} by the programs ({played.live_s:.1f} s: {played.scans} scans over MQTT, "
        f"{played.requests} requests over HTTP, {played.events} events in the journal, "
        f"{played.commands / played.live_s:.0f} acts a second)."
    )
    if given.speed is None:
        yield from _in_step(played)
    else:
        yield from _with_a_running_clock(played)
    for what, times in played.failed.items():
        yield f"FAILED {times} times: {what}"


def _in_step(played: Played) -> Iterator[str]:
    found = played.compared
    if found.first is None:
        yield "Every call is the same: who, where, when, out of which candidates with which scores."
    else:
        yield f"The first {found.equal} calls are the same."
        yield from _difference(found.first)
    if played.same_minutes:
        yield "Every family was done at the same moment."
    if not played.same_as_run:
        yield "The order is not that of `beacon-sim run`, whose rules look at the clock every five minutes only."


def _with_a_running_clock(played: Played) -> Iterator[str]:
    found = played.compared
    yield (
        f"Order within the lines: Kendall's τ {found.rank_correlation:.4f}; {found.same_rank:.1%} of the calls had the same "
        f"rank in their line, {found.same_place:.1%} the same room or window; the same call was {found.minutes_apart * 60:.1f} s "
        "apart by the hospital's clock (median)."
    )
    if played.lags_s:
        median, p90, p99, most = played.lags_s
        yield (
            f"Acts came {median:.1f} s late by that clock (median; 90 of 100: {p90:.1f}, 99: {p99:.1f}, most {most:.1f}), so two "
            "that come within moments may change places."
        )
    if played.stops:
        yield f"The clock stood {played.stops} times until everybody had caught up: that speed is too much here."
    if played.provisional:
        yield f"{played.provisional} scans had no answer in time and got a number for now."
    if found.first is not None:
        yield from _difference(found.first)


def _difference(first: Difference) -> Iterator[str]:
    yield f"The first call that differs is number {first.number}: {first.pure} in the pure run, {first.live} by the programs."
    for whose, why in (("pure run", first.why_pure), ("programs", first.why_live)):
        for line in why:
            yield f"  {whose}: {line}"
