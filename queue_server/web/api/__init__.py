"""The HTTP API, version 1.

What stands where: `registrations` and `check_ins` (the right to be seen, and being here), `visits`, `handling` (a
family's place in its line), `orders` (what is still to be done), `phones` (keys and whereabouts), `points`, `undo`, `notices`,
`history`, `public`, `operations`, `ways`, and the `words` of its models.
"""

from typing import Final

from queue_server.web.api import (
    check_ins,
    handling,
    history,
    notices,
    operations,
    orders,
    phones,
    points,
    public,
    registrations,
    undo,
    visits,
    ways,
)
from queue_server.web.api.public import SiteBody, site_of
from queue_server.web.api.words import describe

_PARTS: Final = (
    registrations,
    points,
    check_ins,
    visits,
    handling,
    orders,
    undo,
    notices,
    history,
    phones,
    public,
    operations,
    ways,
)
routes: Final = [route for part in _PARTS for route in part.router.routes]
"""All of them, in the order in which they are looked through: what is asked most comes first."""

__all__ = ["SiteBody", "describe", "routes", "site_of"]
