"""The hospital as the rules see it: areas, lines, rooms and windows, who sits where. Frozen; one value a version."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import cached_property
from typing import Final

from queue_server.core.rules import USUAL_RULES, Rules
from queue_server.core.vocabulary import Name, StepKind

ORDINARY: Final = 100
"""The tier of everybody without a priority class."""


@dataclass(frozen=True, slots=True)
class AreaVoice:
    """How an area's calls are read out (语音叫号)."""

    languages: tuple[str, ...] = ("zh", "en")
    times: int = 2
    volume: int = 80
    """In percent of the loudest."""
    quiet: tuple[tuple[time, time], ...] = ()
    """Spans of the day in which nothing is read out."""
    doors: bool = True
    """Whether calls to the door of a room (二次候诊) are read out too."""
    notices: bool = False
    """Whether messages for everybody are read out once."""
    readings: tuple[tuple[str, str], ...] = ()
    """What stands in a sentence, and what is read instead."""


@dataclass(frozen=True, slots=True)
class Area:
    """A clinic area (诊区): what one board shows, and where one waits."""

    id: str
    name: Name
    place: Name
    """Where it is, in words: `2 楼 东侧` / `Floor 2, east`."""
    voice: AreaVoice = AreaVoice()


class Per(StrEnum):
    """For what a series of numbers is counted."""

    GROUP = "group"  # 科室
    DOCTOR = "doctor"  # 医生
    PERIOD = "period"  # 时段
    HALF_DAY = "half_day"  # 半日


@dataclass(frozen=True, slots=True)
class Series:
    """A number series (号段). It begins anew every day; groups that name the same series share its numbers."""

    id: str
    prefix: str
    """One to three capitals."""
    per: Per = Per.GROUP
    first: int = 1
    last: int = 999
    """After it comes `first` again; a number that somebody in the hospital still carries is passed over."""
    width: int = 3


@dataclass(frozen=True, slots=True)
class Group:
    """A service group (诊区队列): the points that share one line."""

    id: str
    name: Name
    kind: StepKind
    area: str
    prefix: str
    """Of the ticket numbers: one to three capitals, unique in the site."""
    rules: Rules = USUAL_RULES
    series: Series | None = None
    """None: a plain series of its own with `prefix`."""
    serves: tuple[str, ...] = ()
    """Services (`blood`, `urine` …) that doctors and rules may order; several groups may serve the same."""

    @property
    def numbers(self) -> Series:
        """The series its numbers come from."""
        return self.series or Series(self.id, self.prefix)


@dataclass(frozen=True, slots=True)
class Point:
    """A service point (诊室/窗口). Two doctors in one room are two points with the room's name."""

    id: str
    name: Name
    group: str
    staff: Name | None = None
    doctor: str | None = None
    """Id of the doctor who sits here; families who chose a doctor are called only where that doctor is."""
    shares: tuple[str, ...] = ()
    """Doctors whose families may be called here as well: an intern beside a doctor."""
    classes: tuple[str, ...] = ()
    """Priority classes that this point is for; none: everybody."""
    helps: tuple[str, ...] = ()
    """Other groups of its area from which it calls when nobody of its own can be called: a flexible window (机动窗口)."""

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups from which it may call, its own first."""
        return (self.group, *self.helps)


@dataclass(frozen=True, slots=True)
class Doctor:
    """A doctor as families choose one."""

    id: str
    name: Name
    prefix: str = ""
    """Stands behind the group's prefix where numbers are counted by doctor."""


@dataclass(frozen=True, slots=True)
class Session:
    """Who sits where, when (坐诊). Local times of the site."""

    doctor: str
    point: str
    start: time
    end: time
    weekdays: frozenset[int] = frozenset(range(7))
    """0 is Monday."""
    day: date | None = None
    """Only on this day; such a session goes before those by weekday."""

    def on(self, day: date) -> bool:
        """Whether it takes place on a day."""
        return self.day == day if self.day else day.weekday() in self.weekdays


@dataclass(frozen=True, slots=True)
class Hours:
    """The hospital's day: two half days, and the length of a period (时段). Local times of the site."""

    morning: tuple[time, time] = (time(8), time(12))
    afternoon: tuple[time, time] = (time(13, 30), time(17, 30))
    period: timedelta = timedelta(hours=1)
    closed: frozenset[date] = frozenset()
    """Days without clinics."""

    def half_day_end(self, local: datetime) -> datetime:
        """When the half day ends that `local` (local time) belongs to; midnight after the afternoon."""
        for half in (self.morning, self.afternoon):
            if local.time() < half[1]:
                return datetime.combine(local.date(), half[1], local.tzinfo)
        return datetime.combine(local.date(), time.max, local.tzinfo)

    def period_end(self, local: datetime) -> datetime:
        """When the period ends that `local` (local time) belongs to; periods are counted from midnight."""
        midnight = datetime.combine(local.date(), time.min, local.tzinfo)
        done = (local - midnight) // self.period + 1
        return midnight + done * self.period

    def half(self, local: datetime) -> int:
        """0 in the morning, 1 afterwards."""
        return 0 if local.time() < self.morning[1] else 1


