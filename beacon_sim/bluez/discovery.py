"""Who scans, with which filter, and what the filters of all clients together let through."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dbus_fast import Variant

from beacon_sim.bluez.advert import Advert
from beacon_sim.bluez.device import RemoteDevice, Scan
from beacon_sim.bluez.errors import Refusal, in_progress

FILTERS: Final = (
    "UUIDs",
    "RSSI",
    "Pathloss",
    "Transport",
    "DuplicateData",
    "Discoverable",
    "Pattern",
)
CYCLE_S: Final = 10.24
"""The kernel starts an LE scan anew so often; without DuplicateData a device is reported once in that time."""
PASSIVE: Final = Scan(true_rssi=False, duplicates=True)


@dataclass(frozen=True, slots=True)
class Filter:
    """One client's `SetDiscoveryFilter`, as far as it matters to LE."""

    uuids: frozenset[str] = frozenset()
    rssi: int | None = None
    pathloss: int | None = None
    duplicates: bool = False
    pattern: str = ""

    @property
    def true_rssi(self) -> bool:
        """Whether it lifts the 8 dB rule."""
        return self.rssi is not None or self.pathloss is not None

    def lets_through(self, advert: Advert, device: RemoteDevice | None) -> bool:
        """Whether the client wants to hear of it."""
        if self.rssi is not None and advert.rssi < self.rssi:
            return False
        if self.pathloss is not None and (
            advert.tx_power is None or advert.tx_power - advert.rssi > self.pathloss
        ):
            return False
        if self.uuids:
            held = {*advert.service_uuids, *(device.uuids if device else ())}
            if self.uuids.isdisjoint(held):
                return False
        return not self.pattern or (
            advert.address.startswith(self.pattern) or (advert.name or "").startswith(self.pattern)
        )


def read_filter(given: Mapping[str, Variant]) -> Filter:
    """Read `SetDiscoveryFilter`'s argument.

    Raises:
        Refusal: `InvalidArguments`, as BlueZ does for what it does not know or finds contradictory.
    """
    values: dict[str, Any] = {name: variant.value for name, variant in given.items()}
    if set(values) - set(FILTERS) or ("RSSI" in values and "Pathloss" in values):
        raise Refusal("InvalidArguments", "Invalid arguments in method call")
    if not -127 <= values.get("RSSI", 0) <= 20 or not 0 <= values.get("Pathloss", 0) <= 137:
        raise Refusal("InvalidArguments", "Invalid arguments in method call")
    return Filter(
        uuids=frozenset(uuid.lower() for uuid in values.get("UUIDs", ())),
        rssi=values.get("RSSI"),
        pathloss=values.get("Pathloss"),
        duplicates=values.get("DuplicateData", True),
        pattern=values.get("Pattern", ""),
    )


class Discovery:
    """The sessions of one adapter, by the client's bus name."""

    def __init__(self) -> None:
        self._filters: dict[str, Filter] = {}
        self._scanning: set[str] = set()
        self._scan: Scan | None = None

    @property
    def scan(self) -> Scan | None:
        """What all sessions together ask for; None when nobody scans."""
        return self._scan

    def set_filter(self, client: str, given: Mapping[str, Variant]) -> None:
        """`SetDiscoveryFilter`; an empty one takes the filter away."""
        if given:
            self._filters[client] = read_filter(given)
        else:
            self._filters.pop(client, None)
        self._judge()

    def start(self, client: str) -> None:
        """`StartDiscovery`."""
        if client in self._scanning:
            raise in_progress()
        self._scanning.add(client)
        self._judge()

    def stop(self, client: str) -> None:
        """`StopDiscovery`."""
        if client not in self._scanning:
            raise Refusal("Failed", "No discovery started")
        self._scanning.discard(client)
        self._judge()

    def forget(self, client: str) -> None:
        """The client has left the bus."""
        self._filters.pop(client, None)
        self._scanning.discard(client)
        self._judge()

    def end(self) -> None:
        """All sessions end: the adapter was switched off."""
        self._scanning.clear()
        self._judge()

    def wants(self, advert: Advert, device: RemoteDevice | None) -> bool:
        """Whether any session lets it through."""
        return any(
            client not in self._filters or self._filters[client].lets_through(advert, device)
            for client in self._scanning
        )

    def _judge(self) -> None:
        if not self._scanning:
            self._scan = None
            return
        filters = [self._filters.get(client, Filter(duplicates=False)) for client in self._scanning]
        # a session without a level in its filter makes the whole scan an ordinary one
        self._scan = Scan(
            true_rssi=all(each.true_rssi for each in filters),
            duplicates=any(each.duplicates for each in filters),
        )
