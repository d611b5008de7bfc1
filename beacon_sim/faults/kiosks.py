"""The kiosks of a day and their line to the server: the agent's own rules, an outbox that survives, a broker."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final, Protocol
from uuid import UUID

from beacon_sim.day.site import ZONE
from beacon_sim.faults.schedule import (
    KIOSKS,
    BrokerAway,
    ClockWrong,
    Delayed,
    Doubled,
    Fault,
    KioskAway,
    KioskDies,
    Schedule,
    ServerKilled,
)
from beacon_sim.faults.server import Cut, RealServer
from edge_agent.core import Agent, Identity, Restored
from edge_agent.core import vocabulary as v
from protocol import (
    AgentState,
    ButtonPressed,
    CardScanned,
    ClockState,
    ProvisionalGiven,
    Received,
    ScanSource,
    Topics,
    agent_source,
    decode,
    encode,
    uuid7,
    wrap,
)
from queue_server import ingest, telling, turn
from queue_server.core import commands as c
from queue_server.core import events as e

SITE: Final = "day"
TOPICS: Final = Topics(SITE)


class World(Protocol):
    """What the line needs of the day around it."""

    @property
    def minute(self) -> float:
        """Now, in minutes since midnight."""
        ...

    @property
    def moment(self) -> datetime:
        """Now, aware."""
        ...

    def after(self, minutes: float, what: Callable[[], object]) -> None:
        """Do something later."""
        ...

    def heed(self, events: Sequence[e.Event]) -> None:
        """Let people do what follows from events."""
        ...


@dataclass(frozen=True, slots=True)
class Arrival:
    """A durable message that the server was given for the first time, and that was not lost with its process."""

    minute: float
    moment: datetime
    agent: str
    seq: int
    command: c.Command
    """What it asks for, as the sender means it."""
    stamp: datetime
    synced: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One batch as the server was given it; without arrivals, only time passed."""

    minute: float
    moment: datetime
    arrivals: tuple[Arrival, ...]


@dataclass(frozen=True, slots=True)
class _Message:
    agent: str
    seq: int | None
    topic: str
    payload: bytes


class Kiosk:
    """One agent: the process lives and dies, the outbox stays."""

    def __init__(self, name: str, number: int, line: "Line", world: World) -> None:
        self.name = name
        self.alive = True
        self.off = timedelta()
        self.outbox: dict[int, tuple[str, bytes]] = {}
        self._install = f"{number:016x}"
        self._cut_off = 0
        self._line = line
        self._world = world
        self._births = 0
        self._ids = 0
        self._next_seq = 1
        self._provisionals: v.Provisionals | None = None
        self._retained: tuple[str, int] | None = None
        self._due_s: float | None = None
        self._number = number
        self._synced = True
        self._core = self._made()

    # ---- the process ----

    def _made(self) -> Agent:
        who = Identity(SITE, self.name, self._install, ZONE, f"K{self._number}")
        restored = Restored(self._next_seq, tuple(sorted(self.outbox)))
        if self._provisionals:
            restored = Restored(self._next_seq, tuple(sorted(self.outbox)), self._provisionals)
        return Agent(who, restored, self._id)

    def _id(self, _now: v.Now) -> UUID:
        self._ids += 1
        unix_ms = int(self._world.moment.timestamp() * 1000)
        return uuid7(unix_ms, (self._number << 40 | self._ids).to_bytes(10, "big"))

    def die(self) -> None:
        """The process is gone."""
        self.alive = False

    def start(self) -> None:
        """A new process on the same outbox."""
        self.alive = True
        self._core = self._made()
        self.handle(v.ClockJudged(self._synced))
        self._connect()

    # ---- the cable ----

    @property
    def connected(self) -> bool:
        """Whether it reaches the broker."""
        return self.alive and not self._cut_off

    def cut_off(self) -> None:
        """The broker is away; several reasons may be there at once."""
        self._cut_off += 1
        if self._cut_off == 1 and self.alive:
            self.handle(v.Disconnected())

    def reconnect(self) -> None:
        """One reason less."""
        self._cut_off -= 1
        self._connect()

    def _connect(self) -> None:
        if not self.connected:
            return
        self.handle(v.Connected())
        self.handle(v.ServerSeen(self._line.server_there))
        if self._retained:
            self.handle(v.AckReceived(*self._retained))

    # ---- what it hears ----

    def set_clock(self, off: timedelta, synced: bool) -> None:
        """The wall clock jumps; the agent is told whether anybody disciplines it."""
        self.off, self._synced = off, synced
        if self.alive:
            self.handle(v.ClockJudged(synced))

    def acknowledged(self, install: str, seq: int) -> None:
        """The server's word, retained at the broker."""
        self._retained = (install, seq)
        if self.connected:
            self.handle(v.AckReceived(install, seq))

    def shown(self, show: telling.AgentShow) -> None:
        """An answer for the screen; who is not there does not hear it."""
        if self.connected:
            self.handle(v.CommandReceived(self._id(self._now()), show.show))

    def server_seen(self, there: bool) -> None:
        """The server's state has changed."""
        if self.connected:
            self.handle(v.ServerSeen(there))

    def scan(self, text: str) -> int:
        """A card is held up; says which of its messages that is."""
        seq = self._next_seq
        self.handle(v.CodeRead(text.encode("ascii"), ScanSource.CAMERA, "camera"))
        return seq

    def press(self) -> None:
        """Somebody wants a person."""
        self.handle(v.HelpPressed())

    # ---- what it does ----

    def _now(self) -> v.Now:
        wall = self._world.moment.astimezone(UTC) + self.off
        return v.Now(wall, self._world.minute * 60.0)

    def handle(self, given: v.Input) -> None:
        """Let the agent's rules decide, and do it."""
        for effect in self._core.handle(given, self._now()):
            match effect:
                case v.Store(seq, leaf, envelope, provisionals):
                    self.outbox[seq] = (leaf, envelope)
                    self._next_seq = seq + 1
                    self._provisionals = provisionals or self._provisionals
                case v.Publish(seq) if seq in self.outbox:
                    leaf, payload = self.outbox[seq]
                    topic = TOPICS.agent(self.name, leaf)
                    self._line.publish(_Message(self.name, seq, topic, payload))
                case v.Announce(oldest_seq):
                    self._announce(oldest_seq)
                case v.Forget(seq):
                    for old in [each for each in self.outbox if each <= seq]:
                        del self.outbox[old]
                case _:
                    pass
        self._wind()

    def _announce(self, oldest_seq: int) -> None:
        self._births += 1
        born = AgentState(online=True, birth=self._births, oldest_seq=oldest_seq)
        now = self._now()
        envelope = wrap(
            born,
            id=self._id(now),
            source=agent_source(SITE, self.name),
            time=now.wall,
            site=SITE,
            clockstate=ClockState.SYNCED if self._synced else ClockState.UNSYNCED,
            install=self._install,
            seq=None,
        )
        topic = TOPICS.agent(self.name, "state")
        self._line.publish(_Message(self.name, None, topic, encode(envelope)))

    def _wind(self) -> None:
        due_s = self._core.wakeup_s()
        if due_s is None or due_s == self._due_s:
            return
        self._due_s = due_s
        core = self._core
        wait = max(0.0, due_s / 60.0 - self._world.minute) + 1e-6
        self._world.after(wait, lambda: self._ring(core, due_s))

    def _ring(self, core: Agent, due_s: float) -> None:
        if self._due_s == due_s:
            self._due_s = None
        if self.alive and core is self._core:
            self.handle(v.Tick())


