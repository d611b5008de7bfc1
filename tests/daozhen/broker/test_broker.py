"""The brokers we start ourselves, driven by real clients."""

import os
import pwd
import queue
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from daozhen.broker import BrokerFailed, BrokerProcess, find_mosquitto, free_port, open_broker
from daozhen.broker.process import answers

pytestmark = pytest.mark.programs


class Client:
    """A small client that keeps what it hears."""

    def __init__(self, port: int, name: str, *topics: str) -> None:
        self.heard: queue.Queue[tuple[str, bytes]] = queue.Queue()
        subscribed: queue.Queue[None] = queue.Queue()
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2, name, clean_session=False, protocol=mqtt.MQTTv311
        )
        self._client.on_message = lambda _c, _u, m: self.heard.put((m.topic, bytes(m.payload)))
        self._client.on_subscribe = lambda *_: subscribed.put(None)
        connected: queue.Queue[None] = queue.Queue()
        self._client.on_connect = lambda *_: connected.put(None)
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        connected.get(timeout=5)
        if topics:
            self._client.subscribe([(topic, 1) for topic in topics])
            subscribed.get(timeout=5)

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        self._client.publish(topic, payload, 1, retain).wait_for_publish(5)

    def all_heard(self, wait_s: float = 0.7) -> list[tuple[str, bytes]]:
        time.sleep(wait_s)
        return [self.heard.get() for _ in range(self.heard.qsize())]

    def leave(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture(params=["embedded", "mosquitto"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[BrokerProcess]:
    program = find_mosquitto() if request.param == "mosquitto" else None
    if request.param == "mosquitto" and program is None:
        pytest.skip("mosquitto is not installed")
    with BrokerProcess(tmp_path, program=program) as process:
        yield process


def test_a_client_gets_no_retained_message_that_others_asked_for(broker: BrokerProcess) -> None:
    first = Client(broker.port, "first", "secret/#")
    first.publish("secret/plan", b"x", retain=True)
    second = Client(broker.port, "second", "public/#")
    second.leave()
    second = Client(broker.port, "second", "public/#")
    assert second.all_heard() == []
    first.leave()
    second.leave()


def test_a_client_gets_the_retained_messages_it_asks_for(broker: BrokerProcess) -> None:
    first = Client(broker.port, "first")
    first.publish("public/state", b"on", retain=True)
    second = Client(broker.port, "second", "public/#")
    assert ("public/state", b"on") in second.all_heard()
    first.leave()
    second.leave()


def test_what_is_sent_while_a_client_is_away_waits_for_it(broker: BrokerProcess) -> None:
    away = Client(broker.port, "away", "news/#")
    away.leave()
    sender = Client(broker.port, "sender")
    for number in range(20):
        sender.publish("news/today", b"%d" % number)
    back = Client(broker.port, "away")
    assert [payload for _, payload in back.all_heard(1.0)] == [b"%d" % n for n in range(20)]
    sender.leave()
    back.leave()


def test_a_broker_is_back_on_its_port_after_a_kill(broker: BrokerProcess) -> None:
    broker.kill()
    assert not broker.running()
    broker.start()
    Client(broker.port, "after").leave()


def test_a_given_broker_that_does_not_answer_is_said_in_a_sentence(tmp_path: Path) -> None:
    with (
        pytest.raises(BrokerFailed, match="No broker answers"),
        open_broker(tmp_path, f"mqtt://127.0.0.1:{free_port()}"),
    ):
        pass


def test_an_address_that_is_none_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BrokerFailed, match="write mqtt://"), open_broker(tmp_path, "http://x"):
        pass


def test_the_ladder_takes_the_embedded_broker_when_asked(tmp_path: Path) -> None:
    with open_broker(tmp_path, prefer="embedded") as found:
        assert found.kind == "embedded"


PLAIN = """
import asyncio, sys
from amqtt.broker import Broker
async def serve(port):
    anybody = {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}}
    listeners = {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}"}}
    await Broker({"listeners": listeners, "plugins": anybody}).start()
    await asyncio.Event().wait()
asyncio.run(serve(int(sys.argv[1])))
"""


class Plain:
    """amqtt as it comes."""

    def __init__(self) -> None:
        self.port = free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-c", PLAIN, str(self.port)], stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 10
        while not answers("127.0.0.1", self.port):
            assert time.monotonic() < deadline, "plain amqtt did not start"
            time.sleep(0.02)


@pytest.fixture
def plain() -> Iterator[Plain]:
    running = Plain()
    yield running
    running.process.kill()
    running.process.wait()


def test_plain_amqtt_still_leaks_retained_messages(plain: Plain) -> None:
    """Fails when amqtt has mended it: then `MendedBroker` can go."""
    first = Client(plain.port, "first", "secret/#")
    first.publish("secret/plan", b"x", retain=True)
    second = Client(plain.port, "second", "public/#")
    assert ("secret/plan", b"x") in second.all_heard() + _again(plain.port)
    first.leave()
    second.leave()


def _again(port: int) -> list[tuple[str, bytes]]:
    back = Client(port, "second", "public/#")
    heard = back.all_heard()
    back.leave()
    return heard


def test_plain_amqtt_still_forgets_who_is_away_without_a_name(plain: Plain) -> None:
    """Fails when amqtt has mended it: then `LocalPeople` can go."""
    Client(plain.port, "away", "news/#").leave()
    sender = Client(plain.port, "sender")
    sender.publish("news/today", b"1")
    back = Client(plain.port, "away")
    assert back.all_heard() == []
    sender.leave()
    back.leave()


def test_a_port_that_is_taken_is_said_in_a_sentence(broker: BrokerProcess, tmp_path: Path) -> None:
    for program in (find_mosquitto(), None):
        with pytest.raises(BrokerFailed, match="is taken"):
            BrokerProcess(tmp_path / "other", broker.port, program).start()


def test_mosquitto_runs_as_who_we_are_whatever_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "nobody")
    with BrokerProcess(tmp_path, program=find_mosquitto()):
        written = (tmp_path / "mosquitto.conf").read_text()
    assert f"user {pwd.getpwuid(os.geteuid()).pw_name}\n" in written
