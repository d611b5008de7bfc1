"""Who is read out next: one voice a hall, never two at once. Pure: time comes in as an argument."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final

from protocol import Text

FRESH_FOR: Final = timedelta(seconds=90)
"""A call that could not be read out for so long is not read out any more: it stands on the board."""
MOST_WAITING: Final = 40


class Kind(IntEnum):
    """What is announced; the smaller is read first."""

    URGENT = 0
    CALL = 1
    DOOR = 2
    NOTICE = 3
    KIOSK = 4


@dataclass(frozen=True, slots=True)
class Announcement:
    """One thing to be read out, in one go."""

    key: str
    """Announcements with the same key are one: the later one takes the earlier one's place."""
    kind: Kind
    text: Text
    """An empty language is left out."""
    at: datetime
    """Since when it is wanted, aware."""
    times: int = 1
    chime: bool = True


@dataclass(slots=True)
class Announcer:
    """The waiting announcements of one loudspeaker."""

    fresh_for: timedelta = FRESH_FOR
    dropped: int = 0
    """How many came too late to be read out."""
    _waiting: dict[str, Announcement] = field(default_factory=dict)

    def add(self, announcement: Announcement) -> None:
        """Read it out when its turn comes. When far too many wait, the least urgent and oldest goes."""
        self._waiting.pop(announcement.key, None)
        self._waiting[announcement.key] = announcement
        if len(self._waiting) > MOST_WAITING:
            least = max(self._waiting.values(), key=lambda each: (each.kind, -each.at.timestamp()))
            self.cancel(least.key)
            self.dropped += 1

    def cancel(self, key: str) -> None:
        """It is not wanted any more: the family has come."""
        self._waiting.pop(key, None)

    def clear(self, kind: Kind | None = None) -> None:
        """Nothing (of a kind) is wanted any more."""
        for each in list(self._waiting.values()):
            if kind in (None, each.kind):
                self.cancel(each.key)

    def next(self, now: datetime) -> Announcement | None:
        """What to read out now; it waits no longer. Of one kind, the one that has waited longest."""
        for each in list(self._waiting.values()):
            if now - each.at > self.fresh_for:
                self.cancel(each.key)
                self.dropped += 1
        if not self._waiting:
            return None
        first = min(self._waiting.values(), key=lambda each: (each.kind, each.at))
        self.cancel(first.key)
        return first

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)
