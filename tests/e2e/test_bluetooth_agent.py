"""The whole edge-agent program, its radio a fake BlueZ: a phone at the door arrives at the broker."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from beacon_sim import Program
from beacon_sim.bluez import FakeBluez, Phone
from daozhen.broker import BrokerProcess, find_mosquitto
from protocol import (
    Acknowledged,
    AgentHealth,
    AgentState,
    Envelope,
    Message,
    PartHealth,
    PhoneNear,
    PresenceReported,
    ProofGiven,
    ProofProblem,
    ProofWanted,
    Received,
    Topics,
    decode,
    encode,
    server_source,
    uuid7,
    wrap,
)
from protocol.checkin_token import Question, proof_is_good, token_at, window_of
from tests.beacon_sim.bluez.bleak_user import running, until

pytestmark = [pytest.mark.programs, pytest.mark.slow]
PHONE = Phone("C0:FF:EE:00:00:01", bytes(range(16)))
TOPICS = Topics("xinghe")
Kind = TypeVar("Kind", bound=Message)


class Server:
    """What a queue server would hear, and say, at the broker."""

    def __init__(self, broker: BrokerProcess) -> None:
        self.heard: list[tuple[Envelope, Message]] = []
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv311)
        self._client.on_message = self._on_message
        self._client.connect("127.0.0.1", broker.port)
        self._client.subscribe(TOPICS.every_agent, qos=1)
        self._client.loop_start()

    def _on_message(self, _client: object, _userdata: object, message: mqtt.MQTTMessage) -> None:
        received = decode(bytes(message.payload))
        if isinstance(received, Received):
            self.heard.append((received.envelope, received.message))

    def all(self, kind: type[Kind]) -> list[Kind]:
        return [message for _, message in self.heard if isinstance(message, kind)]

    def envelopes(self, kind: type[Message]) -> list[Envelope]:
        return [envelope for envelope, message in self.heard if isinstance(message, kind)]

    def bluetooth(self) -> PartHealth | None:
        """What the agent said last of its radio."""
        parts = [part for health in self.all(AgentHealth) for part in health.parts]
        return next((part for part in reversed(parts) if part.part.startswith("bluetooth")), None)

    def bluetooth_says(self) -> str:
        part = self.bluetooth()
        return part.text.zh if part and part.text else ""

    def say(self, leaf: str, message: Message) -> None:
        envelope = wrap(
            message,
            id=uuid7(time.time_ns() // 1_000_000, bytes(10)),
            source=server_source("xinghe"),
            time=datetime.now(UTC),
            site="xinghe",
        )
        self._client.publish(TOPICS.agent("door-a", leaf), encode(envelope), qos=1)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


class Building:
    def __init__(self, bluez: FakeBluez, server: Server) -> None:
        self.bluez, self.server = bluez, server
        self.rssi: int | None = -50

    async def advertise(self) -> None:
        while True:
            if self.rssi is not None:
                await self.bluez.hear(PHONE.advert(self.rssi, time.time()))
            await asyncio.sleep(0.1)

    async def hears(self, true: Callable[[Server], object], within_s: float = 15) -> None:
        await until(lambda: bool(true(self.server)), within_s)


@asynccontextmanager
async def building(folder: Path, **settings: object) -> AsyncIterator[Building]:
    """A broker, a fake BlueZ, the agent program at a door, and a phone in the air."""
    given = {
        "site": "xinghe",
        "agent": "door-a",
        "data": folder / "agent",
        "voice": "off",
        "health_every_s": 0.5,
        "bluetooth": "hci0",
        "bluetooth_silent_s": 2.0,
        **settings,
    }
    broker = BrokerProcess(folder / "broker", program=find_mosquitto())
    with broker:
        server = Server(broker)
        async with FakeBluez() as bluez:
            agent = Program("edge-agent", {**given, "broker": broker.url}, folder / "agent")
            made = Building(bluez, server)
            air = asyncio.create_task(made.advertise())
            async with running(agent, bluez):
                yield made
            air.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await air
        server.close()


def test_a_phone_at_the_door_is_told_kept_until_acknowledged_and_reported(tmp_path: Path) -> None:
    async def body() -> None:
        async with building(tmp_path) as here:
            await here.hears(lambda s: s.all(PhoneNear) and len(s.all(PresenceReported)) > 2)
            told, envelope = here.server.all(PhoneNear)[0], here.server.envelopes(PhoneNear)[0]
            assert told.sighting.token == token_at(PHONE.visit_key, time.time()).text
            assert told.sighting.rssi_median_dbm == -50
            assert envelope.seq == 1
            assert envelope.expirytime is None
            report = here.server.envelopes(PresenceReported)[0]
            assert report.seq is None
            assert report.expirytime is not None
            assert "bluetooth" in here.server.all(AgentState)[0].can

            await here.hears(lambda s: s.all(AgentHealth)[-1].outbox_waiting == 1)
            assert envelope.install is not None
            here.server.say("ack", Acknowledged(install=envelope.install, seq=1))
            await here.hears(lambda s: s.all(AgentHealth)[-1].outbox_waiting == 0)

    asyncio.run(body())


def test_the_server_may_ask_the_phone_to_prove_itself(tmp_path: Path) -> None:
    async def body() -> None:
        async with building(tmp_path) as here:
            here.bluez.serve(PHONE.address, PHONE.services(time.time))
            await here.hears(lambda s: s.all(PresenceReported))
            token = token_at(PHONE.visit_key, time.time()).text
            question = Question(bytes(range(16)), "door-a", window_of(time.time()))
            wanted = ProofWanted(token=token, nonce=question.nonce.hex(), window=question.window)
            here.server.say("command", wanted)
            await here.hears(lambda s: s.all(ProofGiven))
            [given] = here.server.all(ProofGiven)
            assert given.problem is None
            assert given.proof is not None
            assert proof_is_good(PHONE.visit_key, question, bytes.fromhex(given.proof))
            nobody = wanted.model_copy(update={"token": "00" * 9})
            await asyncio.sleep(0.01)  # another id
            here.server.say("command", nobody)
            await here.hears(lambda s: len(s.all(ProofGiven)) == 2)
            assert here.server.all(ProofGiven)[1].problem is ProofProblem.NOT_HEARD

    asyncio.run(body())


def test_a_lost_adapter_is_on_the_health_in_both_languages_and_comes_back(tmp_path: Path) -> None:
    async def body() -> None:
        async with building(tmp_path) as here:
            await here.hears(lambda s: (part := s.bluetooth()) and part.ok)
            here.bluez.pull()
            await here.hears(lambda s: "插入适配器" in s.bluetooth_says())
            part = here.server.bluetooth()
            assert part is not None
            assert not part.ok
            assert "Plug it in" in part.sentence
            here.bluez.plug()
            await here.hears(lambda s: (part := s.bluetooth()) and part.ok)

    asyncio.run(body())


def test_without_bluetooth_the_rest_works(tmp_path: Path) -> None:
    async def body() -> None:
        async with building(tmp_path, bluetooth="hci9") as here:
            await here.hears(lambda s: (part := s.bluetooth()) and part.text)
            parts = here.server.all(AgentHealth)[-1].parts
            assert [part.ok for part in parts if part.part == "outbox"] == [True]
            assert here.server.all(PhoneNear) == []

    asyncio.run(body())
