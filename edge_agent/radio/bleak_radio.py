"""The default radio: an adapter of BlueZ, through bleak.

The discovery filter names a level, for without one BlueZ tells levels in steps of 8 dB; and the adapter is always named,
for bleak's choice is arbitrary when there are two.
"""

import asyncio
import contextlib
from functools import lru_cache
from typing import Final

import structlog
from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakBluetoothNotAvailableError, BleakDBusError, BleakError

from edge_agent.core.presence import Heard
from edge_agent.core.recovery import Trouble
from edge_agent.radio.bluez_adapter import BluezAdapter, trouble_of
from edge_agent.radio.port import RadioProblem, Take
from protocol import ProofProblem
from protocol.checkin_token import ANSWER, ASK, PROOF_BYTES, Carried, tokens_in

_log = structlog.get_logger()
START_S: Final = 10.0
STOP_S: Final = 5.0
ASK_S: Final = 6.0
READS: Final = 5
"""An answer may take the phone a moment: so often it is read, 0.1 s apart."""


class BleakRadio:
    """One adapter of BlueZ, e.g. `hci0`; see `Radio`."""

    def __init__(self, adapter: str) -> None:
        self.name = adapter
        self.adverts = 0
        self._adapter = BluezAdapter(adapter)
        self._scanner: BleakScanner | None = None
        self._asking = asyncio.Lock()

    async def start(self, take: Take) -> None:
        """See `Radio`."""
        clock = asyncio.get_running_loop().time

        def detected(device: BLEDevice, data: AdvertisementData) -> None:
            self.adverts += 1
            tokens = _tokens(tuple(data.service_uuids), tuple(data.manufacturer_data.items()))
            if tokens:
                take(Heard(clock(), device.address, data.rssi, tokens))

        self._scanner = BleakScanner(
            detected,
            bluez={"adapter": self.name, "filters": {"DuplicateData": True, "RSSI": -127}},
        )
        try:
            await asyncio.wait_for(self._scanner.start(), START_S)
        except Exception as error:  # bleak, dbus-fast and the socket each have their own
            raise _problem(error) from error

    async def stop(self) -> None:
        """See `Radio`."""
        scanner, self._scanner = self._scanner, None
        if scanner is None:
            return
        try:
            await asyncio.wait_for(scanner.stop(), STOP_S)
        except Exception as error:
            _log.info("scan_not_stopped", adapter=self.name, why=str(error) or type(error).__name__)

    async def trouble(self) -> Trouble:
        """See `Radio`."""
        return await self._adapter.trouble()

    async def cycle(self) -> None:
        """See `Radio`."""
        await self._adapter.cycle()

    async def ask(self, address: str, question: bytes) -> bytes | ProofProblem:
        """See `Radio`."""
        if self._asking.locked():
            return ProofProblem.BUSY
        async with self._asking:
            device = self._device(address)
            if device is None:
                return ProofProblem.NOT_HEARD
            try:
                async with asyncio.timeout(ASK_S):
                    return await self._answer(device, question)
            except TimeoutError:
                return ProofProblem.NO_CONNECTION
            except Exception as error:
                _log.info("phone_not_asked", why=str(error) or type(error).__name__)
                return ProofProblem.NO_CONNECTION

    def _device(self, address: str) -> BLEDevice | None:
        if self._scanner is None:
            return None
        found = self._scanner.discovered_devices_and_advertisement_data.get(address)
        return found[0] if found else None

    async def _answer(self, device: BLEDevice, question: bytes) -> bytes | ProofProblem:
        async with BleakClient(device, timeout=ASK_S, bluez={"adapter": self.name}) as phone:
            with contextlib.suppress(BleakError):
                await phone.write_gatt_char(str(ASK), question, response=True)
                for _ in range(READS):
                    answer = bytes(await phone.read_gatt_char(str(ANSWER)))
                    if len(answer) == PROOF_BYTES:
                        return answer
                    await asyncio.sleep(0.1)
            return ProofProblem.NO_ANSWER


@lru_cache(maxsize=4096)
def _tokens(
    service_uuids: tuple[str, ...], manufacturer_data: tuple[tuple[int, bytes], ...]
) -> tuple[Carried, ...]:
    """The same adverts come again and again: the same tuple is given for them."""
    return tokens_in(service_uuids, dict(manufacturer_data))


def _problem(error: Exception) -> RadioProblem:
    said = str(error) or type(error).__name__
    match error:
        case BleakDBusError():
            return RadioProblem(trouble_of(error.dbus_error), said)
        case BleakBluetoothNotAvailableError():
            denied = "DENIED" in getattr(error.reason, "name", "")
            return RadioProblem(Trouble.NOT_ALLOWED if denied else Trouble.NO_ADAPTER, said)
        case BleakError() if "not found" in said:
            return RadioProblem(Trouble.NO_ADAPTER, said)
        case OSError() | EOFError() if not isinstance(error, TimeoutError):
            return RadioProblem(Trouble.NO_SERVICE, said)
        case _:
            return RadioProblem(Trouble.NOT_STARTED, said)
