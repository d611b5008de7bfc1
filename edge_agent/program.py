"""The running agent: sources and the broker feed one queue, one thread asks the core, and does what it says."""

import queue
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from edge_agent.announcements import (
    Announcements,
    Wall,
    make_id,
    on_both_clocks,
    parts_of,
    utc_now,
)
from edge_agent.bluetooth import Bluetooth
from edge_agent.card_lists import CardLists
from edge_agent.clock import clock_is_synced
from edge_agent.core import Agent, Identity
from edge_agent.core import vocabulary as v
from edge_agent.link import Link, Tls
from edge_agent.outbox import Outbox
from edge_agent.paper import Press, open_printer, provisional_slip, slip_of
from edge_agent.readers import Grey, LiveReader, grey_picture, read_still
from edge_agent.settings import AgentSettings
from edge_agent.sources import Frame, ScannedText, Source, SourceHealth, open_source
from edge_agent.voice import AgentVoice
from protocol import (
    Acknowledged,
    BoardView,
    Envelope,
    Message,
    Print,
    ProofWanted,
    Received,
    ScanSource,
    ServerState,
    Show,
    Speak,
    Text,
    Topics,
    decode,
)

_log = structlog.get_logger()
Listener = Callable[[v.ScreenEvent], None]
LONGEST_WAIT_S: Final = 5.0
STUMBLED_WAIT_S: Final = 1.0
UNTITLED: Final = Text(zh="儿童医院", en="Children's Hospital")


@dataclass(frozen=True, slots=True)
class _FromBroker:
    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class _Stop:
    pass


