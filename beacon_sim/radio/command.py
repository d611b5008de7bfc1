"""`beacon-sim radio`: the simulated radio beside a recorded one, in a crowded hall, and at doors."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from beacon_sim.radio.air import Air, Phone
from beacon_sim.radio.compare import SEEDS, TUNED_ON, Compared, compare
from beacon_sim.radio.doors import SCENARIOS, Corridor, play
from beacon_sim.radio.model import PhoneModel
from beacon_sim.radio.paths import Walk
from beacon_sim.score import Sensor, Track, TrackError, read_sensors, read_track
from queue_server.whereabouts import Receiver

HALL_S = 5.0


def add_to(commands: Any) -> None:  # argparse names the type of sub-parsers only in private
    """`radio`."""
    radio = commands.add_parser(
        "radio",
        help="compare the simulated radio with a recorded one, or try it on halls and doors",
        description="With --compare: all statistics along the recorded ways. With --hall: how much is lost by collisions. "
        "With --doors: check-ins of simulated families, through the agents' and the server's own code.",
    )
    radio.add_argument("--compare", type=Path, nargs="+", metavar="TRACK.mbd", default=[])
    radio.add_argument("--sensors", type=Path, metavar="FILE", help="where the sensors hang")
    radio.add_argument("--seeds", type=int, default=SEEDS, help=f"simulations ({SEEDS})")
    radio.add_argument("--hall", type=int, metavar="PHONES", help="so many phones, eight agents")
    radio.add_argument("--interval", type=float, default=0.1, help="of their adverts, s (0.1)")
    radio.add_argument("--doors", choices=("all", *SCENARIOS), help="a scenario at doors")
    radio.add_argument("--arrivals", type=int, default=1000, help="how many come (1000)")
    radio.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    radio.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Do what was asked; 2 when it can't be done so."""
    wrong = _wrong(given)
    if wrong:
        sys.stderr.write(wrong + "\n")
        return 2
    found: dict[str, Any] = {}
    try:
        if given.compare:
            found["compare"] = _compared(given)
    except TrackError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if given.hall:
        found["hall"] = _hall(given.hall, given.interval)
    if given.doors:
        found["doors"] = _doors(given.doors, given.arrivals)
    if given.json:
        given.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


def _wrong(given: argparse.Namespace) -> str | None:
    if given.compare and not given.sensors:
        return "To compare, say where the sensors hang: --sensors FILE."
    if not (given.compare or given.hall or given.doors):
        return "Say what to do: --compare TRACK…, --hall PHONES, or --doors SCENARIO."
    if given.seeds < 2 or given.interval <= 0.005 or (given.hall or 1) < 1 or given.arrivals < 1:
        return "Give at least 2 seeds, 1 phone and 1 arrival, and an interval above 0.005 s."
    return None


def _compared(given: argparse.Namespace) -> list[dict[str, Any]]:
    sensors = read_sensors(given.sensors)
    tracks = [read_track(path, sensors) for path in given.compare]
    fresh = [each for each in tracks if each.name not in TUNED_ON]
    parts = [("all tracks", tracks)]
    if fresh and len(fresh) < len(tracks):
        parts.append(("tracks not tuned on", fresh))
    return [_part(name, sensors, part, given.seeds) for name, part in parts]


def _part(
    name: str, sensors: Sequence[Sensor], tracks: Sequence[Track], seeds: int
) -> dict[str, Any]:
    rows = compare(sensors, tracks, seeds=seeds)
    names = ", ".join(
        f"{each.name} ({'tuned on' if each.name in TUNED_ON else 'not tuned on'})"
        for each in tracks
    )
    out = sys.stdout
    out.write(f"{name}: {names}\n")
    out.write(
        f"{'':20}{'recorded':>10}{'simulated':>11}{'ratio':>8}   90 % of {seeds} simulations\n"
    )
    for row in rows:
        out.write(_row(row))
    alike = sum(row.alike for row in rows)
    out.write(f"{alike} of {len(rows)} within 15 %\n\n")
    return {
        "part": name,
        "tracks": [each.name for each in tracks],
        "tuned_on": [each.name for each in tracks if each.name in TUNED_ON],
        "figures": [
            asdict(row) | {"alike": row.alike, "within_scatter": row.within_scatter} for row in rows
        ],
    }


def _row(row: Compared) -> str:
    ratio = row.simulated / row.recorded if row.recorded else float("nan")
    verdict = "alike" if row.alike else "within scatter" if row.within_scatter else "differs"
    return (
        f"{row.name:20}{row.recorded:10.3f}{row.simulated:11.3f}{ratio:8.2f}   "
        f"{row.low:.3f} … {row.high:.3f}  {verdict}\n"
    )


def _hall(count: int, interval_s: float) -> dict[str, Any]:
    """How much eight agents hear of a crowd that stands about in 40 × 30 m."""
    rng = np.random.default_rng(1)
    receivers = [Receiver(f"a{n}", 5 + 10 * (n % 4), 5 + 20 * (n // 4), 2.2) for n in range(8)]
    spots = np.column_stack([rng.uniform(0, 40, count), rng.uniform(0, 30, count)])
    phones = [
        Phone(Walk(np.zeros(1), np.array([[x, y, 1.1]])), PhoneModel(interval_s)) for x, y in spots
    ]
    began = time.perf_counter()
    heard = Air(receivers).receive(phones, 0.0, HALL_S)
    took_s = time.perf_counter() - began
    sent = count * HALL_S / (interval_s + 0.005)
    per_agent = np.bincount(heard.receiver, minlength=len(receivers)) / sent
    per_phone = np.bincount(heard.phone, minlength=count) / HALL_S / len(receivers)
    found = {
        "phones": count,
        "interval_s": interval_s,
        "heard_share": float(per_agent.mean()),
        "adverts_per_phone_agent_s": float(np.median(per_phone)),
        "simulated_adverts_per_s": float(len(heard) / took_s),
    }
    sys.stdout.write(
        f"{count} phones, one advert each {interval_s:g} s: an agent hears {per_agent.mean():.0%} of all adverts, "
        f"{found['adverts_per_phone_agent_s']:.2f} a second of the middle phone; {len(heard)} heard in {HALL_S:g} s, "
        f"simulated in {took_s:.1f} s\n"
    )
    return found


def _doors(name: str, arrivals: int) -> list[dict[str, Any]]:
    found = []
    out = sys.stdout
    out.write(
        f"{'doors':12}{'phones':>8}{'stood':>7}{'in':>7}{'missed':>8}{'passing':>9}{'false':>7}{'card':>6}{'p95, s':>8}\n"
    )
    for each in SCENARIOS if name == "all" else [name]:
        tally = play(SCENARIOS[each], arrivals, Corridor())
        p95 = tally.p95_s()
        out.write(
            f"{each:12}{tally.visitors:8}{tally.expected:7}{tally.right:7}{tally.missed:8}{tally.in_passing:9}"
            f"{tally.false:7}{tally.refused:6}{p95:8.1f}\n"
        )
        out.flush()
        found.append(
            {
                "scenario": each,
                "phones": tally.visitors,
                "stood": tally.expected,
                "right": tally.right,
                "missed": tally.missed,
                "in_passing": tally.in_passing,
                "false": tally.false,
                "card": tally.refused,
                "p95_s": None if np.isnan(p95) else p95,
            }
        )
    return found
