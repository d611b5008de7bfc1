"""Small simulated days to learn from, made once."""

from dataclasses import replace

import numpy as np
import pytest

from beacon_sim.day import ALL_LEVERS, DayModel
from beacon_sim.day.opening import simulated
from queue_server.learned import Examples, Model, together, train

SMALL = DayModel(visits=500, departments=3)


@pytest.fixture(scope="session")
def days() -> Examples:
    """Four days: three to learn from, the last to try on."""
    return together([simulated(1.0, seed, ALL_LEVERS, SMALL) for seed in range(1, 5)])


@pytest.fixture(scope="session")
def model(days: Examples) -> Model:
    """Learned from the first two, calibrated on the third."""
    return train(days.where(days.days <= 2), days.where(days.days == 3))


@pytest.fixture
def as_days(days: Examples) -> Examples:
    """The same rows, spread over many days."""
    spread = 730_000 + np.arange(len(days)) * 20 // len(days)
    return replace(days, days=spread)
