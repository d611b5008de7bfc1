"""A hospital day in seconds: the very rules of production around drawn families, on a virtual clock.

Read in this order: `model`, `draw`, `site`, `places`, `run`, `measure`, `bound`, `compare`, `opening`, `forecasts`.
"""

from beacon_sim.day.draw import Drawn, draw
from beacon_sim.day.model import ALL_LEVERS, STATUS_QUO, DayModel, Levers, Windows
from beacon_sim.day.places import Places
from beacon_sim.day.run import Run, run_day

__all__ = [
    "ALL_LEVERS",
    "STATUS_QUO",
    "DayModel",
    "Drawn",
    "Levers",
    "Places",
    "Run",
    "Windows",
    "draw",
    "run_day",
]
