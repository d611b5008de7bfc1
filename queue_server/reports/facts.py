"""What reports know of a visit: the nouns that `folding` makes of its events."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from queue_server.core.steps import StepPlan
from queue_server.core.vocabulary import Lane, Slot, StepState, Way


class Ended(StrEnum):
    """How a step or a visit came to its end."""

    DONE = "done"
    CANCELLED = "cancelled"  # given back, or dropped by staff
    DELIVERED = "delivered"  # the drugs go by express
    TRANSFERRED = "transferred"
    EXPIRED = "expired"  # missed too often, too late in the day, needed no more
    NO_SHOW = "no_show"  # never checked in on its day
    LEFT = "left"  # checked in, and still in a line when the day was closed
    NOT_REACHED = "not_reached"  # what came before it was never finished


@dataclass(slots=True)
class Stay:
    """A time during which a step was in one state."""

    state: StepState
    since: datetime
    group: str
    doctor: str | None
    until: datetime | None = None
    point: str | None = None
    reason: str = ""
    """Why the place was kept."""

    @property
    def seconds(self) -> int | None:
        """How long; never negative, for clocks differ. None while it lasts."""
        return (
            None if self.until is None else max(0, round((self.until - self.since).total_seconds()))
        )


@dataclass(slots=True)
class CallFacts:
    """One call to a room, or to the door of one."""

    position: int
    at: datetime
    stage: str
    """`call`, or `door`."""
    call: str | None
    step: str
    group: str
    point: str
    by: str
    why: str
    policy: str
    overtook: int
    overtaken: int | None
    candidates: int
    passed_by: int
    reason: str
    doctors: tuple[str, ...]
    recalls: int = 0
    outcome: str | None = None
    """`started`, `missed`, `parked`, `held`, `transferred`, `cancelled`, `back`; None while it stands."""
    over_at: datetime | None = None


@dataclass(slots=True)
class ActFacts:
    """Something that a member of staff did to the order by hand."""

    position: int
    at: datetime
    what: str
    step: str | None
    detail: str
    reason: str
    by: str


@dataclass(slots=True)
class StepFacts:
    """One step, with all the times it was in a line."""

    plan: StepPlan
    n: int
    planned_at: datetime
    group: str
    doctor: str | None
    state: StepState
    stays: list[Stay] = field(default_factory=list)
    lane: Lane | None = None
    queued_at: datetime | None = None
    first_called_at: datetime | None = None
    called_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    result_at: datetime | None = None
    point: str | None = None
    calls: int = 0
    recalls: int = 0
    misses: int = 0
    holds: int = 0
    overtook: int = 0
    overtaken: int | None = None
    why: str = ""
    reason: str = ""
    """What staff gave as reason when it was called by name."""
    ended: Ended | None = None
    end_reason: str = ""
    moved_to: str | None = None

    def seconds(self, *states: StepState) -> int | None:
        """How long it was in these states, as far as those times are over; None when it never was."""
        parts = [stay.seconds for stay in self.stays if stay.state in states]
        known = [part for part in parts if part is not None]
        return sum(known) if known else None


@dataclass(slots=True)
class VisitFacts:
    """One visit and its steps."""

    visit: str
    patient: str
    guardian: str | None
    day: date
    registered_at: datetime
    slot: Slot | None
    add_on: bool
    priority: str | None
    steps: dict[str, StepFacts] = field(default_factory=dict)
    calls: list[CallFacts] = field(default_factory=list)
    acts: list[ActFacts] = field(default_factory=list)
    ticket: str | None = None
    alias: str | None = None
    way: Way | None = None
    checked_in_at: datetime | None = None
    cancelled: bool = False
    end_reason: str = ""
    ended: Ended | None = None

    @property
    def left_at(self) -> datetime | None:
        """When the last thing of it was over; None as long as something is open."""
        if self.ended is None:
            return None
        ends = [step.finished_at for step in self.steps.values() if step.finished_at]
        return max(ends, default=None)
