"""When to publish what is stored: in order, in a window, again when no word comes."""

from collections import deque
from collections.abc import Iterator
from typing import Final

WINDOW: Final = 500
"""So many are on their way at once."""
AGAIN_AFTER_S: Final = 4.0
AGAIN_LONGEST_S: Final = 60.0


class Delivery:
    """The seqs that the server has not acknowledged, oldest first."""

    def __init__(self, waiting: Iterator[int]) -> None:
        self.waiting = deque(waiting)
        self._sent = 0
        """How many of the oldest have been published on this connection."""
        self._connected = False
        self._again_at_s: float | None = None
        self._patience_s = AGAIN_AFTER_S

    def connected(self, now_s: float) -> list[int]:
        """Begin again from the oldest."""
        self._connected = True
        self._patience_s = AGAIN_AFTER_S
        return self._from_oldest(now_s)

    def disconnected(self) -> None:
        """Nothing can be sent."""
        self._connected = False
        self._again_at_s = None

    def stored(self, seq: int, now_s: float) -> list[int]:
        """A new one is durable."""
        self.waiting.append(seq)
        return self._send(now_s)

    def taken_back(self, seq: int) -> None:
        """The newest could not be stored after all."""
        if self.waiting and self.waiting[-1] == seq:
            self.waiting.pop()
            self._sent = min(self._sent, len(self.waiting))

    def acknowledged(self, seq: int, now_s: float) -> list[int]:
        """The server has everything up to `seq`; there may be room for more."""
        while self.waiting and self.waiting[0] <= seq:
            self.waiting.popleft()
            self._sent = max(0, self._sent - 1)
        self._patience_s = AGAIN_AFTER_S
        self._again_at_s = now_s + self._patience_s if self._sent else None
        return self._send(now_s)

    def overdue(self, now_s: float) -> list[int]:
        """Send again when the server has been silent for too long, with growing patience."""
        if self._again_at_s is None or now_s < self._again_at_s:
            return []
        self._patience_s = min(self._patience_s * 2, AGAIN_LONGEST_S)
        return self._from_oldest(now_s)

    def wakeup_s(self) -> float | None:
        """When `overdue` wants to be asked."""
        return self._again_at_s

    def _from_oldest(self, now_s: float) -> list[int]:
        self._sent = 0
        self._again_at_s = None
        return self._send(now_s)

    def _send(self, now_s: float) -> list[int]:
        if not self._connected:
            return []
        most = min(len(self.waiting), WINDOW)
        seqs = [self.waiting[at] for at in range(self._sent, most)]
        self._sent = max(self._sent, most)
        if seqs and self._again_at_s is None:
            self._again_at_s = now_s + self._patience_s
        return seqs
