"""`nav-maps times`: walking times between places, for the queue, the simulator or a spreadsheet."""

import argparse
import csv
import json
import sys

from nav_maps.cli.arguments import Commands, add_map
from nav_maps.graph import WayGraph, build_graph
from nav_maps.reading import read_map
from nav_maps.route import Profile
from nav_maps.routing import Router, Unknown, walking_times


def add(commands: Commands) -> None:
    """Add the command."""
    timing = commands.add_parser(
        "times",
        help="walking times between places, as a table",
        description="Seconds from each place to each other, as CSV (rows from, columns to; empty: no way) or JSON. "
        "Without PLACE: all places that the map names for the site file, or all units when it names none.",
    )
    add_map(timing)
    timing.add_argument("places", nargs="*", metavar="PLACE", help="ids of places or units")
    timing.add_argument(
        "--profile", choices=[each.value for each in Profile], default="adult", help="who walks"
    )
    timing.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> int:
    built, _ = read_map(given.map)
    graph = build_graph(built)
    places = given.places or _named_places(graph)
    try:
        table = walking_times(Router(graph), places, Profile(given.profile))
    except Unknown as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if given.json:
        print(json.dumps({"profile": given.profile, "seconds": table}, ensure_ascii=False))
        return 0
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(["from", *places])
    rows.writerows([start, *(table[start].get(end, "") for end in places)] for start in places)
    return 0


def _named_places(graph: WayGraph) -> list[str]:
    named = [each.id for each in graph.map.navigation.places if each.id in graph.terminals]
    return named or [unit for unit in graph.map.units if unit in graph.terminals]
