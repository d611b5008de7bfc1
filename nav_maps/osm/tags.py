"""What OSM tags mean in our words: levels, categories, names, access. After the wiki page "Simple Indoor Tagging"."""

import re
from typing import Final

from nav_maps.labels import language_of
from nav_maps.model import Labels
from nav_maps.osm.elements import Tags

AREAS: Final = frozenset({"room", "area", "corridor", "column"})
_RANGE: Final = re.compile(r"(-?\d+(?:\.\d+)?)(?:\s*-\s*(-?\d+(?:\.\d+)?))?")
_METRES: Final = re.compile(r"(\d+(?:[.,]\d+)?)\s*(m|cm|mm)?")
MOST_LEVELS: Final = 200

_ROOMS: Final = {
    "toilet": "restroom", "toilets": "restroom", "bathroom": "restroom", "shower": "shower", "stairs": "stairs",
    "stairwell": "stairs", "elevator": "elevator", "lift": "elevator", "escalator": "escalator", "office": "office",
    "administration": "office", "class": "classroom", "classroom": "classroom", "lecture": "auditorium",
    "auditorium": "auditorium", "conference": "conferenceroom", "meeting": "conferenceroom", "kitchen": "kitchen",
    "storage": "storage", "laboratory": "laboratory", "library": "library", "waiting": "waitingroom",
    "waiting_room": "waitingroom", "lobby": "lobby", "entrance": "lobby", "hall": "lobby", "foyer": "lobby",
    "corridor": "walkway", "hallway": "walkway", "technical": "nonpublic", "server": "serverroom",
    "restaurant": "foodservice", "cafeteria": "foodservice", "shop": "room", "security_check": "room",
    "sport": "fitnessroom", "nursery": "mothersroom", "reception": "lobby",
}  # fmt: skip
_AMENITIES: Final = {
    "toilets": "restroom", "cafe": "foodservice", "restaurant": "foodservice", "fast_food": "foodservice",
    "food_court": "foodservice", "library": "library", "theatre": "theater", "cinema": "movietheater",
    "parking": "parking", "waiting_room": "waitingroom", "baby_care": "mothersroom", "nursing_room": "mothersroom",
}  # fmt: skip
_POINTS: Final = {
    "toilets": "restroom", "drinking_water": "drinkingfountain", "water_point": "drinkingfountain", "atm": "atm",
    "vending_machine": "vendingmachine", "bench": "seat", "telephone": "phone", "information": "information",
    "pharmacy": "pharmacy", "waste_basket": "trashcan", "baby_care": "mothersroom", "nursing_room": "mothersroom",
    "locker": "lockers", "luggage_locker": "lockers", "charging_station": "powerchargingstation",
    "defibrillator": "aed",
}  # fmt: skip
_PRIVATE: Final = frozenset({"private", "no", "employees", "staff"})


def levels_of(tags: Tags) -> tuple[float, ...]:
    """Levels of `level` and `repeat_on`: "0;1", "-1-3" (a range), "0,5" are understood. Empty when there is none."""
    found: dict[float, None] = {}
    for key in ("level", "repeat_on"):
        for part in re.split(r"[;,]", tags.get(key, "")):
            for level in _span(part.strip()):
                found[level] = None
    return tuple(found)


def _span(part: str) -> list[float]:
    matched = _RANGE.fullmatch(part)
    if matched is None:
        return []
    first = float(matched[1])
    if matched[2] is None:
        return [first]
    last = float(matched[2])
    if not (
        first <= last and last - first < MOST_LEVELS and first.is_integer() and last.is_integer()
    ):
        return [first, last]
    return [float(level) for level in range(int(first), int(last) + 1)]


def category_of(tags: Tags) -> str:
    """The unit category of an indoor area."""
    if tags.get("indoor") == "column":
        return "column"
    special = (
        _vertical(tags)
        or _ROOMS.get(tags.get("room", ""))
        or _AMENITIES.get(tags.get("amenity", ""))
    )
    if special == "restroom":
        return _restroom(tags)
    if special is not None:
        return special
    if tags.get("indoor") == "corridor" or tags.get("highway") in {
        "corridor",
        "footway",
        "pedestrian",
    }:
        return "walkway"
    if tags.get("indoor") == "area" and not (
        {"shop", "office", "amenity", "healthcare"} & tags.keys()
    ):
        return "unenclosedarea"
    return "office" if "office" in tags else "room"


def _vertical(tags: Tags) -> str | None:
    if "conveying" in tags and tags["conveying"] != "no":
        return "escalator" if tags.get("highway") in {None, "steps"} else "movingwalkway"
    if tags.get("highway") == "elevator" or tags.get("elevator", "no") != "no":
        return "elevator"
    if tags.get("highway") == "steps" or tags.get("stairs", "no") != "no":
        return "stairs"
    return "ramp" if tags.get("ramp") == "yes" and "indoor" in tags else None


def _restroom(tags: Tags) -> str:
    sex = "female" if tags.get("female") == "yes" else ""
    if tags.get("male") == "yes":
        sex = "unisex" if sex else "male"
    if tags.get("unisex") == "yes":
        sex = "unisex"
    parts = ["restroom", sex, "wheelchair" if tags.get("wheelchair") == "yes" and sex else ""]
    return ".".join(part for part in parts if part)


def point_category(tags: Tags) -> str | None:
    """The amenity category of a node, or None when it is none of ours."""
    kind = tags.get("amenity") or tags.get("tourism") or tags.get("emergency", "")
    return _POINTS.get(kind)


def names_of(tags: Tags, language: str = "zh") -> Labels:
    """Names by language: `name:zh`, `name:en` …, and `name` in the language its script shows."""
    found = {
        key[5:].split("-")[0]: value
        for key, value in tags.items()
        if key.startswith("name:") and value and re.fullmatch(r"name:[a-z]{2,3}(-\w+)?", key)
    }
    if name := tags.get("name"):
        found.setdefault(language_of(name, "en" if name.isascii() else language), name)
    return found


def number_of(tags: Tags) -> Labels | None:
    """The door number."""
    ref = tags.get("ref") or tags.get("room:ref")
    return {"zh": ref, "en": ref} if ref else None


def is_private(tags: Tags) -> bool:
    """Whether only staff may enter."""
    return tags.get("access") in _PRIVATE or tags.get("foot") in _PRIVATE


def metres_of(written: str | None) -> float | None:
    """A width such as "0.9", "90 cm", "1,2 m"."""
    matched = _METRES.fullmatch((written or "").strip().lower())
    if matched is None:
        return None
    return float(matched[1].replace(",", ".")) * {"cm": 0.01, "mm": 0.001}.get(
        matched[2] or "m", 1.0
    )


def door_category(tags: Tags) -> str:
    """The opening category of a door or entrance."""
    entrance = tags.get("entrance") or tags.get("exit") or ""
    if entrance == "emergency" or tags.get("emergency") == "yes" or tags.get("exit") == "emergency":
        return "emergencyexit"
    known = {"main": "pedestrian.principal", "service": "service", "garage": "automobile"}
    return known.get(entrance, "pedestrian")
