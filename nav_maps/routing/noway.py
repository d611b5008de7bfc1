"""Why there is no way: what is closed, who may not pass, or that the map has none."""

from collections.abc import Collection
from itertools import pairwise

import numpy as np

from nav_maps.graph.ways import NONE, Terminal, WayGraph
from nav_maps.labels import said
from nav_maps.model import PathwayMode
from nav_maps.route import NoWay, Profile
from nav_maps.routing.network import closed_edges, network
from nav_maps.routing.profiles import GAITS
from nav_maps.routing.trees import Trees


class AllOpen:
    """Trees of a graph as if nothing were closed, kept for the questions here."""

    def __init__(self, graph: WayGraph) -> None:
        self.graph = graph
        self._trees: dict[Profile, Trees] = {}

    def way(self, start: Terminal, end: Terminal, profile: Profile) -> list[int]:
        """The edges of the way that there would be; empty when there is none either."""
        if profile not in self._trees:
            nothing = np.zeros(len(self.graph.edges), dtype=bool)
            self._trees[profile] = Trees(network(self.graph, profile, nothing))
        trees = self._trees[profile]
        nodes = trees.path(start.leave, end.arrive)
        return [] if nodes is None else [trees.network.edge(*pair) for pair in pairwise(nodes)]


def why_not(
    opened: AllOpen, start: Terminal, end: Terminal, profile: Profile, closed: Collection[str]
) -> NoWay:
    """The reason, and what would have to open."""
    graph = opened.graph
    if closed and (path := opened.way(start, end, profile)):
        names = _called(graph, (blocked := _blocking(graph, path, closed)))
        return NoWay(
            {
                "zh": f"现在走不通：{names['zh']}已关闭。",
                "en": f"Closed at present: {names['en']}.",
            },
            blocked,
        )
    if not GAITS[profile].staff_doors and (path := opened.way(start, end, Profile.STAFF)):
        if blocked := _staff_only(graph, path):
            names = _called(graph, blocked)
            return NoWay(
                {
                    "zh": f"只有工作人员可以通过：{names['zh']}。",
                    "en": f"For staff only: {names['en']}.",
                },
                blocked,
            )
        return _too_hard(graph, path, profile)
    return NoWay(
        {
            "zh": "地图上没有通往那里的路，请用 nav-maps check 检查地图。",
            "en": "The map has no way there: see nav-maps check.",
        }
    )


def _blocking(graph: WayGraph, path: list[int], closed: Collection[str]) -> tuple[str, ...]:
    return tuple(
        feature for feature in sorted(closed) if closed_edges(graph, {feature})[path].any()
    )


def _staff_only(graph: WayGraph, path: list[int]) -> tuple[str, ...]:
    """Doors, units and rides on a way that only staff may use."""
    found: list[str] = []
    for edge in path:
        ride, space = int(graph.edges.ride[edge]), int(graph.edges.space[edge])
        if ride != NONE and graph.rides[ride].staff_only:
            found.append(graph.rides[ride].connection)
        if ride == NONE and graph.divided.spaces[space].staff_only:
            found.append(graph.divided.spaces[space].units[0].id)
        border = graph.border_of(int(graph.edges.head[edge]))
        if border is not None and border.rule is not None and border.rule.staff_only:
            found.append(border.opening or border.one)
    return tuple(dict.fromkeys(found))


def _too_hard(graph: WayGraph, path: list[int], profile: Profile) -> NoWay:
    """There is a way for others: by stairs, by an escalator, through a narrow door."""
    gait = GAITS[profile]
    rides = [graph.rides[graph.edges.ride[edge]] for edge in path if graph.edges.ride[edge] != NONE]
    by = tuple(
        ride.connection
        for ride in rides
        if (ride.mode is PathwayMode.STAIRS and not gait.stairs)
        or (ride.mode is PathwayMode.ESCALATOR and not gait.escalators)
    )
    if by:
        reason = {
            "zh": "只能走楼梯或扶梯，没有电梯。",
            "en": "Only by stairs or escalator: there is no lift.",
        }
        return NoWay(reason, tuple(dict.fromkeys(by)))
    narrow = tuple(
        border.opening
        for edge in path
        if (border := graph.border_of(int(graph.edges.head[edge]))) is not None
        and border.opening is not None
        and border.width_m < gait.width_m
    )
    return NoWay(
        {
            "zh": "路上有门太窄或坡太陡。",
            "en": "A door on the way is too narrow or a ramp too steep.",
        },
        narrow,
    )


def _called(graph: WayGraph, features: Collection[str]) -> dict[str, str]:
    """Features as a list for a sentence."""
    found: dict[str, list[str]] = {"zh": [], "en": []}
    pathways = {each.id: each.names for each in graph.map.navigation.pathways}
    for feature in features:
        unit = graph.plan.walkable.get(feature)
        opening = graph.map.openings.get(feature)
        names = (
            graph.plan.names(unit)
            if unit
            else opening.names
            if opening
            else pathways.get(feature, {})
        )
        for language, texts in found.items():
            texts.append(said(names, language) or feature)
    return {"zh": "、".join(found["zh"]), "en": ", ".join(found["en"])}
