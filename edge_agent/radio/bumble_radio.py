"""A USB dongle without BlueZ, through bumble's own host stack. Imported only when such a radio is asked for.

The kernel must not hold the dongle; bumble takes it over while the agent runs.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

import structlog
from bumble import core
from bumble.core import AdvertisingData
from bumble.device import Device, Peer
from bumble.hci import Address
from bumble.transport import open_transport

from edge_agent.core.presence import Heard
from edge_agent.core.recovery import Trouble
from edge_agent.radio.port import RadioProblem, Take
from protocol import ProofProblem
from protocol.checkin_token import ANSWER, ASK, PROOF_BYTES, SERVICE, tokens_in

_log = structlog.get_logger()
START_S: Final = 10.0
STOP_S: Final = 5.0
ASK_S: Final = 6.0
MOST_REMEMBERED: Final = 4096
"""Bumble keeps what it heard of every address for ever; it is emptied when it grows beyond this."""
_OWN: Final = "F0:0D:C0:DE:00:01"
_UUIDS_128: Final = (
    AdvertisingData.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
)
Open = Callable[[str], Awaitable[Any]]
"""Opens a transport by its name; bumble publishes no types."""


class BumbleRadio:
    """One dongle, written as bumble writes it, e.g. `usb:0`; see `Radio`."""

    def __init__(self, spec: str, open_: Open = open_transport) -> None:
        self.name = spec
        self.adverts = 0
        self._open = open_
        self._transport: Any = None
        self._device: Any = None
        self._asking = asyncio.Lock()

    async def start(self, take: Take) -> None:
        """See `Radio`."""
        try:
            async with asyncio.timeout(START_S):
                self._transport = await self._open(self.name)
                self._device = Device.with_hci(
                    "daozhen", Address(_OWN), self._transport.source, self._transport.sink
                )
                await self._device.power_on()
                self._device.on("advertisement", lambda advert: self._heard(advert, take))
                await self._device.start_scanning(active=True, filter_duplicates=False)
        except TimeoutError as error:
            raise RadioProblem(Trouble.NOT_STARTED, "the dongle does not answer") from error
        except Exception as error:  # libusb, the transport and HCI each have their own
            trouble = Trouble.NOT_ALLOWED if "access" in str(error).lower() else Trouble.NO_ADAPTER
            raise RadioProblem(trouble, str(error) or type(error).__name__) from error

    async def stop(self) -> None:
        """See `Radio`."""
        device, transport = self._device, self._transport
        self._device = self._transport = None
        try:
            async with asyncio.timeout(STOP_S):
                if device is not None and device.powered_on:
                    await device.stop_scanning()
                    await device.power_off()
        except Exception as error:
            _log.info("scan_not_stopped", adapter=self.name, why=str(error) or type(error).__name__)
        if transport is not None:
            with contextlib.suppress(Exception):  # it may be gone already
                await transport.close()

    async def trouble(self) -> Trouble:
        """See `Radio`: the dongle was pulled out."""
        with contextlib.suppress(Exception):
            await asyncio.shield(self._transport.source.terminated)
        return Trouble.NO_ADAPTER

    async def cycle(self) -> None:
        """See `Radio`: a start resets the controller, which is all there is to do."""

    async def ask(self, address: str, question: bytes) -> bytes | ProofProblem:
        """See `Radio`."""
        if self._asking.locked():
            return ProofProblem.BUSY
        if self._device is None:
            return ProofProblem.NOT_HEARD
        async with self._asking:
            try:
                async with asyncio.timeout(ASK_S):
                    return await self._answer(address, question)
            except Exception as error:
                _log.info("phone_not_asked", why=str(error) or type(error).__name__)
                return ProofProblem.NO_CONNECTION

    async def _answer(self, address: str, question: bytes) -> bytes | ProofProblem:
        connection = await self._device.connect(Address(address), timeout=ASK_S)
        try:
            peer = Peer(connection)
            await peer.discover_services([_theirs(SERVICE)])
            await peer.discover_characteristics()
            ask, answer = (
                peer.get_characteristics_by_uuid(_theirs(uuid)) for uuid in (ASK, ANSWER)
            )
            if not ask or not answer:
                return ProofProblem.NO_ANSWER
            await peer.write_value(ask[0], question, with_response=True)
            proof = bytes(await peer.read_value(answer[0]))
            return proof if len(proof) == PROOF_BYTES else ProofProblem.NO_ANSWER
        finally:
            with contextlib.suppress(Exception):
                await connection.disconnect()

    def _heard(self, advert: Any, take: Take) -> None:
        self.adverts += 1
        if len(self._device.advertisement_accumulators) > MOST_REMEMBERED:
            self._device.advertisement_accumulators.clear()
        tokens = tokens_in(_service_uuids(advert.data), _manufacturer_data(advert.data))
        if tokens:
            now_s = asyncio.get_running_loop().time()
            take(Heard(now_s, str(advert.address), advert.rssi, tokens))


def _theirs(uuid: UUID) -> Any:
    return core.UUID(str(uuid))


def _service_uuids(data: Any) -> list[str]:
    raw = b"".join(each for kind in _UUIDS_128 for each in data.get_all(kind, raw=True))
    return [str(UUID(bytes=raw[at : at + 16][::-1])) for at in range(0, len(raw) - 15, 16)]


def _manufacturer_data(data: Any) -> dict[int, bytes]:
    fields = data.get_all(AdvertisingData.MANUFACTURER_SPECIFIC_DATA, raw=True)
    return {int.from_bytes(each[:2], "little"): each[2:] for each in fields if len(each) > 2}
