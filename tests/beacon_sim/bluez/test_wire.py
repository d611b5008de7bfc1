"""Nothing is lost, however slowly it is read."""

import asyncio
import inspect
import time

from dbus_fast import Variant
from dbus_fast.aio import message_bus
from hypothesis import given
from hypothesis import strategies as st

from beacon_sim.bluez import Advert, FakeBluez, Phone
from beacon_sim.bluez.wire import ENOUGH, RssiSignal, properties_changed
from tests.beacon_sim.bluez.bleak_user import listening, on_fake_bluez

NOON = 1772424000


@given(
    st.integers(-127, 20),
    st.dictionaries(st.integers(0, 65535), st.binary(max_size=24), max_size=2),
)
def test_a_ready_signal_is_the_one_that_would_be_marshalled(
    rssi: int, data: dict[int, bytes]
) -> None:
    path = "/org/bluez/hci0/dev_C0_FF_EE_00_00_01"
    changed = {
        "ManufacturerData": Variant("a{qv}", {k: Variant("ay", v) for k, v in data.items()})
    } if data else {}  # fmt: skip
    message = properties_changed(path, "org.bluez.Device1", {**changed, "RSSI": Variant("n", rssi)})
    message.serial = 1
    assert RssiSignal(path, changed).at(rssi) == bytes(message._marshall(False))


def test_what_the_writer_uses_of_the_library_is_still_there() -> None:
    source = inspect.getsource(message_bus)
    assert "self._writer.schedule_write(msg, future)" in source
    assert "self._writer = _MessageWriter(self)" in source


def test_a_reader_that_sleeps_loses_nothing_and_slows_the_sender() -> None:
    phones = [Phone(f"C0:00:00:00:00:{n:02X}", bytes([n]) * 16) for n in range(50)]
    adverts = [[phone.advert(rssi, NOON) for phone in phones] for rssi in (-50, -51)]
    rounds = 600

    async def body(bluez: FakeBluez) -> None:
        async with listening(bluez) as ear:

            async def speak() -> None:
                for number in range(rounds):
                    for advert in adverts[number % 2]:
                        await bluez.hear(advert)

            speaking = asyncio.create_task(speak())
            for _ in range(5):
                await asyncio.sleep(0.02)
                time.sleep(0.1)  # the reader is busy; sender and reader share this loop
            await speaking
            await ear.after(rounds * len(phones))
            assert len(ear.heard) == rounds * len(phones)
            assert ear.levels[-1] == -51

    on_fake_bluez(body)


def test_a_sender_with_nobody_to_read_has_to_wait() -> None:
    """A client that is stopped altogether: what waits at the sender is bounded."""

    async def body(bluez: FakeBluez) -> None:
        async with listening(bluez) as ear:
            connection = bluez._connection
            assert connection is not None
            advert = Advert("C0:FF:EE:00:00:01", -60)
            for _ in range(20_000):
                bluez.put(advert)
                if connection.writer._bytes > ENOUGH:
                    break
            waiting = asyncio.create_task(bluez.room())
            assert not waiting.done()
            await waiting
            await ear.settled()

    on_fake_bluez(body)
