"""The line to the broker, with a real mosquitto and real clients."""

import json
import queue
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Self

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from daozhen.broker import BrokerProcess, find_mosquitto
from protocol import Acknowledged, BoardView, CallMade, Received, ServerState, Show, decode
from queue_server.broker import parse_broker
from queue_server.cards import CardLists
from queue_server.core import commands as c
from queue_server.core.vocabulary import StepState
from queue_server.envelopes import Envelopes
from queue_server.link import Link
from queue_server.turn import Delivery, Submission
from queue_server.writer_thread import WriterThread
from tests.queue_server.shell import INSTALL, TOPICS, Agent, Shell

pytestmark = pytest.mark.programs
WAIT_S = 15.0


def eventually(what: Callable[[], object], within_s: float = WAIT_S) -> None:
    deadline = time.monotonic() + within_s
    while not what():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


class Server:
    """A writer thread and a link, as the program puts them together; the clock stands still."""

    def __init__(self, broker: BrokerProcess, shell: Shell) -> None:
        self.shell = shell
        self.lists = CardLists(keys_file=b"keys", revoked_file=b"revoked")
        clock = shell.clock
        envelopes = Envelopes("test", clock, lambda count: bytes(count))
        self.link = Link(parse_broker(broker.url), "test", envelopes, lambda: self.lists, clock)
        shell.writer._outlet = self.link
        self.desk = WriterThread(shell.writer, self.link, lambda error: None)

    def __enter__(self) -> Self:
        self.desk.start()
        self.link.start(self.desk)
        return self

    def __exit__(self, *_: object) -> None:
        self.link.stop()
        self.desk.stop()

    def do(self, command: c.Command) -> c.Answer:
        answer: Future[c.Answer] = Future()
        self.desk._inbox.offer(Submission(command, answer))
        return answer.result(WAIT_S)


