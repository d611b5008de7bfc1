"""The radio for dongles, against bumble's own virtual controllers. Without the extra `usb` there is nothing to test."""

import asyncio
import importlib.util
import os
import time
from typing import Any

from edge_agent.core import Heard
from edge_agent.core.recovery import Trouble
from protocol.checkin_token import (
    ANSWER,
    ASK,
    SERVICE,
    Flags,
    Question,
    proof_is_good,
    prove,
    read_question,
    token_at,
    window_of,
)

KEY = bytes(range(16))
INSTALLED = importlib.util.find_spec("bumble") is not None


async def phone_on(link: Any, token: bytes) -> Any:
    """A phone that advertises a token and answers the challenge."""
    from bumble.controller import Controller
    from bumble.core import UUID, AdvertisingData
    from bumble.device import Device
    from bumble.gatt import Characteristic, CharacteristicValue, Service
    from bumble.hci import Address
    from bumble.host import Host

    host = Host()
    host.controller = Controller("phone", link=link)
    phone = Device("phone", address=Address("C0:FF:EE:00:00:01"), host=host)
    answer = b""

    def written(_connection: object, value: bytes) -> None:
        nonlocal answer
        question = read_question(bytes(value))
        answer = prove(KEY, question) if question else b""

    kinds, may = Characteristic.Properties, Characteristic
    phone.add_service(
        Service(
            UUID(str(SERVICE)),
            [
                Characteristic(
                    str(ASK), kinds.WRITE, may.WRITEABLE, CharacteristicValue(write=written)
                ),
                Characteristic(
                    str(ANSWER),
                    kinds.READ,
                    may.READABLE,
                    CharacteristicValue(read=lambda _: answer),
                ),
            ],
        )
    )
    await phone.power_on()
    field = AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS
    data = AdvertisingData([(AdvertisingData.FLAGS, b"\x06"), (field, token[::-1])])
    await phone.start_advertising(advertising_data=bytes(data), auto_restart=True)
    return phone


class Dongle:
    """A transport to a virtual controller, as bumble's own have it."""

    def __init__(self, controller: Any) -> None:
        from bumble.transport.common import AsyncPipeSink

        self.source, self.sink = self, AsyncPipeSink(controller)
        self.terminated = asyncio.get_running_loop().create_future()
        self._controller = controller

    def set_packet_sink(self, sink: object) -> None:
        self._controller.set_packet_sink(sink)

    async def close(self) -> None:
        pass


if INSTALLED:

    def test_a_dongle_hears_a_phone_and_asks_it() -> None:
        from bumble.controller import Controller
        from bumble.link import LocalLink

        from edge_agent.radio.bumble_radio import BumbleRadio

        async def body() -> None:
            link = LocalLink()
            dongle = Dongle(Controller("agent", link=link))

            async def opened(_name: str) -> Dongle:
                return dongle

            token = token_at(KEY, time.time(), Flags.CAN_PROVE)
            await phone_on(link, bytes(token))
            heard: list[Heard] = []
            radio = BumbleRadio("usb:0", opened)
            await radio.start(heard.append)
            async with asyncio.timeout(5):
                while not heard:
                    await asyncio.sleep(0.05)
            assert heard[0].tokens[0].token == token
            question = Question(os.urandom(16), "door-a", window_of(time.time()))
            answer = await radio.ask(heard[0].address, bytes(question))
            assert isinstance(answer, bytes)
            assert proof_is_good(KEY, question, answer)
            dongle.terminated.set_result(None)
            assert await radio.trouble() is Trouble.NO_ADAPTER
            await radio.stop()

        asyncio.run(body())
