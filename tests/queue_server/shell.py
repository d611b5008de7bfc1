"""The shell around the rules, with everything outside replaced by small fakes; and a dump to compare states by."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from protocol import (
    AgentState,
    BoardView,
    CardScanned,
    ClockState,
    Message,
    ProvisionalGiven,
    ScanSource,
    Topics,
    agent_source,
    encode,
    uuid7,
    wrap,
)
from queue_server.agents import AgentRegistry
from queue_server.cards import CardDesk, CardLists
from queue_server.core import Hospital, apply
from queue_server.core import commands as c
from queue_server.core.lines import Lines
from queue_server.core.site import Site
from queue_server.ingest import Delivered, Ingest
from queue_server.journal import Journal, MemoryJournal
from queue_server.phones import PhoneDesk
from queue_server.telling import Telling
from queue_server.turn import Delivery, Greeting, Submission, Taken
from queue_server.writer import Registrations, Writer
from tests.queue_server.core.makers import NINE, TODAY, small_site

INSTALL = "00112233445566aa"
TOPICS = Topics("test")


class Outlet:
    """Remembers what was told, in the order in which it was told."""

    def __init__(self) -> None:
        self.told: list[Telling] = []
        self.boards: list[BoardView] = []
        self.listening = True

    def tell(self, telling: Telling) -> None:
        self.told.append(telling)
        for let_go in telling.durable:
            let_go()

    def show_board(self, board: BoardView) -> None:
        self.boards.append(board)

    @property
    def acknowledged(self) -> dict[str, tuple[str, int]]:
        """The last acknowledgement of each agent."""
        return {agent: ack for each in self.told for agent, ack in each.acknowledged.items()}


class Clock:
    def __init__(self, now: datetime = NINE) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class Shell:
    """A writer on a small site, on a clock that stands still until it is moved."""

    def __init__(
        self,
        journal: Journal | None = None,
        site: Site | None = None,
        clock: Clock | None = None,
        registrations: Registrations = lambda _day: (),
        lists: Callable[[], CardLists] = CardLists,
        phones: PhoneDesk | None = None,
    ) -> None:
        self.site = site or small_site()
        self.journal = journal or MemoryJournal()
        self.clock = clock or Clock()
        self.outlet = Outlet()
        self.agents = AgentRegistry()
        self.let_go: list[Delivery] = []
        hospital = replayed(self.site, self.journal)
        ingest = Ingest(self.site.id, CardDesk(lists, self.site.day))
        self.writer = Writer(
            hospital,
            self.journal,
            ingest,
            self.agents,
            self.outlet,
            self.clock,
            registrations,
            phones,
        )
        self.writer.open()

    @property
    def hospital(self) -> Hospital:
        return self.writer.hospital

    def do(self, command: c.Command) -> c.Answer:
        answer: Future[c.Answer] = Future()
        self.writer.take([Submission(command, answer)])
        return answer.result(0)

    def deliver(self, *messages: "tuple[str, bytes]") -> Taken:
        """Deliver messages (topic, payload) as one batch."""
        return self.writer.take([self.delivery(topic, payload) for topic, payload in messages])

    def delivery(self, topic: str, payload: bytes) -> Delivery:
        return Delivery(Delivered(topic, payload, self.clock()), lambda: None)

    def greet(self) -> Taken:
        return self.writer.take([Greeting()])

    def register(self, *children: str, **more: object) -> None:
        """Register children with HIS numbers as cards: visit `v-0007`, card text `HIS-0007`."""
        for child in children:
            given: dict[str, object] = {"group": "resp", "day": TODAY, "card": f"his:{child}"}
            answer = self.do(
                c.Register(f"v-{child}", f"p-{child}", f"张小{child}", **{**given, **more})  # type: ignore[arg-type]  # by name
            )
            assert answer == c.Accepted(), answer


class Agent:
    """Makes what an agent sends, numbered."""

    def __init__(
        self, name: str = "k1", install: str = INSTALL, clock: Clock | None = None
    ) -> None:
        self.name = name
        self.install = install
        self.seq = 0
        self.clock = clock or Clock()

    def scan(self, text: str, **more: object) -> tuple[str, bytes]:
        return self.send("card", CardScanned(text=text, source=ScanSource.CAMERA), **more)

    def provisional(self, text: str, ticket: str, scan: UUID, **more: object) -> tuple[str, bytes]:
        return self.send("card", ProvisionalGiven(scan=scan, text=text, ticket=ticket), **more)

    def birth(self, oldest_seq: int, birth: int = 1, online: bool = True) -> tuple[str, bytes]:
        state = AgentState(online=online, birth=birth, oldest_seq=oldest_seq)
        return self.send("state", state, seq=None)

    def send(self, leaf: str, message: Message, **more: object) -> tuple[str, bytes]:
        """Topic and payload of a message; it gets the next number unless `seq` is given."""
        if "seq" not in more:
            self.seq += 1
        given: dict[str, object] = {
            "id": uuid7(int(self.clock().timestamp() * 1000), self.seq.to_bytes(10, "big")),
            "source": agent_source("test", self.name),
            "time": self.clock(),
            "site": "test",
            "clockstate": ClockState.SYNCED,
            "install": self.install,
            "seq": self.seq,
            **more,
        }
        envelope = wrap(message, **given)  # type: ignore[arg-type]  # by name
        return TOPICS.agent(self.name, leaf), encode(envelope)


def replayed(site: Site, journal: Journal) -> Hospital:
    hospital = Hospital(site)
    for event in journal.replay():
        apply(hospital, event)
    return hospital


def dump(value: object) -> object:
    """A state as plain values that can be compared; empty containers are as good as none."""
    if isinstance(value, Hospital):
        return {
            name: dump(part)
            for name, part in sorted(vars(value).items())
            if name not in ("site", "moment", "memos", "handle_of") and part
        }
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: dump(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): dump(part) for key, part in sorted(value.items(), key=str) if part}
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, str | int | float | None):
        return value
    if isinstance(value, Lines):
        return dump({k: v for k, v in vars(value).items() if k not in ("changes", "counted")})
    return [dump(part) for part in value] if hasattr(value, "__iter__") else str(value)


def later(moment: datetime, **more: float) -> datetime:
    return moment + timedelta(**more)
