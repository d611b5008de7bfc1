"""Who is where (谁在哪里): from what agents heard of phones to zones, positions, and check-ins by phone. Pure.

Read in this order: `places` (where one can be), `levels` (what a level says of a place), `motion` (how people move),
`belief` (the filter of one phone), `hindsight` (what later looks say of a moment ago), `steady` (a zone that does not flap),
`near` (is it at this kiosk), `calibration` (the receivers' offsets from their own traffic), `arbitration` (at which door a
phone stands), `stays` (in which area it stays while its family waits), `following` (all phones of a building).
"""

from queue_server.whereabouts.arbitration import (
    Arbitration,
    ArbitrationRules,
    Hearing,
    Ruled,
    Ruling,
)
from queue_server.whereabouts.belief import (
    Belief,
    Offsets,
    Reading,
    Tracker,
    Whereabout,
)
from queue_server.whereabouts.calibration import Look, Traffic, calibrate
from queue_server.whereabouts.following import Following, Known
from queue_server.whereabouts.hindsight import LATE_S, in_hindsight, recent
from queue_server.whereabouts.levels import LevelModel, Levels
from queue_server.whereabouts.motion import Motion, Walking
from queue_server.whereabouts.near import Reach
from queue_server.whereabouts.places import (
    Area,
    Floats,
    Ints,
    Places,
    Receiver,
    around,
    grid,
    share_of,
)
from queue_server.whereabouts.stays import Stay, StayRules, Stays
from queue_server.whereabouts.steady import Steady, look

__all__ = [
    "LATE_S",
    "Arbitration",
    "ArbitrationRules",
    "Area",
    "Belief",
    "Floats",
    "Following",
    "Hearing",
    "Ints",
    "Known",
    "LevelModel",
    "Levels",
    "Look",
    "Motion",
    "Offsets",
    "Places",
    "Reach",
    "Reading",
    "Receiver",
    "Ruled",
    "Ruling",
    "Stay",
    "StayRules",
    "Stays",
    "Steady",
    "Tracker",
    "Traffic",
    "Walking",
    "Whereabout",
    "around",
    "calibrate",
    "grid",
    "in_hindsight",
    "look",
    "recent",
    "share_of",
]
