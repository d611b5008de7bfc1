"""What is true now. One owner changes it in place (copying would cost ten times as much), through `apply` alone."""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from queue_server.core import events as e
from queue_server.core.lines import Lines
from queue_server.core.site import Site
from queue_server.core.transitions import Act, after
from queue_server.core.vocabulary import HoldReason, Rank, Slot, StepState

ATTENTION_KEPT: Final = 300
HERE: Final = frozenset(
    {StepState.WAITING, StepState.HELD, StepState.CALLED, StepState.SERVING, StepState.MISSED}
)
"""States of a family that is in the hospital."""


@dataclass(slots=True)
class Step:
    """One step of a visit, as it stands."""

    visit: str
    plan: e.StepPlan
    state: StepState
    rank: Rank | None = None
    hold: HoldReason | None = None
    point: str | None = None
    call: str | None = None
    times: int = 0
    """How often called for the present call; 0 when not called."""
    misses: int = 0
    queued_at: datetime | None = None
    called_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None

    def act(self, act: Act) -> None:
        """Go through the table of transitions."""
        self.state = after(self.state, act)


@dataclass(slots=True)
class Visit:
    """One child, one day, one registration (就诊)."""

    id: str
    patient: str
    day: date
    slot: Slot | None
    campus: str | None
    steps: dict[str, Step] = field(default_factory=dict)
    ticket: str | None = None
    checked_in_at: datetime | None = None
    alias: str | None = None
    cancelled: bool = False

    def here(self) -> bool:
        """Whether the family is in the hospital for this visit."""
        return any(step.state in HERE for step in self.steps.values())

    def first_step(self) -> Step:
        """The step at which one checks in."""
        return next(iter(self.steps.values()))


@dataclass(slots=True)
class PointState:
    """What a room or window is doing."""

    open: bool = True
    step: str | None = None
    """The step that is called to it or served at it."""


class Hospital:
    """The whole state of a site."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.day: date | None = None
        self.site_version: str | None = None
        self.names: dict[str, str] = {}
        self.cards: dict[str, str] = {}
        self.visits: dict[str, Visit] = {}
        self.steps: dict[str, Step] = {}
        self.visits_of: defaultdict[str, list[str]] = defaultdict(list)
        self.tickets: dict[str, str] = {}
        self.last_number: defaultdict[str, int] = defaultdict(int)
        self.lines = Lines()
        self.missed: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self.expected_returns: defaultdict[str, set[str]] = defaultdict(set)
        self.points: defaultdict[str, PointState] = defaultdict(PointState)
        self.help_asked: dict[str, datetime] = {}
        self.attention: deque[e.Event] = deque(maxlen=ATTENTION_KEPT)

    def visits_on(self, patient: str, day: date) -> list[Visit]:
        """The child's visits of a day that were not given back, in the order of registration."""
        return [
            visit
            for visit in (self.visits[id] for id in self.visits_of.get(patient, ()))
            if visit.day == day and not visit.cancelled
        ]

    def current(self, point: str) -> Step | None:
        """The step that is called to, or served at, a point."""
        state = self.points.get(point)
        return self.steps[state.step] if state and state.step else None

    def is_open(self, point: str) -> bool:
        """Whether a point takes families; it does until it is paused."""
        state = self.points.get(point)
        return state is None or state.open
