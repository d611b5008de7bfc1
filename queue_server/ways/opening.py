"""Ways from a map's file."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import structlog

from nav_maps import NotAMap, Severity, read_map
from queue_server.errors import SettingsError
from queue_server.ways.ports import NoPainter, Painter, Planner
from queue_server.ways.tokens import Sealer, key_in
from queue_server.ways.ways import Ways

_log = structlog.get_logger(__name__)


def open_ways(
    map_file: Path,
    data: Path,
    now: Callable[[], datetime],
    public_url: str = "",
    planner: Planner | None = None,
    painter: Painter | None = None,
) -> Ways:
    """Read a map and get ready to find ways on it.

    Raises:
        SettingsError: there is no map at that path, or nobody to find ways on it.
    """
    try:
        indoor_map, findings = read_map(map_file)
    except (NotAMap, OSError) as error:
        raise SettingsError(f"Setting map can't be used: {error}") from error
    wrong = sum(finding.severity is Severity.ERROR for finding in findings)
    _log.info("map_read", file=str(map_file), units=len(indoor_map.units), errors=wrong)
    if planner is None:
        raise SettingsError("Setting map: nothing here finds ways on a map yet. Leave it out.")
    return Ways(indoor_map, planner, painter or NoPainter(), Sealer(key_in(data)), now, public_url)
