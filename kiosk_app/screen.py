"""What the screen shows now: a small machine of views, fed by the agent. No clock inside."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from edge_agent import (
    Answered,
    BoardShown,
    CardSeen,
    Connection,
    NotKept,
    ProvisionalTicket,
    Refused,
    ScreenEvent,
)
from protocol import BoardView, Called, Problem, Stand, Text

READING_S: Final = 6.0
"""A card was seen and no word came back, not even a provisional number: give the screen free."""


@dataclass(frozen=True, slots=True)
class Attract:
    """Nobody is here: show your code."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A card was read; its answer is on the way."""

    scan: UUID


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a family stands; one for each of its visits today."""

    stands: tuple[Stand, ...]


@dataclass(frozen=True, slots=True)
class Provisional:
    """A number of this kiosk's own."""

    scan: UUID
    ticket: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """What happened, and what to do next."""

    what: Text
    todo: Text


View = Attract | Reading | Standing | Provisional | Trouble

_NOT_KEPT: Final = Trouble(
    Text(zh="这台机器暂时不能签到。", en="This machine can't check you in at the moment."),
    Text(
        zh="请用旁边的机器，或到服务台。",
        en="Please use the next machine, or go to the service desk.",
    ),
)


@dataclass(frozen=True, slots=True)
class NowCalling:
    """One line of the strip: a number and where it is called to."""

    ticket: str
    room: Text


class Screen:
    """The one screen of a kiosk. `revision` rises with every change; `until_s` is when it goes back to `Attract`."""

    def __init__(self, shown_s: float) -> None:
        self.view: View = Attract()
        self.online = False
        self.board: BoardView | None = None
        self.revision = 0
        self.until_s: float | None = None
        self._shown_s = shown_s

    def take(self, event: ScreenEvent, now_s: float) -> None:
        """Let an event of the agent change the screen."""
        match event:
            case CardSeen(scan):
                self._show(Reading(scan), now_s, READING_S)
            case Answered(show):
                self._answered(show.scan, show.stands, show.problem, now_s)
            case Refused(what=what, todo=todo):
                self._show(Trouble(what, todo), now_s, self._shown_s / 2)
            case ProvisionalTicket(scan, ticket):
                self._show(Provisional(scan, ticket), now_s, self._shown_s)
            case NotKept():
                self._show(_NOT_KEPT, now_s, self._shown_s / 2)
            case Connection(online):
                self.online = online
                self.revision += 1
            case BoardShown(board):
                self._board(board)
            case _:
                pass

    def touch(self, now_s: float) -> None:
        """Somebody is reading: give them more time."""
        if self.until_s is not None:
            self.until_s = now_s + self._shown_s

    def wipe(self) -> None:
        """Back to the start; nothing of the last family stays."""
        self.view = Attract()
        self.until_s = None
        self.revision += 1

    def tick(self, now_s: float) -> None:
        """Go back to the start when the time is up."""
        if self.until_s is not None and now_s >= self.until_s:
            self.wipe()

    def calling(self) -> list[NowCalling]:
        """Who is called now, the newest first."""
        if self.board is None:
            return []
        called = [(point.called, point.name) for point in self.board.points if point.called]
        called.sort(key=lambda pair: _moment(pair[0]), reverse=True)
        return [NowCalling(each.ticket, room) for each, room in called]

    def _answered(
        self, scan: UUID, stands: tuple[Stand, ...], problem: Problem | None, now_s: float
    ) -> None:
        if isinstance(self.view, Reading | Provisional) and self.view.scan != scan:
            return  # the family of that scan has gone; somebody else stands here
        if stands:
            self._show(
                Standing(tuple(self._called(stand) for stand in stands)), now_s, self._shown_s
            )
        elif problem:
            self._show(Trouble(problem.what, problem.todo), now_s, self._shown_s / 2)

    def _board(self, board: BoardView) -> None:
        self.board = board
        self.revision += 1
        if isinstance(self.view, Standing):
            self.view = Standing(tuple(self._called(stand) for stand in self.view.stands))

    def _called(self, stand: Stand) -> Stand:
        """The stand, brought up to date by the board: called while its family still stands here."""
        room = next((each.room for each in self.calling() if each.ticket == stand.ticket), None)
        return (
            stand.model_copy(update={"state": "called", "room": room, "ahead": None})
            if room
            else stand
        )

    def _show(self, view: View, now_s: float, for_s: float) -> None:
        self.view = view
        self.until_s = now_s + for_s
        self.revision += 1


def _moment(called: Called | None) -> float:
    return called.at.timestamp() if called and called.at else 0.0
