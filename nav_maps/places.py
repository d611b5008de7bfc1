"""What of a map can be started from and gone to: kiosks, the site file's places, rooms, and conveniences by kind."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from shapely import Point

from nav_maps.categories import Use, use_of
from nav_maps.labels import said
from nav_maps.model import Amenity, Device, IndoorMap, Labels, Unit
from nav_maps.route import Spot


@dataclass(frozen=True, slots=True)
class Convenience:
    """A kind of convenience: which categories of the map it is, and what it is called."""

    id: str
    zh: str
    en: str
    categories: tuple[str, ...]
    one: Labels
    """What a single one without a name is called."""


CONVENIENCES: Final = (
    Convenience("toilet", "卫生间", "Toilets", ("restroom",), {"zh": "卫生间", "en": "toilets"}),
    Convenience("nursing", "母婴室", "Nursing room", ("mothersroom",), {"zh": "母婴室", "en": "nursing room"}),
    Convenience("water", "饮水", "Drinking water", ("drinkingfountain",), {"zh": "饮水处", "en": "drinking fountain"}),
    Convenience("desk", "服务台", "Service desk", ("information", "checkindesk"), {"zh": "服务台", "en": "service desk"}),
    Convenience(
        "food", "餐厅·小卖部", "Food and shop", ("foodservice", "restaurant", "shopping", "vendingmachine"),
        {"zh": "餐饮处", "en": "shop"},
    ),
    Convenience("play", "儿童乐园", "Play corner", ("playground", "recreation"), {"zh": "儿童乐园", "en": "play area"}),
)  # fmt: skip
"""Kinds of which one asks for the nearest, in the order in which they are shown."""


HALLS: Final = ("waitingroom", "lobby", "foyer", "concourse")
"""Passages that people go to, not only through."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Something on the list of places: its id on the map, its names, its number, its floor."""

    id: str
    names: Labels
    number: str
    level: str


class Places:
    """The places of a map."""

    def __init__(self, indoor_map: IndoorMap) -> None:
        """Look through a map once."""
        self._map = indoor_map
        self._devices = {each.id: each for each in indoor_map.navigation.devices}
        self._places = {(each.kind, each.id): each for each in indoor_map.navigation.places}

    def start(self, device: str) -> Spot | None:
        """Where somebody stands who reads a kiosk's screen."""
        known = self._devices.get(device)
        return self._before(known) if known else None

    def _before(self, device: Device) -> Spot | None:
        unit = self._unit_at(device.level, device.point)
        if unit is None:
            return None
        at = (device.point.x, device.point.y)
        return Spot(device.id, unit.id, device.level, at, device.names, device.facing_deg)

    def _unit_at(self, level: str, point: Point) -> Unit | None:
        on_level = [unit for unit in self._map.units.values() if unit.level == level]
        walked = [unit for unit in on_level if use_of(unit.category) is not Use.SOLID]
        return min(walked, key=lambda unit: unit.area.distance(point), default=None)

    def kiosks(self) -> list[str]:
        """Ids of all kiosks."""
        return [each.id for each in self._devices.values() if each.kind == "kiosk"]

    def site_places(self) -> list[tuple[str, str]]:
        """Every place of the site file that the map knows: its id and kind."""
        return [
            (spot.feature, kind)
            for kind, id in self._places
            if (spot := self._site_place(kind, id))
        ]

    def of_site(self, wanted: Iterable[tuple[str, str]]) -> Spot | None:
        """The first of (kind, id in the site file) that the map knows; kinds are `point`, `group`, `area`."""
        return next((spot for kind, id in wanted if (spot := self._site_place(kind, id))), None)

    def _site_place(self, kind: str, id: str) -> Spot | None:
        place = self._places.get((kind, id))
        unit = self._map.units.get(place.unit) if place else None
        if place is None or unit is None:
            return None
        return spot_in(unit, unit.id if place.point is None else f"{kind}:{id}", place.point)

    def on_map(self, id: str) -> Spot | None:
        """A unit, amenity or device by its id on the map, or a place of the site file (`point:resp-1`, or its bare id)."""
        unit = self._map.units.get(id)
        if unit:
            return replace(spot_in(unit, unit.id, None), names=_names_of(unit))
        amenity = self._map.amenities.get(id)
        if amenity:
            unit = next((self._map.units[u] for u in amenity.units if u in self._map.units), None)
            at = (amenity.point.x, amenity.point.y)
            return Spot(id, unit.id, unit.level, at, _names_of(amenity)) if unit else None
        kind, colon, rest = id.partition(":")
        kinds = [(kind, rest)] if colon else [(kind, id) for kind in ("point", "group", "area")]
        return self.start(id) or self.of_site(kinds)

    def of_kind(self, kind: str) -> list[Spot]:
        """All conveniences of a kind."""
        known = next((each for each in CONVENIENCES if each.id == kind), None)
        if known is None:
            return []
        units = [u for u in self._map.units.values() if _is_of(u.category, known) and _public(u)]
        spots = [spot_in(unit, unit.id, None) for unit in units]
        amenities = [each for each in self._map.amenities.values() if _is_of(each.category, known)]
        return spots + [spot for each in amenities if (spot := self.on_map(each.id))]

    def kinds(self) -> list[Convenience]:
        """The kinds that this map has any of."""
        return [kind for kind in CONVENIENCES if self.of_kind(kind.id)]

    def rooms(self) -> Iterator[Listed]:
        """Rooms with a name that families may look for, floor by floor from the ground up, then below."""
        order = sorted(
            self._map.levels.values(), key=lambda each: (each.ordinal < 0, abs(each.ordinal))
        )
        place = {level.id: i for i, level in enumerate(order)}
        units = [unit for unit in self._map.units.values() if self._listed(unit)]
        known = {(u.level, said(u.names, "zh"), said(u.number, "zh")): u for u in units}
        units = sorted(
            known.values(),
            key=lambda unit: (
                place.get(unit.level, 99),
                unit.category not in HALLS,
                said(unit.number, "zh"),
                said(unit.names, "zh"),
            ),
        )
        for unit in units:
            yield Listed(unit.id, unit.names, said(unit.number, "zh"), unit.level)

    def _listed(self, unit: Unit) -> bool:
        use = use_of(unit.category)
        goal = use is Use.ROOM or unit.category in HALLS
        near = any(
            _is_of(unit.category, kind) for kind in CONVENIENCES
        )  # those are found as the nearest
        return bool(said(unit.names, "zh")) and _public(unit) and goal and not near


def spot_in(unit: Unit, feature: str, point: Point | None) -> Spot:
    """A place in a unit: its own point, or the one where the map shows the unit's name."""
    at = point or unit.display_point or unit.area.representative_point()
    return Spot(feature, unit.id, unit.level, (at.x, at.y), unit.names)


def _names_of(thing: Unit | Amenity) -> Labels:
    """Its own names, or those of its kind."""
    kind = next((each for each in CONVENIENCES if _is_of(thing.category, each)), None)
    if said(thing.names, "zh") or kind is None:
        return thing.names
    return kind.one


def _is_of(category: str, kind: Convenience) -> bool:
    return category.partition(".")[0] in kind.categories


def _public(unit: Unit) -> bool:
    return not unit.restriction and unit.category != "nonpublic"


def floor_name(indoor_map: IndoorMap, level: str) -> Labels:
    """What stands on a floor's sign (`3F`), in both languages; its id where the map says nothing."""
    found = indoor_map.levels.get(level)
    names = (found.short or found.names) if found else {}
    return {lang: said(names, lang) or level for lang in ("zh", "en")}
