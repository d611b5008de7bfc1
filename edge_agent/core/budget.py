"""A token bucket: forged codes may not fill the disk, however many are held up."""


class Budget:
    """At most `burst` at once and `per_s` in the long run."""

    def __init__(self, burst: int, per_s: float) -> None:
        self._burst = burst
        self._per_s = per_s
        self._left = float(burst)
        self._at_s = 0.0

    def spend(self, now_s: float) -> bool:
        """Take one, if there is one."""
        earned = max(0.0, now_s - self._at_s) * self._per_s
        self._left = min(float(self._burst), self._left + earned)
        self._at_s = now_s
        if self._left < 1:
            return False
        self._left -= 1
        return True
