"""Which ways and relations say something of the inside of a building."""

from collections.abc import Iterator

from nav_maps.findings import Finding, finding
from nav_maps.osm.elements import Tags
from nav_maps.osm.ground import Ground, Patch, Stretch
from nav_maps.osm.tags import AREAS


def patches(ground: Ground, findings: list[Finding]) -> Iterator[Patch]:
    """Closed ways and multipolygons that say something of the inside."""
    for way in ground.elements.ways.values():
        if not (_is_indoor_area(way.tags) or is_outline(way.tags)):
            continue
        area = ground.area(way.id)
        if area is not None:
            yield Patch(f"way/{way.id}", way.tags, area, frozenset(way.nodes))
        elif way.tags.get("indoor") in AREAS:
            id, tag = f"way/{way.id}", f"indoor={way.tags['indoor']}"
            findings.append(finding("osm-not-closed", "osm", id, id=id, tag=tag))
    for relation in ground.elements.relations.values():
        if relation.tags.get("type") in {"multipolygon", "building", None} and (
            _is_indoor_area(relation.tags) or is_outline(relation.tags)
        ):
            area = ground.multipolygon(relation.members)
            members = [
                ground.elements.ways.get(ref) for type, ref, _ in relation.members if type == "way"
            ]
            nodes = frozenset(node for way in members if way is not None for node in way.nodes)
            if area is not None:
                yield Patch(f"relation/{relation.id}", relation.tags, area, nodes)


def _is_indoor_area(tags: Tags) -> bool:
    if tags.get("indoor") in AREAS:
        return True
    walked = tags.get("highway") in {"elevator", "corridor", "steps", "footway", "pedestrian"}
    return "level" in tags and (
        "room" in tags
        or (walked and tags.get("area") == "yes")
        or tags.get("highway") == "elevator"
    )


def is_outline(tags: Tags) -> bool:
    """A building, a part of one, or a level as a whole."""
    return tags.get("indoor") == "level" or (
        ("building" in tags or "building:part" in tags) and tags.get("indoor") not in AREAS
    )


def stretches(ground: Ground) -> Iterator[Stretch]:
    """Open ways that one walks on inside."""
    for way in ground.elements.ways.values():
        walked = way.tags.get("highway") in {"corridor", "steps", "footway"}
        inside = (
            "level" in way.tags
            or way.tags.get("indoor") == "yes"
            or way.tags.get("highway") == "corridor"
        )
        if (
            not walked
            or not inside
            or way.tags.get("area") == "yes"
            or way.tags.get("indoor") in AREAS
        ):
            continue
        line = ground.line(way.id)
        if line is not None and line.length > 0.5:
            yield Stretch(f"way/{way.id}", way.tags, line, way.nodes)


def is_door(tags: Tags) -> bool:
    """A door, an entrance, or an opening without a door (`door=no`)."""
    return (
        tags.get("door", "no") != "no"
        or tags.get("entrance", "no") != "no"
        or tags.get("indoor") == "door"
    ) or (tags.get("door") == "no")
