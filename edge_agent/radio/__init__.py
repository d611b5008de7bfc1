"""Bluetooth radios. Read `port` (what a radio is), `spec` (how it is written), `listening` (one at work).

`bleak_radio` with `bluez_adapter` is the default, `bumble_radio` is for dongles without BlueZ, `replay` plays `recordings`.
"""

from edge_agent.core.presence import Heard
from edge_agent.radio.bleak_radio import BleakRadio
from edge_agent.radio.listening import Listening, Told
from edge_agent.radio.port import BadRadio, Radio, RadioProblem
from edge_agent.radio.record_command import add_record_command
from edge_agent.radio.recordings import (
    FORMAT,
    Recorder,
    TrackRow,
    beacon_key,
    read_recording,
    read_track,
    track_as_heard,
)
from edge_agent.radio.replay import Replay
from edge_agent.radio.spec import open_radio

__all__ = [
    "FORMAT",
    "BadRadio",
    "BleakRadio",
    "Heard",
    "Listening",
    "Radio",
    "RadioProblem",
    "Recorder",
    "Replay",
    "Told",
    "TrackRow",
    "add_record_command",
    "beacon_key",
    "open_radio",
    "read_recording",
    "read_track",
    "track_as_heard",
]
