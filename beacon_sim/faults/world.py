"""A small hospital day whose families scan cards at kiosks; told by the real line, or plainly.

Three runs of the same day are compared. *Undisturbed*: the bare rules hear of each scan as it is made. *Disturbed*: the
real kiosks, line and server, with faults. *Retold*: the bare rules again, each message heard once, when it came to the
disturbed server first. People behave alike in all of them; what they do follows from what the server says.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from math import inf, nextafter
from typing import Final

import numpy as np

from beacon_sim.day.draw import Drawn, draw
from beacon_sim.day.model import ALL_LEVERS, DayModel, Levers, Windows
from beacon_sim.day.run import Day, index_of
from beacon_sim.day.site import site_of
from beacon_sim.faults.kiosks import Arrival, Line, Told, card_of, text_of
from beacon_sim.faults.schedule import KIOSKS, Schedule
from beacon_sim.faults.server import BareServer, RealServer, Restart, Server
from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.journal import Journal

SMALL: Final = DayModel(
    visits=150,
    departments=3,
    windows=Windows(
        blood=2, drop=1, cashiers=1, pharmacy=2, preparers=1_000, kiosks=3, desks=2, exams=25
    ),
)
"""A day that is over in a moment. So many preparers that families only meet where the rules see them."""
LEVERS: Final[Levers] = ALL_LEVERS
STRANGER: Final = 900_000
"""Cards from here on are nobody's."""
HELP_TAKES: Final = 5.0
SECOND_KIOSK: Final = 0.15
"""Share of the families that scan once more, at another kiosk."""
MICROSECOND: Final = 1e-6 / 60.0


@dataclass(frozen=True, slots=True)
class Plan:
    """One day: its families, where they scan, and who else comes by."""

    seed: int
    drawn: Drawn
    kiosk: tuple[int, ...]
    """Of each family."""
    again_after: tuple[float | None, ...]
    """Minutes until it scans at the next kiosk, if it does."""
    strangers: tuple[tuple[float, int], ...]
    """Minute and kiosk of cards that nobody knows."""
    helps: tuple[tuple[float, int], ...]
    """Minute and kiosk at which "call a person" is pressed."""


def draw_plan(seed: int, model: DayModel = SMALL) -> Plan:
    """Draw a day; the seed is the only thing that is random about it."""
    drawn = draw(model, seed)
    rng = np.random.default_rng((seed, 1))
    again = rng.random(drawn.count) < SECOND_KIOSK
    after = rng.uniform(0.3, 8.0, drawn.count)
    return Plan(
        seed,
        drawn,
        tuple(int(n) for n in rng.integers(0, len(KIOSKS), drawn.count)),
        tuple(float(m) if does else None for m, does in zip(after, again, strict=True)),
        tuple(
            (float(rng.uniform(455, 1_050)), int(rng.integers(0, len(KIOSKS)))) for _ in range(6)
        ),
        tuple((460.0 + 100.0 * n + float(rng.uniform(0, 60)), n % len(KIOSKS)) for n in range(6)),
    )


def with_families(plan: Plan, families: frozenset[int], bystanders: bool) -> Plan:
    """The same day with only these families coming; the others stay at home."""
    shows_up = np.array([n in families for n in range(plan.drawn.count)]) & plan.drawn.shows_up
    drawn = replace(plan.drawn, shows_up=shows_up)
    if bystanders:
        return replace(plan, drawn=drawn)
    return replace(plan, drawn=drawn, strangers=(), helps=())


@dataclass(frozen=True, slots=True)
class ScanMade:
    """A family held its card up."""

    index: int
    minute: float
    kiosk: str
    seq: int
    """Of its message; 0 where there are none."""


@dataclass(slots=True)
class Story:
    """How a day went."""

    plan: Plan
    events: list[e.Event]
    when: list[datetime]
    """When each event was decided; `at` of an event may be earlier."""
    scans: list[ScanMade]
    told: list[Told] = field(default_factory=list)
    restarts: list[Restart] = field(default_factory=list)
    helps: list[str] = field(default_factory=list)
    """At which kiosks "call a person" was pressed."""
    unsent: int = 0
    """Messages left in outboxes at midnight."""

    def arrivals(self) -> list[Arrival]:
        """All that came in, each once, in the order in which it did."""
        return [arrival for told in self.told for arrival in told.arrivals]


