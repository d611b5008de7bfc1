"""What the screen shows now: a small machine of views, fed by the agent. No clock inside."""

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from edge_agent import (
    Answered,
    BoardShown,
    CardLists,
    CardSeen,
    Connection,
    NotKept,
    ProvisionalTicket,
    Refused,
    ScreenEvent,
)
from kiosk_app.views import (
    NO_ANSWER,
    NO_MAP,
    NOT_KEPT,
    Attract,
    Calling,
    Choosing,
    Finding,
    Guiding,
    Provisional,
    Reading,
    Shown,
    Standing,
    Trouble,
    View,
)
from protocol import BoardView, Called, PointView, Show, Stand, StepView, Way
from protocol.card import Problem

READING_S: Final = 6.0
"""A card was seen and no word came back, not even a provisional number: say so."""
STRAY: Final = frozenset({Problem.NOT_A_CARD, Problem.DAMAGED})
"""What a camera may catch by chance (a poster, half a code): no reason to take an answer off the screen."""
UNDER_WAY: Final = frozenset({"waiting", "called", "serving"})
"""States of a step that the board can move."""


class Screen:
    """The one screen of a kiosk. `revision` rises with every change; `until_s` is when it goes back to `Attract`."""

    def __init__(self, shown_s: float) -> None:
        self.view: View = Attract()
        self.online = False
        self.board: BoardView | None = None
        self.lists: datetime | None = None
        self.guides = False
        self.prints = True
        """Whether ways to places can be asked for."""
        self.revision = 0
        self.until_s: float | None = None
        self._shown_s = shown_s
        self._scan: UUID | None = None
        """The scan whose family stands here; answers to any other come too late for this screen."""

    def shown(self) -> Shown:
        """Everything that is on the screen now."""
        return Shown(self.view, self.online, self.calling(), self.lists, self.guides, self.prints)

    def take(self, event: ScreenEvent, now_s: float) -> None:
        """Let an event of the agent change the screen."""
        match event:
            case CardSeen(scan):
                self._scan = scan
                self._show(Reading(), now_s, READING_S)
            case Answered(show):
                self._answered(show, now_s)
            case Refused():
                self._refused(event, now_s)
            case ProvisionalTicket(scan, ticket) if scan == self._scan:
                self._show(Provisional(ticket), now_s, self._shown_s)
            case NotKept():
                self._trouble(NOT_KEPT, now_s)
            case Connection(online):
                self.online = online
                self.revision += 1
            case CardLists(revoked_issued=issued):
                self.lists = issued
                self.revision += 1
            case BoardShown(board):
                self._board(board, now_s)
            case _:
                pass

    def touch(self, now_s: float) -> None:
        """Somebody is reading: give them more time."""
        if isinstance(self.view, Choosing | Standing | Provisional | Trouble | Finding | Guiding):
            self.until_s = now_s + self._shown_s
            self.revision += 1

    def chosen(self, visit: str, now_s: float) -> UUID | None:
        """A child was chosen: the scan that asked, and an answer is on its way; None when it was not asked about."""
        view = self.view
        if not isinstance(view, Choosing) or visit not in {each.visit for each in view.choices}:
            return None
        self._show(Reading(), now_s, READING_S)
        return view.scan

    def answered_offer(self, visit: str) -> UUID | None:
        """An offer was answered: the scan it came with, and the question is gone; None when none was shown."""
        view = self.view
        if not isinstance(view, Standing):
            return None
        if not any(stand.visit == visit and stand.offer for stand in view.stands):
            return None
        stands = tuple(
            stand.model_copy(update={"offer": ()}) if stand.visit == visit else stand
            for stand in view.stands
        )
        self.view = Standing(stands, view.scan)
        self.revision += 1
        return view.scan

    def show_way(self, visit: str, now_s: float) -> None:
        """The way of a family that stands here; nothing happens when it has none."""
        view = self.view
        if isinstance(view, Standing):
            way = next((stand.way for stand in view.stands if stand.visit == visit), None)
            if way and way.steps:
                self._show(Guiding(way, view), now_s, self._shown_s)

    def can_guide(self, guides: bool) -> None:
        """Whether ways can be asked for has changed, or not."""
        if guides != self.guides:
            self.guides = guides
            self.revision += 1

    def can_print(self, prints: bool) -> None:
        """Whether paper is to be had has changed, or not."""
        if prints != self.prints:
            self.prints = prints
            self.revision += 1

    def find(self, places: Finding | None, now_s: float) -> None:
        """Somebody without a card, or with a number for now, looks for a place; None: the list can't be had."""
        if not isinstance(self.view, Attract | Provisional | Finding | Guiding):
            return
        if places:
            back = self.view if isinstance(self.view, Provisional) else None
            self._show(replace(places, back=back), now_s, self._shown_s)
        else:
            self._trouble(NO_MAP, now_s)

    def guide(self, way: Way | None, now_s: float) -> None:
        """The way to what was looked for; what comes after the list has gone is too late. A way without steps says why."""
        if not isinstance(self.view, Finding):
            return
        if way and way.steps:
            self._show(Guiding(way, self.view, self.view.step_free), now_s, self._shown_s)
        else:
            what = way.summary if way else NO_MAP.what
            self._trouble(Trouble(what, NO_MAP.todo), now_s)

    def step_free(self, now_s: float) -> None:
        """Whoever looks at the list wants ways without a step, or with them again."""
        if isinstance(self.view, Finding):
            self._show(replace(self.view, step_free=not self.view.step_free), now_s, self._shown_s)

    def other_way(self, shown: Guiding, way: Way | None, now_s: float) -> bool:
        """The way to the same place without a step, or with them again; False when there is none.

        What comes after the way has gone is too late.
        """
        if self.view is not shown:
            return True
        if way is None or not way.steps:
            return False
        other = replace(shown, way=way, step_free=not shown.step_free)
        if isinstance(other.back, Finding):
            other = replace(other, back=replace(other.back, step_free=other.step_free))
        self._show(other, now_s, self._shown_s)
        return True

    def back(self, now_s: float) -> None:
        """From a way or a list back to what was shown before it."""
        view = self.view
        if isinstance(view, Guiding) and view.back:
            before = view.back
            self._show(before, now_s, self._shown_s)
        elif isinstance(view, Finding) and view.back:
            self._show(view.back, now_s, self._shown_s)
        elif isinstance(view, Guiding | Finding):
            self.wipe()

    def wipe(self) -> None:
        """Back to the start; nothing of the last family stays."""
        self.view = Attract()
        self.until_s = None
        self._scan = None
        self.revision += 1

    def tick(self, now_s: float) -> None:
        """When the time is up, go back to the start; a scan that nobody answered is answered here."""
        if self.until_s is None or now_s < self.until_s:
            return
        if isinstance(self.view, Reading):
            self._trouble(NO_ANSWER, now_s)
        else:
            self.wipe()

    def calling(self) -> tuple[Calling, ...]:
        """Who is called now, the newest first."""
        points = self.board.points if self.board else ()
        called = [(point.called, point) for point in points if point.called]
        called.sort(key=lambda pair: _moment(pair[0]), reverse=True)
        return tuple(Calling(one.ticket, point.name, one.times) for one, point in called)

    def _answered(self, show: Show, now_s: float) -> None:
        if show.scan != self._scan:
            return  # the family of that scan has gone; somebody else stands here, or nobody
        if show.stands:
            stands = tuple(_brought_up_to_date(stand, self.board) for stand in show.stands)
            self._show(Standing(stands, show.scan), now_s, self._shown_s)
        elif show.choices:
            self._show(Choosing(show.scan, show.choices), now_s, self._shown_s)
        elif show.problem:
            self._trouble(Trouble(show.problem.what, show.problem.todo), now_s)
        else:
            self._trouble(NO_ANSWER, now_s)

    def _refused(self, refused: Refused, now_s: float) -> None:
        if refused.code in STRAY and isinstance(
            self.view, Reading | Choosing | Standing | Provisional | Guiding
        ):
            return
        self._trouble(Trouble(refused.what, refused.todo), now_s)

    def _board(self, board: BoardView, now_s: float) -> None:
        self.board = board
        self.revision += 1
        standing = self.view.back if isinstance(self.view, Guiding) else self.view
        if not isinstance(standing, Standing):
            return
        stands = tuple(_brought_up_to_date(stand, board) for stand in standing.stands)
        if stands != standing.stands:
            self._show(Standing(stands, standing.scan), now_s, self._shown_s)

    def _trouble(self, trouble: Trouble, now_s: float) -> None:
        self._scan = None
        self._show(trouble, now_s, self._shown_s / 2)

    def _show(self, view: View, now_s: float, for_s: float) -> None:
        self.view = view
        self.until_s = now_s + for_s
        self.revision += 1


