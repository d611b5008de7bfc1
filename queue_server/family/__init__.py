"""A family's day on its phone: the link to its page, what is owed, what it should do now, the card that rotates.

In reading order: `sealing` (addresses nobody can read), `links` (whose page, until when), `bills` (what is owed), `cashier` (the
payment port), `handing` (addresses handed out), `situation` (where a child stands, in one word), `day` (all that a page shows),
`leaving` (may one walk off), `words` (what a family reads), `watching` (open pages), `devices` (which phone a link
belongs to), `families` (all of it). It decides nothing
about the queue.
"""

from queue_server.family.bills import Bill, bill_of
from queue_server.family.cashier import Asked, Cashier, CashierAway, SimulatedCashier, made_up
from queue_server.family.day import Act, Child, FamilyDay, Stop, family_day, handle_of
from queue_server.family.devices import Devices
from queue_server.family.families import Families
from queue_server.family.handing import Handing, Prices, no_prices
from queue_server.family.leaving import back_by
from queue_server.family.links import Link, Links
from queue_server.family.sealing import Seal
from queue_server.family.situation import Situation, situation_of
from queue_server.family.watching import Watching, Whose
from queue_server.family.words import Told, told

__all__ = [
    "Act",
    "Asked",
    "Bill",
    "Cashier",
    "CashierAway",
    "Child",
    "Devices",
    "Families",
    "FamilyDay",
    "Handing",
    "Link",
    "Links",
    "Prices",
    "Seal",
    "SimulatedCashier",
    "Situation",
    "Stop",
    "Told",
    "Watching",
    "Whose",
    "back_by",
    "bill_of",
    "family_day",
    "handle_of",
    "made_up",
    "no_prices",
    "situation_of",
    "told",
]
