"""A hospital day in seconds: the very rules of production around drawn families, on a virtual clock.

Read in this order: `model`, `draw`, `site`, `places`, `walks`, `on_map`, `run`, `measure`, `bound`, `compare`, `opening`,
`forecasts`.
"""

from beacon_sim.day.draw import Drawn, draw
from beacon_sim.day.model import ALL_LEVERS, STATUS_QUO, DayModel, Levers, Windows
from beacon_sim.day.on_map import NotOnTheMap, read_walks, walk_table
from beacon_sim.day.places import NotADay, Places, doctors_in, places_in, under, visits_for
from beacon_sim.day.run import Run, run_day
from beacon_sim.day.walks import Walks, WalkTable, drawn_walks, map_walks

__all__ = [
    "ALL_LEVERS",
    "STATUS_QUO",
    "DayModel",
    "Drawn",
    "Levers",
    "NotADay",
    "NotOnTheMap",
    "Places",
    "Run",
    "WalkTable",
    "Walks",
    "Windows",
    "doctors_in",
    "draw",
    "drawn_walks",
    "map_walks",
    "places_in",
    "read_walks",
    "run_day",
    "under",
    "visits_for",
    "walk_table",
]
