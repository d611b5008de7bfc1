"""`beacon-sim run` and `beacon-sim compare`."""

import argparse
import gc
import json
import sys
import time
from dataclasses import asdict, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from beacon_sim.day.bound import mean_bound
from beacon_sim.day.compare import GOALS, SCENARIOS, Outcome, Row, rows, run_all, sorted_out, tasks
from beacon_sim.day.draw import Drawn, draw
from beacon_sim.day.measure import measured
from beacon_sim.day.model import DayModel
from beacon_sim.day.on_map import NotOnTheMap, read_walks
from beacon_sim.day.places import NotADay, Places, doctors_in, places_in, under, visits_for
from beacon_sim.day.run import DAY, run_day
from beacon_sim.day.walks import Walks, map_walks
from beacon_sim.fit import FitError, read_model
from queue_server import SiteFileError, read_site_file

FITTED: Final = "figures of a hospital, as `beacon-sim fit` writes them"


def add_to(commands: Any) -> None:  # argparse names the type of sub-parsers only in private
    """Both commands."""
    day = commands.add_parser("run", help="run one hospital day, and say what it came to")
    day.add_argument("--scenario", choices=list(SCENARIOS), default="all")
    day.add_argument("--load", type=float, default=0.93, help="of the doctors (0.93)")
    day.add_argument("--seed", type=int, default=1)
    day.add_argument("--visits", type=int, help="families that come (8,000, or the model's)")
    day.add_argument("--model", type=Path, metavar="FILE.toml", help=FITTED)
    day.add_argument(
        "--site", type=Path, metavar="FILE.toml", help="in the hospital of this site file"
    )
    day.add_argument(
        "--map",
        type=Path,
        metavar="FILE",
        help="with --site: how long families walk, by its map (an archive; `nav-maps sample` writes one)",
    )
    day.set_defaults(run=run_one)
    compare = commands.add_parser(
        "compare",
        help="policies and levers side by side, many seeds",
        description="The same families under each scenario. Simulated, always: real hospitals differ.",
    )
    compare.add_argument("--scenarios", default=",".join(GOALS), help="comma-separated, or all")
    compare.add_argument("--loads", default="0.93,1.03")
    compare.add_argument("--seeds", type=int, default=20, help="how many (20)")
    compare.add_argument("--visits", type=int, help="families that come (8,000, or the model's)")
    compare.add_argument("--model", type=Path, metavar="FILE.toml", help=FITTED)
    compare.add_argument(
        "--forecast",
        type=int,
        default=0,
        metavar="DAYS",
        help="also learn the forecast of waiting times on so many days (60; needs scikit-learn)",
    )
    compare.add_argument("--workers", type=int, help="processes; as many as there are cores")
    compare.add_argument("--json", type=Path, metavar="FILE", help="write the claims as rows")
    compare.add_argument("--report", type=Path, metavar="FILE.html", help="write tables, pictures")
    compare.set_defaults(run=run_compare)


def run_one(given: argparse.Namespace) -> int:
    """One day."""
    if given.map and not given.site:
        sys.stderr.write("--map needs --site: a map names its places as a site file does.\n")
        return 2
    try:
        base = replace(_model(given), load=given.load)
        levers = SCENARIOS[given.scenario]
        drawn, places = _in_a_site(given, base) if given.site else (draw(base, given.seed), None)
        places = places and under(places, levers)
        walks = _walks(given, drawn, places)
    except (FitError, SiteFileError, NotADay, NotOnTheMap) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    gc.freeze()
    began = time.perf_counter()
    found = measured(run_day(drawn, levers, places=places, walks=walks))
    took = time.perf_counter() - began
    bound = mean_bound(drawn, levers.previsit, walks)
    _say(
        f"{drawn.model.visits:,} visits in {took:.1f} s: {found.mean:.1f} min from door to exit on average "
        f"(clairvoyant bound {bound:.1f}, ratio {found.mean / bound:.3f}), {found.queueing:.1f} min of it in queues; "
        f"returns wait {found.return_p90:.0f} min at the 90th of 100, {found.return_max:.0f} at most; "
        f"{found.missed} missed calls, {found.unfinished} not seen by midnight. Simulated."
    )
    return 0


