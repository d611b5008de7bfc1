"""Ways on the graph: `Router(build_graph(map))`.

In reading order: `profiles` (who walks how), `network` (a graph for a profile and closures), `trees` (ways to a place),
`hours`, `closing` (what is closed when), `ordering` (several stops), `lines`, `tracing` (nodes → route), `noway`, `anywhere`
(from any position), `finding` (names → places), `router`.
"""

from nav_maps.routing.finding import KINDS, named, of_kind
from nav_maps.routing.profiles import GAITS, Gait
from nav_maps.routing.router import Router, Unknown, walking_times

__all__ = ["GAITS", "KINDS", "Gait", "Router", "Unknown", "named", "of_kind", "walking_times"]