class Client:
    """Somebody else at the broker: hears `topics`, remembers the last message of each."""

    def __init__(self, broker: BrokerProcess, *topics: str, name: str = "somebody") -> None:
        self.last: dict[str, bytes] = {}
        self.all: list[tuple[str, bytes]] = []
        ready = queue.Queue[None]()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, name)
        self._client.on_message = self._hear
        self._client.on_connect = lambda client, *_: client.subscribe([(t, 1) for t in topics])
        self._client.on_subscribe = lambda *_: ready.put(None)
        self._client.connect("127.0.0.1", broker.port)
        self._client.loop_start()
        ready.get(timeout=WAIT_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _hear(self, _client: object, _data: object, message: mqtt.MQTTMessage) -> None:
        self.last[message.topic] = bytes(message.payload)
        self.all.append((message.topic, bytes(message.payload)))

    def say(self, message: tuple[str, bytes], retain: bool = False) -> None:
        self._client.publish(*message, qos=1, retain=retain).wait_for_publish(WAIT_S)

    def await_server(self) -> None:
        """Wait until the server says that it hears."""
        eventually(lambda: (state := self.heard(TOPICS.server_state)) and state.online)

    def heard(self, topic: str) -> Any:
        """The last message on a topic, read; None when there is none."""
        found = decode(self.last[topic]) if topic in self.last else None
        return found.message if isinstance(found, Received) else None


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[BrokerProcess]:
    program = find_mosquitto()
    if program is None:
        pytest.skip("mosquitto is not installed")
    with BrokerProcess(tmp_path / "broker", program=program) as process:
        yield process


@pytest.fixture
def shell() -> Shell:
    shell = Shell()
    shell.register("0001", "0002", "0003")
    return shell


ALL = "daozhen/v1/test/#"


def test_a_scan_is_acknowledged_and_answered(broker: BrokerProcess, shell: Shell) -> None:
    with Client(broker, ALL) as kiosk, Server(broker, shell):
        kiosk.await_server()
        kiosk.say(Agent().scan("HIS-0001"))
        eventually(lambda: kiosk.heard(TOPICS.agent("k1", "command")))
        ack, show = (kiosk.heard(TOPICS.agent("k1", leaf)) for leaf in ("ack", "command"))
        assert ack == Acknowledged(install=INSTALL, seq=1)
        assert isinstance(show, Show)
        assert show.stands[0].ticket == "A001"
        envelope = json.loads(kiosk.last[TOPICS.agent("k1", "command")])
        assert envelope["expirytime"] == "2026-03-02T01:01:00Z"
        assert envelope["source"] == "/test/server"


def test_who_comes_later_finds_state_boards_acknowledgements_and_card_lists(
    broker: BrokerProcess, shell: Shell
) -> None:
    shell.deliver(Agent().scan("HIS-0001"))
    with Server(broker, shell) as server:
        eventually(lambda: server.link.listening)
        time.sleep(0.2)
        with Client(broker, ALL) as late:
            eventually(lambda: len(late.last) >= 6)
            assert late.heard(TOPICS.server_state) == ServerState(
                online=True, started=shell.clock.now
            )
            assert late.heard(TOPICS.agent("k1", "ack")) == Acknowledged(install=INSTALL, seq=1)
            assert late.heard(TOPICS.board("east")).area == "east"
            assert late.last[TOPICS.card_keys] == b"keys"
            assert late.last[TOPICS.revoked_cards] == b"revoked"


def test_a_call_is_told_and_on_the_board(broker: BrokerProcess, shell: Shell) -> None:
    shell.deliver(Agent().scan("HIS-0001"))
    with Client(broker, ALL) as hall, Server(broker, shell) as server:
        eventually(lambda: hall.heard(TOPICS.board("east")))
        began = time.monotonic()
        server.do(c.CallNext("a1", "nurse"))

        def shown() -> bool:
            board: BoardView = hall.heard(TOPICS.board("east"))
            return any(point.called for point in board.points)

        eventually(shown)
        assert time.monotonic() - began < 1.0
        eventually(lambda: hall.heard(TOPICS.call("resp")))
        call: CallMade = hall.heard(TOPICS.call("resp"))
        assert (call.ticket, call.point) == ("A001", "a1")


def test_a_server_without_a_broker_works_and_tells_everything_once_it_is_there(
    broker: BrokerProcess, shell: Shell
) -> None:
    broker.stop()
    with Server(broker, shell) as server:
        assert server.do(c.PausePoint("a1", "nurse")) == c.Accepted()
        assert not server.link.listening
        broker.start()
        with Client(broker, ALL) as hall:
            eventually(lambda: hall.heard(TOPICS.board("east")))
            assert [p.open for p in hall.heard(TOPICS.board("east")).points] == [False, True]


@pytest.mark.parametrize("wiped", [False, True])
def test_a_broker_that_dies_and_comes_back_even_with_its_store_wiped_knows_everything_again(
    broker: BrokerProcess, shell: Shell, wiped: bool
) -> None:
    agent = Agent()
    with Server(broker, shell) as server:
        with Client(broker, ALL) as kiosk:
            kiosk.await_server()
            kiosk.say(agent.scan("HIS-0001"))
            eventually(lambda: kiosk.heard(TOPICS.agent("k1", "ack")))
        broker.kill()
        eventually(lambda: not server.link.listening)
        server.do(c.CallNext("a1", "nurse"))
        if wiped:
            broker.wipe_store()
        broker.start()
        eventually(lambda: server.link.listening)
        with Client(broker, ALL) as kiosk:
            kiosk.await_server()
            eventually(lambda: kiosk.heard(TOPICS.agent("k1", "ack")))
            eventually(lambda: kiosk.heard(TOPICS.board("east")))
            eventually(lambda: any(p.called for p in kiosk.heard(TOPICS.board("east")).points))
            kiosk.say(agent.scan("HIS-0002"))
            eventually(lambda: kiosk.heard(TOPICS.agent("k1", "ack")).seq == 2)


def test_what_was_not_durable_when_the_server_died_is_brought_again(
    broker: BrokerProcess, shell: Shell
) -> None:
    class Deaf:
        """A server killed between receiving and committing."""

        heard = 0

        def receive(self, deliveries: Sequence[Delivery]) -> None:
            self.heard += len(deliveries)

        def greet(self) -> None:
            pass

    deaf = Deaf()
    dying = Server(broker, Shell())
    dying.link.start(deaf)
    eventually(lambda: dying.link.listening)
    with Client(broker, ALL) as kiosk:
        kiosk.await_server()
        kiosk.say(Agent().scan("HIS-0001"))
        eventually(lambda: deaf.heard)
        dying.link.stop()
        with Server(broker, shell):
            eventually(lambda: kiosk.heard(TOPICS.agent("k1", "ack")))
    assert shell.hospital.visits["v-0001"].first_step().state is StepState.WAITING


def test_the_last_will_tells_agents_that_the_server_is_gone(
    broker: BrokerProcess, shell: Shell
) -> None:
    with Client(broker, TOPICS.server_state) as kiosk:
        server = Server(broker, shell)
        with server:
            eventually(lambda: kiosk.heard(TOPICS.server_state))
            connection = server.link._client.connection()
            assert connection
            connection._inner.close()  # the cable is cut
            eventually(lambda: len(kiosk.all) >= 3)
        online = [json.loads(payload)["data"]["online"] for _, payload in kiosk.all]
        assert online[:3] == [True, False, True]
        eventually(lambda: not kiosk.heard(TOPICS.server_state).online)


def test_rubbish_and_a_megabyte_do_not_stop_the_stream(broker: BrokerProcess, shell: Shell) -> None:
    card = TOPICS.agent("k1", "card")
    with Client(broker, ALL) as kiosk, Server(broker, shell):
        kiosk.await_server()
        for payload in (bytes(1024 * 1024), b"", b"\xff", b"{}", b'{"specversion": "1.0"}'):
            kiosk.say((card, payload))
        kiosk.say((TOPICS.agent("k1", "state"), b""), retain=True)
        kiosk.say(Agent().scan("HIS-0001"))
        eventually(lambda: kiosk.heard(TOPICS.agent("k1", "ack")))
    reasons = [each.reason for each in shell.journal.rejected]  # type: ignore[attr-defined]  # in memory
    assert reasons == ["too_big", "not_json", "not_json", "not_an_envelope", "not_an_envelope"]


def test_five_hundred_scans_at_once_are_all_taken(broker: BrokerProcess, shell: Shell) -> None:
    agent = Agent()
    with Client(broker, ALL) as kiosk, Server(broker, shell):
        kiosk.await_server()
        for _ in range(500):
            kiosk._client.publish(*agent.scan("HIS-0001"), qos=1)
        eventually(lambda: kiosk.heard(TOPICS.agent("k1", "ack")))
        eventually(lambda: kiosk.heard(TOPICS.agent("k1", "ack")).seq == 500)
    assert shell.hospital.visits["v-0001"].ticket == "A001"
