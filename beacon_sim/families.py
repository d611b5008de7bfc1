"""Families as they come to a small hospital, from a seed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

import numpy as np

_SURNAMES: Final = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN: Final = (
    *("子涵", "梓萱", "浩然", "雨桐", "一诺", "沐阳", "嘉禾", "思远", "星辰", "可欣"),
    *("安宁", "乐童", "知夏", "予安", "清和", "明轩", "书瑶", "若溪", "景行", "小满"),
)
ARRIVAL_S: Final = 120.0
"""Mean seconds between two arrivals, in the hospital's time."""


@dataclass(frozen=True, slots=True)
class Family:
    """One child on its way; everything about it is invented.

    Attributes:
        gap_s: seconds after the family before, in the hospital's time.
        hurry: a number from which the day draws how the card is held up.
    """

    visit: str
    patient: str
    name: str
    group: str
    kiosk: int
    gap_s: float
    hurry: int


def families(seed: int, groups: Sequence[str], kiosks: int) -> Iterator[Family]:
    """Families without end.

    Args:
        seed: the same seed gives the same families.
        groups: clinic lines by id, the busiest first.
        kiosks: how many there are to choose from.
    """
    random = np.random.default_rng(seed)
    weights = np.array([1 / (place + 1) for place in range(len(groups))])
    for number in count(1):
        surname = _SURNAMES[int(random.integers(len(_SURNAMES)))]
        given = _GIVEN[int(random.integers(len(_GIVEN)))]
        yield Family(
            visit=f"D-{seed}-{number:04d}",
            patient=f"p-{seed}-{number:04d}",
            name=surname + given,
            group=str(random.choice(list(groups), p=weights / weights.sum())),
            kiosk=int(random.integers(kiosks)),
            gap_s=float(random.exponential(ARRIVAL_S)),
            hurry=int(random.integers(2**31)),
        )
