"""Recorded radio: what is in a track or recording, and playing it through the fake BlueZ.

Read `figures` (statistics), `playing` (through unmodified bleak), `command` (the command line).
"""

from beacon_sim.tracks.command import add_to
from beacon_sim.tracks.figures import SensorFigures, TrackFigures, figures_of
from beacon_sim.tracks.playing import Comparison, play_through_bleak, serve

__all__ = [
    "Comparison",
    "SensorFigures",
    "TrackFigures",
    "add_to",
    "figures_of",
    "play_through_bleak",
    "serve",
]