class Line:
    """Kiosks, broker and server, with everything between them that may go wrong."""

    def __init__(self, world: World, server: RealServer, schedule: Schedule, seed: int) -> None:
        self.told: list[Told] = []
        self.server_there = True
        self.published = 0
        self._world = world
        self._server = server
        self._rng = random.Random(f"line-{seed}")
        self._kept: list[_Message] = []
        self._draining = False
        self._known: set[tuple[str, int]] = set()
        self._doubled: list[Doubled] = []
        self._delayed: list[Delayed] = []
        self._away_s = 2.0
        self._message_kills: list[tuple[Cut, float]] = []
        self.kiosks = {
            name: Kiosk(name, number, self, world) for number, name in enumerate(KIOSKS, 1)
        }
        server.heard.acknowledge = self._acknowledge
        server.heard.show = lambda show: self.kiosks[show.agent].shown(show)
        server.heard.restarted = self._server_killed
        for fault in schedule:
            self._plan(fault)

    def open(self) -> None:
        """All kiosks are switched on."""
        for kiosk in self.kiosks.values():
            kiosk.start()

    def _acknowledge(self, agent: str, install: str, seq: int) -> None:
        # told from within a batch: heard only after it
        self._world.after(0.0, lambda: self.kiosks[agent].acknowledged(install, seq))

    # ---- faults ----

    def _plan(self, fault: Fault) -> None:
        match fault:
            case BrokerAway():
                self._between(fault, *self._cable(self.kiosks.values()))
            case KioskAway(kiosk=name):
                self._between(fault, *self._cable([self.kiosks[name]]))
            case KioskDies(kiosk=name):
                self._between(fault, self.kiosks[name].die, self.kiosks[name].start)
            case ServerKilled():
                self._at(fault.at, partial(self._kill, fault))
            case ClockWrong(kiosk=name, off_minutes=off):
                kiosk = self.kiosks[name]
                wrong = partial(kiosk.set_clock, timedelta(minutes=off), False)
                self._between(fault, wrong, partial(kiosk.set_clock, timedelta(), True))
            case Doubled():
                on, off_ = self._doubled.append, self._doubled.remove
                self._between(fault, partial(on, fault), partial(off_, fault))
            case Delayed():
                self._between(
                    fault,
                    partial(self._delayed.append, fault),
                    partial(self._delayed.remove, fault),
                )

    def _at(self, minute: float, what: Callable[[], object]) -> None:
        self._world.after(minute - self._world.minute, what)

    def _between(
        self,
        fault: BrokerAway | KioskAway | KioskDies | ClockWrong | Doubled | Delayed,
        begin: Callable[[], object],
        end: Callable[[], object],
    ) -> None:
        self._at(fault.at, begin)
        self._at(fault.at + fault.minutes, end)

    @staticmethod
    def _cable(kiosks: Iterable[Kiosk]) -> tuple[Callable[[], None], Callable[[], None]]:
        some = list(kiosks)

        def out() -> None:
            for kiosk in some:
                kiosk.cut_off()

        def back() -> None:
            for kiosk in some:
                kiosk.reconnect()

        return out, back

    def _kill(self, fault: ServerKilled) -> None:
        cut = Cut.BEFORE if fault.before_commit else Cut.AFTER
        if fault.at_message:
            self._message_kills.append((cut, fault.away_s))
        else:
            self._away_s = fault.away_s
            self._server.journal.cut = cut

    def _server_killed(self) -> None:
        """Its process is there again at once; its line to the broker takes a while."""
        self.server_there = False
        self._world.after(0.0, partial(self._tell_kiosks, False))
        self._world.after(self._away_s / 60.0, self._server_back)

    def _server_back(self) -> None:
        if self.server_there:
            return
        self.server_there = True
        self._tell_kiosks(True)
        self._hand_over([turn.Greeting()], self._kept)

    def _tell_kiosks(self, there: bool) -> None:
        for kiosk in self.kiosks.values():
            kiosk.server_seen(there)

    # ---- messages ----

    def publish(self, message: _Message) -> None:
        """An agent has published; a copy may come later, and all may take their time."""
        self.published += 1
        delay = sum(self._rng.uniform(0.0, fault.most_minutes) for fault in self._delayed)
        self._world.after(delay, lambda: self._arrive(message))
        for fault in self._doubled:
            self._world.after(delay + fault.after_minutes, lambda: self._arrive(message))

    def _arrive(self, message: _Message) -> None:
        """At the broker, which keeps it until the server has made it durable."""
        self._kept.append(message)
        if not self._draining:
            self._draining = True
            self._world.after(0.0, self._drain)

    def _drain(self) -> None:
        self._draining = False
        if self.server_there and self._kept:
            self._hand_over([], self._kept)

    def _hand_over(self, first: Sequence[turn.Item], messages: Sequence[_Message]) -> None:
        world = self._world
        now, minute = world.moment, world.minute
        batch = list(messages)
        items: list[turn.Item] = [*first]
        for message in batch:
            delivered = ingest.Delivered(message.topic, message.payload, now)
            items.append(turn.Delivery(delivered, partial(self._let_go, message)))
        events = self._deliver(items, now)
        if events is None:
            return  # nothing is durable, all of it comes again
        arrivals = tuple(a for each in batch if (a := self._first(each, minute, now)))
        self.told.append(Told(minute, now, arrivals))
        world.heed(events)

    def _deliver(self, items: Sequence[turn.Item], now: datetime) -> Sequence[e.Event] | None:
        """Deliver, with the kill that waits for a message; one that commits nothing does not meet it."""
        journal, away_s = self._server.journal, self._away_s
        waits = journal.cut is None and bool(self._message_kills)
        if waits:
            journal.cut, self._away_s = self._message_kills[0]
        events = self._server.deliver(items, now)
        if waits and journal.cut is None:
            self._message_kills.pop(0)
        elif waits:
            journal.cut, self._away_s = None, away_s
        return events

    def _let_go(self, message: _Message) -> None:
        """The broker has the server's PUBACK."""
        if message in self._kept:
            self._kept.remove(message)

    def _first(self, message: _Message, minute: float, now: datetime) -> Arrival | None:
        if message.seq is None or (message.agent, message.seq) in self._known:
            return None
        self._known.add((message.agent, message.seq))
        received = decode(message.payload)
        if not isinstance(received, Received):
            raise TypeError(f"{message.agent} sent what nobody can read: {received}")
        stamp = received.envelope.time
        synced = received.envelope.clockstate is ClockState.SYNCED
        command = _meant(message.agent, received, stamp, synced, now)
        return Arrival(minute, now, message.agent, message.seq, command, stamp, synced)

    @property
    def unsent(self) -> int:
        """Messages that no acknowledgement covers."""
        return sum(len(kiosk.outbox) for kiosk in self.kiosks.values())


def _meant(
    agent: str, received: Received, stamp: datetime, synced: bool, now: datetime
) -> c.Command:
    """What a sender means, read here once more and apart from the server's own ingest."""
    likely = stamp if synced else now
    match received.message:
        case CardScanned(text=text):
            return c.Scan(agent, stamp, synced, card_of(text))
        case ProvisionalGiven(text=text, ticket=ticket):
            return c.GiveAlias(agent, ticket, likely, card_of(text))
        case ButtonPressed():
            return c.AskHelp(agent, likely)
        case other:
            raise TypeError(f"no agent of these days sends {type(other).__name__}")


def text_of(number: int) -> str:
    """What stands on the card of a family."""
    return f"HIS-{number:06}"


def card_of(text: str) -> str:
    """The card of a text, as registrations name it."""
    return f"his:{text.removeprefix('HIS-')}"