@dataclass(frozen=True, slots=True)
class PriorityClass:
    """A priority class (优先类别): a triage level, or one that the law gives."""

    id: str
    name: Name
    badge: str
    """One character on the board, so that others see why: 急, 军, 孕."""
    tier: int
    """Smaller is called first, whatever the line's order; everybody else has 100. No two classes share one."""
    urgent: bool = False
    """A medical emergency: goes even before those who were overtaken too often."""
    badge_en: str = ""
    """The same where English is read; without one, `!` for an emergency, else the first letter of the name."""

    @property
    def english_badge(self) -> str:
        """What stands on English boards and pages."""
        return self.badge_en or ("!" if self.urgent else self.name.en[:1].upper())


def usual_classes() -> dict[str, PriorityClass]:
    """The classes of a site that names none: four triage levels, and those of law and custom."""
    usual = (
        PriorityClass("level-1", Name("危急 一级", "Resuscitation, level 1"), "危", 1, urgent=True),
        PriorityClass("level-2", Name("急症 二级", "Emergent, level 2"), "急", 2, urgent=True),
        PriorityClass("level-3", Name("优先 三级", "Urgent, level 3"), "优", 30),
        PriorityClass("converted", Name("线上转线下", "Sent on by online clinic"), "转", 40),
        PriorityClass("statutory", Name("依法优先", "Priority by law"), "军", 50),
        PriorityClass("infant", Name("新生儿", "Newborn"), "幼", 55),
        PriorityClass("disabled", Name("残障优先", "Disability"), "助", 60),
    )
    return {each.id: each for each in usual}


@dataclass(frozen=True, slots=True)
class PrevisitRule:
    """A rule for tests before the consult (诊前检验). All that it names must hold."""

    id: str
    groups: tuple[str, ...]
    """Clinics it is for."""
    tests: tuple[str, ...]
    """Services or groups to send to."""
    reasons: tuple[str, ...] = ()
    """Any of these as reason for the visit or symptom; none: whatever it is."""
    min_age_months: int | None = None
    max_age_months: int | None = None
    recognised: timedelta = timedelta(hours=72)
    """A recognised report of the same test, not older than this, makes it needless (结果互认)."""
    offer: bool = True
    """Ask the family; otherwise it is ordered at once."""
    paid: bool = True
    """Whether it must be paid before the family may go to the laboratory."""


@dataclass(frozen=True)
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
    classes: dict[str, PriorityClass] = field(default_factory=usual_classes)
    doctors: dict[str, Doctor] = field(default_factory=dict)
    sessions: tuple[Session, ...] = ()
    hours: Hours = Hours()
    previsit: tuple[PrevisitRule, ...] = ()
    """The first rule that fits a visit is taken."""
    text: str = ""
    """The file itself, as it is kept in the journal."""

    def day(self, moment: datetime) -> date:
        """The calendar day of an aware `moment`, here."""
        return moment.astimezone(self.timezone).date()

    def local(self, moment: datetime) -> datetime:
        """An aware `moment` in local time."""
        return moment.astimezone(self.timezone)

    def half_day_end(self, moment: datetime) -> datetime:
        """When the half day ends that an aware `moment` belongs to; UTC."""
        return self.hours.half_day_end(self.local(moment)).astimezone(UTC)

    def period_end(self, moment: datetime) -> datetime:
        """When the period ends that an aware `moment` belongs to; UTC."""
        return self.hours.period_end(self.local(moment)).astimezone(UTC)

    def area_of(self, group_id: str) -> Area:
        """The area where a group's families wait."""
        return self.areas[self.groups[group_id].area]

    @cached_property
    def points_of(self) -> dict[str, tuple[Point, ...]]:
        """The points of each group."""
        return {
            group: tuple(point for point in self.points.values() if point.group == group)
            for group in self.groups
        }

    @cached_property
    def helpers_of(self) -> dict[str, tuple[Point, ...]]:
        """The points of other groups that help each group."""
        return {
            group: tuple(point for point in self.points.values() if group in point.helps)
            for group in self.groups
        }

    @cached_property
    def sessions_at(self) -> dict[str, tuple[Session, ...]]:
        """The sessions at each point that has any."""
        points = {session.point for session in self.sessions}
        return {
            point: tuple(session for session in self.sessions if session.point == point)
            for point in points
        }

    @cached_property
    def serving(self) -> dict[str, tuple[str, ...]]:
        """The groups that serve each service; a group's own id is one as well."""
        found: dict[str, list[str]] = {}
        for group in self.groups.values():
            for service in (group.id, *group.serves):
                found.setdefault(service, []).append(group.id)
        return {service: tuple(groups) for service, groups in found.items()}

    @cached_property
    def eager(self) -> frozenset[str]:
        """Groups where something is called or asked to a door by itself."""
        groups = self.groups.values()
        return frozenset(g.id for g in groups if g.rules.two_stage or g.rules.auto_call)

    def doctors_of(self, group: str) -> frozenset[str]:
        """The doctors whom families of a group may choose."""
        points = self.points_of.get(group, ())
        seated = {point.doctor for point in points if point.doctor}
        here = {point.id for point in points}
        return frozenset(seated | {s.doctor for s in self.sessions if s.point in here})

    def tier(self, priority: str | None) -> int:
        """The tier of a priority class; an unknown one is as good as none."""
        known = self.classes.get(priority) if priority else None
        return known.tier if known else ORDINARY

    @cached_property
    def urgent_tiers(self) -> frozenset[int]:
        """Tiers that nothing stands above but a smaller one of them."""
        return frozenset(each.tier for each in self.classes.values() if each.urgent)
