"""Rehearsal without hardware: cards held up to cameras, families, staff.

In reading order: `approach` (what a camera sees of a card), `camera_feed`, `server_client`, `programs`; then `day`, `live`.
"""

from beacon_sim.approach import Approach, approach_frames
from beacon_sim.camera_feed import CameraFeed
from beacon_sim.live import LiveError, SharedClock
from beacon_sim.programs import Program, ProgramFailed
from beacon_sim.server_client import ServerClient

__all__ = [
    "Approach",
    "CameraFeed",
    "LiveError",
    "Program",
    "ProgramFailed",
    "ServerClient",
    "SharedClock",
    "approach_frames",
]
