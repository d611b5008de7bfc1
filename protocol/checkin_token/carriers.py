"""In which fields of an advertisement a token may stand, and how it is found there.

| carrier | field | who can |
|---|---|---|
| service UUID | one of the 128-bit service UUIDs | every phone, iOS in the foreground only |
| iBeacon | proximity UUID: company 0x004C, `02 15`, UUID, major, minor, power | Android, beacons |
| manufacturer data | the sixteen bytes alone, under any company's number | Android, beacons |
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from protocol.checkin_token.token import NAMESPACE, VERSION, CheckinToken, read_token

APPLE: Final = 0x004C
UNASSIGNED: Final = 0xFFFF
"""The company number for those who have none."""
IBEACON_HEAD: Final = bytes([0x02, 0x15])
IBEACON_BYTES: Final = 23


class Carrier(StrEnum):
    """Where a token stood."""

    SERVICE_UUID = "service_uuid"
    IBEACON = "ibeacon"
    MANUFACTURER = "manufacturer"


@dataclass(frozen=True, slots=True)
class Carried:
    """A token, and the field it stood in."""

    token: CheckinToken
    carrier: Carrier


_hex = (NAMESPACE + bytes([VERSION << 4])).hex()
_UUID_START: Final = f"{_hex[:8]}-{_hex[8:12]}-{_hex[12]}"


def tokens_in(
    service_uuids: Iterable[str], manufacturer_data: Mapping[int, bytes]
) -> tuple[Carried, ...]:
    """All tokens of one advertisement, each once; empty for everything that is not ours.

    Args:
        service_uuids: in the usual writing, 36 characters, as bleak gives them.
        manufacturer_data: what follows the company's number, by that number.
    """
    found: dict[bytes, Carried] = {}
    for uuid in service_uuids:
        if uuid.startswith(_UUID_START):
            _take(found, _uuid_bytes(uuid), Carrier.SERVICE_UUID)
    for company, data in manufacturer_data.items():
        if company == APPLE and data[:2] == IBEACON_HEAD and len(data) == IBEACON_BYTES:
            _take(found, data[2:18], Carrier.IBEACON)
        elif data[:6] == NAMESPACE:
            _take(found, data, Carrier.MANUFACTURER)
    return tuple(found.values())


def _take(found: dict[bytes, Carried], raw: bytes, carrier: Carrier) -> None:
    token = read_token(raw)
    if token is not None:
        found.setdefault(token.value, Carried(token, carrier))


def _uuid_bytes(uuid: str) -> bytes:
    try:
        return bytes.fromhex(uuid.replace("-", ""))
    except ValueError:
        return b""


def as_ibeacon(token: CheckinToken, major: int = 0, minor: int = 0, power_dbm: int = -59) -> bytes:
    """The manufacturer data (company 0x004C) that carries a token as an iBeacon."""
    tail = major.to_bytes(2, "big") + minor.to_bytes(2, "big")
    return IBEACON_HEAD + bytes(token) + tail + power_dbm.to_bytes(1, "big", signed=True)
