"""Bluetooth: simulated phones → fake BlueZ on a private D-Bus → unmodified bleak → the agent's presence core.

    python -m benchmarks.bluez [--quick] [--json FILE]

The listener is a process of its own, as an agent is; its processor time is its own, however busy the machine is otherwise.
"bleak alone" is the same listener with a callback that does nothing: the difference is ours. The rate means an idle machine:
sender, daemon and listener share its cores. It needs `dbus-daemon` (Debian: dbus).
"""

import argparse
import asyncio
import json
import os
import random
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from beacon_sim.bluez import FakeBluez, Phone
from benchmarks.rows import Row, add_json_option, report
from edge_agent.core import Heard, Presence, Reach
from edge_agent.radio import BleakRadio, Listening
from protocol import PhoneNear, PresenceReported
from protocol.checkin_token import Carried, Carrier, Resolved, ResolveTable, token_at

NOON: Final = 1772424000.0
DONE_S: Final = 20.0


def main() -> None:
    """Measure and report, or be the listener of a measurement."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--quick", action="store_true", help="a fifth of it")
    options.add_argument(
        "--listen", choices=("bleak", "agent", "strangers"), help=argparse.SUPPRESS
    )
    options.add_argument("--wanted", type=int, default=0, help=argparse.SUPPRESS)
    add_json_option(options)
    given = options.parse_args()
    if given.listen:
        asyncio.run(_listen(given.listen != "bleak", given.wanted))
        return
    rows = [*_over_the_bus(5 if given.quick else 1), *_core(), *_table()]
    report("Bluetooth", rows, given.json)


# ---- over the bus ------------------------------------------------------------------------------


def _over_the_bus(share: int) -> Iterator[Row]:
    bare = asyncio.run(_measured("bleak", 500, 150_000 // share))
    ours = asyncio.run(_measured("agent", 500, 150_000 // share))
    crowd = asyncio.run(_measured("agent", 2_000, 150_000 // share))
    for name, figures in (
        ("bleak alone, 500 phones", bare),
        ("agent, 500 phones", ours),
        ("agent, 2,000 phones", crowd),
    ):
        yield Row(
            f"{name}: adverts delivered", figures["adverts"] / figures["lasted_s"], "/s", 20_000
        )
        yield Row(f"{name}: lost", figures["sent"] - figures["adverts"], "adverts", 0, "lower")
        yield Row(f"{name}: processor time each", figures["cpu_s"] / figures["adverts"] * 1e6, "µs")
    for name, key in (("the sender", "sender_s"), ("the D-Bus daemon", "daemon_s")):
        yield Row(f"{name}: processor time each", ours[key] / ours["sent"] * 1e6, "µs")
    whole_s = (ours["cpu_s"] + ours["sender_s"] + ours["daemon_s"]) / ours["sent"]
    yield Row("all three on a single core: adverts", 1 / whole_s, "/s", 20_000)
    strangers = asyncio.run(_strangers(40_000 // share))
    yield Row("another 20,000 one-shot addresses after the first: grown by", strangers, "MB")
    grown = crowd["memory_mb"] - bare["memory_mb"]
    yield Row("agent, 2,000 phones: memory above bleak with 500", grown, "MB")


async def _measured(listener: str, phones: int, adverts: int) -> dict[str, float]:
    """Send so many adverts as fast as they are taken; what the listener says of itself."""
    said = [Phone(_address(n), n.to_bytes(16, "big")) for n in range(phones)]
    loud = [[phone.advert(rssi, NOON) for phone in said] for rssi in (-70, -71, -69, -72)]
    async with FakeBluez() as bluez:
        child = await _child(listener, adverts, bluez)
        await asyncio.sleep(0.2)
        begun_s, daemon_s = time.process_time(), _used_s(bluez.daemon_pid)
        for number in range(adverts):
            bluez.put(loud[number // phones % 4][number % phones])
            if number % 32 == 0:
                await bluez.room()
        sender_s = time.process_time() - begun_s
        out, _ = await child.communicate()
        daemon_s = _used_s(bluez.daemon_pid) - daemon_s
    return {**json.loads(out), "sent": adverts, "sender_s": sender_s, "daemon_s": daemon_s}


def _used_s(pid: int | None) -> float:
    """Processor time of another process so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _strangers(count: int) -> float:
    """So many devices of one advert each; by how many MB the listener grows in the second half of them."""
    async with FakeBluez(expiry_s=2.0) as bluez:
        child = await _child("strangers", count, bluez)
        for number in range(count):
            await bluez.hear(Phone(_address(number), number.to_bytes(16, "big")).advert(-70, NOON))
            if number % 100 == 99:
                await asyncio.sleep(0.02)
        out, _ = await child.communicate()
    return float(json.loads(out)["grown_mb"])


