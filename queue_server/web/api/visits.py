"""Visits: where a family stands, and what a desk or a nurse can do for it."""

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from protocol import Stand
from queue_server.core import commands as c
from queue_server.core.masking import masked
from queue_server.web.access import NAMED, AtDesk, Serving, Staff
from queue_server.web.api.commands import VisitId, desk_of, done, stand_of
from queue_server.web.problems import RESPONSES
from queue_server.web.visit_rows import VisitRow, visits_found

router = APIRouter(prefix="/visits", tags=["visits"], responses=RESPONSES)


class SearchBody(BaseModel):
    """What to look for."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(
        default="",
        max_length=60,
        description="Part of a number, an id or a name; empty for all.",
        examples=["A02"],
    )


@router.post("/search", summary="Search today's visits")
async def search(request: Request, body: SearchBody, member: Staff) -> list[VisitRow]:
    """At most 50. Sent as a body, because a name must not stand in an address that gets logged."""
    rows = await desk_of(request).ask(lambda h: visits_found(h, body.text))
    if member.role in NAMED:
        return rows
    return [row.model_copy(update={"name": masked(row.name)}) for row in rows]


@router.get("/{visit}", summary="Where a visit stands")
async def stand(request: Request, visit: VisitId, member: Staff) -> Stand:
    """What the family is told, in both languages; the name is masked."""
    del member
    return await stand_of(request, visit)


@router.post("/{visit}/check-in", summary="Check in at the desk")
async def check_in(request: Request, visit: VisitId, member: AtDesk) -> Stand:
    """签到, for whom the kiosk can't help. Idempotent."""
    await done(request, c.CheckInAtDesk(visit, member.name))
    return await stand_of(request, visit)


@router.post("/{visit}/put-back", summary="Put a missed family back")
async def put_back(request: Request, visit: VisitId, member: Serving) -> Stand:
    """过号重排: back into its line, behind as many as the line's rule says."""
    await done(request, c.PutBack(visit, member.name))
    return await stand_of(request, visit)


@router.post("/{visit}/hold", summary="Keep a family's place")
async def hold(request: Request, visit: VisitId, member: Serving) -> Stand:
    """保留号位: it is not called until it is released, and loses nothing."""
    await done(request, c.Hold(visit, member.name))
    return await stand_of(request, visit)


@router.post("/{visit}/release", summary="The family is back")
async def release(request: Request, visit: VisitId, member: Serving) -> Stand:
    """It stands where it stood."""
    await done(request, c.Release(visit, member.name))
    return await stand_of(request, visit)
