"""When a scan must have come in at the latest, by the faults alone; and which of them it was."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from beacon_sim.day.run import MIDNIGHT
from beacon_sim.faults.kiosks import Arrival
from beacon_sim.faults.schedule import (
    BrokerAway,
    ClockWrong,
    Delayed,
    Fault,
    KioskAway,
    KioskDies,
    Schedule,
    ServerKilled,
)
from beacon_sim.faults.world import ScanMade, Story
from queue_server.core import commands as c

AT_ONCE: Final = 0.001
"""Minutes; what nothing stands in the way of arrives within."""
AHEAD_BELIEVED: Final = timedelta(minutes=2)
UNSYNCED_BELIEVED: Final = timedelta(minutes=5)
"""As the rules have them, written down here once more: a check by the rules themselves would find nothing."""


@dataclass(frozen=True, slots=True)
class Due:
    """The latest minute by which a scan comes in, and the faults that stand between."""

    minute: float
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class CameIn:
    """A family's scan, and what became of it."""

    scan: ScanMade
    arrival: Arrival | None
    """None: it never came in."""
    due: Due

    @property
    def late(self) -> bool:
        """Whether it came in later than it was made."""
        return self.arrival is None or self.arrival.moment != moment_of(self.scan.minute)

    @property
    def misdated(self) -> bool:
        """Whether another moment than that of the scan is believed."""
        return self.arrival is not None and believed(self.arrival) != moment_of(self.scan.minute)

    @property
    def in_time(self) -> bool:
        """Whether it came in as early as the faults allow."""
        return self.arrival is not None and self.arrival.minute <= self.due.minute + AT_ONCE


def moment_of(minute: float) -> datetime:
    """A minute of the day as a moment."""
    return MIDNIGHT + timedelta(minutes=minute)


def believed(arrival: Arrival) -> datetime:
    """The moment that counts for a place in line: the kiosk's word, or the arrival when its clock is doubtful.

    A synchronised clock is believed unless it is more than two minutes ahead; another only within five minutes, and
    not at all for a provisional number, whose scan comes with a message of its own.
    """
    off = arrival.stamp - arrival.moment
    allowed = timedelta() if isinstance(arrival.command, c.GiveAlias) else UNSYNCED_BELIEVED
    doubtful = off > AHEAD_BELIEVED or (not arrival.synced and abs(off) > allowed)
    return arrival.moment if doubtful else min(arrival.stamp, arrival.moment)


def due(story: Story, faults: Schedule, made: float, kiosk: str) -> Due:
    """When a message of a kiosk has come in at the latest: out of the kiosk, through the broker, into the server."""
    between: list[Fault] = []
    minute = _sent(faults, made, kiosk, between)
    delays = [f for f in faults if isinstance(f, Delayed) and f.at <= minute < f.at + f.minutes]
    between += delays
    minute += sum(fault.most_minutes for fault in delays)
    minute = _taken(story, faults, made, minute, between)
    between += [f for f in faults if isinstance(f, ClockWrong) and _covers(f, made, kiosk)]
    return Due(minute, tuple(dict.fromkeys(between)))


def _covers(fault: Fault, minute: float, kiosk: str) -> bool:
    match fault:
        case BrokerAway():
            return fault.at <= minute < fault.at + fault.minutes
        case KioskAway() | KioskDies() | ClockWrong():
            return fault.kiosk == kiosk and fault.at <= minute < fault.at + fault.minutes
        case _:
            return False


def _sent(faults: Schedule, made: float, kiosk: str, between: list[Fault]) -> float:
    """When it leaves the kiosk: no earlier than nothing holds it."""
    minute = made
    holds: list[BrokerAway | KioskAway | KioskDies] = [
        f for f in faults if isinstance(f, BrokerAway | KioskAway | KioskDies)
    ]
    while True:
        now = [fault for fault in holds if _covers(fault, minute, kiosk)]
        if not now:
            return minute
        between += now
        minute = max(fault.at + fault.minutes for fault in now)


def _taken(
    story: Story, faults: Schedule, made: float, minute: float, between: list[Fault]
) -> float:
    """When the server has it: its line may be away, and come back only to be cut off again."""
    kills = [fault for fault in faults if isinstance(fault, ServerKilled)]
    away = max((fault.away_s for fault in kills), default=0.0) / 60.0
    for restart in story.restarts:
        at = (restart.at - MIDNIGHT) / timedelta(minutes=1)
        if made - away - AT_ONCE <= at <= minute + AT_ONCE:
            between += [fault for fault in kills if fault.at <= at + AT_ONCE][-1:]
            minute = max(minute, at + away)
    return minute


def scans_of(story: Story, faults: Schedule) -> dict[int, list[CameIn]]:
    """What became of each family's scans, in the order in which they were made."""
    arrivals = {(arrival.agent, arrival.seq): arrival for arrival in story.arrivals()}
    found: dict[int, list[CameIn]] = {}
    for scan in story.scans:
        by = due(story, faults, scan.minute, scan.kiosk)
        arrival = arrivals.get((scan.kiosk, scan.seq))
        found.setdefault(scan.index, []).append(CameIn(scan, arrival, by))
    return found
