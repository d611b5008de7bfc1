"""Levels of one phone: what is believed, the last seconds of it, and the statistics of one report."""

from collections import deque
from dataclasses import dataclass
from statistics import fmean, median
from typing import Final

BELIEVED_DBM: Final = (-120, 10)
"""Anything else is no level: -127 means that none was given, and radios have said +42."""
SMOOTHED_OVER_S: Final = 3.0
MOST_KEPT: Final = 24
"""Of a phone that advertises ten times a second, the last 2.4 s are as good as the last three."""
MOST_A_REPORT: Final = 256


def believed(rssi_dbm: int) -> bool:
    """Whether a level can be one."""
    return BELIEVED_DBM[0] <= rssi_dbm <= BELIEVED_DBM[1]


@dataclass(frozen=True, slots=True)
class Statistics:
    """Levels of one report, in dBm with the agent's offset taken off; times on the steady clock."""

    count: int
    median_dbm: float
    mean_dbm: float
    max_dbm: float
    first_s: float
    last_s: float


class Levels:
    """Levels as they come: `smoothed` over the last seconds, `taken` once for each report."""

    __slots__ = ("_count", "_first_s", "_recent", "_since", "last_s")

    def __init__(self) -> None:
        self._recent: deque[tuple[float, float]] = deque(maxlen=MOST_KEPT)
        self._since: list[float] = []
        self._count = 0
        self._first_s = 0.0
        self.last_s = float("-inf")

    def add(self, at_s: float, level_dbm: float) -> None:
        """One advert; `at_s` never goes back."""
        self.last_s = at_s
        self._recent.append((at_s, level_dbm))
        if not self._count:
            self._first_s = at_s
        self._count += 1
        if len(self._since) < MOST_A_REPORT:
            self._since.append(level_dbm)

    def smoothed(self, now_s: float) -> float | None:
        """Median of the last three seconds; None when nothing was heard in them."""
        while self._recent and now_s - self._recent[0][0] > SMOOTHED_OVER_S:
            self._recent.popleft()
        return median(level for _, level in self._recent) if self._recent else None

    @property
    def recent(self) -> int:
        """How many adverts the smoothed level stands on."""
        return len(self._recent)

    @property
    def unreported(self) -> bool:
        """Whether anything was heard since the last report."""
        return self._count > 0

    def seen(self) -> Statistics:
        """What was heard since the last report."""
        since = self._since
        return Statistics(
            self._count, median(since), fmean(since), max(since), self._first_s, self.last_s
        )

    def taken(self) -> Statistics:
        """The same, and begins the next report."""
        taken = self.seen()
        self._since, self._count = [], 0
        return taken
