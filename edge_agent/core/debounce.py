"""One card held up for ten seconds is one scan; two different cards are two."""

from typing import Final

AWAY_S: Final = 3.0
"""A card that was not seen for so long has been taken away; seen again, it is a new scan."""
MOST: Final = 64
"""So many cards are remembered; more are never in view together."""


class Debounce:
    """Remembers when each card was last in view."""

    def __init__(self) -> None:
        self._last_s: dict[str, float] = {}

    def is_new(self, card: str, now_s: float) -> bool:
        """Note that `card` is in view; say whether this is a new scan."""
        last_s = self._last_s.pop(card, None)
        self._last_s[card] = now_s
        if len(self._last_s) > MOST:
            del self._last_s[next(iter(self._last_s))]
        return last_s is None or now_s - last_s >= AWAY_S

    def forget(self, card: str) -> None:
        """Let the next look count as new, because this one led nowhere."""
        self._last_s.pop(card, None)
