"""A fake BlueZ on a private D-Bus: unmodified bleak, and so the real agent, runs on it without radio.

In reading order: `advert`, `device` (what BlueZ makes of adverts), `discovery` (filters), `adapter`, `monitors`, `gatt`,
`connections`, `faults`, `wire` (sending without losing), `bus` (the private daemon), `answers`, `fake` (all of it), `phone`.
"""

from beacon_sim.bluez.advert import Advert
from beacon_sim.bluez.bus import NoDbus, PrivateBus, system_bus
from beacon_sim.bluez.fake import FakeBluez
from beacon_sim.bluez.faults import Fault
from beacon_sim.bluez.gatt import Characteristic, GattProblem, Service
from beacon_sim.bluez.phone import Phone

__all__ = [
    "Advert",
    "Characteristic",
    "FakeBluez",
    "Fault",
    "GattProblem",
    "NoDbus",
    "Phone",
    "PrivateBus",
    "Service",
    "system_bus",
]
