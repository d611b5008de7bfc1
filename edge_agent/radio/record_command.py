"""`record`: write down what a radio hears of phones, for replay and support."""

import argparse
import sys
import threading
import time
from pathlib import Path

from edge_agent.core.presence import Presence, Reach
from edge_agent.core.recovery import RadioHealth
from edge_agent.radio.listening import Listening
from edge_agent.radio.port import BadRadio
from edge_agent.radio.recordings import Recorder
from edge_agent.radio.spec import open_radio
from protocol import PhoneNear, PresenceReported


def add_record_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> None:
    """Add it to a program's commands."""
    record = commands.add_parser(
        "record",
        help="write down what a radio hears of phones",
        description="Writes every advert that carries a check-in token as a line of JSON: time, level, token, a number for the "
        'device; no address. An agent plays it with bluetooth = "replay:FILE".',
    )
    record.add_argument(
        "file", type=Path, metavar="FILE.jsonl", help="the recording; must not exist"
    )
    record.add_argument("--bluetooth", default="hci0", metavar="RADIO", help="the radio (hci0)")
    record.add_argument("--seconds", type=float, default=60.0, help="how long (60)")
    record.add_argument("--agent", default="", help="whose ears, written into the first line")
    record.set_defaults(run=_record)


class _Saying:
    """Tells the operator how the radio fares; see `Told`."""

    def __init__(self) -> None:
        self.ok = False

    def near(self, told: PhoneNear) -> None:
        """Nothing to say."""

    def reported(self, told: PresenceReported) -> None:
        """Nothing to say."""

    def fares(self, health: RadioHealth) -> None:
        """Say what is wrong."""
        self.ok = health.ok
        if not health.ok:
            sys.stderr.write(f"{health.text.en}\n")


def _record(given: argparse.Namespace) -> int:
    try:
        radio = open_radio(given.bluetooth)
        if radio is None:
            raise BadRadio("There is nothing to record from a radio that is off.")
    except BadRadio as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if given.file.exists():
        sys.stderr.write(f"{given.file} is there already; nothing is written over.\n")
        return 2
    stop, saying = threading.Event(), _Saying()
    with given.file.open("x", encoding="utf-8") as out:
        recorder = Recorder(out, given.agent)
        listening = Listening(radio, Presence(Reach()), saying, 20.0, recorder)
        thread = threading.Thread(target=listening.run, args=(stop,), name="radio")
        thread.start()
        try:
            time.sleep(given.seconds)
        except KeyboardInterrupt:
            sys.stderr.write("\n")
        stop.set()
        thread.join()
    sys.stdout.write(f"{given.file}: {recorder.written} of {radio.adverts} adverts\n")
    return 0 if saying.ok else 1
