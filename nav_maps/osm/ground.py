"""OSM geometry in metres: areas of closed ways and multipolygons, lines, and where a node stands on outlines."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import shapely
from shapely import LineString, Point, Polygon

from nav_maps.model import Area
from nav_maps.osm.elements import Elements, Node, Tags
from nav_maps.projection import Projection
from nav_maps.reading.shapes import polygons_of


@dataclass(frozen=True, slots=True)
class Patch:
    """An area with tags; `id` as people write it ("way/12"). `nodes` are those of its outline."""

    id: str
    tags: Tags
    area: Area
    nodes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A line with tags."""

    id: str
    tags: Tags
    line: LineString
    nodes: tuple[str, ...]


class Ground:
    """Where everything is."""

    def __init__(self, elements: Elements) -> None:
        self.elements = elements
        used = list(_used(elements))
        west = [node.longitude for node in used] or [0.0]
        south = [node.latitude for node in used] or [0.0]
        self.projection = Projection(
            round((min(west) + max(west)) / 2, 4), round((min(south) + max(south)) / 2, 4)
        )
        self.missing: set[str] = set()
        self.ways_at: dict[str, list[str]] = defaultdict(list)
        for way in elements.ways.values():
            for node in dict.fromkeys(way.nodes):
                self.ways_at[node].append(way.id)

    def point(self, node: str) -> Point | None:
        """A node in metres."""
        found = self.elements.nodes.get(node)
        if found is None:
            self.missing.add(node)
            return None
        return Point(self.projection.to_metres(found.longitude, found.latitude))

    def line(self, way: str) -> LineString | None:
        """A way in metres."""
        found = self.elements.ways.get(way)
        if found is None:
            self.missing.add(way)
            return None
        points = [point for node in found.nodes if (point := self.point(node)) is not None]
        return LineString(points) if len(points) >= 2 else None

    def area(self, way: str) -> Area | None:
        """A closed way's area, mended when it crosses itself."""
        line = self.line(way)
        if line is None or len(line.coords) < 4 or not line.is_closed:
            return None
        return polygons_of(
            shapely.make_valid(Polygon(line), method="structure", keep_collapsed=False)
        )

    def multipolygon(self, members: Iterable[tuple[str, str, str]]) -> Area | None:
        """The area of a relation's outer ways without its inner ones."""
        rings: dict[str, list[LineString]] = defaultdict(list)
        for type, ref, role in members:
            if type == "way" and (line := self.line(ref)) is not None:
                rings["inner" if role == "inner" else "outer"].append(line)
        outer = shapely.union_all(_polygons(rings["outer"]))
        inner = shapely.union_all(_polygons(rings["inner"]))
        return polygons_of(shapely.difference(outer, inner))


def _used(elements: Elements) -> Iterator[Node]:
    """Nodes that count for the middle of the map: those of indoor features, or all."""
    indoor = [
        elements.nodes[node]
        for way in elements.ways.values()
        if "indoor" in way.tags or "level" in way.tags
        for node in way.nodes
        if node in elements.nodes
    ]
    yield from indoor or elements.nodes.values()


def _polygons(lines: list[LineString]) -> list[Polygon]:
    closed = [Polygon(line) for line in lines if line.is_closed and len(line.coords) >= 4]
    left = [line for line in lines if not line.is_closed]
    joined = [
        part for part in shapely.get_parts(shapely.polygonize(left)) if isinstance(part, Polygon)
    ]
    return [found for each in (*closed, *joined) for found in _valid(each)]


def _valid(polygon: Polygon) -> list[Polygon]:
    area = polygons_of(shapely.make_valid(polygon, method="structure", keep_collapsed=False))
    return (
        []
        if area is None
        else [part for part in shapely.get_parts(area) if isinstance(part, Polygon)]
    )
