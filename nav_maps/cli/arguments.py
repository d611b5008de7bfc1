"""Arguments that commands share."""

import argparse
from pathlib import Path
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_map(command: argparse.ArgumentParser) -> None:
    """`MAP` and `--json`."""
    command.add_argument("map", type=Path, metavar="MAP", help="folder, zip or GeoJSON file")
    command.add_argument("--json", action="store_true", help="as JSON")
