"""A radio at work on a fake BlueZ, through unmodified bleak: every fault is recovered from and reported."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager

import pytest

from beacon_sim.bluez import FakeBluez, Fault, Phone, system_bus
from edge_agent.core import recovery
from edge_agent.core.presence import Presence, Reach
from edge_agent.core.recovery import RadioHealth, Stage, Trouble
from edge_agent.radio import BleakRadio, Listening
from edge_agent.radio.bluez_adapter import BluezAdapter
from protocol import PhoneNear, PresenceReported, ProofProblem
from protocol.checkin_token import Carrier, Question, proof_is_good, window_of
from tests.beacon_sim.bluez.bleak_user import until

PHONE = Phone("C0:FF:EE:00:00:01", bytes(range(16)))
SILENT_S = 1.0


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovery, "PLUGGED_S", 0.5)


class Log:
    """What a listening radio told; see `Told`."""

    def __init__(self) -> None:
        self.stays: list[PhoneNear] = []
        self.reports: list[PresenceReported] = []
        self.health: list[RadioHealth] = []

    def near(self, told: PhoneNear) -> None:
        self.stays.append(told)

    def reported(self, told: PresenceReported) -> None:
        self.reports.append(told)

    def fares(self, health: RadioHealth) -> None:
        self.health.append(health)

    @property
    def stages(self) -> list[Stage]:
        return [each.stage for each in self.health]


class Hall:
    """A fake BlueZ, a radio listening to it, and a phone that may be in the air."""

    def __init__(self, bluez: FakeBluez, adapter: str = "hci0") -> None:
        self.bluez = bluez
        self.log = Log()
        radio = BleakRadio(adapter)
        radio._adapter = BluezAdapter(adapter, off_s=0.1)
        reach = Reach(dwell_s=0.5, report_every_s=0.25)
        self.presence = Presence(reach)
        self.listening = Listening(radio, self.presence, self.log, SILENT_S)
        self.stop = threading.Event()
        self.rssi: int | None = -50

    async def advertise(self) -> None:
        while True:
            if self.rssi is not None:
                await self.bluez.hear(PHONE.advert(self.rssi, time.time()))
            await asyncio.sleep(0.05)

    @property
    def hears(self) -> bool:
        return bool(self.log.health) and self.log.health[-1].ok and self._fresh

    @property
    def _fresh(self) -> bool:
        before = self.listening.radio.adverts
        return before > self._before

    _before = 0

    async def hearing(self, within_s: float = 10.0) -> None:
        """Wait until it hears, and is well."""
        self._before = self.listening.radio.adverts
        await until(lambda: self.hears, within_s)

    async def ill(self, within_s: float = 10.0) -> RadioHealth:
        """Wait until it is said that something is wrong."""
        await until(lambda: bool(self.log.health) and not self.log.health[-1].ok, within_s)
        return self.log.health[-1]


@asynccontextmanager
async def hall(
    adapter: str = "hci0", before: Callable[[FakeBluez], None] = lambda _: None
) -> AsyncIterator[Hall]:
    async with FakeBluez() as bluez:
        with system_bus(bluez.address):
            before(bluez)
            made = Hall(bluez, adapter)
            advertising = asyncio.create_task(made.advertise())
            listening = asyncio.create_task(made.listening.listen(made.stop))
            try:
                yield made
            finally:
                made.stop.set()
                advertising.cancel()
                await asyncio.wait_for(listening, 10)


def run(body: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        await asyncio.wait_for(body(), 25)

    asyncio.run(bounded())


def test_a_phone_at_the_door_is_told_and_reported() -> None:
    async def body() -> None:
        async with hall() as here:
            await until(lambda: bool(here.log.stays) and len(here.log.reports) > 2)
            assert here.log.stays[0].sighting.rssi_median_dbm == -50
            assert here.log.stages == [Stage.LISTENING]

    run(body)


@pytest.mark.parametrize("fault", [Fault.STALLED_SCAN, Fault.DEAF_ADAPTER, Fault.STUCK_STOP])
def test_a_scan_that_dies_is_brought_back_and_reported(fault: Fault) -> None:
    async def body() -> None:
        async with hall() as here:
            await here.hearing()
            here.bluez.break_(fault)
            if fault is Fault.STUCK_STOP:
                here.bluez.break_(Fault.STALLED_SCAN)
            health = await here.ill()
            assert health.text.zh
            await here.hearing()
            assert here.listening.recoveries >= 1
            assert (Stage.CYCLED in here.log.stages) == (fault is Fault.DEAF_ADAPTER)

    run(body)


def test_a_busy_adapter_is_cycled() -> None:
    async def body() -> None:
        async with hall(before=lambda bluez: bluez.break_(Fault.BUSY)) as here:
            await here.hearing()
            assert Stage.CYCLED in here.log.stages

    run(body)


def test_a_dead_adapter_ends_in_a_cry_for_help_in_both_languages() -> None:
    async def body() -> None:
        async with hall() as here:
            await here.hearing()
            here.bluez.break_(Fault.DEAD_ADAPTER)
            await until(lambda: here.log.stages[-1] is Stage.HELPLESS, 15)
            text = here.log.health[-1].text
            assert "拔下再插上" in text.zh
            assert "pull the adapter out" in text.en
            steps = [Stage.SCANNED_AGAIN, Stage.CYCLED, Stage.HELPLESS]
            assert [stage for stage in here.log.stages if stage in steps] == steps
            here.bluez.mend(Fault.DEAD_ADAPTER)
            await here.hearing()

    run(body)


def test_a_scan_that_never_starts_is_reported_and_not_tried_in_a_frenzy() -> None:
    async def body() -> None:
        async with hall(before=lambda bluez: bluez.break_(Fault.WILL_NOT_START)) as here:
            await until(lambda: bool(here.log.stages) and here.log.stages[-1] is Stage.HELPLESS)
            said = len(here.log.health)
            await asyncio.sleep(1)
            assert len(here.log.health) == said

    run(body)


def test_a_switched_off_adapter_is_switched_on_again_at_once() -> None:
    async def body() -> None:
        async with hall() as here:
            await here.hearing()
            here.bluez.power(False)
            await here.ill(within_s=0.9)  # long before it would be missed
            await here.hearing()
            assert here.bluez.adapter().powered

    run(body)


def test_a_pulled_dongle_is_asked_for_and_works_when_it_is_back() -> None:
    async def body() -> None:
        async with hall() as here:
            await here.hearing()
            here.bluez.pull()
            health = await here.ill(within_s=0.9)
            assert "插入适配器" in health.text.zh
            here.bluez.plug()
            await here.hearing()

    run(body)


@pytest.mark.parametrize("already", ["off", "gone"])
def test_what_went_wrong_before_anybody_listened_is_noticed_too(already: str) -> None:
    async def body() -> None:
        async with FakeBluez() as bluez:
            with system_bus(bluez.address):
                if already == "off":
                    bluez.power(False)
                else:
                    bluez.pull()
                trouble = await asyncio.wait_for(BluezAdapter("hci0").trouble(), 5)
        assert trouble is (Trouble.POWERED_OFF if already == "off" else Trouble.NO_ADAPTER)

    run(body)


def test_a_lost_bus_is_reported_and_survived() -> None:
    async def body() -> None:
        async with hall() as here:
            await here.hearing()
            await here.bluez.lose_bus()
            health = await here.ill(within_s=2)
            assert "bluetooth 服务" in health.text.zh
            await here.bluez.restore_bus()
            await here.hearing()

    run(body)


def test_a_restarted_daemon_is_noticed_and_scanned_again() -> None:
    async def body() -> None:
        async with hall() as here:
            await here.hearing()
            await here.bluez.restart_daemon()
            await here.ill(within_s=2)
            await here.hearing()

    run(body)


def test_without_the_adapter_the_sentence_says_what_to_do() -> None:
    async def body() -> None:
        async with hall("hci5") as here:
            health = await here.ill()
            assert health.text.en.startswith("Bluetooth hci5 is not there. Plug it in")

    run(body)


def test_without_a_bus_it_says_so_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/at/all")

    async def body() -> None:
        log, stop = Log(), threading.Event()
        listening = Listening(BleakRadio("hci0"), Presence(Reach()), log, SILENT_S)
        task = asyncio.create_task(listening.listen(stop))
        await until(lambda: bool(log.health))
        assert "Start the service bluetooth" in log.health[-1].text.en
        stop.set()
        await task

    run(body)


async def answer_of(future: "Future[bytes | ProofProblem]") -> bytes | ProofProblem:
    return await asyncio.wrap_future(future)


def test_a_phone_is_asked_and_proves_itself_while_the_scan_goes_on() -> None:
    async def body() -> None:
        async with hall() as here:
            here.bluez.serve(PHONE.address, PHONE.services(time.time))
            await until(lambda: bool(here.log.reports))
            token = PHONE.advert(-50, time.time()).service_uuids[0].replace("-", "")[14:]
            question = Question(b"\x05" * 16, "door-a", window_of(time.time()))
            answer = await answer_of(here.listening.ask(token, bytes(question)))
            assert isinstance(answer, bytes)
            assert proof_is_good(PHONE.visit_key, question, answer)
            await here.hearing()

    run(body)


def test_a_phone_that_is_not_there_or_does_not_answer_gives_no_proof() -> None:
    async def body() -> None:
        async with hall() as here:
            await until(lambda: bool(here.log.reports))
            question = bytes(Question(b"\x05" * 16, "door-a", 3))
            assert await answer_of(here.listening.ask("00" * 9, question)) is ProofProblem.NOT_HEARD
            here.bluez.serve(PHONE.address, PHONE.services(time.time))
            token = PHONE.advert(-50, time.time()).service_uuids[0].replace("-", "")[14:]
            asked = answer_of(here.listening.ask(token, question))
            assert await asked is ProofProblem.NO_ANSWER  # of a window long ago

    run(body)


def test_manufacturer_data_is_heard_with_true_levels_too() -> None:
    phone = Phone("C0:FF:EE:00:00:07", bytes(16), Carrier.MANUFACTURER)

    async def body() -> None:
        async with hall() as here:
            here.rssi = None
            await until(lambda: bool(here.log.health))
            for rssi in (-70, -71, -72, -71):
                await here.bluez.hear(phone.advert(rssi, time.time()))
            await until(
                lambda: any(
                    each.token == phone.advert(-70, time.time()).manufacturer_data[0xFFFF][7:].hex()
                    for report in here.log.reports
                    for each in report.sightings
                )
            )
            token = phone.advert(-70, time.time()).manufacturer_data[0xFFFF][7:].hex()
            [sighting] = [each for each in here.log.reports[-1].sightings if each.token == token]
            assert sighting.rssi_max_dbm == -70
            assert sighting.rssi_median_dbm == -71

    run(body)
