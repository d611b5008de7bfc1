"""The server's own pages: `boards` for everybody, `sign_in`, `staff` for consoles and the desk, `calls`, `reports` and `history`.

Rendered here; boards, consoles and desk are swapped in by server-sent events.
"""

from fastapi import APIRouter

from queue_server.web.pages import boards, calls, history, reports, sign_in, staff

router = APIRouter(include_in_schema=False)
for part in (boards, calls, sign_in, staff, reports, history):
    router.include_router(part.router)

__all__ = ["router"]
