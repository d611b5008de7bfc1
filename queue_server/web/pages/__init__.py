"""The server's own pages.

For everybody: `boards`, read out by `voice`; `doors`, one room each; for phones `ways` and `families`; `style` (how it is all
meant to look), `sign_in`. For staff: `consoles`, the `desk`, the `last_act` to take back, `calls` (why this family), `reports`,
`history`, and what is closed. Rendered here; boards, doors, consoles, desk, ways and families are kept up to date by server-sent
events.
"""

from fastapi import APIRouter

from queue_server.web.pages import (
    boards,
    calls,
    consoles,
    desk,
    doors,
    families,
    history,
    last_act,
    reports,
    sign_in,
    style,
    voice,
    ways,
)

router = APIRouter(include_in_schema=False)
for part in (
    boards,
    voice,
    doors,
    sign_in,
    consoles,
    desk,
    last_act,
    calls,
    reports,
    history,
    ways,
    families,
    style,
):
    router.include_router(part.router)

__all__ = ["router"]
