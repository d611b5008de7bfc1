"""A hall of 16 × 12 m with six receivers, and readings as its radio would make them."""

from collections.abc import Sequence

import numpy as np

from queue_server.whereabouts import Reading, Receiver, Tracker, grid

RECEIVERS = tuple(
    Receiver(f"door-{number}", x, y, 1.5)
    for number, (x, y) in enumerate([(0, 0), (8, 0), (16, 0), (0, 12), (8, 12), (16, 12)], start=1)
)


def tracker(receivers: Sequence[Receiver] = RECEIVERS, cell_m: float = 2.0) -> Tracker:
    return Tracker.of(grid(receivers, cell_m=cell_m), receivers)


def readings(
    spot: tuple[float, float],
    rng: np.random.Generator,
    offsets: Sequence[float] = (0.0,) * 6,
    sd_db: float = 4.0,
    receivers: Sequence[Receiver] = RECEIVERS,
) -> tuple[Reading, ...]:
    found = []
    for each, offset in zip(receivers, offsets, strict=True):
        away = np.hypot(np.hypot(each.x_m - spot[0], each.y_m - spot[1]), 0.2)
        level = -60 - 17 * np.log10(max(away, 0.7)) + offset + rng.normal(0, sd_db)
        found.append(Reading(each.agent, float(level)))
    return tuple(found)
