"""A phone that advertises its check-in token, and answers the challenge if it has the key."""

from collections.abc import Callable
from dataclasses import dataclass

from beacon_sim.bluez.advert import Advert
from beacon_sim.bluez.gatt import Characteristic, GattProblem, Service
from protocol.checkin_token import (
    ANSWER,
    APPLE,
    ASK,
    SERVICE,
    UNASSIGNED,
    Carrier,
    Flags,
    as_ibeacon,
    prove,
    read_question,
    token_at,
    window_of,
)

WINDOWS_OFF = 1
"""A question for another window than the present one or a neighbour is not answered."""


@dataclass(frozen=True, slots=True)
class Phone:
    """One family's phone: `visit_key` is sixteen bytes, the address is what it is in the air now."""

    address: str
    visit_key: bytes
    carrier: Carrier = Carrier.SERVICE_UUID
    can_prove: bool = True

    def advert(self, rssi: int, unix_s: float) -> Advert:
        """What is heard of it at a moment."""
        token = token_at(self.visit_key, unix_s, Flags.CAN_PROVE if self.can_prove else Flags.NONE)
        match self.carrier:
            case Carrier.SERVICE_UUID:
                return Advert(self.address, rssi, service_uuids=(str(token.uuid),))
            case Carrier.IBEACON:
                return Advert(self.address, rssi, manufacturer_data={APPLE: as_ibeacon(token)})
            case Carrier.MANUFACTURER:
                return Advert(self.address, rssi, manufacturer_data={UNASSIGNED: bytes(token)})

    def services(self, clock: Callable[[], float]) -> tuple[Service, ...]:
        """The challenge service as the app would offer it; `clock` gives the phone's Unix time."""
        last = b""
        answer = Characteristic(str(ANSWER), ("read", "notify"), read=lambda: last)

        def written(raw: bytes) -> None:
            nonlocal last
            question = read_question(raw)
            if question is None:
                raise GattProblem("InvalidArguments", "Invalid Length")
            if abs(question.window - window_of(clock())) > WINDOWS_OFF:
                raise GattProblem("Failed", "Operation failed with ATT error: 0x80")
            last = prove(self.visit_key, question)
            if answer.notify is not None:
                answer.notify(last)

        ask = Characteristic(str(ASK), ("write",), written=written)
        return (Service(str(SERVICE), (ask, answer)),)
