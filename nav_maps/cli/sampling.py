"""`nav-maps sample`: the hospital that ships with the project."""

import argparse
import sys
from pathlib import Path

from nav_maps.cli.arguments import Commands


def add(commands: Commands) -> None:
    """The command."""
    sample = commands.add_parser(
        "sample",
        help="write the map of an invented children's hospital",
        description="Five floors, twenty-five departments, six lifts: an IMDF archive and x_navigation.geojson to try things on.",
    )
    sample.add_argument("out", type=Path, metavar="OUT", help="folder or zip; must not be there")
    sample.set_defaults(run=_sample)


def _sample(given: argparse.Namespace) -> int:
    from nav_maps.sample import write_sample

    write_sample(given.out)
    sys.stdout.write(f"{given.out}\n")
    return 0
