"""Ways from a map's file."""

from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path

import structlog

from nav_maps import NotAMap, Severity, read_map
from queue_server.errors import SettingsError
from queue_server.ways.copying import copy_of
from queue_server.ways.finding import MapPainter, MapPlanner
from queue_server.ways.tokens import Sealer, key_in
from queue_server.ways.ways import Ways

_log = structlog.get_logger(__name__)


def open_ways(
    map_file: Path,
    data: Path,
    now: Callable[[], datetime],
    zone: tzinfo,
    public_url: str = "",
) -> Ways:
    """Read a map and get ready to find ways on it. `zone`: of the hospital, for opening hours.

    Raises:
        SettingsError: there is no map at that path.
    """
    try:
        indoor_map, findings = read_map(map_file)
    except (NotAMap, OSError) as error:
        raise SettingsError(f"Setting map can't be used: {error}") from error
    wrong = sum(finding.severity is Severity.ERROR for finding in findings)
    _log.info("map_read", file=str(map_file), units=len(indoor_map.units), errors=wrong)
    planner = MapPlanner(indoor_map, now().astimezone(zone))
    sealer = Sealer(key_in(data))
    painter, copy = MapPainter(indoor_map), copy_of(map_file)
    return Ways(indoor_map, planner, painter, sealer, now, public_url, zone, copy)
