"""Undo (撤销): one's own last act, as long as nobody has built on it."""

from fastapi import APIRouter, Request

from protocol import Stand
from queue_server.core import commands as c
from queue_server.web.access import Staff
from queue_server.web.api.commands import V1, desk_of, done, stand_of
from queue_server.web.last_act import LastAct, last_act
from queue_server.web.problems import RESPONSES, problem

router = APIRouter(prefix=V1 + "/undo", tags=["handling"], responses=RESPONSES)


@router.get("", summary="What I could take back")
async def undoable(request: Request, member: Staff) -> LastAct | None:
    """One's last act within the last ten minutes; null when there is nothing to take back."""
    return await desk_of(request).ask(lambda h: last_act(h, member))


@router.post("", summary="Take my last act back")
async def undo(request: Request, member: Staff) -> Stand:
    """撤销: the family is as it was before. Refused when somebody has done something with it since."""
    answer = await done(request, c.Undo(member.name))
    if not isinstance(answer, c.Stood):
        raise problem("broken")
    return await stand_of(request, answer.visits[0])
