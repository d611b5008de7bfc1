"""What an OSM building is made of before it is written: rooms on levels, doors, links, and their ids."""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID, uuid5

from shapely import LineString
from shapely.geometry.base import BaseGeometry

from nav_maps.model import Area
from nav_maps.osm.elements import Tags
from nav_maps.osm.ground import Patch
from nav_maps.reading.archive import Feature

_NAMES: Final = UUID("5b1f7a52-0c39-5e0c-8f5e-2f3f5b6f7a10")


@dataclass(slots=True)
class Room:
    """A unit in the making."""

    id: str
    source: str
    level: float
    category: str
    area: Area
    tags: Tags
    nodes: frozenset[str] = frozenset()


@dataclass(slots=True)
class Door:
    """An opening in the making."""

    id: str
    level: float
    line: LineString
    tags: Tags


@dataclass(slots=True)
class Parts:
    """All of a building. A link is an OSM id, its tags, and the units it joins from the lowest up."""

    units: list[Room] = field(default_factory=list)
    doors: list[Door] = field(default_factory=list)
    links: list[tuple[str, Tags, tuple[Room, ...]]] = field(default_factory=list)
    points: list[Feature] = field(default_factory=list)
    outlines: list[Patch] = field(default_factory=list)


def id_of(type: str, source: str, level: float) -> str:
    """The same id whenever the same thing is imported."""
    return str(uuid5(_NAMES, f"{type}/{source}/{level:g}"))


def feature_of(type: str, id: str, shape: BaseGeometry | None, **properties: object) -> Feature:
    """A feature made by us."""
    return Feature(type, 0, id, {}, properties, shape, changed=True)
