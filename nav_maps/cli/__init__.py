"""`nav-maps`: look into indoor maps. Each command is a module of this package with an `add(commands)`."""

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Final

from nav_maps.cli import (
    checking,
    drawing,
    exporting,
    graphing,
    importing,
    listing,
    routing,
    ruling,
    sampling,
    timing,
)
from nav_maps.cli.arguments import Commands
from nav_maps.reading import NotAMap

ADDED: Final[tuple[Callable[[Commands], None], ...]] = (
    listing.add,
    checking.add,
    ruling.add,
    importing.add,
    exporting.add,
    sampling.add,
    drawing.add,
    graphing.add,
    routing.add,
    timing.add,
)
"""The commands in the order of `--help`."""


def parser() -> argparse.ArgumentParser:
    """The commands and their help."""
    top = argparse.ArgumentParser(
        prog="nav-maps", description="Indoor maps in the Indoor Mapping Data Format 1.0.0."
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for add in ADDED:
        add(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. Status 2: the map or what was asked for is not there."""
    given = parser().parse_args(arguments)
    try:
        return int(given.run(given))
    except (NotAMap, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
