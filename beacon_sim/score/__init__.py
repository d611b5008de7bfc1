"""How well the phones' whereabouts are told: recorded tracks with the truth beside them, plain methods, ours, figures."""

from beacon_sim.score.command import add_to
from beacon_sim.score.tracks import Sensor, Track, TrackError, read_sensors, read_track

__all__ = ["Sensor", "Track", "TrackError", "add_to", "read_sensors", "read_track"]
