"""A remote device as BlueZ remembers it: `org.bluez.Device1`, with BlueZ's habits.

* A level is told only when it differs by 8 dB from the last one told, unless a client's filter names RSSI or Pathloss.
* Advertised UUIDs only ever accumulate; a connection replaces them with those of the GATT server.
* Manufacturer and service data are told with every advert where a client asked for duplicates, else when they change.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from dbus_fast import Variant

from beacon_sim.bluez.advert import Advert
from beacon_sim.bluez.wire import RssiSignal

INTERFACE: Final = "org.bluez.Device1"
STEP_DB: Final = 8
Properties = dict[str, Variant]


@dataclass(frozen=True, slots=True)
class Scan:
    """What the clients' filters, taken together, make of the reports."""

    true_rssi: bool
    duplicates: bool


class RemoteDevice:
    """One `Device1`. Its methods return what is to be told."""

    def __init__(self, adapter: str, advert: Advert) -> None:
        self.path = f"{adapter}/dev_{advert.address.replace(':', '_')}"
        self.address = advert.address
        self.connected = False
        self.resolved = False
        self.seen_s = 0.0
        self.reported_s = float("-inf")
        self._adapter = adapter
        self._advert = advert
        self._uuids: list[str] = sorted(set(advert.service_uuids))
        self._name = advert.name
        self.rssi: int | None = advert.rssi
        self._told: tuple[Mapping[int, bytes], Mapping[str, bytes]] = (
            advert.manufacturer_data,
            advert.service_data,
        )
        self._signal: tuple[bool, RssiSignal] | None = None

    @property
    def uuids(self) -> tuple[str, ...]:
        """All UUIDs that are held of it, sorted as BlueZ sorts them."""
        return tuple(self._uuids)

    def properties(self) -> Properties:
        """Everything, as in `InterfacesAdded` and `GetAll`."""
        advert = self._advert
        shown: Properties = {
            "Address": Variant("s", self.address),
            "AddressType": Variant("s", advert.address_type),
            "Alias": Variant("s", self._name or self.address.replace(":", "-")),
            "Paired": Variant("b", False),
            "Bonded": Variant("b", False),
            "Trusted": Variant("b", False),
            "Blocked": Variant("b", False),
            "LegacyPairing": Variant("b", False),
            "Connected": Variant("b", self.connected),
            "UUIDs": Variant("as", list(self._uuids)),
            "Adapter": Variant("o", self._adapter),
            "ServicesResolved": Variant("b", self.resolved),
        }
        if self._name is not None:
            shown["Name"] = Variant("s", self._name)
        if advert.tx_power is not None:
            shown["TxPower"] = Variant("n", advert.tx_power)
        shown |= self._data()
        if self.rssi is not None:
            shown["RSSI"] = Variant("n", self.rssi)
        return shown

    def heard(self, advert: Advert, scan: Scan, now_s: float) -> bytes | Properties | None:
        """Take an advert up; give what is told of it: a ready signal, properties, or nothing."""
        self.seen_s = now_s
        changed = self._news(advert)
        if changed is None and scan.true_rssi and self.rssi is not None:
            self.rssi = advert.rssi
            return self._ready(scan.duplicates).at(advert.rssi)
        told = changed or {}
        if scan.duplicates:
            told |= self._data()
        if self.rssi is None or scan.true_rssi or abs(advert.rssi - self.rssi) >= STEP_DB:
            self.rssi = advert.rssi
            told["RSSI"] = Variant("n", advert.rssi)
        return told or None

    def _ready(self, duplicates: bool) -> RssiSignal:
        if self._signal is None or self._signal[0] != duplicates:
            data = self._data() if duplicates else {}
            self._signal = duplicates, RssiSignal(self.path, data)
        return self._signal[1]

    def _news(self, advert: Advert) -> Properties | None:
        """What an advert says that the one before did not."""
        before, self._advert = self._advert, advert
        if (
            advert.service_uuids == before.service_uuids
            and advert.manufacturer_data == before.manufacturer_data
            and advert.service_data == before.service_data
            and advert.name == before.name
        ):
            return None
        news: Properties = {}
        if not self._adds(advert.service_uuids):
            news["UUIDs"] = Variant("as", list(self._uuids))
        if advert.name is not None and advert.name != self._name:
            self._name = advert.name
            news |= {"Name": Variant("s", advert.name), "Alias": Variant("s", advert.name)}
        if (advert.manufacturer_data, advert.service_data) != self._told:
            self._told = (advert.manufacturer_data, advert.service_data)
            news |= self._data()
        if news:
            self._signal = None
        return news or None

    def _adds(self, uuids: tuple[str, ...]) -> bool:
        """Hold these UUIDs too; True when all of them were held already."""
        new = set(uuids).difference(self._uuids)
        if new:
            self._uuids = sorted({*self._uuids, *new})
        return not new

    def _data(self) -> Properties:
        data: Properties = {}
        manufacturer, service = self._told
        if manufacturer:
            data["ManufacturerData"] = Variant(
                "a{qv}", {company: Variant("ay", raw) for company, raw in manufacturer.items()}
            )
        if service:
            data["ServiceData"] = Variant(
                "a{sv}", {uuid: Variant("ay", raw) for uuid, raw in service.items()}
            )
        return data

    def silence(self) -> bool:
        """The scan has ended: no level is known any more. True when one was."""
        known, self.rssi = self.rssi is not None, None
        return known

    def connect(self, gatt_uuids: tuple[str, ...]) -> Properties:
        """The connection stands and the services are found: the UUIDs are those of the GATT server now."""
        self.connected = self.resolved = True
        self._uuids = sorted(gatt_uuids)
        self._advert = replace(self._advert, service_uuids=())  # what it advertises is news again
        self._signal = None
        return {
            "UUIDs": Variant("as", list(self._uuids)),
            "ServicesResolved": Variant("b", True),
        }

    def disconnect(self) -> Properties:
        """The connection has ended."""
        self.connected = self.resolved = False
        return {
            "ServicesResolved": Variant("b", False),
            "Connected": Variant("b", False),
        }
