"""BlueZ's habits, as unmodified bleak sees them on the fake."""

import asyncio
from itertools import pairwise
from uuid import UUID

import pytest
from bleak import BleakScanner
from bleak.args.bluez import OrPattern
from bleak.assigned_numbers import AdvertisementDataType
from bleak.exc import BleakBluetoothNotAvailableError, BleakDBusError, BleakError
from dbus_fast import Message
from dbus_fast.aio import MessageBus

from beacon_sim.bluez import Advert, FakeBluez, Phone
from beacon_sim.bluez.device import Scan
from protocol.checkin_token import Carrier, tokens_in
from tests.beacon_sim.bluez.bleak_user import Ear, listening, on_fake_bluez, until

PHONE = Phone("C0:FF:EE:00:00:01", bytes(range(16)))
NOON = 1772424000
BATTERY = "0000180f-0000-1000-8000-00805f9b34fb"


@pytest.mark.parametrize("carrier", list(Carrier))
def test_a_token_arrives_in_each_carrier(carrier: Carrier) -> None:
    async def body(bluez: FakeBluez) -> None:
        async with listening(bluez) as ear:
            phone = Phone(PHONE.address, PHONE.visit_key, carrier)
            await bluez.hear(phone.advert(-60, NOON))
            await ear.after(1)
            [(device, data)] = ear.heard
            assert (device.address, data.rssi) == (PHONE.address, -60)
            [found] = tokens_in(data.service_uuids, data.manufacturer_data)
            assert found.carrier is carrier

    on_fake_bluez(body)


def test_with_a_level_in_the_filter_every_level_is_told() -> None:
    levels = [-60, -61, -60, -60, -59, -63]

    async def body(bluez: FakeBluez) -> None:
        async with listening(bluez) as ear:
            for rssi in levels:
                await bluez.hear(PHONE.advert(rssi, NOON))
            await ear.after(len(levels))
            assert ear.levels == levels

    on_fake_bluez(body)


@pytest.mark.parametrize("filters", [{}, {"DuplicateData": True}])
def test_without_a_level_in_the_filter_levels_come_in_steps_of_8_db(
    filters: dict[str, object],
) -> None:
    async def body(bluez: FakeBluez) -> None:
        async with listening(bluez, filters) as ear:
            for rssi in range(-40, -90, -1):
                await bluez.hear(PHONE.advert(rssi, NOON))
            await ear.settled()
            told = ear.levels
            assert told[0] == -40
            assert all(before - after >= 8 for before, after in pairwise(told))
            assert len(told) == (7 if filters else 1)  # without duplicates: once in a scan cycle

    on_fake_bluez(body)


def test_another_program_without_a_level_brings_the_steps_back_for_everybody() -> None:
    async def body(bluez: FakeBluez) -> None:
        other = await MessageBus(bus_address=bluez.address).connect()

        async def of_other(member: str) -> None:
            path, interface = "/org/bluez/hci0", "org.bluez.Adapter1"
            await other.call(
                Message(destination="org.bluez", path=path, interface=interface, member=member)
            )

        async with listening(bluez) as ear:
            await bluez.hear(PHONE.advert(-60, NOON))
            await of_other("StartDiscovery")
            for rssi in (-61, -62, -70):
                await bluez.hear(PHONE.advert(rssi, NOON))
            await ear.settled()
            assert ear.levels == [-60, -70]
            other.disconnect()  # a client that leaves takes its scan along
            alone = Scan(true_rssi=True, duplicates=True)
            await until(lambda: bluez.adapter().discovery.scan == alone)
            await bluez.hear(PHONE.advert(-71, NOON))
            await ear.after(3)
            assert ear.levels[-1] == -71

    on_fake_bluez(body)


def test_data_comes_with_every_advert_but_its_level_may_be_stale() -> None:
    """DuplicateData alone: manufacturer data makes bleak call back, with the level of long ago."""

    async def body(bluez: FakeBluez) -> None:
        phone = Phone(PHONE.address, PHONE.visit_key, Carrier.MANUFACTURER)
        async with listening(bluez, {"DuplicateData": True}) as ear:
            for rssi in (-60, -66, -54):
                await bluez.hear(phone.advert(rssi, NOON))
            await ear.after(3)
            assert ear.levels == [-60, -60, -60]

    on_fake_bluez(body)


def test_advertised_uuids_only_ever_accumulate() -> None:
    async def body(bluez: FakeBluez) -> None:
        async with listening(bluez) as ear:
            for window in range(3):
                await bluez.hear(PHONE.advert(-60, NOON + 900 * window))
            await ear.after(3)
            uuids = ear.heard[-1][1].service_uuids
            assert len(uuids) == 3
            assert uuids == sorted(uuids)

    on_fake_bluez(body)


def test_a_silent_device_is_forgotten_and_comes_back_with_its_newest_uuid_only() -> None:
    async def body(bluez: FakeBluez) -> None:
        async with listening(bluez) as ear:
            await bluez.hear(PHONE.advert(-60, NOON))
            await until(lambda: not bluez.adapter().devices)
            await until(lambda: not ear.scanner.discovered_devices)
            await bluez.hear(PHONE.advert(-60, NOON + 900))
            await ear.after(2)
            assert len(ear.heard[-1][1].service_uuids) == 1

    on_fake_bluez(body, expiry_s=0.3)


