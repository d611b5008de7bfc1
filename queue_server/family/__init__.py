"""A family's day on its phone: the link to its page, what is owed, what it should do now, the card that rotates.

In reading order: `sealing` (addresses nobody can read), `links` (whose page, until when), `bills` (what is owed), `cashier` (the
payment port), `handing` (addresses handed out). It decides nothing about the queue.
"""

from queue_server.family.bills import Bill, bill_of
from queue_server.family.cashier import Asked, Cashier, CashierAway, SimulatedCashier, made_up
from queue_server.family.handing import Handing, Prices, no_prices
from queue_server.family.links import Link, Links
from queue_server.family.sealing import Seal

__all__ = [
    "Asked",
    "Bill",
    "Cashier",
    "CashierAway",
    "Handing",
    "Link",
    "Links",
    "Prices",
    "Seal",
    "SimulatedCashier",
    "bill_of",
    "made_up",
    "no_prices",
]
