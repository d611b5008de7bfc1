"""The hospital as the rules see it: areas, lines, rooms and windows. Frozen; one value a version."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo

from queue_server.core.vocabulary import Name, StepKind


@dataclass(frozen=True, slots=True)
class Area:
    """A clinic area (诊区): what one board shows, and where one waits."""

    id: str
    name: Name
    place: Name
    """Where it is, in words: `2 楼 东侧` / `Floor 2, east`."""


@dataclass(frozen=True, slots=True)
class Group:
    """A service group (诊区队列): the points that share one line."""

    id: str
    name: Name
    kind: StepKind
    area: str
    prefix: str
    """Of the ticket numbers: one to three capitals, unique in the site."""
    early: timedelta | None = None
    """How long before the slot one may check in; None: any time of the day."""
    late_after: timedelta = timedelta(minutes=15)
    """After slot end plus this the slot's rank is lost, not the visit."""
    missed_back_after: int = 3
    """A missed family that signs in again comes in behind so many others."""
    misses_allowed: int = 2
    """One more miss, and the desk must decide."""


@dataclass(frozen=True, slots=True)
class Point:
    """A service point (诊室/窗口)."""

    id: str
    name: Name
    group: str
    staff: Name | None = None
    doctor: str | None = None
    """Id of the doctor who sits here; families who chose a doctor are called only where that doctor is."""


@dataclass(frozen=True, slots=True)
class Site:
    """One campus (院区): one journal, one writer."""

    id: str
    name: Name
    timezone: tzinfo
    areas: dict[str, Area]
    groups: dict[str, Group]
    points: dict[str, Point]
    campuses: dict[str, Name] = field(default_factory=dict)
    """Other campuses of the same hospital, by id: a family at the wrong door is told which is right."""
    version: str = ""
    """Digest of the file it was read from."""

    def day(self, moment: datetime) -> date:
        """The calendar day of an aware `moment`, here."""
        return moment.astimezone(self.timezone).date()

    def area_of(self, group_id: str) -> Area:
        """The area where a group's families wait."""
        return self.areas[self.groups[group_id].area]
