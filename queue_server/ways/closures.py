"""What of the map is closed, as the journal has it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from nav_maps import IndoorMap, Labels, PathwayMode, said
from protocol import Text
from queue_server.core import Hospital
from queue_server.ways.telling import level_name


@dataclass(frozen=True, slots=True)
class Closed:
    """A feature of the map that can't be used, why, and till when (None: until somebody opens it)."""

    feature: str
    why: Labels
    until: datetime | None
    by: str


def closed_of(hospital: Hospital) -> dict[str, Closed]:
    """All that is closed now, by the feature's id."""
    return {
        each.feature: Closed(each.feature, _labels(each.zh, each.en), each.until, each.by)
        for each in hospital.ways_closed.values()
    }


def _labels(zh: str, en: str) -> Labels:
    return {lang: text for lang, text in (("zh", zh), ("en", en)) if text}


def feature_names(indoor_map: IndoorMap, feature: str) -> Text | None:
    """What a lift, corridor, door … of the map is called; None when the map has no such feature."""
    names = _names(indoor_map, feature)
    if names is None:
        return None
    return Text(zh=said(names, "zh") or feature, en=said(names, "en") or feature)


def _names(indoor_map: IndoorMap, feature: str) -> Labels | None:
    pathway = next((each for each in indoor_map.navigation.pathways if each.id == feature), None)
    if pathway:
        unit = indoor_map.units.get(pathway.units[0]) if pathway.units else None
        return pathway.names or (unit.names if unit else {})
    for features in (indoor_map.units, indoor_map.openings, indoor_map.relationships):
        known: Mapping[str, object] = features
        if feature in known:
            found = getattr(known[feature], "names", {})
            return found if isinstance(found, Mapping) else {}
    return None


def closable(indoor_map: IndoorMap) -> list[tuple[str, Text]]:
    """Lifts, stairs, escalators and ramps, and doors with a name, for whoever closes one."""
    pathways = [each.id for each in indoor_map.navigation.pathways]
    linked = {unit for each in indoor_map.navigation.pathways for unit in each.units}
    vertical = ("elevator", "escalator", "stairs", "ramp")
    units = [
        u.id for u in indoor_map.units.values() if u.category in vertical and u.id not in linked
    ]
    doors = [each.id for each in indoor_map.openings.values() if each.names]
    named = [(id, feature_names(indoor_map, id)) for id in (*pathways, *units, *doors)]
    return [(id, _with_floors(indoor_map, id, name)) for id, name in named if name]


def _with_floors(indoor_map: IndoorMap, id: str, name: Text) -> Text:
    """A staircase or escalator is closed floor by floor, so the floors belong to its name."""
    pathway = next((each for each in indoor_map.navigation.pathways if each.id == id), None)
    if pathway is None or pathway.mode is PathwayMode.ELEVATOR:
        return name
    units = [indoor_map.units.get(unit) for unit in pathway.units]
    levels = [level_name(indoor_map, unit.level) for unit in units if unit]
    if len(levels) != 2:
        return name
    zh, en = (f"{levels[0].zh}–{levels[1].zh}", f"{levels[0].en}–{levels[1].en}")
    return Text(zh=f"{name.zh} {zh}", en=f"{name.en} {en}")
