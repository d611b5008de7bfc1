"""The simulated radio beside a recorded one, along the very same ways."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np

from beacon_sim.radio.air import Air, Phone
from beacon_sim.radio.model import PHONES, RadioModel
from beacon_sim.radio.paths import Walk
from beacon_sim.radio.statistics import RadioStatistics, distances, statistics
from beacon_sim.score import Sensor, Track
from queue_server.whereabouts import Floats

TUNED_ON: Final = frozenset({"straight_01", "straight_03", "zigzagging_with_rotation"})
"""The figures of `RadioModel` were chosen on these; all others are a test of them."""
ALIKE: Final = 0.15
SEEDS: Final = 20


@dataclass(frozen=True, slots=True)
class Compared:
    """One statistic: recorded, simulated (mean over seeds), and how much that scatters from seed to seed."""

    name: str
    recorded: float
    simulated: float
    low: float
    high: float

    @property
    def alike(self) -> bool:
        """Within 15 %."""
        return abs(self.simulated - self.recorded) <= ALIKE * abs(self.recorded)

    @property
    def within_scatter(self) -> bool:
        """The recorded one is as good as any of the simulated ones: between the 5th and the 95th of a hundred."""
        return self.low <= self.recorded <= self.high


def compare(
    sensors: Sequence[Sensor],
    tracks: Sequence[Track],
    model: RadioModel | None = None,
    seeds: int = SEEDS,
) -> tuple[Compared, ...]:
    """Simulate the beacon along each track, with the sensors' own offsets, and compare all statistics."""
    model = model or RadioModel()
    recorded = asdict(statistics(sensors, tracks))
    offsets = _offsets(sensors, tracks, model)
    drawn = [
        asdict(simulated_statistics(sensors, tracks, model, offsets, seed)) for seed in range(seeds)
    ]
    found = []
    for name, value in recorded.items():
        values = np.array([each[name] for each in drawn])
        low, high = np.quantile(values, [0.05, 0.95])
        found.append(Compared(name, value, float(values.mean()), float(low), float(high)))
    return tuple(found)


def simulated_statistics(
    sensors: Sequence[Sensor],
    tracks: Sequence[Track],
    model: RadioModel,
    offsets: Floats,
    seed: int,
) -> RadioStatistics:
    """Of one draw; all tracks lead through the same air."""
    air = Air([each.receiver() for each in sensors], model, seed, offsets_db=offsets)
    return statistics(sensors, [simulated(air, track) for track in tracks])


def simulated(air: Air, track: Track) -> Track:
    """The same way under simulated radio."""
    # the sensors' heights are above the floor as the truth is
    phone = Phone(Walk(track.at_s, track.truth), PHONES["beacon"])
    heard = air.receive([phone], float(track.at_s[0]), float(track.at_s[-1]))
    moments, look = np.unique(heard.at_s, return_inverse=True)
    level = np.full((len(moments), len(air.receivers)), np.nan)
    level[look, heard.receiver] = heard.rssi_dbm
    return Track(track.name, track.began, moments, level, phone.walk.at(moments), 0)


def _offsets(sensors: Sequence[Sensor], tracks: Sequence[Track], model: RadioModel) -> Floats:
    """What each sensor adds, measured on the tracks under the model's own exponent."""
    rows = []
    for track in tracks:
        line = model.at_1m_dbm - 10 * model.exponent * np.log10(distances(sensors, track))
        rows.append(track.level_dbm - line)
    # fading has a mean of its own, which the levels of the tracks have already
    found: Floats = np.nanmean(np.concatenate(rows), axis=0) - _mean_fading_db(model)
    return found


def _mean_fading_db(model: RadioModel) -> float:
    rng = np.random.default_rng(0)
    direct, scattered = np.sqrt(model.rician_k / (model.rician_k + 1)), 1 / (model.rician_k + 1)
    real, imaginary = rng.normal(0, np.sqrt(scattered / 2), (2, 100_000))
    return float((10 * np.log10((direct + real) ** 2 + imaginary**2)).mean())
