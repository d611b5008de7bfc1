"""From a position that is not sure to where on the map that can be."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from nav_maps.position.walked import Walked
from nav_maps.route import Metres

LEAST_RADIUS_M: Final = 1.0


@dataclass(frozen=True, slots=True)
class Snapped:
    """A place on the map: its index in `Walked`, and how likely it is among those that fit."""

    place: int
    level: str
    unit: str
    point: Metres
    probability: float


def snap(places: Walked, level: str, point: Metres, radius_m: float = 3.0) -> tuple[Snapped, ...]:
    """Places that fit a position on a level, the likeliest first; the nearest alone when none is near. Empty: no such level.

    `radius_m` is one standard deviation of the position; places within three are looked at.
    """
    if level not in places.trees:
        return ()
    tree, which = places.trees[level]
    radius = max(radius_m, LEAST_RADIUS_M)
    near = tree.query_ball_point(point, 3 * radius) or [int(tree.query(point)[1])]
    gaps = np.hypot(*(places.xy[which[near]] - np.array(point)).T)
    weight = np.exp(-0.5 * ((gaps - gaps.min()) / radius) ** 2)
    share = weight / weight.sum()
    found = [
        Snapped(
            int(place),
            level,
            places.unit[place],
            (float(places.xy[place, 0]), float(places.xy[place, 1])),
            float(part),
        )
        for place, part in zip(which[near], share, strict=True)
    ]
    return tuple(sorted(found, key=lambda each: (-each.probability, each.place)))


def snap_unit(places: Walked, unit: str) -> tuple[Snapped, ...]:
    """All places of a unit, equally likely: for a zone that is known by name only."""
    own = [index for index, id in enumerate(places.unit) if id == unit]
    return tuple(
        Snapped(
            index,
            places.level[index],
            unit,
            (float(places.xy[index, 0]), float(places.xy[index, 1])),
            1 / len(own),
        )
        for index in own
    )
