"""`nav-maps`: look into indoor maps."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from nav_maps.archive import Archive, NotAnArchive, read_archive


def parser() -> argparse.ArgumentParser:
    """The commands and their help."""
    top = argparse.ArgumentParser(
        prog="nav-maps", description="Indoor maps in the Indoor Mapping Data Format 1.0.0."
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    listing = commands.add_parser(
        "list",
        help="say what a map holds",
        description="Floors and rooms of an IMDF archive, and what is wrong with its references. Exit status: 0 nothing is "
        "wrong, 1 something is, 2 it is no archive.",
    )
    listing.add_argument("map", type=Path, metavar="MAP", help="folder or zip")
    listing.add_argument("--json", action="store_true", help="as JSON")
    listing.set_defaults(run=_list)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command."""
    given = parser().parse_args(arguments)
    return int(given.run(given))


def _list(given: argparse.Namespace) -> int:
    try:
        archive = read_archive(given.map)
    except (NotAnArchive, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(
        json.dumps(asdict(archive), ensure_ascii=False) + "\n" if given.json else _text(archive)
    )
    return 1 if archive.findings else 0


def _text(archive: Archive) -> str:
    units = Counter(unit.level for unit in archive.units.values())
    doors = Counter(opening.level for opening in archive.openings.values())
    lines = [
        f"{level.ordinal:>4}  {next(iter(level.names.values()), level.id):<30} "
        f"{units[level.id]:>5} units {doors[level.id]:>5} openings"
        for level in sorted(archive.levels.values(), key=lambda level: level.ordinal)
    ]
    lines += [f"{each.file} {each.feature}: {each.what}" for each in archive.findings]
    return "\n".join(lines) + "\n"
