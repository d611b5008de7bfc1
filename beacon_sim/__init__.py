"""Rehearsal without hardware: cards held up to cameras, families, staff.

In reading order: `approach` (what a camera sees of a card), `camera_feed`, `families`, `server_client`, `staff`, `programs`.
"""

from beacon_sim.approach import Approach, approach_frames
from beacon_sim.camera_feed import CameraFeed
from beacon_sim.families import Family, families
from beacon_sim.live import LiveError, SharedClock
from beacon_sim.programs import Program, ProgramFailed
from beacon_sim.server_client import ServerClient
from beacon_sim.staff import Post, StaffRobot, Tally

__all__ = [
    "Approach",
    "CameraFeed",
    "Family",
    "LiveError",
    "Post",
    "Program",
    "ProgramFailed",
    "ServerClient",
    "SharedClock",
    "StaffRobot",
    "Tally",
    "approach_frames",
    "families",
]
