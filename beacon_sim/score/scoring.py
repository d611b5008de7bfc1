"""The score: our figures beside the plain ones, on any recorded tracks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from beacon_sim.score import figures, plain
from beacon_sim.score.figures import Estimate, Sample, estimate
from beacon_sim.score.ours import NEAR_M, Told, cold, warm
from beacon_sim.score.tracks import Sensor, Track
from queue_server.whereabouts import LATE_S, Floats, Ints

SEEN: Final = frozenset(
    {
        "straight_01",
        "straight_03",
        "straight_05",
        "rectangular_without_rotation",
        "zigzagging_with_rotation",
    }
)
"""Tracks that were looked at while the filter was made, so the figures on them are not those of a stranger."""
RECALLS: Final = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
LIKELY: Final = 0.5
Method = Callable[[Sequence[Sensor], Sequence[int], Sequence[Track], float], list[Told]]
METHODS: Final[dict[str, Method]] = {"cold": cold, "warm": warm}


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the score. `goal` is the least, or with `at_most` the most, that is wanted."""

    name: str
    plain_method: str
    plain: float
    cold: Estimate
    warm: Estimate
    goal: float
    at_most: bool = False

    def met(self, found: float) -> bool:
        """Whether a value is as good as the goal."""
        return found <= self.goal if self.at_most else found >= self.goal


@dataclass(frozen=True, slots=True)
class OfTrack:
    """Our figures, cold, on one track alone."""

    track: str
    seen: bool
    seconds: float
    zones: float
    groups: float
    error_m: float


@dataclass(frozen=True, slots=True)
class Near:
    """How well it is told who is within 2 m of a sensor, cold and warm, as (recall, precision)."""

    method: str
    curve: tuple[tuple[float, float], ...]
    likely: tuple[float, float]
    """Where the product says so: when it is more probable than not. No truth is needed to choose this point."""


@dataclass(frozen=True, slots=True)
class Score:
    """All figures, and what they are of."""

    late_s: float
    """So old was the moment that was spoken of."""
    figures: tuple[Figure, ...]
    near: tuple[Near, ...]
    tracks: tuple[OfTrack, ...]
    left_out: int


@dataclass(frozen=True, slots=True, eq=False)
class _Case:
    """The tracks, what is true of them, and the plain levels."""

    sensors: Sequence[Sensor]
    tracks: Sequence[Track]
    levels: Sequence[Floats]
    late_s: float

    @property
    def at_s(self) -> list[Floats]:
        return [each.at_s for each in self.tracks]

    def away(self, track: Track, columns: Sequence[int]) -> Floats:
        """Distance on the plan: (looks, columns)."""
        spots = np.array([(self.sensors[each].x_m, self.sensors[each].y_m) for each in columns])
        found: Floats = np.linalg.norm(track.truth[:, None, :2] - spots[None], axis=2)
        return found

    def told(self, columns: Sequence[int]) -> dict[str, list[Told]]:
        """By every method, with some of the sensors."""
        return {
            name: method(self.sensors, columns, self.tracks, self.late_s)
            for name, method in METHODS.items()
        }

    def nearest(self, track: Track, columns: Sequence[int]) -> Ints:
        found: Ints = self.away(track, columns).argmin(axis=1)
        return found


def score(sensors: Sequence[Sensor], tracks: Sequence[Track], late_s: float = LATE_S) -> Score:
    """Score some tracks; they are taken in the order in which they were recorded.

    Args:
        sensors: all of them.
        tracks: at least one.
        late_s: what is told of a moment rests on what was heard until so long after it; 0 is at once.
    """
    tracks = sorted(tracks, key=lambda each: each.began)
    case = _Case(sensors, tracks, [plain.medians(each) for each in tracks], late_s)
    every = list(range(len(sensors)))
    told = case.told(every)
    names = sorted({each.group for each in sensors})
    groups = np.array([names.index(each.group) for each in sensors])
    found = [
        *_zones(case, every, np.arange(len(sensors)), told, "12 zones", 0.58),
        *_zones(case, every, groups, told, "4 zones", 0.75),
        *_few(case),
        *_position(case, told),
        *_near(case, told),
    ]
    return Score(
        late_s,
        tuple(found),
        tuple(_curve(case, name, many) for name, many in told.items()),
        tuple(
            _of_track(case, each, groups, here)
            for each, here in zip(tracks, told["cold"], strict=True)
        ),
        sum(each.left_out for each in tracks),
    )


def _few(case: _Case) -> list[Figure]:
    """The same zones with one receiver each, as a hospital would hang them: the first sensor of each group."""
    first: dict[str, int] = {}
    for index, each in enumerate(case.sensors):
        first.setdefault(each.group, index)
    columns = list(first.values())
    if not 1 < len(columns) < len(case.sensors):
        return []
    told = case.told(columns)
    name = f"{len(columns)} zones, {len(columns)} sensors"
    return _zones(case, columns, np.arange(len(columns)), told, name, 0.75)


