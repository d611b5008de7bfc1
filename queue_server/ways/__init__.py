"""Ways through the hospital: where a family goes next, from the kiosk it stands at, in words, pictures and minutes.

In reading order: `ports` (who finds and draws ways), `tokens` (what a phone is handed), `closures` (what of the map is closed),
`copying` (the map for kiosks), `telling` (a way as it travels), `ways` (all of it), `finding` (both ports, by `nav_maps`),
`opening` (from a map's file), `keeping` (in step with the journal and the clock). It decides nothing about the queue and changes
nothing in it; `Ways.seconds` is there for rules that want to know. What can be gone to: `nav_maps.Places`.
"""

from queue_server.ways.closures import Closed, closed_of
from queue_server.ways.copying import MapCopy, copy_of
from queue_server.ways.keeping import kept_open
from queue_server.ways.opening import open_ways
from queue_server.ways.ports import Painter, Planner
from queue_server.ways.tokens import Goal, Sealer, key_in
from queue_server.ways.ways import STEP_FREE, Asked, NotFound, Ways

__all__ = [
    "STEP_FREE",
    "Asked",
    "Closed",
    "Goal",
    "MapCopy",
    "NotFound",
    "Painter",
    "Planner",
    "Sealer",
    "Ways",
    "closed_of",
    "copy_of",
    "kept_open",
    "key_in",
    "open_ways",
]
