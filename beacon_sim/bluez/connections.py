"""Connections to phones, and the GATT operations over them: the slow half of `Device1`, and `GattCharacteristic1`."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final, Protocol

from dbus_fast import Message, Variant

from beacon_sim.bluez.adapter import Adapter
from beacon_sim.bluez.device import INTERFACE as DEVICE
from beacon_sim.bluez.device import RemoteDevice
from beacon_sim.bluez.errors import Refusal, in_progress, unknown_method, unknown_object
from beacon_sim.bluez.gatt import (
    CHARACTERISTIC,
    Characteristic,
    GattProblem,
    GattTree,
    Service,
)
from beacon_sim.bluez.wire import properties_changed

CONNECT_S: Final = 0.05
"""How long a connection takes here; real ones take 0.1–2 s."""
GENERIC_ACCESS: Final = "00001800-0000-1000-8000-00805f9b34fb"


class _Bluez(Protocol):
    """What connections need of the fake around them."""

    def signal(self, message: Message) -> None: ...
    def added(self, path: str, interface: str, properties: dict[str, Variant]) -> None: ...
    def removed(self, path: str, interface: str) -> None: ...


class Connections:
    """All connections of all adapters."""

    def __init__(self, bluez: _Bluez) -> None:
        self._bluez = bluez
        self._services: dict[str, tuple[Service, ...]] = {}
        self._trees: dict[str, GattTree] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._connecting: dict[str, asyncio.Task[None]] = {}

    def serve(self, address: str, services: tuple[Service, ...]) -> None:
        """A phone offers these services."""
        self._services[address] = services

    def forget(self) -> None:
        """Bluetoothd has started anew: nothing is connected."""
        self._trees.clear()
        self._connecting.clear()

    def cancel(self) -> None:
        """End what is under way."""
        for task in self._tasks:
            task.cancel()

    def objects(self) -> dict[str, tuple[str, dict[str, Variant]]]:
        """The objects of all services that are shown now."""
        return {
            path: held for tree in self._trees.values() for path, held in tree.objects().items()
        }

    def called(self, message: Message, adapter: Adapter) -> Message | bool:
        """A method of `Device1` or of a characteristic; True when the reply comes later.

        Raises:
            Refusal: it is refused at once.
        """
        path = message.path or ""
        device = adapter.device_at(path)
        if device is None:
            raise unknown_object(path)
        if message.interface == CHARACTERISTIC:
            tree = self._trees.get(device.path)
            characteristic = tree.characteristics.get(path) if tree else None
            if characteristic is None:
                raise unknown_object(path)
            return self._operation(message, characteristic)
        if device.path != path:
            raise unknown_object(path)
        match message.member:
            case "Connect":
                self._connect(message, device)
            case "Disconnect":
                self._disconnect(device)
                return Message.new_method_return(message)
            case _:
                raise unknown_method(message.member or "")
        return True

    # ---- connecting ----

    def _connect(self, message: Message, device: RemoteDevice) -> None:
        if device.path in self._connecting:
            raise in_progress()
        if device.connected:
            raise Refusal("AlreadyConnected", "Already Connected")
        task = self._later(self._connected(message, device))
        self._connecting[device.path] = task
        task.add_done_callback(lambda _: self._connecting.pop(device.path, None))

    async def _connected(self, message: Message, device: RemoteDevice) -> None:
        await asyncio.sleep(CONNECT_S)
        services = self._services.get(device.address)
        if services is None:
            words = "le-connection-abort-by-local"
            self._bluez.signal(Message.new_error(message, "org.bluez.Error.Failed", words))
            self._tell(device, {"Connected": Variant("b", True)})
            self._tell(device, {"Connected": Variant("b", False)})
            return
        device.connected = True
        self._tell(device, {"Connected": Variant("b", True)}, ("RSSI",) * device.silence())
        await asyncio.sleep(0)
        tree = self._trees[device.path] = GattTree(device.path, services)
        for path, (interface, properties) in tree.objects().items():
            self._bluez.added(path, interface, properties)
        self._tell(device, device.connect((GENERIC_ACCESS, *(each.uuid for each in services))))
        self._bluez.signal(Message.new_method_return(message))

    def _disconnect(self, device: RemoteDevice) -> None:
        pending = self._connecting.pop(device.path, None)
        if pending:
            pending.cancel()
        if not device.connected:
            return
        tree = self._trees.pop(device.path, None)
        self._tell(device, device.disconnect())
        for path, (interface, _) in reversed(list(tree.objects().items()) if tree else []):
            self._bluez.removed(path, interface)

    def hang_up(self, adapter: Adapter, address: str) -> None:
        """The phone ends the connection, or goes away."""
        self._disconnect(adapter.devices[address])

    def _tell(
        self, device: RemoteDevice, changed: dict[str, Variant], gone: tuple[str, ...] = ()
    ) -> None:
        self._bluez.signal(properties_changed(device.path, DEVICE, changed, gone))

    # ---- reading, writing, notifying ----

    def _operation(self, message: Message, characteristic: Characteristic) -> Message:
        try:
            match message.member:
                case "ReadValue":
                    return Message.new_method_return(message, "ay", [_read(characteristic)])
                case "WriteValue":
                    _write(characteristic, bytes(message.body[0]))
                case "StartNotify":
                    self._start_notify(message.path or "", characteristic)
                case "StopNotify":
                    characteristic.notify = None
                case _:
                    raise unknown_method(message.member or "")
        except GattProblem as problem:
            raise Refusal(problem.name, str(problem)) from problem
        return Message.new_method_return(message)

    def _start_notify(self, path: str, characteristic: Characteristic) -> None:
        if "notify" not in characteristic.flags:
            raise GattProblem("NotSupported", "Operation is not supported")
        if characteristic.notify is not None:
            raise GattProblem("InProgress", "In Progress")

        def notify(value: bytes) -> None:
            changed = {"Value": Variant("ay", value)}
            self._bluez.signal(properties_changed(path, CHARACTERISTIC, changed))

        characteristic.notify = notify
        changed = {"Notifying": Variant("b", True)}
        self._bluez.signal(properties_changed(path, CHARACTERISTIC, changed))

    def _later(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _read(characteristic: Characteristic) -> bytes:
    reads: Callable[[], bytes] | None = characteristic.read
    if reads is None:
        raise GattProblem("NotPermitted", "Read not permitted")
    return reads()


def _write(characteristic: Characteristic, value: bytes) -> None:
    if characteristic.written is None:
        raise GattProblem("NotPermitted", "Write not permitted")
    characteristic.written(value)
