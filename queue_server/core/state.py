"""What is true now. One owner changes it in place (copying would cost ten times as much), through `apply` alone."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final, NamedTuple

from queue_server.core import events as e
from queue_server.core.lines import Lines
from queue_server.core.rules import Rules
from queue_server.core.site import Point, Site
from queue_server.core.steps import Memo, Screening, Step, VisitImage
from queue_server.core.vocabulary import Slot, StepState

ATTENTION_KEPT: Final = 300
HERE: Final = frozenset(
    {
        StepState.WAITING,
        StepState.AT_DOOR,
        StepState.HELD,
        StepState.CALLED,
        StepState.SERVING,
        StepState.MISSED,
    }
)
"""States of a family that is in the hospital."""
OVER: Final = frozenset(
    {StepState.DONE, StepState.CANCELLED, StepState.NO_SHOW, StepState.TRANSFERRED}
)


class Seen(NamedTuple):
    """Where a phone was heard (蓝牙感知)."""

    area: str
    at: datetime


@dataclass(slots=True)
class Visit:
    """One child, one day, one registration (就诊)."""

    id: str
    patient: str
    day: date
    slot: Slot | None
    campus: str | None
    guardian: str | None = None
    serial: int | None = None
    paid: bool = True
    priority: str | None = None
    reasons: tuple[str, ...] = ()
    born: date | None = None
    add_on: bool = False
    steps: dict[str, Step] = field(default_factory=dict)
    ticket: str | None = None
    checked_in_at: datetime | None = None
    alias: str | None = None
    cancelled: bool = False
    screening: Screening | None = None
    offer: tuple[str, ...] = ()
    """Services of the pre-visit tests that are offered."""
    offer_rule: str | None = None
    offer_accepted: bool | None = None
    seen: Seen | None = None
    """Where its phone was heard last; None: never."""
    version: int = 0
    """How many events there were about it; those that only say where its phone was heard are not counted."""

    def here(self) -> bool:
        """Whether the family is in the hospital for this visit."""
        return any(step.state in HERE for step in self.steps.values())

    def is_over(self) -> bool:
        """Whether nothing can happen to it any more."""
        return all(step.state in OVER for step in self.steps.values())

    def first_step(self) -> Step:
        """The step at which one checks in; after a transfer before check-in, the one it led to."""
        step = next(iter(self.steps.values()))
        while step.moved_to:
            step = self.steps[step.moved_to]
        return step

    def people(self) -> frozenset[str]:
        """The child and who came with it: any of their cards is for this visit."""
        return frozenset({self.patient, self.guardian or self.patient})

    @property
    def family(self) -> str:
        """Who can be in one place only: children of one guardian, or one child."""
        return self.guardian or self.patient

    def image(self) -> VisitImage:
        """All that staff's acts can change, as it is now."""
        return VisitImage(
            tuple(step.copied() for step in self.steps.values()),
            self.ticket,
            self.checked_in_at,
            self.cancelled,
            self.priority,
            self.paid,
            self.offer,
            self.offer_rule,
            self.offer_accepted,
            self.screening,
        )


@dataclass(slots=True)
class PointState:
    """What a room or window is doing."""

    open: bool = True
    reason: str = ""
    """Why it is paused."""
    step: str | None = None
    """The step that is called to it or served at it."""
    door: list[str] = field(default_factory=list)
    """Steps that wait at its door, the first first."""
    doctors: tuple[str, ...] | None = None
    """Who sits there, whatever the plan says; None: as planned."""
    last_finished_at: datetime | None = None


@dataclass(slots=True)
class Pace:
    """How long something takes: a family at a line from the call until it is done, a result. Mean and variance, in minutes."""

    count: float = 0.0
    mean: float = 0.0
    square: float = 0.0

    MEMORY: Final = 40.0

    def note(self, minutes: float) -> None:
        """One more; the weight of old ones fades, so that the figures follow the day."""
        self.count = min(self.count + 1.0, self.MEMORY)
        weight = 1.0 / self.count
        off = minutes - self.mean
        self.mean += weight * off
        self.square = (1.0 - weight) * (self.square + weight * off * off)


