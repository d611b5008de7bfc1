"""`nav-maps route`: the way from one place to another, in words and figures."""

import argparse
import json
import sys
from collections.abc import Sequence

from nav_maps.cli.arguments import Commands, add_map
from nav_maps.graph import Terminal, WayGraph, build_graph
from nav_maps.labels import said
from nav_maps.model import IndoorMap
from nav_maps.reading import read_map
from nav_maps.route import NoWay, Profile, Ride, Route, Walk
from nav_maps.routing import KINDS, Router, named, of_kind
from nav_maps.words import Guide, tell


class _NotClear(Exception):
    """What was asked for is not on the map, or stands for several places."""


def add(commands: Commands) -> None:
    """Add the command."""
    routing = commands.add_parser(
        "route",
        help="find the way from one place to another",
        description="The quickest way in words, metres and seconds. FROM and TO are ids, door numbers or names (in any language "
        "of the map). Exit status: 0 there is a way, 1 there is none, 2 a place is not known or not clear.",
    )
    add_map(routing)
    routing.add_argument("start", metavar="FROM", help="where one is: a kiosk, a room …")
    routing.add_argument("end", metavar="TO", nargs="?", help="where one wants to go")
    routing.add_argument(
        "--profile", choices=[each.value for each in Profile], default="adult", help="who walks"
    )
    routing.add_argument(
        "--via",
        action="append",
        default=[],
        metavar="PLACE",
        help="on the way, in the best order (again for more)",
    )
    routing.add_argument(
        "--nearest",
        metavar="KIND",
        help=f"instead of TO the quickest to reach of a kind: {', '.join(KINDS)}, or a category of the map",
    )
    routing.add_argument(
        "--close",
        action="append",
        default=[],
        metavar="ID",
        help="a unit, opening or pathway that is closed",
    )
    routing.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> int:
    built, _ = read_map(given.map)
    graph = build_graph(built)
    try:
        _check_closed(built, given.close)
        routes = _found(graph, given)
    except _NotClear as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if isinstance(routes, NoWay):
        _print_no_way(routes, given.json)
        return 1
    guide = Guide(built)
    if given.json:
        told = [as_json(built, guide, route) for route in routes]
        print(json.dumps(told[0] if len(told) == 1 else {"legs": told}, ensure_ascii=False))
        return 0
    for route in routes:
        _print(built, guide, route)
    return 0


def _found(graph: WayGraph, given: argparse.Namespace) -> Sequence[Route] | NoWay:
    router, profile = Router(graph, given.close), Profile(given.profile)
    start = _one(graph, given.start)
    if given.nearest:
        goals = of_kind(graph, given.nearest)
        if not goals:
            raise _NotClear(f"The map has nothing of the kind {given.nearest!r}.")
        found = router.nearest(start, goals, profile)
        return found if isinstance(found, NoWay) else (found,)
    if given.end is None:
        raise _NotClear("Say where to: TO, or --nearest KIND.")
    stops = [start, *(_one(graph, text) for text in given.via)]
    return router.tour(stops, profile, end=_one(graph, given.end))


def _one(graph: WayGraph, text: str) -> str:
    found = named(graph, text)
    if len(found) == 1:
        return found[0].spot.feature
    if not found:
        raise _NotClear(
            f"No place on the map is called {text!r}: give an id, a door number or a name."
        )
    listed = "\n".join(f"  {_candidate(graph, each)}" for each in found[:20])
    raise _NotClear(f"{text!r} stands for {len(found)} places; give an id:\n{listed}")


def _candidate(graph: WayGraph, terminal: Terminal) -> str:
    spot = terminal.spot
    level = graph.map.levels[spot.level]
    floor = said(level.short, "en") or said(level.names, "en") or level.id
    return f"{spot.feature}  {floor}  {said(spot.names, 'zh')} {said(spot.names, 'en')}".rstrip()


def _check_closed(built: IndoorMap, features: Sequence[str]) -> None:
    known = {*built.units, *built.openings, *built.relationships}
    known |= {each.id for each in built.navigation.pathways}
    for feature in features:
        if feature not in known:
            raise _NotClear(
                f"--close {feature}: no unit, opening or pathway of the map has this id."
            )


def as_json(built: IndoorMap, guide: Guide, route: Route) -> dict[str, object]:
    """A route for programs: places as [longitude, latitude] and metres, words in both languages."""
    way = tell(guide, route)
    return {
        "from": route.start.feature,
        "to": route.end.feature,
        "profile": route.profile.value,
        "metres": round(route.metres, 1),
        "seconds": round(route.seconds, 1),
        "levels": list(route.levels),
        "pieces": [
            _walk_json(built, piece) if isinstance(piece, Walk) else _ride_json(piece)
            for piece in route.pieces
        ],
        "words": {
            language: [each.reading[language] for each in way.instructions]
            for language in ("zh", "en")
        },
    }


def _walk_json(built: IndoorMap, walk: Walk) -> dict[str, object]:
    degrees = (built.projection.to_degrees(*point) for point in walk.line)
    return {
        "kind": "walk",
        "level": walk.level,
        "metres": round(walk.metres, 1),
        "seconds": round(walk.seconds, 1),
        "line": [[round(longitude, 8), round(latitude, 8)] for longitude, latitude in degrees],
        "line_metres": [[round(x, 2), round(y, 2)] for x, y in walk.line],
        "units": list(walk.units),
        "doors": [each.opening for each in walk.passed if each.opening],
    }


def _ride_json(ride: Ride) -> dict[str, object]:
    return {
        "kind": "ride",
        "mode": ride.mode.value,
        "connection": ride.connection,
        "from_level": ride.from_level,
        "to_level": ride.to_level,
        "floors": ride.floors,
        "metres": round(ride.metres, 1),
        "seconds": round(ride.seconds, 1),
        "names": dict(ride.names),
    }


def _print(built: IndoorMap, guide: Guide, route: Route) -> None:
    way = tell(guide, route)
    levels = " → ".join(
        said(built.levels[level].short, "en") or said(built.levels[level].names, "en") or level
        for level in route.levels
    )
    names = [f"{said(spot.names, 'zh')} ({spot.feature[:13]})" for spot in (route.start, route.end)]
    print(f"{' → '.join(names)}: {route.metres:.0f} m, {route.seconds:.0f} s, {levels}")
    for number, each in enumerate(way.instructions, start=1):
        print(f"{number:>3}. {each.reading['zh']}\n     {each.reading['en']}")


def _print_no_way(found: NoWay, as_json: bool) -> None:
    if as_json:
        told = {"reason": dict(found.reason), "blocked_by": list(found.blocked_by)}
        print(json.dumps(told, ensure_ascii=False))
        return
    print(f"{found.reason['zh']}\n{found.reason['en']}")
    if found.blocked_by:
        print(f"blocked by: {', '.join(found.blocked_by)}")
