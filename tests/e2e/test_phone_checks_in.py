"""A phone walks in and is checked in: fake BlueZ, unmodified bleak, the real agents, the broker, the real server."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from beacon_sim import Program
from beacon_sim.bluez import FakeBluez, Phone
from tests.beacon_sim.bluez.bleak_user import running
from tests.e2e.rig import SITE, Rig, running_rig

pytestmark = [pytest.mark.programs, pytest.mark.slow]
DOOR, OTHER_DOOR = "door-a", "door-b"


class Door:
    """An agent at a door, its radio a fake BlueZ of its own."""

    def __init__(self, rig: Rig, name: str) -> None:
        self.name = name
        self.bluez = FakeBluez()
        settings = {**rig.agent_settings(name, ""), "sources": [], "bluetooth": "hci0"}
        self._agent = Program("edge-agent", settings, rig.folder / name)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        async with self.bluez, running(self._agent, self.bluez):
            yield


class Walk:
    """A phone in the air: how loud each door hears it."""

    def __init__(self, doors: list[Door], phone: Phone) -> None:
        self._doors, self._phone = doors, phone
        self.levels: dict[str, int] = {}

    async def go_on(self) -> None:
        while True:
            for door in self._doors:
                if door.name in self.levels:
                    advert = self._phone.advert(self.levels[door.name], time.time())
                    await door.bluez.hear(advert)
            await asyncio.sleep(0.15)


async def scanning(doors: list[Door]) -> None:
    async with asyncio.timeout(20):
        while not all(door.bluez.adapter().discovery.scan for door in doors):
            await asyncio.sleep(0.05)


async def checked_in(rig: Rig, visit: str, within_s: float) -> float | None:
    """How long it takes until the visit waits in its line; None when it does not."""
    begun_s = time.monotonic()
    while time.monotonic() - begun_s < within_s:
        found = await asyncio.to_thread(rig.visit, visit)
        if found["steps"][0]["state"] != "ready":
            return time.monotonic() - begun_s
        await asyncio.sleep(0.1)
    return None


def key_of(rig: Rig, visit: str) -> bytes:
    status, body = rig.client.post("visits", visit, "phone-key")
    assert status == 200, body
    assert isinstance(body, dict)
    return bytes.fromhex(body["key"])


def test_a_phone_that_stops_at_a_door_is_checked_in_within_seconds(tmp_path: Path) -> None:
    async def body(rig: Rig) -> None:
        rig.register("bao")
        rig.register("left-in-the-car")
        phone = Phone("C0:FF:EE:00:00:01", key_of(rig, "bao"))
        stranger = Phone("C0:FF:EE:00:00:02", b"\x13" * 16)
        async with AsyncExitStack() as open_:
            doors = [Door(rig, DOOR), Door(rig, OTHER_DOOR)]
            for door in doors:
                await open_.enter_async_context(door.open())
            await scanning(doors)
            walks = [Walk(doors, phone), Walk(doors, stranger)]
            air = [asyncio.create_task(walk.go_on()) for walk in walks]
            walks[0].levels = {DOOR: -84, OTHER_DOOR: -80}  # in the hall, passing
            walks[1].levels = {DOOR: -50, OTHER_DOOR: -50}  # somebody else's token, loud
            assert await checked_in(rig, "bao", 1.5) is None
            walks[0].levels = {DOOR: -52, OTHER_DOOR: -74}  # stops at the door
            took_s = await checked_in(rig, "bao", 12)
            assert took_s is not None
            # all at once is the worst case: 1.5 s until the median has turned, 1.5 s of dwelling, 2 s of weighing the doors
            assert took_s <= 8
            assert rig.visit("left-in-the-car")["steps"][0]["state"] == "ready"
            for task in air:
                task.cancel()

    with running_rig(tmp_path) as rig:
        asyncio.run(body(rig))


def test_where_a_proof_is_wanted_a_phone_is_asked_through_its_door_and_a_recording_is_not_let_in(
    tmp_path: Path,
) -> None:
    site = tmp_path / "site.toml"
    site.write_text(
        SITE.read_text("utf-8") + "\n[groups.resp.rules]\nphone_proof = true\n", "utf-8"
    )

    async def body(rig: Rig) -> None:
        rig.register("bao")
        rig.register("recorded")
        phone = Phone("C0:FF:EE:00:00:01", key_of(rig, "bao"))
        recording = Phone("C0:FF:EE:00:00:02", key_of(rig, "recorded"))  # its adverts, not its key
        door = Door(rig, DOOR)
        async with door.open():
            door.bluez.serve(phone.address, phone.services(time.time))
            imitation = Phone(recording.address, bytes(16))
            door.bluez.serve(recording.address, imitation.services(time.time))
            await scanning([door])
            walks = [Walk([door], phone), Walk([door], recording)]
            air = [asyncio.create_task(walk.go_on()) for walk in walks]
            for walk in walks:
                walk.levels = {DOOR: -52}
            assert await checked_in(rig, "bao", 15) is not None
            async with asyncio.timeout(15):
                while not refusals(rig):
                    await asyncio.sleep(0.2)
            assert refusals(rig) == [("recorded", "proof_wrong")]
            assert rig.visit("recorded")["steps"][0]["state"] == "ready"
            for task in air:
                task.cancel()

    with running_rig(tmp_path, site) as rig:
        asyncio.run(body(rig))


def refusals(rig: Rig) -> list[tuple[str, str]]:
    return [(it["visit"], it["reason"]) for kind, it in rig.journal() if kind == "ScanRefused"]
