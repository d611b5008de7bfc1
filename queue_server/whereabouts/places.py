"""Where a phone can be: places with neighbours, zones to name them by, and the receivers that hear.

A plain grid over one or more floors is made here; a map's graph gives the same thing through `Places` itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FLOOR_HEIGHT_M: Final = 4.2
"""Between two floors when nothing else is known."""
_SHARE_POINTS: Final = 4
"""A cell's share of each zone is counted on so many points along each side."""
_STEPS: Final = ((1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1))


@dataclass(frozen=True, slots=True)
class Receiver:
    """An agent's radio: where it hangs. Metres, the height above its own floor."""

    agent: str
    x_m: float
    y_m: float
    height_m: float = 1.5
    floor: int = 0
    zone: str = ""
    """What people call the place it stands at; its own name when nothing is said."""

    @property
    def named(self) -> str:
        """The zone it stands in."""
        return self.zone or self.agent


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Places, the ways between them, and how much of each place lies in each zone.

    `xy` is (places, 2) in metres, `floor` (places,), `ways` (directed ways, 2) the places at its ends, `length_m`
    (directed ways,), `share` (places, zones): each row adds up to 1.
    """

    xy: Floats
    floor: Ints
    ways: Ints
    length_m: Floats
    zones: tuple[str, ...]
    share: Floats

    def __len__(self) -> int:
        return len(self.xy)

    def __post_init__(self) -> None:
        count = len(self.xy)
        if not count or self.share.shape != (count, len(self.zones)):
            raise ValueError("Places need a position each, and a share of each zone.")
        if len(self.ways) and (self.ways.min() < 0 or self.ways.max() >= count):
            raise ValueError("A way leads from or to a place that is not there.")
        if (self.length_m <= 0).any():
            raise ValueError("A way must be longer than nothing.")


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of one floor in metres."""

    west: float
    south: float
    east: float
    north: float
    floor: int = 0


def around(receivers: Sequence[Receiver], margin_m: float = 0.5) -> tuple[Area, ...]:
    """The rectangle that each floor's receivers span, and a margin."""
    found = []
    for floor in sorted({each.floor for each in receivers}):
        here = [each for each in receivers if each.floor == floor]
        xs, ys = [each.x_m for each in here], [each.y_m for each in here]
        found.append(
            Area(
                min(xs) - margin_m,
                min(ys) - margin_m,
                max(xs) + margin_m,
                max(ys) + margin_m,
                floor,
            )
        )
    return tuple(found)


@dataclass(slots=True)
class _Grid:
    """Places of all floors as they are laid out."""

    xy: list[tuple[float, float]] = field(default_factory=list)
    floor: list[int] = field(default_factory=list)
    ways: list[tuple[int, int]] = field(default_factory=list)
    length_m: list[float] = field(default_factory=list)
    share: list[Floats] = field(default_factory=list)


def grid(
    receivers: Sequence[Receiver],
    areas: Sequence[Area] | None = None,
    cell_m: float = 1.5,
    stairs: Mapping[tuple[int, int], tuple[float, float]] | None = None,
) -> Places:
    """Lay a grid over each floor; a point belongs to the zone of the receiver nearest to it on its floor.

    Args:
        receivers: at least one on each floor of `areas`.
        areas: by default what the receivers span.
        cell_m: about the side of a cell; cells are never larger.
        stairs: where (metres) one gets from one floor to another.

    Raises:
        ValueError: no receiver at all, or none on a floor.
    """
    if not receivers:
        raise ValueError("Without a receiver there is no place to tell.")
    zones = tuple(dict.fromkeys(each.named for each in receivers))
    made = _Grid()
    for area in areas or around(receivers):
        here = [each for each in receivers if each.floor == area.floor]
        if not here:
            raise ValueError(f"No receiver stands on floor {area.floor}.")
        _lay(made, area, here, zones, cell_m)
    for (lower, upper), spot in (stairs or {}).items():
        _join(made, lower, upper, spot)
    return Places(
        np.array(made.xy, dtype=np.float64),
        np.array(made.floor, dtype=np.int64),
        np.array(made.ways, dtype=np.int64).reshape(-1, 2),
        np.array(made.length_m, dtype=np.float64),
        zones,
        np.array(made.share, dtype=np.float64),
    )


def _lay(
    made: _Grid, area: Area, here: Sequence[Receiver], zones: Sequence[str], cell_m: float
) -> None:
    columns = max(1, int(np.ceil((area.east - area.west) / cell_m)))
    rows = max(1, int(np.ceil((area.north - area.south) / cell_m)))
    wide, high = (area.east - area.west) / columns, (area.north - area.south) / rows
    first = len(made.xy)
    for column in range(columns):
        for row in range(rows):
            corner = (area.west + column * wide, area.south + row * high)
            made.xy.append((corner[0] + wide / 2, corner[1] + high / 2))
            made.floor.append(area.floor)
            made.share.append(_shares(corner, wide, high, here, zones))
            for dx, dy in _STEPS:
                if 0 <= column + dx < columns and 0 <= row + dy < rows:
                    here_is = first + column * rows + row
                    made.ways.append((here_is, here_is + dx * rows + dy))
                    made.length_m.append(float(np.hypot(dx * wide, dy * high)))


def _shares(
    corner: tuple[float, float],
    wide: float,
    high: float,
    here: Sequence[Receiver],
    zones: Sequence[str],
) -> Floats:
    steps = (np.arange(_SHARE_POINTS) + 0.5) / _SHARE_POINTS
    x, y = np.meshgrid(corner[0] + steps * wide, corner[1] + steps * high)
    points = np.column_stack([x.ravel(), y.ravel()])
    found: Floats = share_of(points, here, zones).mean(axis=0)
    return found


def share_of(points: Floats, here: Sequence[Receiver], zones: Sequence[str]) -> Floats:
    """Which zone each point (n, 2) is in: (n, zones) of 0 and 1, by the receiver nearest on the plan."""
    spots = np.array([(each.x_m, each.y_m) for each in here])
    nearest = np.argmin(((points[:, None] - spots[None]) ** 2).sum(axis=2), axis=1)
    column = np.array([zones.index(each.named) for each in here])[nearest]
    found: Floats = np.eye(len(zones))[column]
    return found


def _join(made: _Grid, lower: int, upper: int, spot: tuple[float, float]) -> None:
    ends = [_nearest(made, floor, spot) for floor in (lower, upper)]
    for way in (ends, ends[::-1]):
        made.ways.append((way[0], way[1]))
        # a flight of stairs: about twice as long as it is high
        made.length_m.append(2 * FLOOR_HEIGHT_M * max(1, abs(upper - lower)))


def _nearest(made: _Grid, floor: int, spot: tuple[float, float]) -> int:
    there = [index for index, at in enumerate(made.floor) if at == floor]
    if not there:
        raise ValueError(f"Stairs lead to floor {floor}, which has no places.")
    return min(
        there,
        key=lambda index: (made.xy[index][0] - spot[0]) ** 2 + (made.xy[index][1] - spot[1]) ** 2,
    )
