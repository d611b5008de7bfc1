"""Days with faults: real kiosks, a line and a mortal server in a simulated day, held against the same day without faults.

Read in this order: `schedule`, `server`, `kiosks`, `world`, `lateness`, `causes`, `check`, `shrink`, `words`, `command`.
"""

from beacon_sim.faults.check import Kind, Problem, Verdict, judge
from beacon_sim.faults.schedule import Schedule, draw_faults
from beacon_sim.faults.shrink import Shrunk, shrink
from beacon_sim.faults.world import Plan, draw_plan, undisturbed

__all__ = [
    "Kind",
    "Plan",
    "Problem",
    "Schedule",
    "Shrunk",
    "Verdict",
    "draw_faults",
    "draw_plan",
    "judge",
    "shrink",
    "undisturbed",
]
