"""Whether the system's clock is disciplined: `adjtimex(2)` says so without a network."""

import ctypes
import sys
from typing import Final

_UNSYNCED: Final = 5
"""TIME_ERROR: the kernel has no confidence in its clock."""


def clock_is_synced() -> bool:
    """Ask the kernel. Where it can't be asked, the clock is believed: most are right."""
    if not sys.platform.startswith("linux"):
        return True
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        state = int(libc.adjtimex(ctypes.create_string_buffer(512)))
    except (OSError, AttributeError):
        return True
    return state not in (_UNSYNCED, -1)
