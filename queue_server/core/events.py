"""What happened: the only thing that is ever stored. Frozen, and never changed once released.

A new field gets a default; a new meaning gets a new class. `at` is when it happened as far as the hospital knows
(aware UTC); the journal keeps when it was written.
"""

from dataclasses import dataclass
from datetime import date, datetime

from queue_server.core.steps import StepPlan, VisitImage
from queue_server.core.vocabulary import HoldReason, Lane, Need, Rank, Slot, Way, Why


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events."""

    at: datetime


@dataclass(frozen=True, slots=True)
class DayOpened(Event):
    """The first event of a calendar day: numbers start again, and what is left of earlier days is closed."""

    day: date


@dataclass(frozen=True, slots=True)
class SiteLoaded(Event):
    """The site file in force from here on; `text` is all of it."""

    version: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class PatientNamed(Event):
    """A child is known here; `name` is for masked display and the staff."""

    patient: str
    name: str


@dataclass(frozen=True, slots=True)
class CardBound(Event):
    """A visit card (20 hex digits, or `scheme:value` of another scheme) belongs to a child."""

    card: str
    patient: str


@dataclass(frozen=True, slots=True)
class PatientFindable(Event):
    """A child can be looked up at a kiosk; `handle` is a keyed hash of the phone number's end and the birthday."""

    handle: str
    patient: str


@dataclass(frozen=True, slots=True)
class VisitRegistered(Event):
    """A registration (挂号): the right to be seen."""

    visit: str
    patient: str
    day: date
    plan: tuple[StepPlan, ...]
    slot: Slot | None = None
    campus: str | None = None
    """Set when it is for another campus than this one."""
    guardian: str | None = None
    serial: int | None = None
    """The registration's number (挂号序号), where the hospital gives one."""
    paid: bool = True
    priority: str | None = None
    reasons: tuple[str, ...] = ()
    born: date | None = None
    add_on: bool = False


@dataclass(frozen=True, slots=True)
class VisitCancelled(Event):
    """Given back (退号), or ended by staff for a reason."""

    visit: str
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CheckedIn(Event):
    """A family is here (签到) and has its number. `at` is the earliest trustworthy moment of the scan."""

    visit: str
    step: str
    ticket: str
    number: int
    rank: Rank
    way: Way
    agent: str
    received_at: datetime
    series: str = ""
    """Which counter the number came from; empty: the group's own."""


@dataclass(frozen=True, slots=True)
class ScannedEarlier(Event):
    """Another scan of the same visit, which came in later, was made earlier (`at`): the place is by that one."""

    visit: str
    step: str
    rank: Rank


@dataclass(frozen=True, slots=True)
class ScanRefused(Event):
    """A scan that checked nobody in; kept where nurses see it."""

    agent: str
    reason: str
    card: str | None = None
    visit: str | None = None


@dataclass(frozen=True, slots=True)
class PhoneSeen(Event):
    """A waiting family's phone is heard in an area: `near` are the steps that wait there, `away` those that wait elsewhere."""

    visit: str
    area: str
    agent: str
    near: tuple[str, ...] = ()
    away: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AliasGiven(Event):
    """A kiosk without connection had given a number of its own: both slips work."""

    visit: str
    alias: str


@dataclass(frozen=True, slots=True)
class ProvisionalUnmatched(Event):
    """A provisional number that could not be joined to a visit; a nurse must look at it."""

    agent: str
    alias: str
    reason: str


@dataclass(frozen=True, slots=True)
class HelpAsked(Event):
    """Somebody pressed "call a person" at a kiosk."""

    agent: str


@dataclass(frozen=True, slots=True)
class HelpAnswered(Event):
    """A member of staff has seen to it."""

    agent: str
    by: str


@dataclass(frozen=True, slots=True)
class StepsPlanned(Event):
    """More to do: tests, a return, the pharmacy (医嘱)."""

    visit: str
    plan: tuple[StepPlan, ...]
    by: str


