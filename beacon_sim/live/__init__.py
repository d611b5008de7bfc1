"""A simulated day by the real programs: the same families, a real server, a real broker, real agents.

Read in this order: `clock` and `by_clock` (programs that live by a clock of ours), `requests`, `kiosks`, `follower`, `programs`
(how the people of a day act, and what they see), `site_text`, `broker`, `cards` and `hospital` (what is started), `reference`,
`compare` and `pace`, `play`, `command`.
"""

from beacon_sim.live.clock import SharedClock
from beacon_sim.live.errors import LiveError

__all__ = ["LiveError", "SharedClock"]
