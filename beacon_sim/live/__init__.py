"""A simulated day by the real programs: the same families, a real server, a real broker, real agents.

Read in this order: `clock` and `by_clock` (programs that live by a clock of ours), `requests`, `kiosks`, `follower`, `programs`
(how the people of a day act, and what they see), `site_text`, `broker`, `cards` and `hospital` (what is started), `reference`,
`compare` and `pace`, `play`, `command`; `cameras` and `living` (a day that people may join).
"""

from beacon_sim.live.cameras import Cameras
from beacon_sim.live.clock import SharedClock
from beacon_sim.live.errors import LiveError
from beacon_sim.live.follower import Follower
from beacon_sim.live.hospital import make_accounts
from beacon_sim.live.kiosks import Kiosk, open_kiosks
from beacon_sim.live.living import LivingDay, LivingTally, numbers_given_twice
from beacon_sim.live.pace import Pacer
from beacon_sim.live.programs import AWAY, Programs
from beacon_sim.live.requests import Who

__all__ = [
    "AWAY",
    "Cameras",
    "Follower",
    "Kiosk",
    "LiveError",
    "LivingDay",
    "LivingTally",
    "Pacer",
    "Programs",
    "SharedClock",
    "Who",
    "make_accounts",
    "numbers_given_twice",
    "open_kiosks",
]