def test_many_one_shot_addresses_leave_nothing_behind() -> None:
    async def body(bluez: FakeBluez) -> None:
        async with listening(bluez) as ear:
            for number in range(3000):
                address = ":".join(
                    f"{byte:02X}" for byte in (0xC000_0000_0000 + number).to_bytes(6, "big")
                )
                await bluez.hear(Advert(address, -80, (BATTERY,)))
            await ear.after(3000)
            await until(lambda: not bluez.adapter().devices)
            await until(lambda: not ear.scanner.discovered_devices)

    on_fake_bluez(body, expiry_s=0.3)


def test_the_named_adapter_is_the_one_that_hears() -> None:
    async def body(bluez: FakeBluez) -> None:
        async with listening(bluez, adapter="hci1") as ear:
            await bluez.hear(PHONE.advert(-50, NOON), "hci0")
            await bluez.hear(PHONE.advert(-70, NOON), "hci1")
            await ear.after(1)
            await ear.settled()
            assert ear.levels == [-70]

    on_fake_bluez(body, adapters=("hci0", "hci1"))


def test_only_devices_with_a_wanted_uuid_come_through_its_filter() -> None:
    async def body(bluez: FakeBluez) -> None:
        async with listening(bluez, {"RSSI": -80, "UUIDs": [BATTERY]}) as ear:
            await bluez.hear(PHONE.advert(-60, NOON))
            await bluez.hear(Advert("C0:FF:EE:00:00:02", -60, (BATTERY,)))
            await bluez.hear(Advert("C0:FF:EE:00:00:03", -81, (BATTERY,)))
            await ear.settled()
            assert [device.address for device, _ in ear.heard] == ["C0:FF:EE:00:00:02"]

    on_fake_bluez(body)


def test_a_passive_scan_hears_what_its_patterns_say_in_steps_of_8_db() -> None:
    async def body(bluez: FakeBluez) -> None:
        phone = Phone(PHONE.address, PHONE.visit_key, Carrier.MANUFACTURER)
        pattern = OrPattern(
            0, AdvertisementDataType.MANUFACTURER_SPECIFIC_DATA, b"\xff\xff\xd2\x29"
        )
        ear = Ear({}, bluez={"or_patterns": [pattern]}, scanning_mode="passive")
        await ear.scanner.start()
        await asyncio.sleep(0.1)
        for rssi in (-60, -61, -75):
            await bluez.hear(phone.advert(rssi, NOON))
        await bluez.hear(PHONE.advert(-40, NOON), "hci0")
        await bluez.hear(Advert("C0:FF:EE:00:00:09", -40, (BATTERY,)))
        await ear.settled()
        assert {device.address for device, _ in ear.heard} == {PHONE.address}
        assert -61 not in ear.levels
        await ear.scanner.stop()

    on_fake_bluez(body)


def test_names_and_service_data_arrive() -> None:
    async def body(bluez: FakeBluez) -> None:
        async with listening(bluez) as ear:
            advert = Advert(
                "C0:FF:EE:00:00:05", -60, (), {}, {BATTERY: b"\x64"}, "thermometer", tx_power=-8
            )
            await bluez.hear(advert)
            await ear.after(1)
            [(device, data)] = ear.heard
            assert (device.name, data.local_name, data.tx_power) == (
                "thermometer",
                "thermometer",
                -8,
            )
            assert data.service_data == {BATTERY: b"\x64"}

    on_fake_bluez(body)


def test_a_second_scan_of_the_same_program_is_in_progress() -> None:
    async def body(bluez: FakeBluez) -> None:
        async with listening(bluez):
            with pytest.raises(BleakDBusError, match="InProgress"):
                await BleakScanner(lambda _, __: None, bluez={"adapter": "hci0"}).start()

    on_fake_bluez(body)


def test_an_adapter_that_is_not_there_is_said_by_name() -> None:
    async def body(bluez: FakeBluez) -> None:
        with pytest.raises(BleakError, match="adapter 'hci7' not found"):
            await Ear({}, adapter="hci7").scanner.start()

    on_fake_bluez(body)


def test_without_any_adapter_bleak_says_so() -> None:
    async def body(bluez: FakeBluez) -> None:
        with pytest.raises(BleakBluetoothNotAvailableError):
            await BleakScanner().start()

    on_fake_bluez(body, adapters=())


def test_a_token_survives_the_way_over_the_bus_bit_by_bit() -> None:
    async def body(bluez: FakeBluez) -> None:
        async with listening(bluez) as ear:
            for number in range(200):
                raw = bytes.fromhex("d2295026654010") + number.to_bytes(9, "big")
                await bluez.hear(
                    Advert(f"C0:00:00:00:00:{number:02X}", -60, (str(UUID(bytes=raw)),))
                )
            await ear.after(200)
            found = [tokens_in(data.service_uuids, {})[0].token.value for _, data in ear.heard]
            assert [int.from_bytes(value, "big") for value in found] == list(range(200))

    on_fake_bluez(body)