PaceKey = tuple[str, bool]
"""A group, and whether it is about returns."""


@dataclass(frozen=True, slots=True)
class Wait:
    """A range of minutes, as it is shown; `mean` is the middle before rounding."""

    low: int
    high: int
    mean: float = 0.0


class Hospital:
    """The whole state of a site."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.forecast: Callable[[Hospital, Step], Wait | None] | None = None
        """The waiting time of a step, for whoever shows it; None: that of the first day (`waiting`)."""
        self.moment = datetime(1970, 1, 1, tzinfo=UTC)
        """The latest moment that the hospital was told of; whoever drives it keeps it fresh."""
        self.day: date | None = None
        self.site_version: str | None = None
        self.handle_of: Callable[[str, date], str] | None = None
        """The handle under which a family looks itself up, of a phone number's end and a birthday; None: nobody can."""
        self.findable: defaultdict[str, dict[str, None]] = defaultdict(dict)
        """Children by such handles."""
        self.names: dict[str, str] = {}
        self.cards: dict[str, str] = {}
        self.visits: dict[str, Visit] = {}
        self.steps: dict[str, Step] = {}
        self.visits_of: defaultdict[str, list[str]] = defaultdict(list)
        self.tickets: dict[str, str] = {}
        self.last_number: defaultdict[str, int] = defaultdict(int)
        self.lines = Lines()
        self.missed: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self.held: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self.expected_returns: defaultdict[str, set[str]] = defaultdict(set)
        self.planned: defaultdict[str, dict[str, None]] = defaultdict(dict)
        """Steps of each group that nobody stands in a line for yet: work lists are made from it."""
        self.results_due: defaultdict[str, dict[str, None]] = defaultdict(dict)
        """Steps of each group that are done, their result not there yet."""
        self.points: defaultdict[str, PointState] = defaultdict(PointState)
        self.busy: Counter[str] = Counter()
        """How many steps of a family are called or served right now."""
        self.paces: defaultdict[PaceKey, Pace] = defaultdict(Pace)
        self.turnarounds: defaultdict[str, Pace] = defaultdict(Pace)
        """By group of a laboratory: from the end of a step there until its result is ready."""
        self.reports: defaultdict[str, dict[str, datetime]] = defaultdict(dict)
        """Recognised reports: by patient, service → when the specimen was taken."""
        self.announcements: dict[str, e.Announced] = {}
        self.ways_closed: dict[str, e.WayClosed] = {}
        """Lifts, doors and corridors that can't be used, by their ids on the map; they stay closed overnight."""
        self.booked: defaultdict[str, Counter[datetime]] = defaultdict(Counter)
        """Booked families still to come: by group, slot start → how many."""
        self.orders: dict[str, str] = {}
        """Orders in the laboratory system → the step each belongs to."""
        self.deadlines: dict[str, datetime] = {}
        """Steps that must be begun before a time."""
        self.most_overtaken: Counter[str] = Counter()
        """At most so often was anybody overtaken who waits in a group."""
        self.memos: dict[str, Memo] = {}
        """What each member of staff did last; not in the journal."""
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

    def rules(self, group: str) -> Rules:
        """The rules of a line; the defaults when the site no longer has it."""
        known = self.site.groups.get(group)
        return known.rules if known else Rules()

    def tier(self, visit: Visit) -> int:
        """The tier of a visit's priority class."""
        return self.site.tier(visit.priority)

    def doctors_at(self, point: Point, now: datetime) -> tuple[str, ...]:
        """Whose families are called at a point: who sits there now, and whose line it shares."""
        state = self.points.get(point.id)
        if state is not None and state.doctors is not None:
            return state.doctors
        sessions = self.site.sessions_at.get(point.id)
        if not sessions:
            return (point.doctor, *point.shares) if point.doctor else point.shares
        local = self.site.local(now)
        if local.date() in self.site.hours.closed:
            return point.shares
        today = [session for session in sessions if session.on(local.date())]
        dated = [session for session in today if session.day]
        here = tuple(s.doctor for s in dated or today if s.start <= local.time() < s.end)
        return (*here, *point.shares)
