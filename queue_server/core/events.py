"""What happened: the only thing that is ever stored. Frozen, and never changed once released.

A new field gets a default; a new meaning gets a new class. `at` is when it happened as far as the hospital knows
(aware UTC); the journal keeps when it was written.
"""

from dataclasses import dataclass
from datetime import date, datetime

from queue_server.core.vocabulary import HoldReason, Rank, Slot, StepKind, Way


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events."""

    at: datetime


@dataclass(frozen=True, slots=True)
class StepPlan:
    """A step as it is planned: where, and after which others."""

    step: str
    kind: StepKind
    group: str
    after: tuple[str, ...] = ()
    doctor: str | None = None
    is_return: bool = False


@dataclass(frozen=True, slots=True)
class DayOpened(Event):
    """The first event of a calendar day: numbers start again, and what is left of earlier days is closed."""

    day: date


@dataclass(frozen=True, slots=True)
class SiteLoaded(Event):
    """The site file in force from here on."""

    version: str


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
class VisitRegistered(Event):
    """A registration (挂号): the right to be seen."""

    visit: str
    patient: str
    day: date
    plan: tuple[StepPlan, ...]
    slot: Slot | None = None
    campus: str | None = None
    """Set when it is for another campus than this one."""


@dataclass(frozen=True, slots=True)
class VisitCancelled(Event):
    """Given back (退号)."""

    visit: str
    by: str


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


@dataclass(frozen=True, slots=True)
class Held(Event):
    """The place is kept (保留号位)."""

    visit: str
    step: str
    reason: HoldReason


@dataclass(frozen=True, slots=True)
class Released(Event):
    """Back from where the place was kept for."""

    visit: str
    step: str


@dataclass(frozen=True, slots=True)
class Called(Event):
    """Called (叫号) to a point, under a policy."""

    call: str
    visit: str
    step: str
    point: str
    by: str
    policy: str


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


@dataclass(frozen=True, slots=True)
class SequenceGap(Event):
    """An agent says that `first`…`last` of its install will never come; kept so that nobody overlooks it."""

    agent: str
    install: str
    first: int
    last: int


EVENTS: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in (
        DayOpened,
        SiteLoaded,
        PatientNamed,
        CardBound,
        VisitRegistered,
        VisitCancelled,
        CheckedIn,
        ScannedEarlier,
        ScanRefused,
        AliasGiven,
        ProvisionalUnmatched,
        HelpAsked,
        HelpAnswered,
        StepsPlanned,
        StepQueued,
        Held,
        Released,
        Called,
        Recalled,
        Missed,
        Requeued,
        Started,
        Finished,
        PointOpened,
        PointPaused,
        SequenceGap,
    )
}
"""Every kind of event by the name under which the journal keeps it."""
