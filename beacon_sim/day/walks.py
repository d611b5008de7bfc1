"""How long the families of a day walk: drawn around one figure, or taken from a map of the hospital.

One value a family and errand, in minutes, so that a day only looks them up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from beacon_sim.day.draw import Drawn, Floats
from beacon_sim.day.places import Places

Times = Mapping[str, Mapping[str, float]]
"""Seconds from each place to each other, by ids of the map."""
MINUTE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Walks:
    """Minutes, one value a family."""

    to_wait: Floats
    """From check-in to where the clinic's families wait."""
    before: Floats
    """From check-in to the tests before the consult, by way of a cashier for those who pay there."""
    to_tests: Floats
    """From the consult to the tests, likewise."""
    to_pay: Floats
    """From the consult to where drugs are paid; nothing on the phone."""
    bring: Floats
    """To a toilet and back with a specimen."""
    to_drugs: Floats
    """From there to the pharmacy."""


def drawn_walks(drawn: Drawn) -> Walks:
    """As they were drawn: between any two places about the same, nothing to where one waits."""
    some = drawn.walks
    none = np.zeros(drawn.count)
    return Walks(none, some[:, 0], some[:, 0], some[:, 0], some[:, 1], some[:, 2])


@dataclass(frozen=True, slots=True)
class WalkTable:
    """Walking times of a map between the places that families of a day go to.

    Attributes:
        afoot: of a family whose child walks.
        stroller: of one that pushes a stroller, by ramps and lifts alone.
        place_of: where on the map each line's families wait.
        door_of: where the families of each clinic are checked in.
        toilet: seconds from each line of specimens to the nearest toilet.
    """

    afoot: Times
    stroller: Times
    place_of: Mapping[str, str]
    door_of: Mapping[str, str]
    toilet: Mapping[str, float]


def map_walks(drawn: Drawn, places: Places, table: WalkTable) -> Walks:
    """The walks of a day on a map: who pushes a stroller goes by lift, and everybody is as quick or slow as was drawn.

    Args:
        drawn: the families.
        places: where they go.
        table: of the hospital's map.
    """
    pace = drawn.walks / drawn.model.walk
    rows = np.array([_of_family(drawn, places, table, index) for index in range(drawn.count)])
    seconds = rows.reshape(drawn.count, 6) * pace
    return Walks(*(seconds[:, column] / MINUTE for column in range(6)))


def _of_family(drawn: Drawn, places: Places, table: WalkTable, index: int) -> list[float]:
    """Seconds of one family at everyday pace, in the order of `Walks`."""
    times = table.stroller if drawn.stroller[index] else table.afoot
    clinic = places.clinics[int(drawn.department[index])]
    door, waits = table.door_of[clinic], table.place_of[clinic]

    def at(services: Sequence[str]) -> str:
        groups = places.site.serving[services[index % len(services)]]
        return table.place_of[groups[index % len(groups)]]

    tests = at(_first_test(drawn, places, index))
    drugs, drops = at(places.drugs), at(places.drop)
    by_cashier = [at(places.cash)] if drawn.at_cashier[index] else []
    paid_at = by_cashier[0] if by_cashier else waits
    return [
        times[door][waits],
        _along(times, door, *by_cashier, tests),
        _along(times, waits, *by_cashier, tests),
        times[waits][paid_at],
        2 * table.toilet[drops],
        times[paid_at][drugs],
    ]


def _first_test(drawn: Drawn, places: Places, index: int) -> Sequence[str]:
    if drawn.labs[index] or not (drawn.other[index] and places.exam):
        return places.blood if drawn.blood[index] else places.drop
    return places.exam


def _along(times: Times, *stops: str) -> float:
    return sum(times[one][other] for one, other in pairwise(stops))
