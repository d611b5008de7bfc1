"""Advertisement monitors: passive scanning as clients ask for it (`org.bluez.AdvertisementMonitorManager1`).

A client registers a path, exports its monitor there, BlueZ reads the patterns and calls `Activate`. An advert that matches
a pattern is reported as in a scan, but the 8 dB rule always holds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from beacon_sim.bluez.advert import Advert
from beacon_sim.bluez.errors import Refusal, unknown_method

MANAGER: Final = "org.bluez.AdvertisementMonitorManager1"
MONITOR: Final = "org.bluez.AdvertisementMonitor1"


@dataclass(frozen=True, slots=True)
class Pattern:
    """Bytes that must stand at `start` of the advertising field `kind`."""

    start: int
    kind: int
    content: bytes

    def matches(self, fields: Iterable[tuple[int, bytes]]) -> bool:
        """Whether any field of an advert has them."""
        return any(
            kind == self.kind and data[self.start :].startswith(self.content)
            for kind, data in fields
        )


def fields_of(advert: Advert) -> list[tuple[int, bytes]]:
    """The advertising fields of an advert: type and data, as on the air."""
    name = [(0x09, advert.name.encode())] if advert.name else []
    return [
        (0x01, b"\x06"),
        *((0x07, UUID(uuid).bytes[::-1]) for uuid in advert.service_uuids),
        *(
            (0xFF, number.to_bytes(2, "little") + raw)
            for number, raw in advert.manufacturer_data.items()
        ),
        *((0x21, UUID(uuid).bytes[::-1] + raw) for uuid, raw in advert.service_data.items()),
        *name,
    ]


class Monitors:
    """The monitors of all clients, by client and path."""

    def __init__(self) -> None:
        self._registered: set[tuple[str, str]] = set()
        self._patterns: dict[tuple[str, str], tuple[Pattern, ...]] = {}

    def call(self, member: str, client: str, body: list[Any]) -> list[Any]:
        """Carry out a method of `AdvertisementMonitorManager1`."""
        match member:
            case "RegisterMonitor":
                if (client, body[0]) in self._registered:
                    raise Refusal("AlreadyExists", "Already Exists")
                self._registered.add((client, body[0]))
            case "UnregisterMonitor":
                if (client, body[0]) not in self._registered:
                    raise Refusal("DoesNotExist", "Does Not Exist")
                self._registered.discard((client, body[0]))
                self._patterns.pop((client, body[0]), None)
            case _:
                raise unknown_method(member)
        return []

    def exported(self, client: str, path: str, properties: dict[str, Any]) -> bool:
        """A client shows an object; True when it is a monitor of a registered path, to be activated."""
        if not any(who == client and path.startswith(root) for who, root in self._registered):
            return False
        patterns = properties["Patterns"].value
        self._patterns[client, path] = tuple(
            Pattern(start, kind, bytes(content)) for start, kind, content in patterns
        )
        return True

    def forget(self) -> None:
        """Bluetoothd has started anew: nobody has registered anything."""
        self._registered.clear()
        self._patterns.clear()

    def left(self, client: str) -> None:
        """A client has left the bus."""
        self._registered = {each for each in self._registered if each[0] != client}
        self._patterns = {key: held for key, held in self._patterns.items() if key[0] != client}

    def watch(self, advert: Advert) -> bool:
        """Whether a monitor wants this advert."""
        if not self._patterns:
            return False
        fields = fields_of(advert)
        return any(
            pattern.matches(fields) for patterns in self._patterns.values() for pattern in patterns
        )
