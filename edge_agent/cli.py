"""`edge-agent`: the program at a kiosk, door or corridor that has no screen of its own."""

import argparse
import asyncio
import json
import signal
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from edge_agent.errors import AgentError
from edge_agent.outbox import Outbox
from edge_agent.paper import add_slip_command
from edge_agent.program import open_agent
from edge_agent.radio import add_record_command
from edge_agent.readers import add_read_command
from edge_agent.settings import AgentSettings
from edge_agent.sources import BadSource


def parser() -> argparse.ArgumentParser:
    """The commands and their help."""
    top = argparse.ArgumentParser(
        prog="edge-agent",
        description="Senses visit cards and keeps every scan until the queue server has it. Works while the network, "
        "the broker or the server does not.",
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="run the agent", description=AgentSettings.__doc__)
    run.add_argument(
        "--config", type=Path, help="settings as TOML; EDGE_AGENT_… variables win over it"
    )
    run.set_defaults(run=_run)
    add_read_command(commands)
    add_record_command(commands)
    add_slip_command(commands)
    outbox = commands.add_parser("outbox", help="show what the server has not acknowledged yet")
    outbox.add_argument(
        "--data", type=Path, default=Path("var/edge-agent"), help="the agent's data folder"
    )
    outbox.add_argument("--json", action="store_true", help="one envelope a line")
    outbox.set_defaults(run=_outbox)
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
    except (AgentError, BadSource, OSError, tomllib.TOMLDecodeError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _run(given: argparse.Namespace) -> int:
    asyncio.run(_until_stopped(AgentSettings.load(given.config)))
    return 0


async def _until_stopped(settings: AgentSettings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with open_agent(settings):
        await stop.wait()


def _outbox(given: argparse.Namespace) -> int:
    path = given.data / "outbox.db"
    if not path.is_file():
        sys.stderr.write(f"There is no outbox at {path}.\n")
        return 2
    with Outbox(path) as outbox:
        for seq, leaf, envelope in outbox.listed():
            event = json.loads(envelope)
            line = (
                json.dumps(event)
                if given.json
                else f"{seq}\t{leaf}\t{event['time']}\t{event['type']}"
            )
            sys.stdout.write(line + "\n")
    return 0
