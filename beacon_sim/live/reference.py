"""The pure run that a day by the programs is compared with: the bare rules, looking at the clock when a server does.

A server's writer lets the rules see that time has passed before a batch, when two seconds have gone since the last time.
The people of a pure run do that every five minutes only. Places that are kept for so long, and tests that must be
begun before a moment, end when the rules look; so the reference looks when the writer would.
"""

from collections.abc import Sequence
from datetime import datetime

from queue_server import writer
from queue_server.core import Hospital, carry_out
from queue_server.core import commands as c
from queue_server.core import events as e


class AsServed:
    """Carries out commands by the bare rules, each as a batch of a server that was started at the first; a `Do` of a day."""

    def __init__(self) -> None:
        self._ticked: datetime | None = None

    def __call__(self, hospital: Hospital, command: c.Command, now: datetime) -> Sequence[e.Event]:
        """Let time pass, then decide and apply."""
        happened: list[e.Event] = []
        if self._ticked is None:
            self._ticked = now
            noted = c.NoteSite(hospital.site.version, hospital.site.text)
            happened += carry_out(hospital, noted, now, undoable=False).events
        if abs(now - self._ticked) >= writer.TICK_EVERY:
            self._ticked = now
            happened += carry_out(hospital, c.Tick(), now, undoable=False).events
        if not isinstance(command, c.Tick):
            happened += carry_out(hospital, command, now, undoable=False).events
        return happened
