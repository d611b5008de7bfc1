"""What is told to whom once a batch is durable, and who carries it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import UUID

from protocol import BoardView, CallMade, Show, Stand, Way
from queue_server.core import Hospital
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


@dataclass(slots=True)
class Telling:
    """All that one batch gives to tell. Nothing of it may leave before the batch is durable."""

    acknowledged: dict[str, tuple[str, int]] = field(default_factory=dict)
    """By agent: its install, and the number up to which it may forget."""
    shows: list[AgentShow] = field(default_factory=list)
    calls: list[tuple[str, CallMade]] = field(default_factory=list)
    """By service group."""
    durable: list[Callable[[], None]] = field(default_factory=list)
    """Called once each: the message that was delivered needs no repeating."""

    def __bool__(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.acknowledged or self.shows or self.calls or self.durable)


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


def answer_to_scan(
    hospital: Hospital,
    agent: str,
    scan: UUID,
    scanned_at: datetime,
    answer: c.Answer,
    now: datetime,
    find_way: FindWay = no_map,
) -> AgentShow | None:
    """The answer for a screen; None when the scan is too old for anybody to be waiting for it."""
    if now - scanned_at > SHOW_WITHIN:
        return None
    match answer:
        case c.Stood(visits, already):
            stands = tuple(
                _stand_with_way(hospital, agent, visit, visit in already, find_way)
                for visit in visits
            )
            return AgentShow(agent, Show(scan=scan, stands=stands), now + SHOW_WITHIN)
        case c.WhichChild(visits):
            choices = child_choices(hospital, visits)
            return AgentShow(agent, Show(scan=scan, choices=choices), now + SHOW_WITHIN)
        case c.Refused(c.Reason.NO_OFFER | c.Reason.OFFER_OVER, visit) if visit:
            # the family has answered an offer that is over: it is shown where it stands
            stands = (_stand_with_way(hospital, agent, visit, False, find_way),)
            return AgentShow(agent, Show(scan=scan, stands=stands), now + SHOW_WITHIN)
        case c.Refused():
            problem = problem_of(answer, hospital.site)
            return AgentShow(agent, Show(scan=scan, problem=problem), now + SHOW_WITHIN)
        case _:
            return None


def _stand_with_way(
    hospital: Hospital, agent: str, visit: str, already: bool, find_way: FindWay
) -> Stand:
    known = hospital.visits[visit]
    found = stand(hospital, known, already=already)
    wanted, wait = destination(hospital, known)
    way = find_way(agent, wanted, wait) if wanted else None
    return found.model_copy(update={"way": way}) if way else found


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
