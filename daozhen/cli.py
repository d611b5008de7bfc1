"""`daozhen`: puts the programs together."""

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from beacon_sim import LiveError, ProgramFailed
from daozhen import demo
from daozhen.broker import BrokerFailed
from daozhen.card_command import CARD_ERRORS, add_card_command
from daozhen.certificates import add_certificates_command
from daozhen.demo_hospitals import HOSPITALS
from daozhen.doctor import add_doctor_command


def parser() -> argparse.ArgumentParser:
    """The commands and their help."""
    top = argparse.ArgumentParser(
        prog="daozhen",
        description="Check-in, calling and ways for children's hospitals (导诊). The programs behind it are queue-server, "
        "kiosk-app, edge-agent, beacon-sim and nav-maps.",
    )
    top.add_argument("--version", action="version", version=f"daozhen {version('daozhen')}")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    _add_demo(commands)
    add_doctor_command(commands)
    add_card_command(commands)
    add_certificates_command(commands)
    return top


def _add_demo(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    usual = demo.DemoSettings()
    add = commands.add_parser(
        "demo",
        help="run a living hospital on this machine",
        description="Broker, queue server, two kiosks, and a simulated day: families who hold their cards up to the kiosks' "
        "cameras or show their phones, staff at each room and window, on a clock that runs faster. Anybody may join in. Exit "
        "status 0 when every card that was held up was checked in, and everybody exactly once.",
    )
    add.add_argument(
        "--hospital",
        choices=tuple(HOSPITALS),
        default=usual.hospital,
        help="small: two clinics; sample: twenty-five departments on five floors, with a map on which kiosks and phones "
        "show the way (small)",
    )
    add.add_argument(
        "--minutes",
        type=float,
        default=usual.minutes,
        help="end after so many minutes; 0: run until stopped",
    )
    add.add_argument(
        "--speed",
        type=float,
        default=usual.speed,
        help="how many times as fast as ours the hospital's clock runs (20)",
    )
    add.add_argument(
        "--seed", type=int, default=usual.seed, help="of the families and the staff (1)"
    )
    add.add_argument(
        "--broker", default="", metavar="URL", help="use this broker: mqtt://host:port"
    )
    add.add_argument(
        "--embedded",
        action="store_true",
        help="use the embedded broker even where mosquitto is installed",
    )
    add.add_argument(
        "--folder", type=Path, default=usual.folder, help="where the demo keeps its files"
    )
    add.add_argument("--report", type=Path, metavar="FILE", help="write a JSON report at the end")
    add.set_defaults(run=_run_demo)


def _run_demo(given: argparse.Namespace) -> int:
    if given.speed <= 0 or given.minutes < 0:
        sys.stderr.write("--speed must be more than 0, and --minutes 0 or more.\n")
        return 2
    settings = demo.DemoSettings(
        given.minutes,
        given.speed,
        given.seed,
        given.broker,
        given.embedded,
        given.folder,
        given.report,
        given.hospital,
    )
    return demo.run(settings)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status is 2 when it can't be done as it is given."""
    given = parser().parse_args(arguments)
    try:
        return int(given.run(given))
    except (BrokerFailed, ProgramFailed, LiveError, OSError, *CARD_ERRORS) as error:
        sys.stderr.write(f"{error}\n")
        return 2
