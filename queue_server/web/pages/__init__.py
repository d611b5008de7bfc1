"""The server's own pages: `boards` for everybody, `sign_in`, and `staff` for consoles and the desk.

Rendered here, and swapped in by server-sent events.
"""

from fastapi import APIRouter

from queue_server.web.pages import boards, sign_in, staff

router = APIRouter(include_in_schema=False)
for part in (boards, sign_in, staff):
    router.include_router(part.router)

__all__ = ["router"]
