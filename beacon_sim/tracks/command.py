"""`beacon-sim replay` and `beacon-sim stats`: recorded radio at the command line."""

import argparse
import asyncio
import json
import sys
from dataclasses import asdict
from pathlib import Path

from beacon_sim.bluez import NoDbus
from beacon_sim.tracks.figures import TrackFigures, figures_of
from beacon_sim.tracks.playing import Comparison, play_through_bleak, serve, write_track
from edge_agent.radio import BadRadio


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add both commands."""
    replay = commands.add_parser(
        "replay",
        help="play a recorded track through a fake BlueZ",
        description="Plays a track through a fake BlueZ, each sensor an adapter, listens with unmodified bleak, and says whether "
        "every advert arrived as it was recorded. With --serve it plays at its own pace for agents that you start.",
    )
    replay.add_argument("track", type=Path, metavar="TRACK.mbd")
    replay.add_argument("--out", type=Path, metavar="FILE.mbd", help="write what was heard")
    replay.add_argument("--json", type=Path, metavar="FILE", help="write the comparison")
    replay.add_argument("--serve", action="store_true", help="play for agents outside")
    replay.add_argument(
        "--speed", type=float, default=1.0, help="of --serve, so many times as fast (1)"
    )
    replay.set_defaults(run=_replay)
    stats = commands.add_parser("stats", help="say what is in recorded tracks")
    stats.add_argument("tracks", type=Path, nargs="+", metavar="TRACK", help=".mbd or .jsonl")
    stats.add_argument("--json", type=Path, metavar="FILE", help="write the figures")
    stats.set_defaults(run=_stats)


def _replay(given: argparse.Namespace) -> int:
    if given.speed <= 0:
        sys.stderr.write("--speed must be more than 0.\n")
        return 2
    try:
        if given.serve:
            played = asyncio.run(serve(given.track, given.speed, _say))
            _say(f"{played} adverts played")
            return 0
        compared, heard = asyncio.run(play_through_bleak(given.track))
    except (BadRadio, NoDbus, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if given.out:
        write_track(given.out, heard)
    if given.json:
        given.json.write_text(json.dumps([asdict(each) for each in compared], indent=1) + "\n")
    _say(_comparison_table(compared))
    return int(any(each.lost or each.other_level for each in compared))


def _stats(given: argparse.Namespace) -> int:
    try:
        figures = [figures_of(path) for path in given.tracks]
    except (BadRadio, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for each in figures:
        _say(_figures_table(each))
    if given.json:
        given.json.write_text(json.dumps([asdict(each) for each in figures], indent=1) + "\n")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _comparison_table(compared: list[Comparison]) -> str:
    lines = [f"{'sensor':<14}{'in track':>10}{'heard':>8}{'lost':>6}{'other level':>13}"]
    lines += [
        f"{each.sensor:<14}{each.in_track:>10}{each.heard:>8}{each.lost:>6}{each.other_level:>13}"
        for each in compared
    ]
    sums = [
        sum(getattr(each, name) for each in compared)
        for name in ("in_track", "heard", "lost", "other_level")
    ]
    lines.append(f"{'all':<14}{sums[0]:>10}{sums[1]:>8}{sums[2]:>6}{sums[3]:>13}")
    return "\n".join(lines)


def _figures_table(figures: TrackFigures) -> str:
    walked = "" if figures.walked_m is None else f", {figures.walked_m:.0f} m walked"
    lines = [
        f"{figures.file}: {figures.seconds:.0f} s, {figures.adverts} adverts of {figures.beacons} token(s){walked}",
        f"{'':<14}{'adverts':>8}{'per s':>7}{'median':>8}{'mean':>8}{'sd':>6}{'least':>7}{'most':>6}"
        f"{'gap p95':>9}{'longest':>9}{'no level':>10}",
    ]
    lines += [
        f"{each.name:<14}{each.adverts:>8}{each.per_s:>7.1f}{each.median_dbm:>8.1f}{each.mean_dbm:>8.1f}{each.sd_db:>6.1f}"
        f"{each.least_dbm:>7.0f}{each.most_dbm:>6.0f}{each.gap_p95_s:>9.2f}{each.longest_gap_s:>9.2f}{each.disbelieved:>10}"
        for each in figures.sensors
    ]
    return "\n".join(lines) + "\n"
