"""The HTTP API, version 1.

What stands where: `registrations` and `check_ins` (the right to be seen, and being here), `visits`, `handling` (a
family's place in its line), `orders` (what is still to be done), `points`, `undo`, `notices`, `public`, `operations`,
and the `words` of its models.
"""

from fastapi import APIRouter

from queue_server.web.api import (
    check_ins,
    handling,
    notices,
    operations,
    orders,
    points,
    public,
    registrations,
    undo,
    visits,
)
from queue_server.web.api.public import SiteBody, site_of
from queue_server.web.api.words import describe

router = APIRouter(prefix="/api/v1")
for part in (
    registrations,
    check_ins,
    visits,
    handling,
    orders,
    points,
    undo,
    notices,
    public,
    operations,
):
    router.include_router(part.router)

__all__ = ["SiteBody", "describe", "router", "site_of"]
