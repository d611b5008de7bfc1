"""Whether a waiting family may walk off, and when it must be on its way back. Pure."""

from datetime import datetime, timedelta
from typing import Final

from queue_server.family.day import Child
from queue_server.family.situation import Situation

SPARE: Final = timedelta(minutes=3)
"""Children don't walk straight."""
WORTH_LEAVING: Final = timedelta(minutes=8)
"""For less than that nobody should be sent away."""
USUAL_WALK_S: Final = 120.0
"""Where there is no map."""
FREE: Final = (Situation.WAITING, Situation.BACK, Situation.TEST, Situation.COLLECT)


def back_by(child: Child, walk_s: float | None, now: datetime) -> datetime | None:
    """When a waiting family must set out to be there in time even if its turn comes early; None: now, or it does not wait.

    Args:
        child: as shown.
        walk_s: how long it walks to where it waits, seconds; None: not known.
        now: the present moment (aware).
    """
    if child.situation not in FREE or child.wait is None:
        return None
    walk = timedelta(seconds=USUAL_WALK_S if walk_s is None else walk_s)
    free = timedelta(minutes=child.wait.low) - walk - SPARE
    if free < WORTH_LEAVING:
        return None
    # whole minutes: what is shown must not flicker
    moment = now + free
    return moment.replace(second=0, microsecond=0)
