"""Random fields from a seed, all as sums of waves: they can be asked anywhere, in any order, and cost no memory.

A sum of waves with random phases tends to a Gaussian field; which waves are drawn decides how fast it forgets. Waves from a
Cauchy distribution give a correlation that falls exponentially (Matérn 1/2).
"""

from typing import Final

import numpy as np

from queue_server.whereabouts import Floats

WAVES: Final = 96
SCATTERED: Final = 24


def _cauchy(rng: np.random.Generator, shape: tuple[int, ...], dimensions: int) -> Floats:
    """Wave vectors (…, dimensions) of a field that forgets within one unit of length."""
    normal = rng.standard_normal((*shape, dimensions))
    found: Floats = normal / np.abs(rng.standard_normal((*shape, 1)))
    return found


class Shadow:
    """A field over space for each of some receivers: dB, normal, mean 0.

    Args:
        rng: its seed.
        receivers: how many.
        sd_db: standard deviation.
        forgets_m: where the correlation has fallen to 1/e.
    """

    def __init__(
        self, rng: np.random.Generator, receivers: int, sd_db: float, forgets_m: float
    ) -> None:
        self._wave = _cauchy(rng, (receivers, WAVES), 3) / forgets_m
        self._phase = rng.uniform(0, 2 * np.pi, (receivers, WAVES))
        self._scale = sd_db * np.sqrt(2 / WAVES)

    def at(self, xyz: Floats) -> Floats:
        """(points, 3) metres → (points, receivers) dB."""
        found = np.empty((len(xyz), len(self._wave)))
        for column, (wave, phase) in enumerate(zip(self._wave, self._phase, strict=True)):
            found[:, column] = np.cos(xyz @ wave.T + phase).sum(axis=1)
        found *= self._scale
        return found


class Fading:
    """Rician fading of one phone at each of some receivers on each of three channels: a direct path and many scattered ones."""

    def __init__(
        self, rng: np.random.Generator, receivers: int, k: float, fade_m: float, fade_s: float
    ) -> None:
        self._receivers = receivers
        self._direct, self._scattered = np.sqrt(k / (k + 1)), np.sqrt(1 / (k + 1) / SCATTERED)
        shape = (3, SCATTERED)
        self._wave = _cauchy(rng, shape, 3) / fade_m
        self._beat = _cauchy(rng, shape, 1)[..., 0] / fade_s
        self._phase = rng.uniform(0, 2 * np.pi, (receivers, *shape))

    def at(self, at_s: Floats, xyz: Floats, channel: Floats) -> Floats:
        """(adverts,) times, (adverts, 3) places, (adverts, receivers) channels 0 … 2 → (adverts, receivers) dB."""
        found = np.empty((len(at_s), self._receivers))
        turned = np.stack(
            [xyz @ self._wave[each].T + at_s[:, None] * self._beat[each] for each in range(3)]
        )
        rows = np.arange(len(at_s))
        for column in range(self._receivers):
            on = channel[:, column].astype(int)
            angle = turned[on, rows] + self._phase[column][on]
            real = self._direct + self._scattered * np.cos(angle).sum(axis=1)
            imaginary = self._scattered * np.sin(angle).sum(axis=1)
            found[:, column] = 10 * np.log10(np.maximum(real**2 + imaginary**2, 1e-6))
        return found
