"""OSM files as they are: nodes, ways and relations with their tags. XML is read as a stream; entities are refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias
from xml.parsers import expat

from nav_maps.findings import Finding
from nav_maps.reading.files import LARGEST_FILE, Member, NotAMap
from nav_maps.reading.json_text import decoded
from nav_maps.reading.values import number, text

Tags: TypeAlias = Mapping[str, str]
MOST_ELEMENTS: Final = 2_000_000
MOST_TAGS: Final = 500


@dataclass(frozen=True, slots=True)
class Node:
    """A point: degrees."""

    id: str
    longitude: float
    latitude: float
    tags: Tags


@dataclass(frozen=True, slots=True)
class Way:
    """A line or a closed ring of nodes."""

    id: str
    nodes: tuple[str, ...]
    tags: Tags

    @property
    def is_closed(self) -> bool:
        """Whether it ends where it starts."""
        return len(self.nodes) >= 4 and self.nodes[0] == self.nodes[-1]


@dataclass(frozen=True, slots=True)
class Relation:
    """Members as (type, id, role)."""

    id: str
    members: tuple[tuple[str, str, str], ...]
    tags: Tags


@dataclass(slots=True)
class Elements:
    """All of a file, by id."""

    nodes: dict[str, Node] = field(default_factory=dict)
    ways: dict[str, Way] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)


def read_elements(path: Path, findings: list[Finding]) -> Elements:
    """The elements of a file.

    Raises:
        NotAMap: it is no OSM file, too large, or not well formed.
        OSError: it can't be read.
    """
    with path.open("rb") as file:
        data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise NotAMap(
            f"{path} is larger than {LARGEST_FILE // 1024**2} MiB: take a smaller extract."
        )
    start = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in {b"{", b"["}:
        return _from_json(path, data, findings)
    if start[:1] == b"<":
        return _from_xml(path, data)
    raise NotAMap(f"{path} is neither OSM XML nor Overpass JSON.")


def _from_json(path: Path, data: bytes, findings: list[Finding]) -> Elements:
    value = decoded(Member(path.name, data), findings)
    listed = value.get("elements") if isinstance(value, dict) else None
    if not isinstance(listed, list):
        raise NotAMap(f"{path} holds no list of elements: it is no Overpass JSON.")
    found = Elements()
    for each in listed[:MOST_ELEMENTS]:
        if isinstance(each, dict):
            _take(found, each)
    return found


def _take(found: Elements, each: Mapping[str, object]) -> None:
    id, tags = text(each.get("id")), _tags(each.get("tags"))
    match each.get("type"):
        case "node":
            longitude, latitude = number(each.get("lon")), number(each.get("lat"))
            if longitude is not None and latitude is not None:
                found.nodes[id] = Node(id, longitude, latitude, tags)
        case "way":
            found.ways[id] = Way(id, _way_nodes(found, each), tags)
        case "relation":
            given = each.get("members")
            members = tuple(
                (text(one.get("type")), text(one.get("ref")), text(one.get("role")))
                for one in (given if isinstance(given, list) else ())
                if isinstance(one, dict)
            )
            found.relations[id] = Relation(id, members, tags)
        case _:
            pass


def _way_nodes(found: Elements, each: Mapping[str, object]) -> tuple[str, ...]:
    """A way's nodes; with `out geom` and no node list they are made from its geometry."""
    given = each.get("nodes")
    if isinstance(given, list) and given:
        return tuple(text(one) for one in given)
    listed = each.get("geometry")
    names = []
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, dict):
            longitude, latitude = number(one.get("lon")), number(one.get("lat"))
            if longitude is not None and latitude is not None:
                name = f"{longitude},{latitude}"
                found.nodes.setdefault(name, Node(name, longitude, latitude, {}))
                names.append(name)
    return tuple(names)


def _tags(given: object) -> Tags:
    if not isinstance(given, dict):
        return {}
    return {
        key: text(value)
        for key, value in list(given.items())[:MOST_TAGS]
        if isinstance(key, str) and text(value)
    }


class _Refused(Exception):
    """The XML has what no OSM file has."""


class _Reader:
    """Expat handlers that fill `found`."""

    def __init__(self) -> None:
        self.found = Elements()
        self.count = 0
        self._element: tuple[str, dict[str, str]] | None = None
        self._tags: dict[str, str] = {}
        self._nodes: list[str] = []
        self._members: list[tuple[str, str, str]] = []

    def doctype(self, *_: object) -> None:
        # without one there are no entities that could expand
        raise _Refused("it has a document type")

    def start(self, name: str, given: dict[str, str]) -> None:
        if name in {"node", "way", "relation"}:
            self.count += 1
            if self.count > MOST_ELEMENTS:
                raise _Refused(f"it has more than {MOST_ELEMENTS} elements")
            self._element, self._tags, self._nodes, self._members = (name, given), {}, [], []
        elif self._element is None:
            return
        elif name == "tag" and len(self._tags) < MOST_TAGS:
            self._tags[given.get("k", "")] = given.get("v", "").strip()
        elif name == "nd":
            self._nodes.append(given.get("ref", ""))
        elif name == "member":
            self._members.append(
                (given.get("type", ""), given.get("ref", ""), given.get("role", ""))
            )

    def end(self, name: str) -> None:
        if self._element is None or name != self._element[0]:
            return
        given = self._element[1]
        id, self._element = given.get("id", ""), None
        if given.get("action") == "delete" or given.get("visible") == "false":
            return
        if name == "node":
            longitude, latitude = number(given.get("lon")), number(given.get("lat"))
            if longitude is not None and latitude is not None:
                self.found.nodes[id] = Node(id, longitude, latitude, self._tags)
        elif name == "way":
            self.found.ways[id] = Way(id, tuple(self._nodes), self._tags)
        else:
            self.found.relations[id] = Relation(id, tuple(self._members), self._tags)


def _from_xml(path: Path, data: bytes) -> Elements:
    reader, parser = _Reader(), expat.ParserCreate()
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, _Refused) as error:
        raise NotAMap(f"{path} is no sound OSM XML: {error}.") from None
    if not reader.count:
        raise NotAMap(f"{path} holds no node and no way: it is no OSM file.")
    return reader.found
