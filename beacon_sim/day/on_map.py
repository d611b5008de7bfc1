"""The walking times of a site's families, from a map of the hospital."""

from collections.abc import Iterable
from pathlib import Path

from beacon_sim.day.places import Places
from beacon_sim.day.walks import WalkTable
from nav_maps import IndoorMap, NotAMap, NoWay, Profile, read_map
from nav_maps.graph import build_graph
from nav_maps.routing import Router, of_kind, walking_times

DOOR = "door"
"""Kind of the devices at a building's doors; `door-er` is that of the clinic `er`, the first one that of all others."""


class NotOnTheMap(Exception):
    """A place of the site is not on the map, or can't be walked to; the message names it."""


def read_walks(file: Path, places: Places) -> WalkTable:
    """The walking times from a map's file.

    Raises:
        NotOnTheMap: a place of the site is not on the map, or can't be reached; or that is no map.
    """
    try:
        indoor_map, _ = read_map(file)
    except (NotAMap, OSError) as error:
        raise NotOnTheMap(f"{file} can't be read as a map: {error}") from error
    return walk_table(indoor_map, places)


def walk_table(indoor_map: IndoorMap, places: Places) -> WalkTable:
    """The walking times between the places of a site.

    Raises:
        NotOnTheMap: a place of the site is not on the map, or can't be reached.
    """
    router = Router(build_graph(indoor_map))
    place_of = {group: _place(indoor_map, places, group) for group in _lines(places)}
    door_of = _doors(indoor_map, places)
    wanted = sorted({*place_of.values(), *door_of.values()})
    tables = [
        walking_times(router, wanted, profile) for profile in (Profile.CHILD, Profile.STROLLER)
    ]
    for table in tables:
        for start, ends in table.items():
            missing = set(wanted) - set(ends)
            if missing:
                raise NotOnTheMap(
                    f"On the map there is no way from {start} to {min(missing)}; nav-maps check says why."
                )
    drops = {place_of[group] for each in places.drop for group in places.site.serving[each]}
    toilet = {place: _nearest_toilet(router, place) for place in drops}
    return WalkTable(tables[0], tables[1], place_of, door_of, toilet)


def _lines(places: Places) -> Iterable[str]:
    """All lines that families of a day may go to."""
    services = (*places.blood, *places.drop, *places.exam, *places.cash, *places.drugs)
    groups = (group for each in services for group in places.site.serving[each])
    return dict.fromkeys((*places.clinics, *groups))


def _place(indoor_map: IndoorMap, places: Places, group: str) -> str:
    """Where a line's families wait: at the line's own place, else in its area, else at its first point."""
    site = places.site
    known = {(place.kind, place.id) for place in indoor_map.navigation.places}
    wanted = [("group", group), ("area", site.groups[group].area)]
    wanted += [("point", point.id) for point in site.points_of[group]]
    for kind, id in wanted:
        if (kind, id) in known:
            return id
    raise NotOnTheMap(
        f"The map has no place for the line {group}: neither a group {group}, nor an area "
        f"{site.groups[group].area}, nor a point of it; x_navigation.geojson joins ids of the site file to units."
    )


def _doors(indoor_map: IndoorMap, places: Places) -> dict[str, str]:
    doors = [device.id for device in indoor_map.navigation.devices if device.kind == DOOR]
    if not doors:
        raise NotOnTheMap("The map has no device of the kind door: nobody can come in.")
    return {
        clinic: own if (own := f"{DOOR}-{clinic}") in doors else doors[0]
        for clinic in places.clinics
    }


def _nearest_toilet(router: Router, place: str) -> float:
    found = router.nearest(place, of_kind(router.graph, "toilet"), Profile.CHILD)
    if isinstance(found, NoWay):
        raise NotOnTheMap(
            f"On the map there is no way from {place} to a toilet; nav-maps check says why."
        )
    return found.seconds
