"""What a radio picks up: one advertisement of one device."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Advert:
    """One advertisement.

    `address` is written `AA:BB:CC:DD:EE:FF`, `rssi` is in dBm, UUIDs are written with 36 lower-case characters.
    """

    address: str
    rssi: int
    service_uuids: tuple[str, ...] = ()
    manufacturer_data: Mapping[int, bytes] = field(default_factory=dict)
    service_data: Mapping[str, bytes] = field(default_factory=dict)
    name: str | None = None
    tx_power: int | None = None
    address_type: Literal["public", "random"] = "random"
    connectable: bool = True
