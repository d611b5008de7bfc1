"""A step of a visit (环节): as it is planned, and as it stands."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final

from queue_server.core.transitions import Act, after
from queue_server.core.vocabulary import HoldReason, Need, Rank, StepKind, StepState


@dataclass(frozen=True, slots=True)
class StepPlan:
    """A step as it is planned: where, after which others, and what must be true first."""

    step: str
    kind: StepKind
    group: str
    after: tuple[str, ...] = ()
    """Steps that must be over; for tests with reported results, those must be ready."""
    doctor: str | None = None
    is_return: bool = False
    needs: tuple[Need, ...] = ()
    before: datetime | None = None
    """Must be begun before this (aware), as a test on an empty stomach."""
    services: tuple[str, ...] = ()
    """What is to be done there, as ordered: `blood`, `urine`."""
    order: str | None = None
    """Id of the order (医嘱) in the laboratory system; the same order is never placed twice."""
    previsit: bool = False
    """A test before the consult (诊前检验): the place in the clinic's line is kept meanwhile."""


@dataclass(slots=True)
class Step:
    """One step of a visit, as it stands."""

    visit: str
    plan: StepPlan
    state: StepState
    doctor: str | None = None
    """Whom the family waits for; None: anybody of the group."""
    rank: Rank | None = None
    hold: HoldReason | None = None
    held_until: datetime | None = None
    """The place is kept until then; None: until somebody says so."""
    point: str | None = None
    call: str | None = None
    calls: int = 0
    """How many different calls there were: each has an id of its own."""
    times: int = 0
    """How often called for the present call; 0 when not called."""
    misses: int = 0
    overtaken: int = 0
    """How often somebody of the same line was called who counts as having come later."""
    met: frozenset[Need] = frozenset()
    queued_at: datetime | None = None
    first_called_at: datetime | None = None
    """The first call of the present call."""
    called_at: datetime | None = None
    confirmed_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    result_due: bool = False
    """Done here, but the result is not there yet."""
    result_at: datetime | None = None
    moved_to: str | None = None
    """The step in another line that took this one's place."""
    seen_at: datetime | None = None
    """When its phone was last heard where it waits."""
    away_at: datetime | None = None
    """When its phone was last heard in another area; None: heard here since, or never elsewhere."""
    away_for: timedelta = timedelta()
    """How long it had been elsewhere at `away_at`, all times together."""

    def act(self, act: Act) -> None:
        """Go through the table of transitions."""
        self.state = after(self.state, act)

    @property
    def lacks(self) -> frozenset[Need]:
        """Needs that are not met yet."""
        return frozenset(self.plan.needs) - self.met

    def copied(self) -> "Step":
        """A copy that later changes leave alone."""
        return Step(*_VALUES(self))


_VALUES: Final = attrgetter(*(each.name for each in fields(Step)))


@dataclass(frozen=True, slots=True)
class Screening:
    """A screening form (流调问卷): when it was filled in, and whether it was abnormal."""

    at: datetime
    abnormal: bool


@dataclass(frozen=True, slots=True)
class VisitImage:
    """All of a visit that staff's acts can change, as it was at a moment."""

    steps: tuple[Step, ...]
    ticket: str | None = None
    checked_in_at: datetime | None = None
    cancelled: bool = False
    priority: str | None = None
    paid: bool = True
    offer: tuple[str, ...] = ()
    offer_rule: str | None = None
    offer_accepted: bool | None = None
    screening: Screening | None = None


@dataclass(frozen=True, slots=True)
class Memo:
    """What a member of staff did last, and how the visit was before."""

    at: datetime
    what: str
    visit: str
    version: int
    """Of the visit, after the act and all that followed from it at once."""
    before: VisitImage
