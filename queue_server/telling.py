"""What is told to whom once a batch is durable, and who carries it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import UUID

from protocol import BoardView, CallMade, PayRequest, ProofWanted, Show, Stand, Way
from queue_server.core import Hospital, Visit
from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.views import call_made, child_choices, destination, stand
from queue_server.sentences import problem_of

SHOW_WITHIN: Final = timedelta(seconds=60)
"""An answer is for whoever still stands before the screen: older scans get none, and it means nothing after this."""
BOARD_EVERY_S: Final = 0.1
"""At most so often is the board of an area shown anew."""


@dataclass(frozen=True, slots=True)
class AgentShow:
    """An answer to a scan, for one agent's screen."""

    agent: str
    show: Show
    expires: datetime


@dataclass(frozen=True, slots=True)
class AgentProof:
    """A question that an agent is to put to a phone."""

    agent: str
    wanted: ProofWanted
    expires: datetime


@dataclass(slots=True)
class Telling:
    """All that one batch gives to tell. Nothing of it may leave before the batch is durable."""

    acknowledged: dict[str, tuple[str, int]] = field(default_factory=dict)
    """By agent: its install, and the number up to which it may forget."""
    shows: list[AgentShow] = field(default_factory=list)
    calls: list[tuple[str, CallMade]] = field(default_factory=list)
    """By service group."""
    proofs: list[AgentProof] = field(default_factory=list)
    durable: list[Callable[[], None]] = field(default_factory=list)
    """Called once each: the message that was delivered needs no repeating."""

    def __bool__(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.acknowledged or self.shows or self.calls or self.proofs or self.durable)


class Outlet(Protocol):
    """Carries what is told to the world outside. Called by the writer's thread; must not block, and never raises."""

    @property
    def listening(self) -> bool:
        """Whether anybody can hear; when not, boards need not be drawn."""
        ...

    def tell(self, telling: Telling) -> None:
        """Tell it."""
        ...

    def show_board(self, board: BoardView) -> None:
        """Show an area's board."""
        ...


class NoOutlet:
    """Nobody hears: a server without a broker."""

    listening = False

    def tell(self, telling: Telling) -> None:
        """Only let go of what was delivered."""
        for let_go in telling.durable:
            let_go()

    def show_board(self, board: BoardView) -> None:
        """Nobody sees it."""


FindWay = Callable[[str, Sequence[tuple[str, str]], bool], Way | None]
"""From a kiosk to the first of (kind, id of the site file) that is on the map; whether one waits there. Never raises."""


def no_map(_agent: str, _wanted: Sequence[tuple[str, str]], _wait: bool) -> Way | None:
    """Ways of a server without a map: the site file's words must do."""
    return None


class PhonePages(Protocol):
    """Hands out addresses for a family's phone. Called by the writer's thread; never raises."""

    def page_of(self, hospital: Hospital, card: str, agent: str, now: datetime) -> str:
        """The page of whoever holds this card, for today; empty where phones can't reach the server."""
        ...

    def payment_of(self, hospital: Hospital, visit: Visit) -> PayRequest | None:
        """What a visit owes, and where it can be paid by phone; None when it owes nothing, or can't."""
        ...


class NoPhonePages:
    """A server that phones can't reach."""

    def page_of(self, _hospital: Hospital, _card: str, _agent: str, _now: datetime) -> str:
        """None."""
        return ""

    def payment_of(self, _hospital: Hospital, _visit: Visit) -> PayRequest | None:
        """None."""
        return None


@dataclass(frozen=True, slots=True)
class Extras:
    """What an answer carries besides where a family stands."""

    find_way: FindWay = no_map
    pages: PhonePages = field(default_factory=NoPhonePages)


def answer_to_scan(
    hospital: Hospital,
    agent: str,
    scan: UUID,
    scanned_at: datetime,
    answer: c.Answer,
    now: datetime,
    extras: Extras | None = None,
    card: str | None = None,
) -> AgentShow | None:
    """The answer for a screen; None when the scan is too old for anybody to be waiting for it.

    `card`: the good card that was scanned; whoever held it up may take the day along on a phone.
    """
    if now - scanned_at > SHOW_WITHIN:
        return None
    more = extras or Extras()
    show = _shown(hospital, agent, scan, answer, more)
    if show is None:
        return None
    if card and show.problem is None:
        show = show.model_copy(update={"phone": more.pages.page_of(hospital, card, agent, now)})
    return AgentShow(agent, show, now + SHOW_WITHIN)


def _shown(
    hospital: Hospital, agent: str, scan: UUID, answer: c.Answer, extras: Extras
) -> Show | None:
    match answer:
        case c.Stood(visits, already):
            stands = tuple(
                _stand_there(hospital, agent, visit, visit in already, extras) for visit in visits
            )
            return Show(scan=scan, stands=stands)
        case c.WhichChild(visits):
            return Show(scan=scan, choices=child_choices(hospital, visits))
        case c.Refused(c.Reason.NO_OFFER | c.Reason.OFFER_OVER, visit) if visit:
            # the family has answered an offer that is over: it is shown where it stands
            return Show(scan=scan, stands=(_stand_there(hospital, agent, visit, False, extras),))
        case c.Refused():
            return Show(scan=scan, problem=problem_of(answer, hospital.site))
        case _:
            return None


def _stand_there(
    hospital: Hospital, agent: str, visit: str, already: bool, extras: Extras
) -> Stand:
    known = hospital.visits[visit]
    found = stand(hospital, known, already=already)
    wanted, wait = destination(hospital, known)
    way = extras.find_way(agent, wanted, wait) if wanted else None
    pay = extras.pages.payment_of(hospital, known) if found.to_pay else None
    return found.model_copy(update={"way": way, "pay": pay}) if way or pay else found


def calls_in(hospital: Hospital, events: Iterable[e.Event]) -> list[tuple[str, CallMade]]:
    """The calls among events that have just been applied, with the group each is for."""
    calls = []
    for event in events:
        if isinstance(event, e.Called | e.Recalled):
            step = hospital.steps[event.step]
            call = call_made(hospital, step)
            if call:
                calls.append((step.plan.group, call))
    return calls


class BoardPacer:
    """Which boards are to be drawn when: at once after a quiet time, then at most every `BOARD_EVERY_S`."""

    def __init__(self, every_s: float = BOARD_EVERY_S) -> None:
        self._every_s = every_s
        self._touched: set[str] = set()
        self._not_before: dict[str, float] = {}

    def touch(self, areas: Iterable[str]) -> None:
        """These boards may differ now."""
        self._touched.update(areas)

    def due(self, monotonic_s: float) -> list[str]:
        """Boards to draw now."""
        areas = sorted(a for a in self._touched if self._not_before.get(a, 0.0) <= monotonic_s)
        for area in areas:
            self._touched.remove(area)
            self._not_before[area] = monotonic_s + self._every_s
        return areas

    def wait_s(self, monotonic_s: float) -> float | None:
        """Seconds until the next board is due; None when none is waiting."""
        if not self._touched:
            return None
        soonest = min(self._not_before.get(area, 0.0) for area in self._touched)
        return max(0.0, soonest - monotonic_s)
