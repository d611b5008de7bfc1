"""What goes wrong with BlueZ in real buildings, on command.

| fault | what an agent sees | what cures it |
|---|---|---|
| `STALLED_SCAN` | everything succeeds, no advert ever comes | a new scan |
| `DEAF_ADAPTER` | the same | switching the adapter off and on |
| `DEAD_ADAPTER` | the same | a person |
| `BUSY` | `StartDiscovery` says InProgress | switching the adapter off and on |
| `STUCK_STOP` | `StopDiscovery` says InProgress; the next scan is deaf | start and stop again, or off and on |
| `WILL_NOT_START` | `StartDiscovery` says Failed | a person |
| powered off, adapter removed, bus lost | see `FakeBluez` | what it was |
"""

from enum import Enum, auto


class Fault(Enum):
    """A fault that lasts until its cure."""

    STALLED_SCAN = auto()
    DEAF_ADAPTER = auto()
    DEAD_ADAPTER = auto()
    BUSY = auto()
    STUCK_STOP = auto()
    WILL_NOT_START = auto()


SILENT = frozenset({Fault.STALLED_SCAN, Fault.DEAF_ADAPTER, Fault.DEAD_ADAPTER})
"""With these nothing is heard."""
CURED_BY_RESTART = frozenset({Fault.STALLED_SCAN})
CURED_BY_POWER = frozenset({Fault.STALLED_SCAN, Fault.DEAF_ADAPTER, Fault.BUSY, Fault.STUCK_STOP})