def _in_a_site(given: argparse.Namespace, base: DayModel) -> tuple[Drawn, Places]:
    """A day's families for the doctors of a site file."""
    places = places_in(read_site_file(given.site).site, base, DAY)
    doctors = doctors_in(places, base)
    visits = given.visits or visits_for(base, doctors)
    model = replace(base, departments=len(doctors), visits=visits)
    return draw(model, given.seed, doctors), places


def _walks(given: argparse.Namespace, drawn: Drawn, places: Places | None) -> Walks | None:
    if not (given.map and places):
        return None
    walks = map_walks(drawn, places, read_walks(given.map, places))
    came = drawn.shows_up
    _say(
        f"On the map: {walks.to_wait[came].mean():.1f} min from the door to the clinic, "
        f"{walks.to_tests[came & drawn.labs].mean():.1f} from there to the laboratory, "
        f"{walks.to_drugs[came & drawn.prescription].mean():.1f} to the pharmacy; "
        f"without it {drawn.walks[came].mean():.1f} for each way but the first."
    )
    return walks


def run_compare(given: argparse.Namespace) -> int:
    """Many days."""
    names = list(SCENARIOS) if given.scenarios == "all" else given.scenarios.split(",")
    unknown = [name for name in names if name not in SCENARIOS]
    if unknown:
        sys.stderr.write(f"There is no scenario {unknown[0]!r}; use {', '.join(SCENARIOS)}.\n")
        return 2
    loads = [float(each) for each in given.loads.split(",")]
    try:
        base = _model(given)
    except FitError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if given.forecast and not _can_forecast(given.forecast, loads):
        return 2
    todo = tasks(names, loads, range(1, given.seeds + 1), base.visits, base)
    outcomes = sorted_out(_with_progress(todo, given.workers))
    claims = rows(outcomes)
    if given.forecast:
        from beacon_sim.day import forecasts  # scikit-learn is wanted for this only

        split = forecasts.Split.of(given.forecast, len(loads))
        claims += forecasts.claims(forecasts.tried(split, loads, given.workers))
    for row in claims:
        _say(_line(row))
    for (name, load), runs in outcomes.items():
        each = list(runs.values())
        mean = sum(o.mean for o in each) / len(each)
        ratio = sum(o.ratio for o in each) / len(each)
        queueing = sum(o.queueing for o in each) / len(each)
        _say(f"{name:<18}{load:g}  mean {mean:6.1f}  / bound {ratio:.3f}  queueing {queueing:5.1f}")
    if given.json:
        text = json.dumps([asdict(row) for row in claims], indent=1)
        given.json.write_text(text + "\n", encoding="utf-8")
    if given.report:
        from beacon_sim.day.report import html  # matplotlib is wanted for pictures only

        page = html(outcomes, claims, given.seeds, base.visits)
        given.report.write_text(page, encoding="utf-8")
    return 0 if all(row.met is not False for row in claims) else 1


def _can_forecast(days: int, loads: list[float]) -> bool:
    if find_spec("sklearn") is None:
        sys.stderr.write("--forecast needs scikit-learn: pip install 'daozhen[study]'.\n")
        return False
    if days < 6 * len(loads):
        sys.stderr.write(f"--forecast {days}: at least {6 * len(loads)} days are needed.\n")
        return False
    return True


def _model(given: argparse.Namespace) -> DayModel:
    base = read_model(given.model) if given.model else DayModel()
    return base if given.visits is None else replace(base, visits=given.visits)


def _with_progress(todo: list[Any], workers: int | None) -> list[Outcome]:
    try:
        from tqdm import tqdm
    except ImportError:
        return list(run_all(todo, workers))
    return list(tqdm(run_all(todo, workers), total=len(todo), unit="day", file=sys.stderr))


def _line(row: Row) -> str:
    goal = "" if row.goal is None else f"goal {row.goal:g}"
    met = {True: "met", False: "NOT MET", None: ""}[row.met]
    return f"{row.name:<56}{row.load:<6g}{row.value:>9.3f}  {goal:<12}{met}"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