def _brought_up_to_date(stand: Stand, board: BoardView | None) -> Stand:
    """The stand as the board has it: called, being seen or missed while its family still stands here."""
    for point in board.points if board else ():
        state = _state_at(point, stand.ticket)
        if state:
            return _moved(stand, state, point)
    if board and stand.ticket in board.missed and stand.state in UNDER_WAY:
        return stand.model_copy(
            update={"state": "missed", "room": None, "ahead": None, "way": None}
        )
    return stand


def _state_at(point: PointView, ticket: str) -> str | None:
    if point.called and point.called.ticket == ticket:
        return "called"
    if point.serving and point.serving.ticket == ticket:
        return "serving"
    return None


def _moved(stand: Stand, state: str, point: PointView) -> Stand:
    steps = tuple(_step_moved(step, state, point) for step in stand.steps)
    return stand.model_copy(
        update={
            "state": state,
            "room": point.name,
            "group": point.group,
            "ahead": None,
            "steps": steps,
            "way": None,  # it led to where the family was to wait
        }
    )


def _step_moved(step: StepView, state: str, point: PointView) -> StepView:
    under_way = step.group == point.group and step.state in UNDER_WAY
    return step.model_copy(update={"state": state}) if under_way else step


def _moment(called: Called) -> float:
    return called.at.timestamp() if called.at else 0.0
