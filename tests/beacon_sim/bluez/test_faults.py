"""BlueZ's faults, as unmodified bleak meets them."""

import pytest
from bleak.exc import BleakDBusError, BleakError

from beacon_sim.bluez import FakeBluez, Fault, Phone
from tests.beacon_sim.bluez.bleak_user import TRUE_LEVELS, Ear, listening, on_fake_bluez, until

PHONE = Phone("C0:FF:EE:00:00:01", bytes(range(16)))
NOON = 1772424000


async def hears(bluez: FakeBluez, ear: Ear) -> bool:
    before = len(ear.heard)
    await bluez.hear(PHONE.advert(-60, NOON))
    await ear.settled()
    return len(ear.heard) > before


def test_a_stalled_scan_is_silent_until_it_is_started_again() -> None:
    async def body(bluez: FakeBluez) -> None:
        async with listening(bluez) as ear:
            assert await hears(bluez, ear)
            bluez.break_(Fault.STALLED_SCAN)
            assert not await hears(bluez, ear)
        async with listening(bluez) as ear:
            assert await hears(bluez, ear)

    on_fake_bluez(body)


def test_a_deaf_adapter_hears_again_only_after_switching_off_and_on() -> None:
    async def body(bluez: FakeBluez) -> None:
        bluez.break_(Fault.DEAF_ADAPTER)
        async with listening(bluez) as ear:
            assert not await hears(bluez, ear)
        bluez.power(False)
        bluez.power(True)
        async with listening(bluez) as ear:
            assert await hears(bluez, ear)

    on_fake_bluez(body)


def test_a_dead_adapter_stays_dead() -> None:
    async def body(bluez: FakeBluez) -> None:
        bluez.break_(Fault.DEAD_ADAPTER)
        bluez.power(False)
        bluez.power(True)
        async with listening(bluez) as ear:
            assert not await hears(bluez, ear)

    on_fake_bluez(body)


@pytest.mark.parametrize(
    ("fault", "error"), [(Fault.BUSY, "InProgress"), (Fault.WILL_NOT_START, "Failed")]
)
def test_a_scan_that_will_not_start_says_why(fault: Fault, error: str) -> None:
    async def body(bluez: FakeBluez) -> None:
        bluez.break_(fault)
        with pytest.raises(BleakDBusError, match=error):
            await Ear(TRUE_LEVELS).scanner.start()

    on_fake_bluez(body)


def test_a_switched_off_adapter_is_not_ready() -> None:
    async def body(bluez: FakeBluez) -> None:
        bluez.power(False)
        with pytest.raises(BleakDBusError, match="NotReady"):
            await Ear(TRUE_LEVELS).scanner.start()

    on_fake_bluez(body)


def test_switching_off_ends_the_scan_and_forgets_the_devices() -> None:
    async def body(bluez: FakeBluez) -> None:
        async with listening(bluez) as ear:
            assert await hears(bluez, ear)
            bluez.power(False)
            await until(lambda: not ear.scanner.discovered_devices)
            assert not await hears(bluez, ear)

    on_fake_bluez(body)


def test_bleak_recovers_from_a_stop_that_sticks() -> None:
    async def body(bluez: FakeBluez) -> None:
        async with listening(bluez):
            bluez.break_(Fault.STUCK_STOP)
        async with listening(bluez) as ear:
            assert await hears(bluez, ear)

    on_fake_bluez(body)


def test_a_pulled_adapter_is_gone_and_can_be_plugged_in_again() -> None:
    async def body(bluez: FakeBluez) -> None:
        ear = Ear(TRUE_LEVELS)
        await ear.scanner.start()
        assert await hears(bluez, ear)
        bluez.pull()
        await until(lambda: not ear.scanner.discovered_devices)
        with pytest.raises(BleakError, match="not found"):
            await Ear(TRUE_LEVELS).scanner.start()
        bluez.plug()
        await ear.settled()
        async with listening(bluez) as again:
            assert await hears(bluez, again)

    on_fake_bluez(body)


def test_after_a_lost_bus_a_new_scan_works() -> None:
    async def body(bluez: FakeBluez) -> None:
        ear = Ear(TRUE_LEVELS)
        await ear.scanner.start()
        assert await hears(bluez, ear)
        await bluez.lose_bus()
        with pytest.raises((FileNotFoundError, ConnectionRefusedError)):
            await Ear(TRUE_LEVELS).scanner.start()
        await bluez.restore_bus()
        async with listening(bluez) as again:
            assert await hears(bluez, again)

    on_fake_bluez(body)


def test_after_a_restart_of_the_daemon_the_old_scan_is_silent_and_a_new_one_works() -> None:
    async def body(bluez: FakeBluez) -> None:
        ear = Ear(TRUE_LEVELS)
        await ear.scanner.start()
        await bluez.restart_daemon()
        assert not await hears(bluez, ear)
        async with listening(bluez) as again:
            assert await hears(bluez, again)

    on_fake_bluez(body)
