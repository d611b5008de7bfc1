"""Ways between levels as rides: from every unit of a lift, staircase, escalator or ramp to every other that it leads to."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf
from typing import Final

from nav_maps.categories import Use
from nav_maps.doctor.links import Link, links_of
from nav_maps.model import IndoorMap, Labels, Pathway, PathwayMode, Relationship

FLOOR_M: Final = 4.0
"""Metres from floor to floor: no map says. Hospitals have 3.6 to 4.5."""
STEPS_A_FLOOR: Final = 26
_MODE: Final = {
    Use.STAIRS: PathwayMode.STAIRS,
    Use.ELEVATOR: PathwayMode.ELEVATOR,
    Use.ESCALATOR: PathwayMode.ESCALATOR,
    Use.RAMP: PathwayMode.RAMP,
}
_METRES_A_FLOOR: Final = {
    PathwayMode.STAIRS: 12.0,
    PathwayMode.ESCALATOR: 9.0,
    PathwayMode.ELEVATOR: 0.0,
    PathwayMode.RAMP: 50.0,
    PathwayMode.MOVING_SIDEWALK: 25.0,
    PathwayMode.WALKWAY: 8.0,
}
"""Metres gone for a floor where the map gives no length: two flights and a landing; 30 degrees; a slope of 8 %."""


@dataclass(frozen=True, slots=True)
class RideWay:
    """One connection from a unit to a unit. `features` are all that must be open: units, pathway, relationship.

    `fixed_s` is the time the map gives for all of it; else it follows from `floors`, `metres`, `steps` and the profile.
    """

    connection: str
    mode: PathwayMode
    from_unit: str
    to_unit: str
    floors: int
    metres: float
    steps: int
    features: tuple[str, ...]
    names: Labels
    fixed_s: float | None = None
    wait_s: float | None = None
    per_level_s: float | None = None
    staff_only: bool = False
    width_m: float = inf
    max_slope: float = 0.0
    hours: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()


def rides_of(built: IndoorMap) -> tuple[RideWay, ...]:
    """All rides of a map, each direction one."""
    hops: dict[tuple[PathwayMode, str], list[RideWay]] = defaultdict(list)
    pathways = {each.id: each for each in built.navigation.pathways}
    for link in links_of(built):
        mode = pathways[link.source].mode if link.source in pathways else _MODE[link.use]
        made = _hops(built, link, mode, pathways.get(link.source))
        named = link.source in pathways and mode is PathwayMode.ELEVATOR
        hops[mode, link.source if named else ""] += made
    return tuple(ride for (mode, _), made in hops.items() for ride in _chained(mode, made))


def _hops(
    built: IndoorMap, link: Link, mode: PathwayMode, pathway: Pathway | None
) -> list[RideWay]:
    """From each unit of a link to the next."""
    units = [unit for unit in link.units if unit in built.units]
    if mode is PathwayMode.ELEVATOR:
        units.sort(key=lambda unit: built.levels[built.units[unit].level].ordinal)
    hops = []
    share = 1 / max(len(units) - 1, 1)
    for one, other in pairwise(units):
        hop = _hop(built, link, mode, (one, other))
        hop = hop if pathway is None else _as_said(hop, pathway, share)
        hop = _in_hours(hop, built.relationships.get(link.source))
        hops.append(hop)
        if not link.one_way or mode is PathwayMode.ELEVATOR:
            hops.append(replace(hop, from_unit=other, to_unit=one, floors=-hop.floors))
    return hops


def _hop(built: IndoorMap, link: Link, mode: PathwayMode, ends: tuple[str, str]) -> RideWay:
    one, other = (built.units[end] for end in ends)
    floors = built.levels[other.level].ordinal - built.levels[one.level].ordinal
    rise = max(abs(floors), 1)
    return RideWay(
        link.source or min(ends),
        mode,
        *ends,
        floors,
        _METRES_A_FLOOR[mode] * rise,
        STEPS_A_FLOOR * rise if mode is PathwayMode.STAIRS else 0,
        (*ends, link.source) if link.source else ends,
        one.names or other.names,
        staff_only=link.staff_only,
    )


def _as_said(hop: RideWay, pathway: Pathway, share: float) -> RideWay:
    """A hop with what the map says of its pathway; totals are divided among its hops."""
    said = replace(
        hop,
        names=pathway.names or hop.names,
        wait_s=pathway.wait_s,
        per_level_s=pathway.per_level_s,
        width_m=pathway.min_width_m or inf,
        max_slope=abs(pathway.max_slope or 0.0),
        hours=(pathway.hours,) if pathway.hours else (),
        profiles=pathway.profiles,
    )
    if pathway.length_m is not None and hop.mode is not PathwayMode.ELEVATOR:
        said = replace(said, metres=pathway.length_m * share)
    if pathway.stair_count:
        said = replace(said, steps=max(1, round(abs(pathway.stair_count) * share)))
    if pathway.traversal_time_s is not None:
        said = replace(said, fixed_s=pathway.traversal_time_s * share)
    return said


def _in_hours(hop: RideWay, relationship: Relationship | None) -> RideWay:
    if relationship is None or not relationship.hours:
        return hop
    return replace(hop, hours=(*hop.hours, relationship.hours))


def _chained(mode: PathwayMode, hops: Iterable[RideWay]) -> Iterable[RideWay]:
    """Rides over several hops in one direction: one ride, one wait. Escalators are left one by one."""
    leaving: dict[str, list[RideWay]] = defaultdict(list)
    for hop in hops:
        leaving[hop.from_unit].append(hop)
    if mode is PathwayMode.ESCALATOR:
        return [ride for made in leaving.values() for ride in made]
    return [ride for start in leaving for ride in _from(start, leaving)]


def _from(start: str, leaving: Mapping[str, list[RideWay]]) -> list[RideWay]:
    found: dict[str, RideWay] = {}
    queue: deque[RideWay | None] = deque([None])
    while queue:
        ride = queue.popleft()
        for hop in leaving.get(ride.to_unit if ride else start, ()):
            if hop.to_unit == start or hop.to_unit in found or not _goes_on(ride, hop):
                continue
            found[hop.to_unit] = hop if ride is None else _joined(ride, hop)
            queue.append(found[hop.to_unit])
    return list(found.values())


def _goes_on(ride: RideWay | None, hop: RideWay) -> bool:
    return ride is None or ride.floors * hop.floors >= 0


def _joined(ride: RideWay, hop: RideWay) -> RideWay:
    times = (ride.fixed_s, hop.fixed_s)
    return replace(
        ride,
        to_unit=hop.to_unit,
        floors=ride.floors + hop.floors,
        metres=ride.metres + hop.metres,
        steps=ride.steps + hop.steps,
        features=tuple(dict.fromkeys(ride.features + hop.features)),
        fixed_s=None if None in times else sum(time for time in times if time is not None),
        staff_only=ride.staff_only or hop.staff_only,
        width_m=min(ride.width_m, hop.width_m),
        max_slope=max(ride.max_slope, hop.max_slope),
        hours=tuple(dict.fromkeys(ride.hours + hop.hours)),
        profiles=_both(ride.profiles, hop.profiles),
    )


def _both(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """The profiles that both allow; empty means all."""
    if not one or not other:
        return one or other
    return tuple(each for each in one if each in other) or ("nobody",)