async def _child(listener: str, wanted: int, bluez: FakeBluez) -> asyncio.subprocess.Process:
    """A listener that scans."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.bluez",
        "--listen",
        listener,
        "--wanted",
        str(wanted),
        env={**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": bluez.address},
        stdout=subprocess.PIPE,
    )
    while bluez.adapter().discovery.scan is None:  # noqa: ASYNC110  # the listener is another process
        await asyncio.sleep(0.02)
    return child


class _Silent:
    """Nobody is told."""

    def near(self, told: PhoneNear) -> None:
        """A phone is near."""

    def reported(self, told: PresenceReported) -> None:
        """A report: made, as for a broker."""
        told.model_dump_json()

    def fares(self, health: object) -> None:
        """The radio is well."""


class _Bare(BleakRadio):
    """Counts, and takes nothing apart."""

    async def start(self, take: object) -> None:  # noqa: ARG002  # `Radio`'s
        """Scan as the agent does, with a callback that does nothing."""
        from bleak import BleakScanner
        from bleak.backends.device import BLEDevice
        from bleak.backends.scanner import AdvertisementData

        def detected(_device: BLEDevice, _data: AdvertisementData) -> None:
            self.adverts += 1

        filters = {"DuplicateData": True, "RSSI": -127}
        self._scanner = BleakScanner(detected, bluez={"adapter": "hci0", "filters": filters})  # type: ignore[typeddict-item]  # a plain dict
        await self._scanner.start()


async def _listen(agent: bool, wanted: int) -> None:
    radio = BleakRadio("hci0") if agent else _Bare("hci0")
    stop = threading.Event()
    listening = Listening(radio, Presence(Reach()), _Silent(), 60.0)
    task = asyncio.create_task(listening.listen(stop))
    while not radio.adverts:  # noqa: ASYNC110  # the sender is another process
        await asyncio.sleep(0.01)
    begun_s, cpu_s, before = time.perf_counter(), time.process_time(), radio.adverts
    memory_mb = _resident_mb()
    last_s, last = begun_s, before
    while radio.adverts < wanted and time.perf_counter() - last_s < DONE_S:
        await asyncio.sleep(0.02)
        if radio.adverts < wanted / 2:
            memory_mb = _resident_mb()
        if radio.adverts != last:
            last_s, last = time.perf_counter(), radio.adverts
    used_s = time.process_time() - cpu_s
    figures = {
        "adverts": radio.adverts,
        "lasted_s": (last_s - begun_s) * radio.adverts / max(1, radio.adverts - before),
        "cpu_s": used_s * radio.adverts / max(1, radio.adverts - before),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "grown_mb": _resident_mb() - memory_mb,
    }
    sys.stdout.write(json.dumps(figures))
    sys.stdout.flush()
    stop.set()
    await task


def _resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


def _address(number: int) -> str:
    return ":".join(f"{byte:02X}" for byte in (0xC0_00_00_00_00_00 + number).to_bytes(6, "big"))


# ---- the core, and the table --------------------------------------------------------------------


def _core() -> Iterator[Row]:
    """What an advert costs without a bus: the way of simulations with very many phones."""
    presence = Presence(Reach())
    tokens = [
        (Carried(token_at(n.to_bytes(16, "big"), NOON), Carrier.SERVICE_UUID),)
        for n in range(2_000)
    ]
    draw, count, now_s, told_s = random.Random(1), 400_000, 0.0, 0.0
    begun_s = time.process_time()
    for number in range(count):
        which = number % 2_000
        now_s += 1 / 5_000  # 2,000 phones, each heard 2.5 times a second
        presence.hear(Heard(now_s, str(which), -70 - draw.randrange(8), tokens[which]))
        if number % 1_250 == 0:
            at_s = time.process_time()
            presence.due(now_s)
            told_s += time.process_time() - at_s
    used_s = time.process_time() - begun_s
    yield Row("core, 2,000 phones: processor time an advert", (used_s - told_s) / count * 1e6, "µs")
    yield Row("core, 2,000 phones: judging and reporting", told_s / now_s * 1000, "ms/s")


def _table() -> Iterator[Row]:
    draw = random.Random(2)
    keys = {f"v{number:05d}": draw.randbytes(16) for number in range(10_000)}
    built = []
    for _ in range(5):
        begun_s = time.process_time()
        table = ResolveTable(keys, NOON)
        built.append(time.process_time() - begun_s)
    yield Row("30,000 tokens of 10,000 visits built", min(built) * 1000, "ms", 200, "lower")
    values = [token_at(key, NOON).value for key in list(keys.values())[:1_000]]
    values += [draw.randbytes(9) for _ in range(1_000)]
    best = float("inf")
    for _ in range(5):
        begun_s = time.perf_counter()
        found = sum(isinstance(table.resolve(value), Resolved) for value in values)
        best = min(best, (time.perf_counter() - begun_s) / len(values))
    assert found == 1_000
    yield Row("a token looked up (half of them nobody's)", best * 1e6, "µs", 1, "lower")


if __name__ == "__main__":
    main()
