"""`kiosk-app`: an edge agent with a touch screen."""

import argparse
import asyncio
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from edge_agent import AgentError
from edge_agent.sources import BadSource
from kiosk_app.errors import KioskError
from kiosk_app.serving import run
from kiosk_app.settings import KioskSettings


def parser() -> argparse.ArgumentParser:
    """The commands and their help."""
    top = argparse.ArgumentParser(
        prog="kiosk-app",
        description="A check-in kiosk: reads visit cards and shows where a family stands, on a page for the kiosk's own browser. "
        "Open http://127.0.0.1:8081 full screen, e.g. with chromium --kiosk.",
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    run_it = commands.add_parser("run", help="run the kiosk")
    run_it.add_argument(
        "--config", type=Path, help="settings as TOML; KIOSK_APP_… variables win over it"
    )
    run_it.set_defaults(run=_run)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status is 2 when it can't be started as it is set up."""
    given = parser().parse_args(arguments)
    try:
        return int(given.run(given))
    except ValidationError as error:
        for item in error.errors(include_url=False):
            sys.stderr.write(f"Setting {'.'.join(map(str, item['loc']))}: {item['msg']}\n")
        return 2
    except (AgentError, BadSource, KioskError, OSError, tomllib.TOMLDecodeError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _run(given: argparse.Namespace) -> int:
    asyncio.run(run(KioskSettings.load(given.config)))
    return 0