@dataclass(frozen=True, slots=True)
class StepQueued(Event):
    """All that comes before is done: the family stands in this line now."""

    visit: str
    step: str
    rank: Rank
    group: str = ""
    """The line, where several serve; empty: as planned."""


@dataclass(frozen=True, slots=True)
class Recalled(Event):
    """Called once more (重呼); `times` counts from the first call."""

    call: str
    visit: str
    step: str
    point: str
    by: str
    times: int


@dataclass(frozen=True, slots=True)
class Missed(Event):
    """Called and not there (过号)."""

    call: str
    visit: str
    step: str
    point: str
    by: str


@dataclass(frozen=True, slots=True)
class Requeued(Event):
    """Missed and signed in again (过号重排), or put back by a nurse: stands at `rank` now."""

    visit: str
    step: str
    rank: Rank
    by: str
    """The agent, or the member of staff."""


@dataclass(frozen=True, slots=True)
class Started(Event):
    """Being served (接诊)."""

    visit: str
    step: str
    point: str
    by: str


@dataclass(frozen=True, slots=True)
class Finished(Event):
    """Served (结束就诊)."""

    visit: str
    step: str
    point: str
    by: str
    result_due: bool = False
    """The result comes later, from the laboratory system."""


@dataclass(frozen=True, slots=True)
class PointOpened(Event):
    """Takes families (开诊)."""

    point: str
    by: str


@dataclass(frozen=True, slots=True)
class PointPaused(Event):
    """Takes none for now (停诊)."""

    point: str
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SequenceGap(Event):
    """An agent says that `first`…`last` of its install will never come; kept so that nobody overlooks it."""

    agent: str
    install: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Held(Event):
    """The place is kept (保留号位), `until` then or until somebody says so."""

    visit: str
    step: str
    reason: HoldReason
    until: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Released(Event):
    """Back from where the place was kept for."""

    visit: str
    step: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Considered:
    """One of those who might have been called: the first of each lane that is callable."""

    step: str
    ticket: str
    lane: Lane
    tier: int
    score: float
    """In minutes; the greatest is called, unless a priority class or the cap says otherwise."""
    ref: datetime
    overtaken: int = 0


@dataclass(frozen=True, slots=True)
class PassedBy:
    """One who stood further ahead and could not be called."""

    step: str
    ticket: str
    reason: str
    """A `HoldReason`, or `elsewhere`: the family is at another room."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How a family was chosen; everything that an explanation needs."""

    policy: str
    why: Why
    doctors: tuple[str, ...] = ()
    """Who sits at the point."""
    tiers: tuple[int, ...] = ()
    """Priority classes that the point is for; none: everybody."""
    candidates: tuple[Considered, ...] = ()
    """The best first, so the one that was chosen (unless by name)."""
    passed_by: tuple[PassedBy, ...] = ()
    overtook: int = 0
    """How many were passed over that count as having come earlier."""
    rules: str = ""
    """Version of the site file in force."""
    reason: str = ""
    """What the member of staff gave, when one family was called by name."""


@dataclass(frozen=True, slots=True)
class AskedToDoor(Event):
    """Asked to wait at the door of a room (二次候诊)."""

    visit: str
    step: str
    point: str
    by: str
    choice: Choice


@dataclass(frozen=True, slots=True)
class BackToHall(Event):
    """Sent back from the door, to the old place: the room has closed."""

    visit: str
    step: str
    point: str


@dataclass(frozen=True, slots=True)
class Called(Event):
    """Called (叫号) to a point."""

    call: str
    visit: str
    step: str
    point: str
    by: str
    choice: Choice = Choice("", Why.FIRST)


@dataclass(frozen=True, slots=True)
class ArrivalConfirmed(Event):
    """The called family is at the room (到诊确认)."""

    visit: str
    step: str
    point: str
    by: str


