"""Words of ways through the sample hospital, and a real campus where it is there: sides and floors against the walked line."""

import random
import re
from itertools import pairwise
from math import atan2, degrees
from pathlib import Path

import pytest
from shapely import LineString, Point

from nav_maps import IndoorMap, NoWay, Route, Router, Walk, build_graph, read_map
from nav_maps.route import Metres, Ride
from nav_maps.sample import sample_map
from nav_maps.words import Guide, Step, tell
from nav_maps.words.steps import Arrive, Side, TakeRide, Turn
from tests.nav_maps.words.told import PAGE, section

CAMPUS = Path(__file__).parents[4] / "shared" / "data" / "maps" / "polymap"
LEFT = {Side.LEFT, Side.SLIGHT_LEFT, Side.SHARP_LEFT}
RIGHT = {Side.RIGHT, Side.SLIGHT_RIGHT, Side.SHARP_RIGHT}
WAYS = 200


@pytest.fixture(scope="module")
def hospital() -> IndoorMap:
    return sample_map()


@pytest.fixture(scope="module")
def router(hospital: IndoorMap) -> Router:
    return Router(build_graph(hospital))


def some_routes(indoor_map: IndoorMap, router: Router, count: int, seed: int) -> list[Route]:
    random_ = random.Random(seed)
    ends = sorted({place.id for place in indoor_map.navigation.places} or router.graph.terminals)
    starts = sorted(d.id for d in indoor_map.navigation.devices if d.kind == "kiosk") or ends
    found = []
    for i in range(count):
        route = router.route(random_.choice(starts if i % 2 else ends), random_.choice(ends))
        if not isinstance(route, NoWay) and route.start.feature != route.end.feature:
            found.append(route)
    return found


def bend(line: LineString, a: float, b: float, c: float) -> float:
    """The turn from the stretch a–b to the stretch b–c of a line (metres along it); to the left positive."""
    ends = [line.interpolate(max(0.0, min(each, line.length))) for each in (a, b, c)]
    points: list[Metres] = [(each.x, each.y) for each in ends]
    into, out = (degrees(atan2(q[1] - p[1], q[0] - p[0])) for p, q in pairwise(points))
    return (out - into + 180) % 360 - 180


def walked(route: Route, step: Step) -> tuple[LineString, float] | None:
    """The line a step lies on, and where on it."""
    lines = [
        LineString(each.line)
        for each in route.pieces
        if isinstance(each, Walk) and each.level == step.level and len(each.line) > 1
    ]
    if not lines:
        return None
    line = min(lines, key=lambda each: each.distance(Point(step.at)))
    return line, line.project(Point(step.at))


def geometry_says(route: Route, step: Step) -> float | None:
    """How the walked line bends where a step ends; None where that is straight, or straight back."""
    found = walked(route, step)
    if found is None:
        return None
    line, at = found
    before, corner, after = (4.0, 0.0, 4.0) if isinstance(step.action, Turn) else (5.0, 2.5, 0.8)
    turn = bend(line, at - before, at - corner, at + after)
    return turn if 25 < abs(turn) < 165 else None


def test_no_side_is_other_than_the_line_bends(hospital: IndoorMap, router: Router) -> None:
    guide, checked, wrong = Guide(hospital), 0, []
    for route in some_routes(hospital, router, WAYS, 11):
        for step in guide.steps(route):
            said = step.action.side
            turn = geometry_says(route, step)
            if turn is None or said not in LEFT | RIGHT:
                continue
            checked += 1
            if (turn > 0) != (said in LEFT):
                wrong.append((route.start.feature, route.end.feature, step))
    assert checked > 300
    assert not wrong, wrong


def test_every_floor_is_told_and_no_other(hospital: IndoorMap, router: Router) -> None:
    guide = Guide(hospital)
    shorts = {level.id: level.short["zh"] for level in hospital.levels.values()}
    for route in some_routes(hospital, router, WAYS, 12):
        way = tell(guide, route)
        text = {
            lang: " ".join(each.reading[lang] for each in way.instructions) for lang in ("zh", "en")
        }
        told = {
            "zh": [
                found[1] or f"{found[2]}F"
                for found in re.finditer(r"到(?:(B\d)层|(\d)楼)", text["zh"])
            ],
            "en": [
                found[1] or f"{found[2]}F"
                for found in re.finditer(r"to (?:(B\d)|floor (\d))", text["en"])
            ],
        }
        rides = [shorts[each.to_level] for each in route.pieces if isinstance(each, Ride)]
        assert told["zh"] == told["en"]
        assert told["zh"] == rides or (len(told["zh"]) < len(rides) and told["zh"][-1] == rides[-1])


def test_a_way_has_few_steps_and_ends_where_it_should(hospital: IndoorMap, router: Router) -> None:
    guide = Guide(hospital)
    for route in some_routes(hospital, router, WAYS, 13):
        steps = guide.steps(route)
        assert 1 <= len(steps) <= 8
        assert isinstance(steps[-1].action, Arrive)
        assert [step.action.mode for step in steps if isinstance(step.action, TakeRide)][:1] == [
            each.mode for each in route.pieces if isinstance(each, Ride)
        ][:1]


def test_the_thirty_ways_of_the_page_are_those_of_the_code() -> None:
    assert section() in PAGE.read_text("utf-8"), "python -m tests.nav_maps.words.told"


def test_ways_through_a_map_that_is_not_ours_are_told_as_well(hospital: IndoorMap) -> None:
    indoor_map = read_map(CAMPUS)[0] if CAMPUS.is_dir() else hospital
    router = Router(build_graph(indoor_map))
    guide = Guide(indoor_map)
    routes = some_routes(indoor_map, router, 40, 3)
    assert routes
    for route in routes:
        for each in tell(guide, route).instructions:
            assert each.reading["zh"].endswith("。")
            assert "{" not in each.reading["en"] + each.speech["zh"] + each.ticket["en"]
