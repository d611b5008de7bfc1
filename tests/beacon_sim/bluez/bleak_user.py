"""What the tests here share: unmodified bleak on a fake BlueZ."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from beacon_sim import Program
from beacon_sim.bluez import FakeBluez, system_bus

TRUE_LEVELS: dict[str, object] = {"DuplicateData": True, "RSSI": -127}


class Ear:
    """A bleak scanner, and what it was told."""

    def __init__(self, filters: dict[str, object], adapter: str = "hci0", **more: object) -> None:
        self.heard: list[tuple[BLEDevice, AdvertisementData]] = []
        bluez = {"adapter": adapter, "filters": filters, **more.pop("bluez", {})}  # type: ignore[dict-item]  # tests
        self.scanner = BleakScanner(
            lambda device, data: self.heard.append((device, data)),
            bluez=bluez,  # type: ignore[arg-type]  # a dictionary of the right shape
            **more,  # type: ignore[arg-type]
        )

    @property
    def levels(self) -> list[int]:
        return [data.rssi for _, data in self.heard]

    async def after(self, count: int) -> None:
        """Wait until so many adverts were told."""
        await until(lambda: len(self.heard) >= count)

    async def settled(self) -> None:
        """Wait until nothing more comes."""
        before = -1
        while before != len(self.heard):
            before = len(self.heard)
            await asyncio.sleep(0.05)


async def until(true: Callable[[], bool], within_s: float = 5.0) -> None:
    async with asyncio.timeout(within_s):
        while not true():  # what is waited for has no event
            await asyncio.sleep(0.01)


@asynccontextmanager
async def listening(
    bluez: FakeBluez, filters: dict[str, object] | None = None, **more: object
) -> AsyncIterator[Ear]:
    ear = Ear(TRUE_LEVELS if filters is None else filters, **more)  # type: ignore[arg-type]
    await ear.scanner.start()
    try:
        yield ear
    finally:
        await ear.scanner.stop()


def on_fake_bluez(
    body: Callable[[FakeBluez], Awaitable[None]],
    adapters: tuple[str, ...] = ("hci0",),
    expiry_s: float = 30.0,
) -> None:
    """Run a test on a fake BlueZ of its own."""

    async def run() -> None:
        async with FakeBluez(adapters, expiry_s=expiry_s) as bluez:
            with system_bus(bluez.address):
                await asyncio.wait_for(body(bluez), 20)

    asyncio.run(run())


@asynccontextmanager
async def running(program: Program, bluez: FakeBluez) -> AsyncIterator[None]:
    """An agent program whose system bus is this one; it is ended from a thread, for it has a last word with BlueZ."""
    with system_bus(bluez.address):
        program.start()
    try:
        yield
    finally:
        await asyncio.to_thread(program.stop)