@dataclass(frozen=True, slots=True)
class Parked(Event):
    """Called or being served, and put aside (暂放): the place is kept, the point is free."""

    visit: str
    step: str
    point: str
    by: str
    reason: HoldReason = HoldReason.PARKED
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ResultReady(Event):
    """A result is there (报告已出)."""

    visit: str
    step: str
    by: str


@dataclass(frozen=True, slots=True)
class StepExpired(Event):
    """Can't be done any more: missed too often, or too late in the day."""

    visit: str
    step: str
    reason: str


@dataclass(frozen=True, slots=True)
class NeedMet(Event):
    """Something that a step needs is true now: paid, reviewed, prepared …"""

    visit: str
    step: str
    need: Need
    by: str


@dataclass(frozen=True, slots=True)
class VisitPaid(Event):
    """The registration itself is paid."""

    visit: str
    by: str


@dataclass(frozen=True, slots=True)
class Screened(Event):
    """A screening form (流调问卷) was filled in."""

    visit: str
    abnormal: bool
    by: str


@dataclass(frozen=True, slots=True)
class PriorityGiven(Event):
    """A priority class, or none; `ranks` are the new places of the steps that have one."""

    visit: str
    priority: str | None
    ranks: tuple[Rank, ...]
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Moved(Event):
    """Put elsewhere in its line by hand."""

    visit: str
    step: str
    rank: Rank
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class DoctorAssigned(Event):
    """Waits for this doctor now; None: for anybody."""

    visit: str
    step: str
    doctor: str | None
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Transferred(Event):
    """Sent to another line (改诊): a new step stands for the old one."""

    visit: str
    step: str
    plan: StepPlan
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class DeliveryChosen(Event):
    """Drugs come by express (药品配送): the pharmacy's line is skipped."""

    visit: str
    step: str
    by: str


@dataclass(frozen=True, slots=True)
class GuardianChanged(Event):
    """Another guardian goes on with the child, with a card of their own."""

    visit: str
    guardian: str
    by: str


@dataclass(frozen=True, slots=True)
class ReportRecognised(Event):
    """A report from outside that is as good as ours (结果互认)."""

    patient: str
    service: str
    taken_at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class LabOffered(Event):
    """Tests before the consult are offered (诊前检验)."""

    visit: str
    rule: str
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LabAnswered(Event):
    """The family said yes or no."""

    visit: str
    accepted: bool
    by: str


@dataclass(frozen=True, slots=True)
class LabNotOffered(Event):
    """A rule speaks of this visit, but no test was offered; and why."""

    visit: str
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Announced(Event):
    """A message for an area's board (广播); None: for all."""

    id: str
    area: str | None
    zh: str
    en: str
    until: datetime | None
    by: str


@dataclass(frozen=True, slots=True)
class AnnouncementEnded(Event):
    """Taken off the boards."""

    id: str
    by: str


@dataclass(frozen=True, slots=True)
class WayClosed(Event):
    """A lift, door, stairs or corridor of the map can't be used; why, in both languages (may be empty)."""

    feature: str
    """Its id on the map."""
    zh: str
    en: str
    until: datetime | None
    by: str


@dataclass(frozen=True, slots=True)
class WayOpened(Event):
    """It can be used again."""

    feature: str
    by: str


@dataclass(frozen=True, slots=True)
class DoctorsSeated(Event):
    """Who sits at a point from now on, whatever the plan says; None: as planned again."""

    point: str
    doctors: tuple[str, ...] | None
    by: str


@dataclass(frozen=True, slots=True)
class Undone(Event):
    """A member of staff took the last act back: the visit is as `image` again."""

    visit: str
    what: str
    by: str
    image: VisitImage


EVENTS: dict[str, type[Event]] = {
    name: kind
    for name, kind in list(globals().items())
    if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event
}
"""Every kind of event by the name under which the journal keeps it."""
