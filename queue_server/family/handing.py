"""Hands addresses for phones to whoever asks: to the answers for kiosks, to the desk, to programs."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from protocol import PayRequest
from queue_server.core import Hospital, Visit
from queue_server.family.bills import Bill, bill_of
from queue_server.family.links import Links
from queue_server.family.sealing import Seal

CARD_DIGITS: Final = 20
"""The id of a visit card of ours (EVC) has so many hex digits; cards of other schemes can't be minted here."""

Prices = Callable[[Bill], int | None]
"""What a bill comes to, in fen; None where it is not known here. From any thread; never raises."""


def no_prices(_bill: Bill) -> int | None:
    """Amounts are told by whoever takes the money."""
    return None


class Handing:
    """Implements `telling.PhonePages`.

    Args:
        links: makes the pages' tokens.
        bills: seals bills, for the addresses at which they are paid.
        public_url: under which phones reach this server; empty: they don't.
        prices: see `Prices`; None: nothing is paid by phone.
    """

    def __init__(
        self, links: Links, bills: Seal, public_url: str = "", prices: Prices | None = None
    ) -> None:
        self.links = links
        self._bills, self._prices = bills, prices
        self._public_url = public_url.rstrip("/")

    @property
    def takes_money(self) -> bool:
        """Whether something can be paid by phone."""
        return self._prices is not None

    def page_of(self, hospital: Hospital, card: str, agent: str, now: datetime) -> str:
        """The page of whoever holds this card; empty where phones can't reach the server, or nobody holds it."""
        owner = hospital.cards.get(card)
        if owner is None or not self._public_url:
            return ""
        shown = card if is_ours(card) else ""
        return self.url(self.links.new(owner, hospital.site.day(now), shown, agent))

    def page_of_visit(self, hospital: Hospital, visit: Visit) -> str:
        """The token of the page of a visit's family, for a desk or a program that knows them."""
        return self.links.new(visit.family, visit.day, card_of(hospital, visit))

    def url(self, token: str) -> str:
        """The address of a page, whole where phones can reach the server."""
        return f"{self._public_url}/f/{token}"

    def payment_of(self, hospital: Hospital, visit: Visit) -> PayRequest | None:
        """What a visit owes, and where it is paid by phone; None when it owes nothing, or can't."""
        bill = bill_of(hospital, visit)
        if bill is None or self._prices is None:
            return None
        url = f"{self._public_url}{self.pay_path(bill)}" if self._public_url else ""
        return PayRequest(id=bill.id, items=bill.items, amount_fen=self._prices(bill), url=url)

    def pay_path(self, bill: Bill) -> str:
        """Where a bill is paid, on this server."""
        return f"/pay/{self._bills.seal((bill.visit, bill.id))}"

    def bill_in(self, token: str) -> tuple[str, str] | None:
        """Visit and id of the bill in an address; None when it is none of ours."""
        return self._bills.open(token, tuple[str, str])


def is_ours(card: str) -> bool:
    """Whether a card's id is that of an EVC."""
    return len(card) == CARD_DIGITS and all(each in "0123456789abcdef" for each in card)


def card_of(hospital: Hospital, visit: Visit) -> str:
    """A card of ours of who comes with the child, else of the child; empty when there is none."""
    of = dict.fromkeys((visit.family, visit.patient), "")
    for card, person in hospital.cards.items():
        if person in of and is_ours(card):
            of[person] = card
    return next((card for card in of.values() if card), "")