def _zones(
    case: _Case,
    columns: Sequence[int],
    zone_of: Ints,
    told: dict[str, list[Told]],
    name: str,
    goal: float,
) -> list[Figure]:
    by_group = len(set(zone_of.tolist())) < len(columns)
    name = f"{len(set(zone_of.tolist()))} zones{name[name.index('zones') + 5 :]}"
    true = [zone_of[case.nearest(each, columns)] for each in case.tracks]
    usual = [zone_of[plain.strongest(each, columns)] for each in case.levels]

    def ours(method: str) -> list[Ints]:
        return [each.group if by_group else each.zone for each in told[method]]

    def right(said: Sequence[Ints]) -> Estimate:
        rows = [(a == b).astype(float) for a, b in zip(said, true, strict=True)]
        return estimate(Sample(rows, case.at_s), figures.share_right)

    def times(said: Sequence[Ints]) -> Estimate:
        return _switches(said, true, case.at_s)

    return [
        Figure(
            f"{name}: right",
            "strongest of 3 s",
            right(usual).value,
            right(ours("cold")),
            right(ours("warm")),
            goal,
        ),
        Figure(
            f"{name}: changes, times the truth's",
            "strongest of 3 s",
            times(usual).value,
            times(ours("cold")),
            times(ours("warm")),
            1.5,
            at_most=True,
        ),
    ]


def _switches(said: Sequence[Ints], true: Sequence[Ints], at_s: Sequence[Floats]) -> Estimate:
    rows = [
        np.column_stack([np.diff(a, prepend=a[:1]) != 0, np.diff(b, prepend=b[:1]) != 0])
        for a, b in zip(said, true, strict=True)
    ]

    def ratio(rows: Floats) -> float:
        ours, truth = rows.sum(axis=0)
        return float(ours / truth) if truth else float("nan")

    return estimate(Sample([each.astype(float) for each in rows], at_s), ratio)


def _position(case: _Case, told: dict[str, list[Told]]) -> list[Figure]:
    def error(said: Sequence[Floats]) -> Estimate:
        rows = [
            np.linalg.norm(xy - each.truth[:, :2], axis=1)
            for xy, each in zip(said, case.tracks, strict=True)
        ]
        return estimate(Sample(rows, case.at_s), figures.median)

    ours = {method: error([each.xy for each in found]) for method, found in told.items()}
    middle = error([plain.centroid(each.copy(), case.sensors) for each in case.levels]).value
    found = [
        Figure(
            "position: median error, m",
            "weighted centroid",
            middle,
            ours["cold"],
            ours["warm"],
            1.6,
            at_most=True,
        )
    ]
    surveyed = [
        plain.fingerprints(levels, _survey(case, index)) for index, levels in enumerate(case.levels)
    ]
    known = [each for each in surveyed if each is not None]
    if len(known) == len(surveyed):
        found.append(
            Figure(
                "position: median error, m",
                "fingerprints of the other tracks",
                error(known).value,
                ours["cold"],
                ours["warm"],
                1.6,
                at_most=True,
            )
        )
    return found


def _survey(case: _Case, without: int) -> list[tuple[Floats, Floats]]:
    return [
        (levels, track.truth)
        for index, (levels, track) in enumerate(zip(case.levels, case.tracks, strict=True))
        if index != without
    ]


def _beside_truth(case: _Case, said: Sequence[Floats]) -> list[Floats]:
    """What was said of each sensor, and whether it was within 2 m: (looks, sensors, 2) of each track."""
    every = list(range(len(case.sensors)))
    near = [(case.away(each, every) <= NEAR_M).astype(float) for each in case.tracks]
    return [np.stack([a, b], axis=2) for a, b in zip(said, near, strict=True)]


def _curve(case: _Case, method: str, told: Sequence[Told]) -> Near:
    rows = np.concatenate(_beside_truth(case, [each.near for each in told])).reshape(-1, 2)
    curve = [(recall, figures.precision_at_recall(rows, recall)) for recall in RECALLS]
    said, true = rows[:, 0] >= LIKELY, rows[:, 1] > 0
    both = float((said & true).sum())
    return Near(method, tuple(curve), (both / max(true.sum(), 1), both / max(said.sum(), 1)))


def _near(case: _Case, told: dict[str, list[Told]]) -> list[Figure]:
    def of(figure: Callable[[Floats], float], said: Sequence[Floats]) -> Estimate:
        sample = Sample(_beside_truth(case, said), case.at_s)
        return estimate(sample, lambda flat: figure(flat.reshape(-1, 2)))

    found = []
    for name, figure, goal in (
        (f"within 2 m: precision at recall {figures.RECALL}", figures.precision_at_recall, 0.6),
        ("within 2 m: area under the curve", figures.area_under_curve, 0.9),
    ):
        ours = {method: of(figure, [each.near for each in many]) for method, many in told.items()}
        usual = of(figure, case.levels).value
        found.append(Figure(name, "level of 3 s", usual, ours["cold"], ours["warm"], goal))
    return found


def _of_track(case: _Case, track: Track, groups: Ints, told: Told) -> OfTrack:
    true = case.nearest(track, range(len(case.sensors)))
    error = np.linalg.norm(told.xy - track.truth[:, :2], axis=1)
    return OfTrack(
        track.name,
        track.name in SEEN,
        track.seconds,
        float((told.zone == true).mean()),
        float((told.group == groups[true]).mean()),
        float(np.median(error)),
    )
