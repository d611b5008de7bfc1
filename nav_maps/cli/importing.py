"""`nav-maps import`: an archive from OpenStreetMap data."""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

from nav_maps.cli.arguments import Commands
from nav_maps.findings import Finding
from nav_maps.osm import import_osm
from nav_maps.writing import write_archive


def add(commands: Commands) -> None:
    """Add the command."""
    importing = commands.add_parser(
        "import",
        help="make an archive from OpenStreetMap data",
        description="Simple Indoor Tagging (indoor=room|corridor|area, level, door, entrance, highway=steps|elevator) from an "
        ".osm file or Overpass JSON becomes an IMDF archive with x_navigation.geojson. Then: nav-maps check OUT.",
    )
    importing.add_argument("osm", type=Path, metavar="FILE", help=".osm (XML) or Overpass JSON")
    importing.add_argument("out", type=Path, metavar="OUT", help="a new folder, or a zip")
    importing.add_argument("--json", action="store_true", help="as JSON")
    importing.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> int:
    findings: list[Finding] = []
    archive, projection = import_osm(given.osm, findings)
    write_archive(given.out, archive, projection)
    counts = {type: len(features) for type, features in archive.features.items()}
    if given.json:
        said = [
            {"rule": each.rule, "feature": each.feature, "what": dict(each.what)}
            for each in findings
        ]
        print(json.dumps({"counts": counts, "findings": said}, ensure_ascii=False))
        return 0
    print(", ".join(f"{count} {type}" for type, count in sorted(counts.items())))
    for rule, count in Counter(each.rule for each in findings).items():
        first = next(each for each in findings if each.rule == rule)
        print(f"{rule} × {count}: {first.what['zh']} {first.what['en']}", file=sys.stderr)
    return 0
