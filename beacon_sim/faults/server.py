"""Two servers for one day: the real one, which can be killed, and the bare rules, which can't."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Generic, Protocol, TypeVar

from protocol import BoardView
from queue_server import agents, cards, ingest, telling, turn, writer
from queue_server.core import Hospital, apply, carry_out
from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core import site as s
from queue_server.journal import Batch, Journal, Mark, MemoryJournal

T = TypeVar("T")


class Cut(Enum):
    """Where a commit is cut off."""

    BEFORE = "before"
    AFTER = "after"


class PowerCut(Exception):
    """The process is gone in the middle of a batch."""


class FragileJournal:
    """Any journal, with a power cut at the next commit when one is due; keeps what is durable in `events`."""

    def __init__(self, inner: Journal) -> None:
        self.inner = inner
        self.events: list[e.Event] = []
        self.when: list[datetime] = []
        """When each of them was decided."""
        self.cut: Cut | None = None

    @property
    def position(self) -> int:
        """Position of the last event."""
        return self.inner.position

    def replay(self) -> Iterator[e.Event]:
        """All events, oldest first."""
        return self.inner.replay()

    def marks(self) -> Iterator[Mark]:
        """What has been taken of every install."""
        return self.inner.marks()

    def append(self, batch: Batch) -> int:
        """Make a batch durable, or die.

        Raises:
            PowerCut: before, with nothing durable; or after, with all of it.
        """
        cut, self.cut = self.cut, None
        if cut is Cut.BEFORE:
            raise PowerCut
        position = self.inner.append(batch)
        self.events += batch.events
        self.when += [batch.written_at] * len(batch.events)
        if cut is Cut.AFTER:
            raise PowerCut
        return position

    def close(self) -> None:
        """Let go of it."""
        self.inner.close()


@dataclass(frozen=True, slots=True)
class Restart:
    """The server began anew before its so-manieth batch (those that came to nothing are not counted)."""

    before_batch: int
    at: datetime


@dataclass(slots=True)
class _Reply(Generic[T]):
    result: T | None = None
    error: BaseException | None = None

    def set_running_or_notify_cancel(self) -> bool:
        return True

    def set_result(self, result: T, /) -> None:
        self.result = result

    def set_exception(self, exception: BaseException, /) -> None:
        self.error = exception

    def done(self) -> bool:
        return self.result is not None or self.error is not None


class Server(Protocol):
    """What a day needs of a server."""

    @property
    def hospital(self) -> Hospital:
        """The state; another object after a restart."""
        ...

    def command(self, command: c.Command, now: datetime) -> Sequence[e.Event]:
        """Carry out what staff or families want; says what has happened."""
        ...


@dataclass(slots=True)
class Heard:
    """Where the server's word goes; replaced by the line of the kiosks."""

    acknowledge: Callable[[str, str, int], None] = lambda _agent, _install, _seq: None
    show: Callable[[telling.AgentShow], None] = lambda _show: None
    restarted: Callable[[], None] = lambda: None


class _Outlet:
    listening = False

    def __init__(self, heard: Heard) -> None:
        self._heard = heard

    def tell(self, told: telling.Telling) -> None:
        for agent, (install, seq) in told.acknowledged.items():
            self._heard.acknowledge(agent, install, seq)
        for show in told.shows:
            self._heard.show(show)
        for let_go in told.durable:
            let_go()

    def show_board(self, board: BoardView) -> None:
        """Boards are nobody's concern here."""


class RealServer:
    """The writer, ingest and journal of production; killed, it is made anew from its journal."""

    def __init__(self, site: s.Site, now: datetime, journal: Journal | None = None) -> None:
        self.journal = FragileJournal(journal or MemoryJournal())
        self.heard = Heard()
        self.batches = 0
        self.restarts: list[Restart] = []
        self._site = site
        self._moment = now
        self._start()

    @property
    def hospital(self) -> Hospital:
        """The state of the process that lives now."""
        return self._writer.hospital

    def _start(self) -> None:
        hospital = Hospital(self._site)
        for event in self.journal.replay():
            apply(hospital, event)
        desk = cards.CardDesk(cards.CardLists, self._site.day)
        self._writer = writer.Writer(
            hospital,
            self.journal,
            ingest.Ingest(self._site.id, desk),
            agents.AgentRegistry(),
            _Outlet(self.heard),
            lambda: self._moment,
        )
        self._writer.open()

    def command(self, command: c.Command, now: datetime) -> Sequence[e.Event]:
        """Carry out a command; after a kill, staff look whether it was done, and do it again if not."""
        start = len(self.journal.events)
        while True:
            reply: _Reply[c.Answer] = _Reply()
            try:
                self._take([turn.Submission(command, reply)], now)
            except PowerCut:
                if len(self.journal.events) == start:
                    continue
            if reply.error:
                raise reply.error
            return self.journal.events[start:]

    def deliver(self, items: Sequence[turn.Item], now: datetime) -> Sequence[e.Event] | None:
        """Hand over a batch from the broker; None when it was lost with the process, and must come again."""
        start = len(self.journal.events)
        before = self.batches
        try:
            self._take(items, now)
        except PowerCut:
            if self.batches == before:
                return None
        return self.journal.events[start:]

    def _take(self, items: Sequence[turn.Item], now: datetime) -> None:
        self._moment = now
        cut = self.journal.cut
        try:
            self._writer.take(items)
        except PowerCut:
            if cut is Cut.AFTER:
                self.batches += 1
            self._start()
            self.restarts.append(Restart(self.batches, now))
            self.heard.restarted()
            raise
        self.batches += 1


@dataclass(slots=True)
class BareServer:
    """The rules alone, told each thing once: no messages, no journal, nothing that could be lost or doubled.

    Time passes for the rules as it does in the real one, whose clockwork begins anew at each restart.
    """

    site: s.Site
    start: datetime
    restarts: deque[Restart] = field(default_factory=deque)
    events: list[e.Event] = field(default_factory=list)
    when: list[datetime] = field(default_factory=list)
    """When each of them was decided."""
    hospital: Hospital = field(init=False)
    _batches: int = 0
    _ticked: datetime = field(init=False)

    def __post_init__(self) -> None:
        """Begin the day."""
        self.hospital = Hospital(self.site)
        self._ticked = self.start
        for command in (c.NoteSite(self.site.version, self.site.text), c.OpenDay()):
            self._carry_out(command, self.start)

    def command(self, command: c.Command, now: datetime) -> Sequence[e.Event]:
        """Carry out a command."""
        return self.batch([command], now)

    def batch(self, commands: Sequence[c.Command], now: datetime) -> Sequence[e.Event]:
        """Carry out several at one moment."""
        start = len(self.events)
        while self.restarts and self.restarts[0].before_batch <= self._batches:
            self._ticked = self.restarts.popleft().at
        if abs(now - self._ticked) >= writer.TICK_EVERY:
            self._ticked = now
            self._carry_out(c.Tick(), now)
        for command in commands:
            self._carry_out(command, now)
        self._batches += 1
        return self.events[start:]

    def _carry_out(self, command: c.Command, now: datetime) -> None:
        events = carry_out(self.hospital, command, now, undoable=False).events
        self.events += events
        self.when += [now] * len(events)
