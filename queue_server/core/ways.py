"""Closed lifts, doors and corridors. Which ways are left the map knows; here is only that they are closed."""

from datetime import datetime
from typing import Final

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.asking import bad_length, refuse
from queue_server.core.state import Hospital

LONGEST_REASON: Final = 60


def close_or_open(h: Hospital, command: c.CloseWay | c.OpenWay, now: datetime) -> c.Decision:
    """Close something, or open it again. Idempotent; the reason and the end may be changed by closing it once more."""
    if isinstance(command, c.OpenWay):
        known = command.feature in h.ways_closed
        opened = (e.WayOpened(now, command.feature, command.by),) if known else ()
        return c.Decision(opened, c.Accepted())
    refusal = bad_length(command.limit, None)
    if refusal:
        return refusal
    if max(len(command.zh), len(command.en)) > LONGEST_REASON:
        return refuse(c.Reason.BAD_TEXT)
    until = now + command.limit if command.limit else None
    zh, en = command.zh.strip(), command.en.strip()
    before = h.ways_closed.get(command.feature)
    if before and (before.zh, before.en, before.until) == (zh, en, until):
        return c.Decision((), c.Accepted())
    return c.Decision((e.WayClosed(now, command.feature, zh, en, until, command.by),), c.Accepted())
