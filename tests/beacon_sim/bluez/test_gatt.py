"""Connections: what bleak finds on a simulated phone, and what a connection does to BlueZ's memory of it."""

import asyncio
import os
import time

import pytest
from bleak import BleakClient
from bleak.exc import BleakDBusError, BleakError, BleakGATTProtocolError

from beacon_sim.bluez import FakeBluez, Phone
from protocol.checkin_token import ANSWER, ASK, SERVICE, Question, proof_is_good, window_of
from tests.beacon_sim.bluez.bleak_user import listening, on_fake_bluez, until

PHONE = Phone("C0:FF:EE:00:00:01", bytes(range(16)))


def question(agent: str = "door-a", windows_off: int = 0) -> Question:
    return Question(os.urandom(16), agent, window_of(time.time()) + windows_off)


def test_a_phone_proves_by_reading_and_by_notification() -> None:
    async def body(bluez: FakeBluez) -> None:
        bluez.serve(PHONE.address, PHONE.services(time.time))
        async with listening(bluez) as ear:
            await bluez.hear(PHONE.advert(-60, time.time()))
            await ear.after(1)
            async with BleakClient(ear.heard[0][0], bluez={"adapter": "hci0"}) as client:
                assert [service.uuid for service in client.services] == [str(SERVICE)]
                asked, told = question(), asyncio.Queue[bytes]()
                await client.start_notify(str(ANSWER), lambda _, data: told.put_nowait(bytes(data)))
                await client.write_gatt_char(str(ASK), bytes(asked), response=True)
                assert proof_is_good(PHONE.visit_key, asked, await told.get())
                read = bytes(await client.read_gatt_char(str(ANSWER)))
                assert proof_is_good(PHONE.visit_key, asked, read)
                await client.stop_notify(str(ANSWER))

    on_fake_bluez(body)


def test_a_connection_replaces_the_advertised_uuids_with_those_of_the_server() -> None:
    async def body(bluez: FakeBluez) -> None:
        bluez.serve(PHONE.address, PHONE.services(time.time))
        async with listening(bluez) as ear:
            await bluez.hear(PHONE.advert(-60, time.time()))
            await ear.after(1)
            token = ear.heard[0][1].service_uuids
            async with BleakClient(ear.heard[0][0], bluez={"adapter": "hci0"}):
                held = bluez.adapter().devices[PHONE.address].uuids
                assert str(SERVICE) in held
                assert not set(token) & set(held)
            await bluez.hear(PHONE.advert(-61, time.time()))
            await until(lambda: ear.levels[-1] == -61)
            assert {*token, str(SERVICE)} <= set(ear.heard[-1][1].service_uuids)

    on_fake_bluez(body)


def test_what_is_no_question_and_what_is_of_another_hour_is_refused() -> None:
    async def body(bluez: FakeBluez) -> None:
        bluez.serve(PHONE.address, PHONE.services(time.time))
        async with listening(bluez) as ear:
            await bluez.hear(PHONE.advert(-60, time.time()))
            await ear.after(1)
            async with BleakClient(ear.heard[0][0], bluez={"adapter": "hci0"}) as client:
                for wrong in (b"hello", bytes(question(windows_off=3))):
                    with pytest.raises(BleakGATTProtocolError):
                        await client.write_gatt_char(str(ASK), wrong, response=True)
                with pytest.raises(BleakGATTProtocolError):
                    await client.read_gatt_char(str(ASK))

    on_fake_bluez(body)


def test_a_phone_without_services_can_not_be_connected_to() -> None:
    async def body(bluez: FakeBluez) -> None:
        async with listening(bluez) as ear:
            await bluez.hear(PHONE.advert(-60, time.time()))
            await ear.after(1)
            with pytest.raises((TimeoutError, BleakError, BleakDBusError)):
                await BleakClient(ear.heard[0][0], timeout=0.5, bluez={"adapter": "hci0"}).connect()

    on_fake_bluez(body)


def test_a_phone_that_walks_away_ends_the_connection() -> None:
    async def body(bluez: FakeBluez) -> None:
        bluez.serve(PHONE.address, PHONE.services(time.time))
        async with listening(bluez) as ear:
            await bluez.hear(PHONE.advert(-60, time.time()))
            await ear.after(1)
            ended = asyncio.Event()
            client = BleakClient(ear.heard[0][0], lambda _: ended.set(), bluez={"adapter": "hci0"})
            await client.connect()
            bluez.walk_away(PHONE.address)
            await asyncio.wait_for(ended.wait(), 5)
            assert not client.is_connected
            await client.disconnect()

    on_fake_bluez(body)
