"""`beacon-sim`: rehearse without hardware."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import cv2

from beacon_sim.approach import FRAME_RATE, approach_frames
from beacon_sim.day.command import add_to as add_day
from beacon_sim.faults.command import add_to as add_faults
from beacon_sim.fit.command import add_to as add_fit
from beacon_sim.live.command import add_to as add_live
from beacon_sim.radio import add_to as add_radio
from beacon_sim.score import add_to as add_score
from beacon_sim.tracks import add_to as add_tracks
from edge_agent.radio import add_record_command
from protocol.card import qr


def parser() -> argparse.ArgumentParser:
    """The commands and their help."""
    top = argparse.ArgumentParser(prog="beacon-sim", description="Rehearsal without hardware.")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    approach = commands.add_parser(
        "approach",
        help="film a card that is held up to a camera",
        description="Writes a video of a phone or paper that comes nearer, out of focus and glaring at first. A kiosk plays it "
        'as its camera: sources = ["video:card.avi?loop"].',
    )
    approach.add_argument("text", help="the text of the code; - reads it from standard input")
    approach.add_argument("--out", type=Path, required=True, metavar="FILE.avi", help="the video")
    approach.add_argument("--seed", type=int, default=1, help="another seed, another hand (1)")
    approach.add_argument("--seconds", type=float, default=1.0, help="how long it is held up (1)")
    approach.set_defaults(run=_approach)
    add_day(commands)
    add_faults(commands)
    add_fit(commands)
    add_tracks(commands)
    add_record_command(commands)
    add_score(commands)
    add_radio(commands)
    add_live(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status is 2 when it can't be done as it is given."""
    given = parser().parse_args(arguments)
    return int(given.run(given))


def _approach(given: argparse.Namespace) -> int:
    text = sys.stdin.read().strip() if given.text == "-" else given.text
    frames = int(given.seconds * FRAME_RATE)
    if not text or frames < 1:
        sys.stderr.write("There must be a text, and at least one frame.\n")
        return 2
    writer = cv2.VideoWriter(
        str(given.out), cv2.VideoWriter.fourcc(*"MJPG"), FRAME_RATE, (1280, 720)
    )
    if not writer.isOpened():
        sys.stderr.write(f"{given.out} can't be written; it must end with .avi.\n")
        return 2
    for frame in approach_frames(qr.matrix(text), given.seed, frames=frames):
        writer.write(cv2.cvtColor(frame, cv2.COLOR_GRAY2BGR))
    writer.release()
    sys.stdout.write(f"{given.out}: {frames} frames\n")
    return 0
