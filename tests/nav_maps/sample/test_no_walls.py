"""Ways in the sample hospital run through doors, never through a wall."""

import random

from shapely import LineString, unary_union
from shapely.geometry.base import BaseGeometry

from nav_maps import IndoorMap, Profile, Route, Walk
from nav_maps.graph import build_graph
from nav_maps.routing import Router
from nav_maps.sample import sample_map


def walls(hospital: IndoorMap, level: str) -> BaseGeometry:
    """The outlines of all units of a level, without its doors."""
    outlines = [unit.area.boundary for unit in hospital.units.values() if unit.level == level]
    doors = [door.line for door in hospital.openings.values() if door.level == level]
    gaps = unary_union([line.buffer(0.02, cap_style="flat") for line in doors])
    return unary_union(outlines).difference(gaps)


def test_no_way_runs_through_a_wall() -> None:
    hospital = sample_map()
    router = Router(build_graph(hospital))
    built = {level: walls(hospital, level) for level in hospital.levels}
    places = [place.id for place in hospital.navigation.places]
    chance = random.Random(7)
    found = 0
    for _ in range(250):
        start, end = chance.sample(places, 2)
        way = router.route(start, end, chance.choice(list(Profile)))
        assert isinstance(way, Route), (start, end)
        found += 1
        for piece in way.pieces:
            if isinstance(piece, Walk) and len(piece.line) > 1:
                assert LineString(piece.line).disjoint(built[piece.level]), (start, end)
    assert found == 250
