"""`beacon-sim score`: how well whereabouts are told, on recorded tracks."""

import argparse
import json
import platform
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from beacon_sim.score.figures import BLOCK_S
from beacon_sim.score.heard import track_as_heard
from beacon_sim.score.scoring import RECALLS, Figure, Near, Score, score
from beacon_sim.score.tracks import TrackError, read_sensors, read_track
from queue_server.whereabouts import LATE_S

MOST_WAIT_S: Final = 10.0

EXPLAINED = """\
cold  nothing is known of the receivers at first; what is learned from the tracks' own radio is kept from track to track.
warm  the radio of the other tracks (never where they were) was heard before, as traffic of another day.
Both use only what was heard until {late:g} s after the moment they speak of.
In brackets: 90 % of a bootstrap over blocks of {block:.0f} s.
A point is in the zone of the sensor nearest to it on the plan; the groups are the sensors' names without the last digit.
"""


def add_to(commands: Any) -> None:  # argparse names the type of sub-parsers only in private
    """`score`."""
    scoring = commands.add_parser(
        "score",
        help="score the whereabouts of phones on recorded tracks",
        description="Follows recorded tracks with the very filter that the server runs, and compares it with plain methods.",
    )
    scoring.add_argument("tracks", type=Path, nargs="+", metavar="TRACK.mbd")
    scoring.add_argument(
        "--sensors", type=Path, required=True, metavar="FILE", help="where the sensors hang"
    )
    scoring.add_argument(
        "--wait",
        type=float,
        default=LATE_S,
        metavar="SECONDS",
        help=f"tell of each moment so much later, as the server does ({LATE_S:g}); 0 is at once",
    )
    scoring.add_argument(
        "--through-bleak",
        action="store_true",
        help="play the tracks through a fake BlueZ first, and score what unmodified bleak hears",
    )
    scoring.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    scoring.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Score, print, write; 2 when a file can't be used."""
    if not 0 <= given.wait <= MOST_WAIT_S:
        sys.stderr.write(f"--wait goes from 0 to {MOST_WAIT_S:g} seconds.\n")
        return 2
    read = track_as_heard if given.through_bleak else read_track
    try:
        sensors = read_sensors(given.sensors)
        tracks = [read(path, sensors) for path in given.tracks]
    except TrackError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    found = score(sensors, tracks, given.wait)
    sys.stdout.write(told(found))
    if given.json:
        given.json.write_text(json.dumps(as_json(found), indent=1) + "\n", encoding="utf-8")
    return 0


def told(found: Score) -> str:
    """The score as a table."""
    lines = [f"{'':44}{'plain':>8}{'cold':>22}{'warm':>22}   goal"]
    lines += [_line(each) for each in found.figures]
    lines += ["", f"{'track, cold':34}{'seconds':>9}{'zones':>8}{'groups':>8}{'error, m':>10}"]
    lines += [
        f"{each.track[:33]:34}{each.seconds:9.0f}{each.zones:8.2f}{each.groups:8.2f}{each.error_m:10.2f}"
        f"   {'looked at while tuning' if each.seen else 'not tuned on'}"
        for each in found.tracks
    ]
    lines += [
        "",
        f"{'within 2 m, precision at recall':34}" + "".join(f"{each:8.1f}" for each in RECALLS),
    ]
    lines += [_near_line(each) for each in found.near]
    lines += ["", EXPLAINED.format(block=BLOCK_S, late=found.late_s)]
    if found.left_out:
        lines.append(f"Readings left out because no radio can have made them: {found.left_out}.\n")
    return "\n".join(lines)


def _near_line(near: Near) -> str:
    curve = "".join(f"{precision:8.2f}" for _, precision in near.curve)
    recall, precision = near.likely
    return f"{near.method:34}{curve}   said when more likely than not: precision {precision:.2f}, recall {recall:.2f}"


def _line(figure: Figure) -> str:
    def shown(each: Any) -> str:
        return f"{each.value:.2f} [{each.low:.2f}, {each.high:.2f}]"

    goal = f"{'≤' if figure.at_most else '≥'} {figure.goal:g}"
    met = "/".join(
        "met" if figure.met(each.value) else "not met" for each in (figure.cold, figure.warm)
    )
    return (
        f"{figure.name:44}{figure.plain:8.2f}{shown(figure.cold):>22}{shown(figure.warm):>22}   {goal} {met}"
        f" (plain: {figure.plain_method})"
    )


def as_json(found: Score) -> dict[str, Any]:
    """The same for programs."""
    return {
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "tuned_on": [each.track for each in found.tracks if each.seen],
        "not_tuned_on": [each.track for each in found.tracks if not each.seen],
        "told_after_s": found.late_s,
        "figures": [
            asdict(each)
            | {"cold_met": each.met(each.cold.value), "warm_met": each.met(each.warm.value)}
            for each in found.figures
        ],
        "near": [asdict(each) for each in found.near],
        "tracks": [asdict(each) for each in found.tracks],
        "readings_left_out": found.left_out,
    }
