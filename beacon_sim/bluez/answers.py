"""Answering method calls as bluetoothd does, and overhearing what clients tell the bus."""

from collections.abc import Callable, Mapping
from typing import Final

from dbus_fast import Message, MessageFlag, MessageType, Variant

from beacon_sim.bluez.adapter import INTERFACE as ADAPTER
from beacon_sim.bluez.adapter import Adapter
from beacon_sim.bluez.connections import Connections
from beacon_sim.bluez.device import INTERFACE as DEVICE
from beacon_sim.bluez.errors import Refusal, unknown_method, unknown_object
from beacon_sim.bluez.gatt import CHARACTERISTIC
from beacon_sim.bluez.monitors import MANAGER, MONITOR, Monitors

OBJECTS: Final = "org.freedesktop.DBus.ObjectManager"
PROPERTIES: Final = "org.freedesktop.DBus.Properties"


class Answers:
    """What the objects of the fake say when they are called.

    Args:
        adapters: by name; the fake adds and removes.
        monitors, connections: the rest of its state.
        signal: sends a message.
    """

    def __init__(
        self,
        adapters: Mapping[str, Adapter],
        monitors: Monitors,
        connections: Connections,
        signal: Callable[[Message], None],
    ) -> None:
        self._adapters = adapters
        self._monitors = monitors
        self._connections = connections
        self.signal = signal

    def answer(self, message: Message) -> Message | bool | None:
        """Answer a call; None when it is none of BlueZ's, True when the reply comes later."""
        if message.message_type is MessageType.SIGNAL:
            self.overhear(message)
            return None
        if message.message_type is not MessageType.METHOD_CALL:
            return None
        if message.path == "/" and message.interface == OBJECTS:
            return Message.new_method_return(message, "a{oa{sa{sv}}}", [self._managed()])
        if message.path is None or not message.path.startswith("/org/bluez"):
            return None
        if message.interface == "org.freedesktop.DBus.Introspectable":
            return None
        try:
            return self._called(message)
        except Refusal as refusal:
            return Message.new_error(message, refusal.name, str(refusal))

    def _called(self, message: Message) -> Message | bool:
        if message.interface == PROPERTIES:
            return self._properties_called(message)
        path, member = message.path or "", message.member or ""
        sender = message.sender or ""
        adapter = self._adapter_of(path)
        if message.interface in (DEVICE, CHARACTERISTIC):
            return self._connections.called(message, adapter)
        if path != adapter.path:
            raise unknown_object(path)
        if message.interface == ADAPTER:
            body = adapter.call(member, sender, message.body)
        elif message.interface == MANAGER:
            body = self._monitors.call(member, sender, message.body)
        else:
            raise unknown_method(member)
        signature = "as" if member == "GetDiscoveryFilters" else ""
        return Message.new_method_return(message, signature, body)

    def _properties_called(self, message: Message) -> Message:
        interface, *rest = message.body
        path = message.path or ""
        held = self._interfaces_at(path).get(interface)
        if held is None:
            raise Refusal(
                "org.freedesktop.DBus.Error.InvalidArgs", f"No such interface {interface!r}"
            )
        match message.member:
            case "GetAll":
                return Message.new_method_return(message, "a{sv}", [held])
            case "Get" if rest[0] in held:
                return Message.new_method_return(message, "v", [held[rest[0]]])
            case "Set" if interface == ADAPTER and rest[0] == "Powered":
                self._adapter_of(path).set_powered(bool(rest[1].value))
                return Message.new_method_return(message)
            case "Set" if interface == DEVICE and rest[0] == "Trusted":
                return Message.new_method_return(message)
            case _:
                raise Refusal(
                    "org.freedesktop.DBus.Error.InvalidArgs", f"No such property {rest[0]!r}"
                )

    def overhear(self, message: Message) -> None:
        """A client has left, or shows a monitor."""
        client = message.sender or ""
        if message.member == "NameOwnerChanged" and not message.body[2]:
            self._monitors.left(message.body[0])
            for adapter in self._adapters.values():
                adapter.left(message.body[0])
        elif message.member == "InterfacesAdded" and MONITOR in message.body[1]:
            path, interfaces = message.body
            if self._monitors.exported(client, path, interfaces[MONITOR]):
                self.signal(
                    Message(
                        destination=client,
                        path=path,
                        interface=MONITOR,
                        member="Activate",
                        flags=MessageFlag.NO_REPLY_EXPECTED,
                    )
                )

    def _adapter_of(self, path: str) -> Adapter:
        name = path.removeprefix("/org/bluez/").partition("/")[0]
        adapter = self._adapters.get(name)
        if adapter is None:
            raise unknown_object(path)
        return adapter

    # ---- objects ----

    def _managed(self) -> dict[str, dict[str, dict[str, Variant]]]:
        managed: dict[str, dict[str, dict[str, Variant]]] = {"/org/bluez": {}}
        for adapter in self._adapters.values():
            for path, interface, properties in adapter.objects():
                managed[path] = {interface: properties, PROPERTIES: {}}
            managed[adapter.path] = interfaces_of_adapter(adapter)
        for path, (interface, properties) in self._connections.objects().items():
            managed[path] = {interface: properties, PROPERTIES: {}}
        return managed

    def _interfaces_at(self, path: str) -> dict[str, dict[str, Variant]]:
        adapter = self._adapter_of(path)
        if path == adapter.path:
            return interfaces_of_adapter(adapter)
        held = self._connections.objects().get(path)
        if held is not None:
            return {held[0]: held[1]}
        device = adapter.device_at(path)
        if device is None or device.path != path:
            raise unknown_object(path)
        return {DEVICE: device.properties()}


def interfaces_of_adapter(adapter: Adapter) -> dict[str, dict[str, Variant]]:
    """All interfaces of an adapter's object, with their properties."""
    monitors = {
        "SupportedMonitorTypes": Variant("as", ["or_patterns"]),
        "SupportedFeatures": Variant("as", []),
    }
    return {ADAPTER: adapter.properties(), MANAGER: monitors, PROPERTIES: {}}