class ScannedDay(Day):
    """Families hold their cards up; what becomes of that is for those who inherit."""

    def __init__(self, plan: Plan, server: Server) -> None:
        super().__init__(plan.drawn, LEVERS, self._by_server, keep_events=False)
        self.plan = plan
        self.server = server
        self.h = server.hospital
        self.scans: list[ScanMade] = []
        self.helps: list[str] = []

    @property
    def minute(self) -> float:
        """Now, in minutes since midnight."""
        return self.env.now

    def _by_server(self, _hospital: object, command: c.Command, now: datetime) -> Sequence[e.Event]:
        if isinstance(command, c.Register):
            command = replace(command, card=card_of(text_of(index_of(command.visit))))
        happened = self.server.command(command, now)
        self.h = self.server.hospital
        return happened

    def heed(self, events: Sequence[e.Event]) -> None:
        """Let people do what follows from events that no command of theirs led to."""
        self.h = self.server.hospital
        for event in events:
            self._heed(event)

    def _heed(self, event: e.Event) -> None:
        super()._heed(event)
        match event:
            case e.CheckedIn(visit=visit):
                self.after(0.1, partial(self._is_in, index_of(visit)))
            case e.Held(until=datetime() as until):
                # production looks every two seconds; so does nobody have to be at the door for time to pass
                wait = (until - self.moment).total_seconds() / 60.0 + 1_000 * MICROSECOND
                self.after(max(0.0, wait), lambda: self.do(c.Tick()))

    def _bystanders(self) -> None:
        for number, (minute, kiosk) in enumerate(self.plan.strangers):
            text = text_of(STRANGER + number)
            self.after(minute - self.minute, partial(self._hold_up, text, kiosk))
        for minute, kiosk in self.plan.helps:
            self.after(minute - self.minute, partial(self._press, kiosk))

    def _check_in(self, index: int) -> None:
        kiosk = self.plan.kiosk[index]
        self._family_scans(index, kiosk)
        again = self.plan.again_after[index]
        if again is not None:
            self.after(again, partial(self._family_scans, index, kiosk + 1))

    def _family_scans(self, index: int, kiosk: int) -> None:
        name, seq = self._hold_up(text_of(index), kiosk)
        self.scans.append(ScanMade(index, self.minute, name, seq))

    def _press(self, kiosk: int) -> None:
        name = self._asks_help(kiosk)
        self.helps.append(name)
        self.after(HELP_TAKES, lambda: self.do(c.AnswerHelp(name, "nurse")))

    def _hold_up(self, text: str, kiosk: int) -> tuple[str, int]:
        """Hold a card up; says at which kiosk that was, and the number of its message."""
        raise NotImplementedError

    def _asks_help(self, kiosk: int) -> str:
        raise NotImplementedError


class KioskDay(ScannedDay):
    """By the real kiosks, with faults."""

    def __init__(self, plan: Plan, server: RealServer, faults: Schedule) -> None:
        super().__init__(plan, server)
        self.line = Line(self, server, faults, plan.seed)
        self.line.open()
        self._bystanders()

    def _alive(self, kiosk: int) -> str:
        names = [KIOSKS[(kiosk + n) % len(KIOSKS)] for n in range(len(KIOSKS))]
        alive = [name for name in names if self.line.kiosks[name].alive]
        # with all dead there is a spare one behind the desk: the first, started at once
        if not alive:
            self.line.kiosks[names[0]].start()
        return alive[0] if alive else names[0]

    def _hold_up(self, text: str, kiosk: int) -> tuple[str, int]:
        name = self._alive(kiosk)
        return name, self.line.kiosks[name].scan(text)

    def _asks_help(self, kiosk: int) -> str:
        name = self._alive(kiosk)
        self.line.kiosks[name].press()
        return name


class PlainDay(ScannedDay):
    """The bare rules hear of each scan as it is made, with the right time."""

    def __init__(self, plan: Plan, server: BareServer) -> None:
        super().__init__(plan, server)
        self.bare = server
        self._bystanders()

    def _now_utc(self) -> datetime:
        return self.moment.astimezone(UTC)

    def _tell(self, command: c.Command) -> None:
        self.heed(self.bare.batch([command], self.moment))

    def _hold_up(self, text: str, kiosk: int) -> tuple[str, int]:
        name = KIOSKS[kiosk % len(KIOSKS)]
        self._tell(c.Scan(name, self._now_utc(), True, card_of(text)))
        return name, 0

    def _asks_help(self, kiosk: int) -> str:
        name = KIOSKS[kiosk % len(KIOSKS)]
        self._tell(c.AskHelp(name, self._now_utc()))
        return name


class RetoldDay(PlainDay):
    """The bare rules hear each message once, when a disturbed server was given it first."""

    def __init__(self, story: Story, server: BareServer) -> None:
        super().__init__(story.plan, server)
        self._pressed_at = iter(story.helps)
        for told in story.told:
            self.after(exact_delay(self.minute, told.minute), partial(self._batch, told))

    def _batch(self, told: Told) -> None:
        self.heed(self.bare.batch([each.command for each in told.arrivals], told.moment))

    def _hold_up(self, _text: str, kiosk: int) -> tuple[str, int]:
        return KIOSKS[kiosk % len(KIOSKS)], 0

    def _asks_help(self, _kiosk: int) -> str:
        return next(self._pressed_at)


def exact_delay(now: float, then: float) -> float:
    """A delay that leads to `then` and not to its neighbour: moments of two runs are compared exactly."""
    delay = then - now
    for each in (delay, nextafter(delay, -inf), nextafter(delay, inf)):
        if now + each == then and each >= 0:
            return each
    return max(0.0, delay)


def undisturbed(plan: Plan) -> Story:
    """Run a day without kiosks, line or faults."""
    site = site_of(plan.drawn, LEVERS)
    server = BareServer(site, _begin(plan))
    day = PlainDay(plan, server)
    day.run()
    return Story(plan, server.events, server.when, day.scans)


def disturbed(plan: Plan, faults: Schedule, journal: Journal | None = None) -> Story:
    """Run a day through kiosks, line and server, with faults."""
    site = site_of(plan.drawn, LEVERS)
    server = RealServer(site, _begin(plan), journal)
    day = KioskDay(plan, server, faults)
    day.run()
    kept, told = server.journal, day.line.told
    restarts, unsent = server.restarts, day.line.unsent
    return Story(plan, kept.events, kept.when, day.scans, told, restarts, day.helps, unsent)


def retold(story: Story) -> Story:
    """Run a disturbed day once more by the bare rules: each message once, when it came in first."""
    plan = story.plan
    server = BareServer(site_of(plan.drawn, LEVERS), _begin(plan), deque(story.restarts))
    RetoldDay(story, server).run()
    return Story(plan, server.events, server.when, story.scans, story.told)


def _begin(plan: Plan) -> datetime:
    day = Day(plan.drawn, LEVERS, lambda *_: (), keep_events=False)
    return day.moment
