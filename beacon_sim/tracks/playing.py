"""A recorded track through the fake BlueZ: each sensor is an adapter, and bleak listens to all of them."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from beacon_sim.bluez import Advert, FakeBluez, system_bus
from edge_agent.radio import TrackRow, beacon_key, read_track
from protocol.checkin_token import token_at

QUIET_S: Final = 1.0
"""When nothing has come for so long after the last advert, nothing will."""
_FILTERS: Final = {"DuplicateData": True, "RSSI": -127}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One sensor: what the track has, and what bleak told of it."""

    sensor: str
    in_track: int
    heard: int
    lost: int
    other_level: int
    """Adverts whose level arrived as another than was sent."""


async def play_through_bleak(path: Path) -> tuple[list[Comparison], list[TrackRow]]:
    """Play a track as fast as it goes, listen with unmodified bleak, and compare advert by advert.

    Returns the comparison by sensor, and the rows of the track as they were heard: in the order of the track, with the
    levels that bleak told.

    Raises:
        NoDbus: there is no `dbus-daemon`.
        BadRadio, OSError: the track can't be read.
    """
    rows = list(read_track(path))
    adapters = _adapters(rows)
    heard: dict[str, list[int]] = defaultdict(list)
    async with FakeBluez(tuple(adapters.values())) as bluez, AsyncExitStack() as scans:
        with system_bus(bluez.address):
            for sensor, adapter in adapters.items():
                await scans.enter_async_context(_scanning(adapter, heard[sensor].append))
        for row in rows:
            await bluez.hear(_advert(row), adapters[row.sensor])
        await _quiet(lambda: sum(map(len, heard.values())), len(rows))
    sent: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        sent[row.sensor].append(row.rssi_dbm)
    return [_compared(sensor, sent[sensor], heard[sensor]) for sensor in adapters], _as_heard(
        rows, heard
    )


def write_track(path: Path, rows: list[TrackRow]) -> None:
    """Write rows as a track."""
    lines = (f"{row.at_s!r},{row.sensor},{row.beacon},{row.rssi_dbm},{row.truth}\n" for row in rows)
    path.write_text("".join(lines), encoding="utf-8")


async def serve(path: Path, speed: float, say: Callable[[str], None]) -> int:
    """Play a track at its pace for agents outside: say where the bus is, wait for the first scan, play.

    Returns how many adverts were played.
    """
    rows = list(read_track(path))
    adapters = _adapters(rows)
    async with FakeBluez(tuple(adapters.values())) as bluez:
        say(f"DBUS_SYSTEM_BUS_ADDRESS={bluez.address}")
        for sensor, adapter in adapters.items():
            say(f"{adapter} has the ears of {sensor}")
        say("Waiting for an agent that scans …")
        while not any(bluez.adapter(name).discovery.scan for name in adapters.values()):  # noqa: ASYNC110  # the agent is another process
            await asyncio.sleep(0.1)
        clock = asyncio.get_running_loop().time
        begun_s = clock()
        for row in rows:
            late_s = clock() - begun_s - (row.at_s - rows[0].at_s) / speed
            if late_s < -0.005:
                await asyncio.sleep(-late_s)
            await bluez.hear(_advert(row), adapters[row.sensor])
        await asyncio.sleep(
            QUIET_S
        )  # who notices that BlueZ is gone may drop what it has not read yet
    return len(rows)


def _adapters(rows: list[TrackRow]) -> dict[str, str]:
    sensors = sorted({row.sensor for row in rows})
    return {sensor: f"hci{number}" for number, sensor in enumerate(sensors)}


def _advert(row: TrackRow) -> Advert:
    token = token_at(beacon_key(row.beacon), row.at_s)
    pairs = [row.beacon[at : at + 2].upper() for at in range(0, 12, 2)]
    address = ":".join(pairs) if len(row.beacon) == 12 else "C0:FF:EE:00:00:01"
    return Advert(address, row.rssi_dbm, (str(token.uuid),))


def _compared(sensor: str, sent: list[int], heard: list[int]) -> Comparison:
    missing = Counter(sent) - Counter(heard)
    other = sum(one != two for one, two in zip(sent, heard, strict=False))
    lost = len(sent) - len(heard)
    return Comparison(sensor, len(sent), len(heard), lost, other if not lost else missing.total())


def _as_heard(rows: list[TrackRow], heard: dict[str, list[int]]) -> list[TrackRow]:
    told = {sensor: iter(levels) for sensor, levels in heard.items()}
    return [
        replace(row, rssi_dbm=level)
        for row in rows
        if (level := next(told[row.sensor], None)) is not None
    ]


@asynccontextmanager
async def _scanning(adapter: str, level: Callable[[int], None]) -> AsyncIterator[None]:
    def detected(_device: BLEDevice, data: AdvertisementData) -> None:
        level(data.rssi)

    scanner = BleakScanner(detected, bluez={"adapter": adapter, "filters": _FILTERS})  # type: ignore[typeddict-item]  # a plain dict
    await scanner.start()
    try:
        yield
    finally:
        await scanner.stop()


async def _quiet(count: Callable[[], int], wanted: int) -> None:
    before, still_s = -1, 0.0
    while count() < wanted and still_s < QUIET_S:
        still_s = still_s + 0.05 if count() == before else 0.0
        before = count()
        await asyncio.sleep(0.05)
