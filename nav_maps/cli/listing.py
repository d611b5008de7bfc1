"""`nav-maps list`: what a map holds."""

import argparse
import json
import sys
from collections import Counter

from nav_maps.cli.arguments import Commands, add_map
from nav_maps.labels import said
from nav_maps.model import IndoorMap
from nav_maps.reading import read_map


def add(commands: Commands) -> None:
    """Add the command."""
    listing = commands.add_parser(
        "list",
        help="say what a map holds",
        description="Floors with their units and doors, and counts of the rest. What is wrong with the map: nav-maps check.",
    )
    add_map(listing)
    listing.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> int:
    built, findings = read_map(given.map)
    counts = _counts(built)
    if given.json:
        held = {"levels": _levels(built), "counts": counts, "findings": len(findings)}
        print(json.dumps(held, ensure_ascii=False))
        return 0
    print(_text(built))
    print(", ".join(f"{count} {name}" for name, count in counts.items()))
    if findings:
        print(f"{len(findings)} findings: nav-maps check {given.map}", file=sys.stderr)
    return 0


def _counts(built: IndoorMap) -> dict[str, int]:
    navigation = built.navigation
    return {
        "amenities": len(built.amenities),
        "occupants": len(built.occupants),
        "fixtures": len(built.fixtures),
        "relationships": len(built.relationships),
        "pathways": len(navigation.pathways),
        "landmarks": len(navigation.landmarks),
        "devices": len(navigation.devices),
        "places": len(navigation.places),
    }


def _levels(built: IndoorMap) -> list[dict[str, object]]:
    units = Counter(unit.level for unit in built.units.values())
    doors = Counter(opening.level for opening in built.openings.values())
    return [
        {
            "id": level.id,
            "ordinal": level.ordinal,
            "names": dict(level.names),
            "units": units[level.id],
            "openings": doors[level.id],
        }
        for level in sorted(built.levels.values(), key=lambda level: level.ordinal)
    ]


def _text(built: IndoorMap) -> str:
    units = Counter(unit.level for unit in built.units.values())
    doors = Counter(opening.level for opening in built.openings.values())
    return "\n".join(
        f"{level.ordinal:>4}  {said(level.names, 'zh') or level.id:<30} "
        f"{units[level.id]:>5} units {doors[level.id]:>5} openings"
        for level in sorted(built.levels.values(), key=lambda level: level.ordinal)
    )
