"""Whatever a map holds, a graph is made of it, and every pair of its places has a way or a reason."""

import json
import random
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from nav_maps import NotAMap, Profile, read_map
from nav_maps.graph import build_graph
from nav_maps.position import walked
from nav_maps.route import NoWay, Route
from nav_maps.routing import Router
from tests.nav_maps.test_hostile_maps import mutated


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(whole=mutated())
def test_any_change_of_a_value_still_makes_a_graph(
    whole: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("map")
    for type, features in whole.items():
        text = json.dumps({"type": "FeatureCollection", "features": features})
        (folder / f"{type}.geojson").write_text(text, "utf-8")
    try:
        built, _ = read_map(folder)
    except NotAMap:
        return
    graph = build_graph(built)
    router = Router(graph, now=datetime(2026, 3, 2, 9, 0))  # noqa: DTZ001 - a local clock
    ids = sorted(graph.terminals)
    chosen = random.Random(1)
    for profile in Profile:
        if len(ids) > 1:
            start, end = chosen.sample(ids, 2)
            found = router.route(start, end, profile)
            assert isinstance(found, Route) or found.reason["zh"]
            assert isinstance(found, Route | NoWay)
    assert len(walked(graph)) >= len(graph.plan.walkable)
