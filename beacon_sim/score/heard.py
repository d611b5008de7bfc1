"""A recorded track as unmodified bleak hears it from the fake BlueZ: for the same figures on the whole way of an advert."""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

from beacon_sim.bluez import NoDbus
from beacon_sim.score.tracks import Sensor, Track, TrackError, read_track
from beacon_sim.tracks.playing import play_through_bleak, write_track
from edge_agent.radio import BadRadio


def track_as_heard(path: Path, sensors: Sequence[Sensor]) -> Track:
    """Play a track through the fake BlueZ, and read what was heard.

    Raises:
        TrackError: it can't be read, there is no D-Bus, or adverts were lost or came with another level.
    """
    try:
        compared, rows = asyncio.run(play_through_bleak(path))
    except (BadRadio, NoDbus, OSError) as error:
        raise TrackError(str(error)) from error
    wrong = sum(each.lost + each.other_level for each in compared)
    if wrong:
        raise TrackError(f"{path}: {wrong} adverts were lost or changed on the way through BlueZ.")
    with tempfile.TemporaryDirectory() as folder:
        heard = Path(folder) / path.name
        write_track(heard, rows)
        return read_track(heard, sensors)
