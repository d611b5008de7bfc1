"""One's last act, with a button to take it back; consoles and desk ask for it after each act."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from queue_server.web.access import Staff
from queue_server.web.api.commands import desk_of
from queue_server.web.last_act import last_act
from queue_server.web.pages.boards import zone_of
from queue_server.web.render import page

router = APIRouter()
Lang = Annotated[str, Query(pattern="^(zh|en)$")]


@router.get("/last-act", response_class=HTMLResponse)
async def last_act_part(request: Request, member: Staff, lang: Lang = "zh") -> str:
    """One's last act, with a button to take it back; nothing when there is none."""
    last = await desk_of(request).ask(lambda h: last_act(h, member))
    zone = await zone_of(request)
    return page("last_act.html", lang, last=last, local=lambda at: f"{at.astimezone(zone):%H:%M}")