class RunningAgent:
    """An agent at work. Made by `open_agent`; safe to use from any thread."""

    def __init__(
        self,
        settings: AgentSettings,
        *,
        screen: bool = False,
        wall: Wall = utc_now,
        title: Text = UNTITLED,
    ) -> None:
        self.settings = settings
        self._wall = wall
        self._title = title
        self._zone = ZoneInfo(settings.timezone)
        self._screen = screen
        self.online = False
        self.board: BoardView | None = None
        self.lists = v.CardLists(None, None)
        self._queue: queue.SimpleQueue[v.Input | _FromBroker | _Stop] = queue.SimpleQueue()
        self._listeners: list[Listener] = []
        self._newest: Frame | None = None
        self._stop = threading.Event()
        self._sources: list[Source] = [open_source(spec) for spec in settings.sources]
        self._source_health: dict[str, SourceHealth] = {}
        self._topics = Topics(settings.site)
        self._outbox = Outbox(settings.data / "outbox.db")
        self._lists = CardLists(settings.data, settings.card_root)
        self._voice = AgentVoice(settings, wall)
        printer = open_printer(settings.printer) if settings.printer else None
        self._press = Press(printer, self._health_is_due)
        who = Identity(
            settings.site,
            settings.agent,
            self._outbox.install,
            self._zone,
            settings.prefix,
        )
        self._bluetooth = Bluetooth(settings, self._queue.put, self._health_is_due)
        self._core = Agent(who, self._outbox.restored(), make_id)
        self._says = Announcements(settings, self._outbox.install, self._outbox.birth, wall)
        self._link = self._new_link()
        self._threads: list[threading.Thread] = []
        self._health_due_s = 0.0
        self._storage_ok = True

    # ---- for the screen ----

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Be told of screen events, on the agent's thread; call what is returned to end it."""
        self._listeners.append(listener)
        return partial(self._listeners.remove, listener)

    def read_picture(self, data: bytes) -> bool:
        """Read a picture with every pass, as if it were held up; False when no code is in it.

        Raises:
            BadPicture: it can't be opened.
        """
        readings = read_still(grey_picture(data))
        for reading in readings:
            self._queue.put(v.CodeRead(reading.payload, ScanSource.PICTURE, reading.reader))
        return bool(readings)

    def read_text(self, raw: bytes) -> None:
        """Take what a reader has read elsewhere, as if a scanner had."""
        self._queue.put(v.CodeRead(raw, ScanSource.SCANNER, "text"))

    def latest_frame(self) -> Grey | None:
        """What the camera saw last; None when it saw nothing in the last two seconds."""
        frame = self._newest
        return frame.grey if frame and time.monotonic() - frame.at_s < 2 else None

    def press_help(self) -> None:
        """Somebody wants a person to come."""
        self._queue.put(v.HelpPressed())

    def choose_child(self, scan: UUID, visit: str) -> None:
        """A family said which of the children its card is about; the answer comes as that of a new scan."""
        self._queue.put(v.ChildChosen(scan, visit))

    def search(self, tail: str, born: date) -> None:
        """A family looks itself up by the end of its phone number and the child's birthday; the answer comes as a scan's."""
        self._queue.put(v.SearchMade(tail, born))

    def answer_offer(self, scan: UUID, visit: str, accepted: bool) -> None:
        """A family takes the tests that were offered with its stand, or does not."""
        self._queue.put(v.OfferPressed(scan, visit, accepted))

    def print_ticket(self, command: Print) -> "Future[bool]":
        """Print where a visit stands; the result tells whether the family holds the slip."""
        return self._press.submit(slip_of(command, self._title, self._local()))

    def print_provisional(self, ticket: str) -> "Future[bool]":
        """Print a number that was given without the server."""
        return self._press.submit(provisional_slip(ticket, self._title, self._local()))

    @property
    def prints(self) -> bool:
        """Whether a slip would be printed now."""
        return self._press.there and not self._press.trouble

    def _local(self) -> datetime:
        return self._wall().astimezone(self._zone)

    def say(self, command: Speak) -> bool:
        """Say something aloud, after what is being said; False when there is no voice."""
        self._voice.speak(command)
        return self._voice.available

    def hush(self) -> None:
        """Leave off speaking: the family has gone."""
        self._voice.hush()

    # ---- start and stop ----

    def start(self) -> None:
        """Begin to sense, keep and tell."""
        self._lists.restore()
        self._take_lists()
        self._link.start()
        self._begin("agent", self._work)
        for source in self._sources:
            self._begin(source.name, partial(self._sense, source))
        if self._bluetooth.wanted:
            self._begin("bluetooth", partial(self._bluetooth.run, self._stop))

    def stop(self) -> None:
        """End everything; what waits stays in the outbox."""
        self._stop.set()
        goodbye = self._state(online=False, oldest_seq=self._core.oldest_seq)
        self._link.publish(self._topic("state"), goodbye, retain=True)
        self._link.stop()
        self._queue.put(_Stop())
        for thread in self._threads:
            thread.join(5)
        self._voice.stop()
        self._press.stop()
        self._outbox.__exit__()

    def _begin(self, name: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    # ---- sensing, one thread a source ----

    def _sense(self, source: Source) -> None:
        reader = LiveReader()

        def take(sensed: Frame | ScannedText) -> None:
            if isinstance(sensed, ScannedText):
                self._queue.put(v.CodeRead(sensed.raw, ScanSource.SCANNER, source.name[:40]))
                return
            self._newest = sensed
            for reading in reader.read(sensed.grey, sensed.at_s):
                self._queue.put(v.CodeRead(reading.payload, ScanSource.CAMERA, reading.reader))

        def report(health: SourceHealth) -> None:
            if self._source_health.get(source.name) != health:
                self._source_health[source.name] = health
                _log.info("source", name=source.name, ok=health.ok, sentence=health.sentence)
                self._health_due_s = 0.0

        while not self._stop.is_set():
            try:
                source.run(take, report, self._stop)
                return
            except Exception:  # a camera that ends silently is worse than one that stumbles
                _log.exception("source_stumbled", name=source.name)
                report(
                    SourceHealth(False, "It stumbled, and is opened again; the log says over what.")
                )
                self._stop.wait(STUMBLED_WAIT_S)

    # ---- the one thread that asks the core ----

    def _work(self) -> None:
        while True:
            try:
                given = self._queue.get(timeout=self._wait_s())
            except queue.Empty:
                given = v.Tick()
            if isinstance(given, _Stop):
                return
            try:
                self._take(given)
            except Exception:  # an agent that stops is worse than one that stumbles
                _log.exception("agent_stumbled", over=type(given).__name__)

    def _wait_s(self) -> float:
        due_s = min(self._core.wakeup_s() or float("inf"), self._health_due_s)
        return max(0.01, min(LONGEST_WAIT_S, due_s - time.monotonic()))

    def _take(self, given: v.Input | _FromBroker) -> None:
        if isinstance(given, _FromBroker):
            for each in self._understood(given):
                self._do(each)
        else:
            self._do(given)
        if time.monotonic() >= self._health_due_s:
            self._report_health()

    def _do(self, given: v.Input) -> None:
        for effect in self._core.handle(given, on_both_clocks(self._wall)):
            if not self._carried_out(effect):
                break

    def _carried_out(self, effect: v.Effect) -> bool:
        match effect:
            case v.Store():
                return self._stored(effect)
            case v.Publish(seq):
                self._publish(seq)
            case v.Announce(oldest_seq):
                birth = self._state(online=True, oldest_seq=oldest_seq)
                self._link.publish(self._topic("state"), birth, retain=True)
            case v.Tell(leaf, envelope):
                self._link.publish(self._topic(leaf), envelope, qos=0)
            case v.AskPhone():
                self._bluetooth.ask(effect)
            case v.Forget(seq):
                self._outbox.forget(seq)
            case v.Say(what):
                self._say(what)
        return True

    def _stored(self, store: v.Store) -> bool:
        try:
            self._outbox.put(store)
        except sqlite3.Error as error:
            _log.error("outbox_failed", why=str(error), remedy="Is the disk full?")
            self._storage_ok = False
            self._do(v.StoreFailed(store.seq))
            return False
        self._storage_ok = True
        return True

    def _publish(self, seq: int) -> None:
        kept = self._outbox.get(seq)
        if kept:
            leaf, envelope = kept
            self._link.publish(self._topic(leaf), envelope)

    def _say(self, what: v.ScreenEvent) -> None:
        match what:
            case v.Connection(online):
                self.online = online
                self._health_due_s = 0.0
            case v.BoardShown(board):
                self.board = board
                self._voice.take_board(board)
            case v.CardLists():
                self.lists = what
            case v.TicketWanted(command):
                self.print_ticket(command)
            case v.SpeechWanted(command):
                self._voice.speak(command)
            case _:
                pass
        for listener in list(self._listeners):
            listener(what)

    # ---- the broker ----

    def _new_link(self) -> Link:
        settings, topics = self.settings, self._topics
        subscriptions = [
            self._topic("ack"),
            self._topic("command"),
            topics.server_state,
            topics.card_keys,
            topics.revoked_cards,
        ]
        if settings.area:
            subscriptions.append(topics.board(settings.area))
        password = settings.broker_password.get_secret_value() if settings.broker_password else None
        return Link(
            settings.broker,
            f"daozhen-{settings.site}-{settings.agent}",
            (self._topic("state"), self._state(online=False, oldest_seq=1)),
            tuple(subscriptions),
            on_connected=lambda: self._queue.put(v.Connected()),
            on_disconnected=lambda: self._queue.put(v.Disconnected()),
            on_message=lambda topic, payload: self._queue.put(_FromBroker(topic, payload)),
            tls=Tls(settings.tls_ca, settings.tls_certificate, settings.tls_key),
            login=(settings.broker_user, password) if settings.broker_user else None,
        )

    def _understood(self, given: _FromBroker) -> list[v.Input]:
        if given.topic == self._topics.card_keys:
            self._lists.take_keys(given.payload)
            return self._lists_as_inputs()
        if given.topic == self._topics.revoked_cards:
            self._lists.take_revoked(given.payload)
            return self._lists_as_inputs()
        received = decode(given.payload)
        if not isinstance(received, Received):
            _log.warning("message_unreadable", topic=given.topic, reason=received.reason.value)
            return []
        if received.envelope.expired(self._wall()) or received.envelope.site != self.settings.site:
            return []
        return _as_inputs(received.envelope, received.message)

    def _take_lists(self) -> None:
        for each in self._lists_as_inputs():
            self._queue.put(each)

    def _lists_as_inputs(self) -> list[v.Input]:
        lists: list[v.Input] = []
        if self._lists.keys:
            lists.append(v.KeysReceived(self._lists.keys))
        if self._lists.revoked:
            lists.append(v.RevocationsReceived(self._lists.revoked))
        return lists

    def _topic(self, leaf: str) -> str:
        return self._topics.agent(self.settings.agent, leaf)

    def _state(self, *, online: bool, oldest_seq: int) -> bytes:
        can = ["screen"] if self._screen else []
        can += ["printer"] if self._press.there else []
        can += ["voice"] if self._voice.available else []
        can += ["bluetooth"] if self._bluetooth.wanted else []
        can += sorted({spec.partition(":")[0] for spec in self.settings.sources})
        return self._says.state(online=online, oldest_seq=oldest_seq, can=tuple(can))

    # ---- health ----

    def _health_is_due(self) -> None:
        self._health_due_s = 0.0
        self._queue.put(v.Tick())

    def _report_health(self) -> None:
        self._health_due_s = time.monotonic() + self.settings.health_every_s
        self._do(v.ClockJudged(clock_is_synced()))
        parts = parts_of(
            self._source_health.copy(),
            self.lists,
            stored=self._storage_ok,
            moment=self._wall(),
        )
        parts += self._bluetooth.parts() + self._voice.parts() + self._press.parts()
        health = self._says.health(self._core.waiting, self._core.scans, parts)
        self._link.publish(self._topic("health"), health, qos=0)


def _as_inputs(envelope: Envelope, message: Message) -> list[v.Input]:
    match message:
        case Acknowledged(install=install, seq=seq):
            return [v.AckReceived(install, seq)]
        case ServerState(online=online):
            return [v.ServerSeen(online)]
        case BoardView():
            return [v.BoardReceived(message)]
        case Show() | Print() | Speak() | ProofWanted():
            return [v.CommandReceived(envelope.id, message)]
        case _:
            return []


@asynccontextmanager
async def open_agent(
    settings: AgentSettings,
    *,
    screen: bool = False,
    wall: Wall = utc_now,
    title: Text = UNTITLED,
) -> AsyncIterator[RunningAgent]:
    """Run an agent for as long as the block lasts.

    Args:
        settings: see `AgentSettings`.
        screen: families see what it tells.
        wall: gives the present moment (aware); a demonstration may let it run faster.
        title: the hospital's name, at the head of slips.

    Raises:
        AgentError, BadSource, BadPrinter: it can't be started as it is set up.
    """
    agent = RunningAgent(settings, screen=screen, wall=wall, title=title)
    agent.start()
    try:
        yield agent
    finally:
        agent.stop()
