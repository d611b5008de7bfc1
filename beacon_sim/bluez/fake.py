"""A fake `org.bluez`: owns the name on a private bus and answers as bluetoothd does, so that unmodified bleak runs on it.

async with FakeBluez() as bluez:
    os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = bluez.address
    await bluez.hear(Advert("C0:FF:EE:00:00:01", -60, (uuid,)))
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Self, cast

from dbus_fast import Message, MessageType, RequestNameReply, Variant

from beacon_sim.bluez.adapter import EXPIRY_S, Adapter
from beacon_sim.bluez.adapter import INTERFACE as ADAPTER
from beacon_sim.bluez.advert import Advert
from beacon_sim.bluez.answers import OBJECTS, PROPERTIES, Answers, interfaces_of_adapter
from beacon_sim.bluez.bus import NoDbus, PrivateBus
from beacon_sim.bluez.connections import Connections
from beacon_sim.bluez.device import INTERFACE as DEVICE
from beacon_sim.bluez.faults import Fault
from beacon_sim.bluez.gatt import Service
from beacon_sim.bluez.monitors import MANAGER, Monitors
from beacon_sim.bluez.wire import PatientBus

NAME: Final = "org.bluez"
SWEEP_S: Final = 1.0
GOODBYE_S: Final = 2.0


class FakeBluez:
    """A private bus with a bluetoothd on it. Enter it; then let it `hear` adverts.

    Args:
        adapters: names, e.g. `hci0`; the first ones are powered.
        expiry_s: after how long a silent device is forgotten; BlueZ: 30 s.
        clock: seconds, only going forward.

    Raises:
        NoDbus: on entering; there is no `dbus-daemon`.
    """

    def __init__(
        self,
        adapters: tuple[str, ...] = ("hci0",),
        *,
        expiry_s: float = EXPIRY_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bus = PrivateBus()
        self._connection: PatientBus | None = None
        self._clock = clock
        self._expiry_s = expiry_s
        self._monitors = Monitors()
        self._adapters: dict[str, Adapter] = {}
        self._sweeper: asyncio.Task[None] | None = None
        self._connections = Connections(self)
        self._answers = Answers(self._adapters, self._monitors, self._connections, self.signal)
        for number, name in enumerate(adapters):
            self._adapters[name] = self._new_adapter(name, number)

    @property
    def address(self) -> str:
        """What `DBUS_SYSTEM_BUS_ADDRESS` must say."""
        return self._bus.address

    @property
    def daemon_pid(self) -> int | None:
        """The process of the private D-Bus daemon."""
        return self._bus.pid

    def adapter(self, name: str = "hci0") -> Adapter:
        """An adapter, to look at it or to break it."""
        return self._adapters[name]

    # ---- the air ----

    def put(self, advert: Advert, adapter: str = "hci0") -> None:
        """An adapter's radio picks up an advert; does not wait."""
        found = self._adapters.get(adapter)
        if found is not None:
            found.hear(advert, self._clock())

    async def hear(self, advert: Advert, adapter: str = "hci0") -> None:
        """The same, but waits while the bus takes no more: nothing is lost, the radio is slowed down."""
        self.put(advert, adapter)
        await self.room()

    async def room(self) -> None:
        """Wait until the bus takes more."""
        if self._connection is not None:
            await self._connection.writer.room()

    def serve(self, address: str, services: tuple[Service, ...]) -> None:
        """A phone offers these GATT services to whom connects; without any it can't be connected to."""
        self._connections.serve(address, services)

    def walk_away(self, address: str, adapter: str = "hci0") -> None:
        """A connected phone goes out of reach."""
        self._connections.hang_up(self._adapters[adapter], address)

    # ---- what goes wrong ----

    def break_(self, fault: Fault, adapter: str = "hci0") -> None:
        """Let a fault happen; see `faults`."""
        self._adapters[adapter].faults.add(fault)

    def mend(self, fault: Fault, adapter: str = "hci0") -> None:
        """Take it back."""
        self._adapters[adapter].faults.discard(fault)

    def power(self, on: bool, adapter: str = "hci0") -> None:
        """Somebody switches the adapter off or on."""
        self._adapters[adapter].set_powered(on)

    def pull(self, adapter: str = "hci0") -> None:
        """The dongle is pulled out."""
        gone = self._adapters.pop(adapter)
        for device in gone.devices.values():
            self.removed(device.path, DEVICE)
        self._emit_removed(gone.path, [ADAPTER, MANAGER, PROPERTIES])

    def plug(self, adapter: str = "hci0") -> None:
        """A dongle is put in; it is powered."""
        new = self._adapters[adapter] = self._new_adapter(adapter, len(self._adapters))
        self._emit_added(new.path, interfaces_of_adapter(new))

    async def lose_bus(self) -> None:
        """The D-Bus daemon dies."""
        await self._bus.kill()
        await self._leave()

    async def restore_bus(self) -> None:
        """The D-Bus daemon is there again, and bluetoothd on it, knowing no device and no scan."""
        await self._bus.start()
        await self._come()

    async def restart_daemon(self) -> None:
        """Bluetoothd dies and comes back; the bus stays."""
        await self._leave()
        await self._come()

    # ---- coming and going ----

    async def __aenter__(self) -> Self:
        await self._bus.start()
        await self._come()
        self._sweeper = asyncio.create_task(self._sweep())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._sweeper:
            self._sweeper.cancel()
        if self._connection is not None:
            with contextlib.suppress(TimeoutError):  # somebody may have stopped reading
                await asyncio.wait_for(self._connection.writer.drained(), GOODBYE_S)
        await self._leave()
        await self._bus.__aexit__(kind, error, trace)

    async def _come(self) -> None:
        self._monitors.forget()
        self._connections.forget()
        for number, (name, before) in enumerate(list(self._adapters.items())):
            self._adapters[name] = self._new_adapter(name, number)
            self._adapters[name].faults = before.faults
        connection = PatientBus(self._bus.address)
        await connection.connect()
        connection.add_message_handler(self._answers.answer)
        self._connection = connection
        for rule in (
            "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged'",
            f"type='signal',interface='{OBJECTS}',member='InterfacesAdded'",
        ):
            await connection.call(
                Message(
                    destination="org.freedesktop.DBus",
                    path="/org/freedesktop/DBus",
                    interface="org.freedesktop.DBus",
                    member="AddMatch",
                    signature="s",
                    body=[rule],
                )
            )
        if await connection.request_name(NAME) is not RequestNameReply.PRIMARY_OWNER:
            raise NoDbus(f"Somebody else owns {NAME} on this bus.")

    async def _leave(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            self._connections.cancel()
            connection.disconnect()
            with contextlib.suppress(OSError, EOFError):  # the bus may have gone first
                await cast("Any", connection).wait_for_disconnect()  # has no types

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(min(SWEEP_S, self._expiry_s / 2))
            for adapter in self._adapters.values():
                adapter.sweep(self._clock())

    def _new_adapter(self, name: str, number: int) -> Adapter:
        adapter = Adapter(name, f"00:1A:7D:DA:71:{number:02X}", self, self._expiry_s)
        adapter.watched = lambda advert: self._monitors.watch(advert)
        return adapter

    # ---- speaking (`adapter.Tell`) ----

    def signal(self, message: Message) -> None:
        """See `Tell`."""
        if self._connection is not None:
            if not message.serial:
                message.serial = self._connection.next_serial()
            self._connection.writer.schedule_write(message)

    def raw(self, data: bytes) -> None:
        """See `Tell`."""
        if self._connection is not None:
            self._connection.writer.put(data)

    def added(self, path: str, interface: str, properties: dict[str, Variant]) -> None:
        """See `Tell`."""
        self._emit_added(path, {interface: properties, PROPERTIES: {}})

    def removed(self, path: str, interface: str) -> None:
        """See `Tell`."""
        self._emit_removed(path, [PROPERTIES, interface])

    def _emit_added(self, path: str, interfaces: dict[str, dict[str, Variant]]) -> None:
        self.signal(_from_objects("InterfacesAdded", "oa{sa{sv}}", [path, interfaces]))

    def _emit_removed(self, path: str, interfaces: list[str]) -> None:
        self.signal(_from_objects("InterfacesRemoved", "oas", [path, interfaces]))


def _from_objects(member: str, signature: str, body: list[Any]) -> Message:
    return Message(
        message_type=MessageType.SIGNAL,
        path="/",
        interface=OBJECTS,
        member=member,
        signature=signature,
        body=body,
    )
