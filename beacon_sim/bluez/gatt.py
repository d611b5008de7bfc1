"""The GATT server of a phone, as BlueZ shows it below a connected device: services and characteristics."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from dbus_fast import Variant

SERVICE: Final = "org.bluez.GattService1"
CHARACTERISTIC: Final = "org.bluez.GattCharacteristic1"
_FIRST_HANDLE: Final = 0x000A


class GattProblem(Exception):
    """A GATT operation fails.

    Args:
        name: the last part of BlueZ's error name, e.g. `Failed`.
        words: what BlueZ says.
    """

    def __init__(self, name: str, words: str) -> None:
        super().__init__(words)
        self.name = f"org.bluez.Error.{name}"


Notify = Callable[[bytes], None]


@dataclass(slots=True)
class Characteristic:
    """One characteristic; what it does is up to the phone.

    `read` gives the value; `written` is called with what a central wrote, and may raise `GattProblem`.
    """

    uuid: str
    flags: tuple[str, ...]
    read: Callable[[], bytes] | None = None
    written: Callable[[bytes], None] | None = None
    notify: Notify | None = field(default=None, compare=False)
    """Set while a central has asked for notifications: the phone calls it."""


@dataclass(frozen=True, slots=True)
class Service:
    """One primary service."""

    uuid: str
    characteristics: tuple[Characteristic, ...]


class GattTree:
    """The D-Bus objects of a phone's services, with paths as BlueZ makes them (`…/service000a/char000b`)."""

    def __init__(self, device: str, services: tuple[Service, ...]) -> None:
        self.characteristics: dict[str, Characteristic] = {}
        self._interfaces: dict[str, tuple[str, dict[str, Variant]]] = {}
        handle = _FIRST_HANDLE
        for service in services:
            path = f"{device}/service{handle:04x}"
            self._interfaces[path] = (SERVICE, _service(service, device))
            for characteristic in service.characteristics:
                handle += 1
                place = f"{path}/char{handle:04x}"
                self.characteristics[place] = characteristic
                self._interfaces[place] = (CHARACTERISTIC, _characteristic(characteristic, path))
                handle += 2
            handle += 1

    def objects(self) -> dict[str, tuple[str, dict[str, Variant]]]:
        """Interface and properties by path, parents first."""
        return self._interfaces


def _service(service: Service, device: str) -> dict[str, Variant]:
    return {
        "UUID": Variant("s", service.uuid),
        "Device": Variant("o", device),
        "Primary": Variant("b", True),
        "Includes": Variant("ao", []),
    }


def _characteristic(characteristic: Characteristic, service: str) -> dict[str, Variant]:
    shown = {
        "UUID": Variant("s", characteristic.uuid),
        "Service": Variant("o", service),
        "Value": Variant("ay", b""),
        "Flags": Variant("as", list(characteristic.flags)),
        "MTU": Variant("q", 517),
    }
    if "notify" in characteristic.flags:
        shown["Notifying"] = Variant("b", False)
    return shown
