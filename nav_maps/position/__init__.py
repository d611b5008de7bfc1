"""Positions on the map: `walked` (places to be), `snapping` (a doubtful position on them), `following` (progress on a
route), `belief` (a forward filter over them). Pure; numpy only."""

from nav_maps.position.belief import Motion, Where
from nav_maps.position.following import Follower, Progress, State
from nav_maps.position.snapping import Snapped, snap, snap_unit
from nav_maps.position.walked import Walked, walked

__all__ = [
    "Follower",
    "Motion",
    "Progress",
    "Snapped",
    "State",
    "Walked",
    "Where",
    "snap",
    "snap_unit",
    "walked",
]
