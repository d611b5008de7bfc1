"""The rules of the queue: no clock, no randomness, no I/O.

Read in this order: `vocabulary`, `transitions`, `site`, `events`, `commands`, `state`, `apply`, `decide`, then the
rules it calls (`check_in`, `ranking`, `calling`, `service`, `registration`), then `views`.
"""

from queue_server.core.apply import apply
from queue_server.core.decide import decide
from queue_server.core.state import Hospital, PointState, Step, Visit
from queue_server.core.touched import areas_touched

__all__ = ["Hospital", "PointState", "Step", "Visit", "apply", "areas_touched", "decide"]
