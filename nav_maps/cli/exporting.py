"""`nav-maps export`: a map's ways for other programs."""

import argparse
from pathlib import Path

from nav_maps.cli.arguments import Commands
from nav_maps.gtfs import gtfs_files
from nav_maps.reading import read_map
from nav_maps.writing import write_files


def add(commands: Commands) -> None:
    """Add the command."""
    exporting = commands.add_parser(
        "export",
        help="write a map's ways for other programs",
        description="GTFS: levels.txt, stops.txt and pathways.txt; units are nodes, doors and ways between levels are pathways.",
    )
    exporting.add_argument("map", type=Path, metavar="MAP", help="folder, zip or GeoJSON file")
    exporting.add_argument(
        "--gtfs", type=Path, metavar="OUT", required=True, help="a new folder, or a zip"
    )
    exporting.add_argument("--lang", choices=("zh", "en"), default="zh", help="of names")
    exporting.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> int:
    built, _ = read_map(given.map)
    files = gtfs_files(built, given.lang)
    write_files(given.gtfs, files)
    for name, data in files.items():
        rows = data.count(b"\n") - 1
        print(f"{name}: {rows}")
    return 0
