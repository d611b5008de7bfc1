"""How strong a phone is heard, and what that says of the place it is at: the emission model of the filter.

The mean level falls with the logarithm of the distance; each receiver and each phone has an offset. What is left over is
skewed with a heavy lower tail (somebody stands between, the phone is in a pocket), so it is a mixture of two states: in
view, and shadowed by a body. Shapes: `docs/bluetooth.md`; log-distance model: T. S. Rappaport, Wireless Communications, ch. 4.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from queue_server.whereabouts.places import FLOOR_HEIGHT_M, Floats, Places, Receiver

NEAREST_M: Final = 0.7
"""Nearer than this nothing gets louder: antennas are not points."""


@dataclass(frozen=True, slots=True)
class LevelModel:
    """Figures of the radio. Levels in dBm, the rest in dB and metres; none is of one building."""

    at_1m_dbm: float = -60.0
    exponent: float = 1.7
    floor_loss_db: float = 15.0
    """Of each ceiling between phone and receiver."""
    phone_height_m: float = 1.3
    phone_sd_db: float = 4.0
    """How much phones differ from each other."""
    receiver_sd_db: float = 3.0
    """How much receivers differ before anything is known of them."""
    in_view: tuple[float, float, float] = (0.8, 1.1, 4.2)
    """Share, mean and standard deviation of the residual when nobody stands between."""
    shadowed: tuple[float, float, float] = (0.2, -4.4, 6.5)
    """The same behind a body; both together have mean 0."""
    nonsense: float = 1e-5
    """Density of a level that means nothing: an outlier never rules a place out."""
    weight: float = 0.4
    """Of one reading. Neighbouring readings repeat each other: they share shadow and fading."""
    heard_in_reach: float = 0.85
    """Probability that a phone well within reach is heard in one advert interval."""
    sensitivity_dbm: float = -96.0


class Levels:
    """The mean level of every place at every receiver, and likelihoods from it."""

    def __init__(self, places: Places, receivers: Sequence[Receiver], model: LevelModel) -> None:
        self.model = model
        self.receivers = tuple(receivers)
        spots = np.array([(each.x_m, each.y_m) for each in receivers]).reshape(-1, 2)
        floors = np.array([each.floor for each in receivers])
        heights = np.array([each.height_m for each in receivers])
        flat = ((places.xy[:, None] - spots[None]) ** 2).sum(axis=2)
        storeys = places.floor[:, None] - floors[None]
        rise = storeys * FLOOR_HEIGHT_M + model.phone_height_m - heights[None]
        far = np.maximum(np.sqrt(flat + rise**2), NEAREST_M)
        loss = 10 * model.exponent * np.log10(far) + model.floor_loss_db * abs(storeys)
        self.mean: Floats = -loss
        """(places, receivers): dB against the level at one metre."""

    def log_likelihood(
        self, heard: Sequence[int], level_dbm: Floats, offset_db: Floats, variance: Floats
    ) -> Floats:
        """What some readings say of each place: (places,), up to a constant.

        Args:
            heard: columns of the receivers.
            level_dbm: one a reading.
            offset_db: what phone and receiver add to the level at one metre, one a reading.
            variance: how uncertain that is, dB².
        """
        model = self.model
        residual = (level_dbm - model.at_1m_dbm - offset_db)[None] - self.mean[:, heard]
        density = np.full_like(residual, model.nonsense)
        for share, mean, sd in (model.in_view, model.shadowed):
            spread = sd**2 + variance
            density += (share / np.sqrt(spread)) * np.exp(-0.5 * (residual - mean) ** 2 / spread)
        found: Floats = model.weight * np.log(density).sum(axis=1)
        return found

    def silence(self, silent: Sequence[int], offset_db: Floats, adverts: float) -> Floats:
        """What it says that some receivers, known to be well, heard none of `adverts` adverts: (places,).

        A receiver misses at random, and misses all that is below its sensitivity; so far off silence says nothing.
        """
        model = self.model
        level = model.at_1m_dbm + offset_db[None] + self.mean[:, silent]
        # logistic for the normal curve: the residual's sd of 5.3 dB, scaled by 1.7
        audible = model.heard_in_reach / (1 + np.exp((model.sensitivity_dbm - level) / 3.1))
        found: Floats = model.weight * adverts * np.log1p(-audible).sum(axis=1)
        return found
