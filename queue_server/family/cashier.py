"""The payment port: who takes the money, and what it must be able to do; and one who only plays it.

A bill is asked for under its own id, which is the same as long as the same things are owed: asked twice is asked once,
paid twice is paid once. What a cashier says is settled goes through the rules as `commands.Pay`, for those steps alone.
"""

from dataclasses import dataclass
from typing import Final, Protocol

from queue_server.family.bills import Bill

REGISTRATION_FEN: Final = 2_000
TEST_FEN: Final = 3_500


class CashierAway(Exception):
    """Whoever takes the money can't be reached; families are sent to a window."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A bill that can be paid.

    Attributes:
        bill: its id.
        amount_fen: what it comes to, 1/100 yuan; None where the cashier does not tell.
        url: where the family pays, at whoever takes the money; empty: on this server's own page.
    """

    bill: str
    amount_fen: int | None
    url: str = ""


class Cashier(Protocol):
    """Takes money through somebody else's system (聚合支付, 医保移动支付, the hospital's own)."""

    @property
    def name(self) -> str:
        """Stands in the journal as who was paid."""
        ...

    def price_fen(self, bill: Bill) -> int | None:
        """What a bill comes to, if that is known at once. From any thread; never raises, never waits."""
        ...

    async def ask(self, bill: Bill) -> Asked:
        """Enter a bill, or find it again by its id.

        Raises:
            CashierAway: it can't be reached.
        """
        ...

    async def is_settled(self, bill: str) -> bool:
        """Whether the money is there. Asked while somebody waits for it, and again when they come back.

        Raises:
            CashierAway: it can't be reached.
        """
        ...


def made_up(bill: Bill) -> int:
    """A price for demonstrations."""
    named = len(bill.items) - bill.registration
    return REGISTRATION_FEN * bill.registration + TEST_FEN * named


class SimulatedCashier:
    """Plays a mobile wallet on this server's own page: whoever presses the button has paid. No money moves.

    Idempotent, as real ones must be; forgets all when the server ends, which the families' store does not.
    """

    name: Final = "simulated cashier"

    def __init__(self) -> None:
        self._settled: set[str] = set()

    def price_fen(self, bill: Bill) -> int | None:
        """Made up."""
        return made_up(bill)

    async def ask(self, bill: Bill) -> Asked:
        """Its page is ours."""
        return Asked(bill.id, made_up(bill))

    async def is_settled(self, bill: str) -> bool:
        """Whether the button was pressed."""
        return bill in self._settled

    def press(self, bill: str) -> None:
        """The button."""
        self._settled.add(bill)
