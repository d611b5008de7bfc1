"""Messages on the boards (广播)."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, ConfigDict, Field

from queue_server.core import commands as c
from queue_server.web.access import AtDesk, Staff
from queue_server.web.api.commands import V1, Id, Minutes, Words, desk_of, done, span
from queue_server.web.notices import NoticeShown, notices_of
from queue_server.web.problems import RESPONSES

router = APIRouter(prefix=V1 + "/notices", tags=["notices"], responses=RESPONSES)
NoticeId = Annotated[str, Path(max_length=120, description="Id of the notice.", examples=["n-1"])]


class NoticeBody(BaseModel):
    """A message on the boards of an area, or of all."""

    model_config = ConfigDict(extra="forbid")

    id: Id = Field(
        description="Made up by the caller: what is sent twice is one message.", examples=["n-1"]
    )
    zh: Words = Field(description="In Chinese, 1–200 characters.", examples=["3 诊室稍后开诊"])
    en: Words = Field(description="In English, 1–200.", examples=["Room 3 opens a little later"])
    area: Id | None = Field(default=None, description="Id of the area; null: all boards.")
    minutes: Minutes | None = Field(
        default=None, description="For so long; null: until it is ended, at most this day."
    )


@router.get("", summary="Messages on the boards")
async def notices(request: Request, member: Staff) -> list[NoticeShown]:
    """All that stand there now, the oldest first."""
    del member
    return await desk_of(request).ask(notices_of)


@router.post("", status_code=201, summary="Put a message on boards")
async def broadcast(request: Request, body: NoticeBody, member: AtDesk) -> list[NoticeShown]:
    """广播. No family's name belongs in it. Idempotent; answers with all messages."""
    command = c.Broadcast(body.id, body.zh, body.en, member.name, body.area, span(body.minutes))
    await done(request, command)
    return await desk_of(request).ask(notices_of)


@router.post("/{notice}/end", summary="Take a message off the boards")
async def end(request: Request, notice: NoticeId, member: AtDesk) -> list[NoticeShown]:
    """Idempotent; answers with the messages that are left."""
    await done(request, c.EndBroadcast(notice, member.name))
    return await desk_of(request).ask(notices_of)
