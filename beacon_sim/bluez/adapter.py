"""An adapter as BlueZ shows it: `org.bluez.Adapter1`, its devices, and who scans.

It knows no bus and no clock: methods are called with the client's name and the time, and what must be told goes to `tell`.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final, Protocol

from dbus_fast import Message, Variant

from beacon_sim.bluez.advert import Advert
from beacon_sim.bluez.device import INTERFACE as DEVICE
from beacon_sim.bluez.device import RemoteDevice
from beacon_sim.bluez.discovery import CYCLE_S, FILTERS, PASSIVE, Discovery
from beacon_sim.bluez.errors import Refusal, in_progress, not_ready, unknown_method
from beacon_sim.bluez.faults import CURED_BY_POWER, CURED_BY_RESTART, SILENT, Fault
from beacon_sim.bluez.wire import properties_changed

INTERFACE: Final = "org.bluez.Adapter1"
EXPIRY_S: Final = 30.0


class Tell(Protocol):
    """How an adapter speaks: signals, ready bytes, objects that come and go."""

    def signal(self, message: Message) -> None:
        """Send a signal."""

    def raw(self, data: bytes) -> None:
        """Send a signal that is marshalled already."""

    def added(self, path: str, interface: str, properties: dict[str, Variant]) -> None:
        """An object has come."""

    def removed(self, path: str, interface: str) -> None:
        """An object is gone."""


class Adapter:
    """One adapter, e.g. `hci0`.

    Args:
        name: the last part of its path.
        address: its own.
        tell: where signals go.
        expiry_s: after so long without an advert a device is forgotten.
    """

    def __init__(
        self,
        name: str,
        address: str,
        tell: Tell,
        expiry_s: float = EXPIRY_S,
        *,
        powered: bool = True,
    ) -> None:
        self.path = f"/org/bluez/{name}"
        self.name, self.address = name, address
        self.powered = powered
        self.faults: set[Fault] = set()
        self.devices: dict[str, RemoteDevice] = {}
        self.discovery = Discovery()
        self.watched: Callable[[Advert], bool] = lambda _: False
        self.heard = 0
        self._tell = tell
        self._expiry_s = expiry_s
        self._deaf_session = False

    def properties(self) -> dict[str, Variant]:
        """Everything."""
        return {
            "Address": Variant("s", self.address),
            "AddressType": Variant("s", "public"),
            "Name": Variant("s", self.name),
            "Alias": Variant("s", self.name),
            "Class": Variant("u", 0x6C0000),
            "Powered": Variant("b", self.powered),
            "PowerState": Variant("s", "on" if self.powered else "off"),
            "Discoverable": Variant("b", False),
            "DiscoverableTimeout": Variant("u", 180),
            "Pairable": Variant("b", False),
            "PairableTimeout": Variant("u", 0),
            "Discovering": Variant("b", self.discovery.scan is not None),
            "UUIDs": Variant("as", ["00001800-0000-1000-8000-00805f9b34fb"]),
            "Modalias": Variant("s", "usb:v1D6Bp0246d0542"),
            "Roles": Variant("as", ["central", "peripheral"]),
            "ExperimentalFeatures": Variant("as", []),
        }

    # ---- methods ----

    def call(self, member: str, client: str, body: list[Any]) -> list[Any]:
        """Carry out a method of `Adapter1`; the reply's body."""
        match member:
            case "SetDiscoveryFilter":
                self.discovery.set_filter(client, body[0])
            case "StartDiscovery":
                self._start(client)
            case "StopDiscovery":
                self._stop(client)
            case "RemoveDevice":
                self._remove_by_path(body[0])
            case "GetDiscoveryFilters":
                return [list(FILTERS)]
            case _:
                raise unknown_method(member)
        return []

    def _start(self, client: str) -> None:
        if not self.powered:
            raise not_ready()
        if Fault.BUSY in self.faults:
            raise in_progress()
        if Fault.WILL_NOT_START in self.faults:
            raise Refusal("Failed", "Input/output error")
        if not self._deaf_session:
            self.faults -= CURED_BY_RESTART
        with self._telling_whether_discovering():
            self.discovery.start(client)

    def _stop(self, client: str) -> None:
        if not self.powered:
            raise not_ready()
        if Fault.STUCK_STOP in self.faults:
            with self._telling_whether_discovering():
                self.discovery.forget(client)
            self._deaf_session = not self._deaf_session
            if self._deaf_session:
                raise in_progress()
            self.faults.discard(Fault.STUCK_STOP)
            return
        with self._telling_whether_discovering():
            self.discovery.stop(client)

    def set_powered(self, powered: bool) -> None:
        """`Powered` is set."""
        if powered == self.powered:
            return
        if Fault.DEAD_ADAPTER in self.faults and powered:
            pass  # it comes back, and hears nothing
        self.faults -= CURED_BY_POWER
        self._deaf_session = False
        if not powered:
            with self._telling_whether_discovering():
                self.discovery.end()
            for device in list(self.devices.values()):
                self._remove(device)
        self.powered = powered
        state = {
            "Powered": Variant("b", powered),
            "PowerState": Variant("s", "on" if powered else "off"),
        }
        self._tell.signal(properties_changed(self.path, INTERFACE, state))

    def left(self, client: str) -> None:
        """A client has left the bus: its scan ends with it."""
        with self._telling_whether_discovering():
            self.discovery.forget(client)

    def _telling_whether_discovering(self) -> "_Discovering":
        return _Discovering(self)

    def discovering_changed(self, discovering: bool) -> None:
        """Tell so; when a scan has ended, no level is known any more."""
        changed = {"Discovering": Variant("b", discovering)}
        self._tell.signal(properties_changed(self.path, INTERFACE, changed))
        if not discovering:
            for device in self.devices.values():
                if device.silence():
                    self._tell.signal(properties_changed(device.path, DEVICE, {}, ("RSSI",)))

    # ---- the air ----

    def hear(self, advert: Advert, now_s: float) -> None:
        """The radio has picked up an advert; tell what BlueZ would tell."""
        scan = self.discovery.scan
        device = self.devices.get(advert.address)
        if not self.powered or self._deaf or (device is not None and device.connected):
            return
        watched = self.watched(advert)
        if not watched and (scan is None or not self.discovery.wants(advert, device)):
            return
        scan = scan or PASSIVE
        if device is None:
            self._found(advert, now_s)
            return
        if not scan.duplicates and now_s - device.reported_s < CYCLE_S:
            device.seen_s = now_s
            return
        device.reported_s = now_s
        told = device.heard(advert, scan, now_s)
        self.heard += 1
        if isinstance(told, bytes):
            self._tell.raw(told)
        elif told:
            self._tell.signal(properties_changed(device.path, DEVICE, told))

    @property
    def _deaf(self) -> bool:
        return bool(self.faults & SILENT) or self._deaf_session

    def _found(self, advert: Advert, now_s: float) -> None:
        device = self.devices[advert.address] = RemoteDevice(self.path, advert)
        device.seen_s = device.reported_s = now_s
        self.heard += 1
        self._tell.added(device.path, DEVICE, device.properties())

    def sweep(self, now_s: float) -> None:
        """Forget devices that have been silent for too long."""
        for device in list(self.devices.values()):
            if not device.connected and now_s - device.seen_s > self._expiry_s:
                self._remove(device)

    def device_at(self, path: str) -> RemoteDevice | None:
        """The device with this path."""
        address = path.rpartition("/dev_")[2][:17].replace("_", ":")
        return self.devices.get(address)

    def objects(self) -> Iterator[tuple[str, str, dict[str, Variant]]]:
        """Path, interface and properties of the adapter and its devices."""
        yield self.path, INTERFACE, self.properties()
        for device in self.devices.values():
            yield device.path, DEVICE, device.properties()

    def _remove_by_path(self, path: str) -> None:
        device = self.device_at(path)
        if device is None or device.path != path:
            raise Refusal("DoesNotExist", "Does Not Exist")
        self._remove(device)

    def _remove(self, device: RemoteDevice) -> None:
        del self.devices[device.address]
        self._tell.removed(device.path, DEVICE)


class _Discovering:
    """Tells of `Discovering` when what is done inside has changed it."""

    def __init__(self, adapter: Adapter) -> None:
        self._adapter = adapter

    def __enter__(self) -> None:
        self._before = self._adapter.discovery.scan is not None

    def __exit__(self, *_: object) -> None:
        after = self._adapter.discovery.scan is not None
        if after != self._before:
            self._adapter.discovering_changed(after)
