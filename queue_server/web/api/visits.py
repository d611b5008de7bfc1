"""Visits: where a family stands, and what a desk does for it at check-in."""

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from protocol import Stand
from queue_server.core import commands as c
from queue_server.web.access import AtDesk, Staff
from queue_server.web.api.commands import V1, Id, VisitId, desk_of, stand_of, stood
from queue_server.web.problems import RESPONSES
from queue_server.web.visit_rows import VisitRow, for_reader, visits_found

router = APIRouter(prefix=V1 + "/visits", tags=["visits"], responses=RESPONSES)


class SearchBody(BaseModel):
    """What to look for."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(
        default="",
        max_length=200,
        description="Part of a number, an id or a name, or the id of a card; empty for all.",
        examples=["A02"],
    )


@router.post("/search", summary="Search today's visits")
async def search(request: Request, body: SearchBody, member: Staff) -> list[VisitRow]:
    """At most 50. Sent as a body, because a name must not stand in an address that gets logged."""
    rows = await desk_of(request).ask(lambda h: visits_found(h, body.text))
    return for_reader(rows, member)


@router.get("/{visit}", summary="Where a visit stands")
async def stand(request: Request, visit: VisitId, member: Staff) -> Stand:
    """What the family is told, in both languages; the name is masked."""
    del member
    return await stand_of(request, visit)


@router.post("/{visit}/check-in", summary="Check in at the desk")
async def check_in(request: Request, visit: VisitId, member: AtDesk) -> Stand:
    """签到, for whom the kiosk can't help. Idempotent."""
    return await stood(request, c.CheckInAtDesk(visit, member.name), visit)


class ScreeningBody(BaseModel):
    """A screening form (流调问卷)."""

    model_config = ConfigDict(extra="forbid")

    abnormal: bool = Field(description="Fever, or contact with an infectious disease.")


@router.post("/{visit}/screening", summary="A screening form was filled in")
async def screening(request: Request, visit: VisitId, body: ScreeningBody, member: AtDesk) -> Stand:
    """流调: whoever stands in a line already is sent to the fever clinic at once when it is abnormal."""
    return await stood(request, c.Screen(visit, body.abnormal, member.name), visit)


class HandOverBody(BaseModel):
    """Another guardian."""

    model_config = ConfigDict(extra="forbid")

    card: Id = Field(description="Id of the card of that guardian.")


@router.post("/{visit}/hand-over", summary="Another guardian goes on with the child")
async def hand_over(request: Request, visit: VisitId, body: HandOverBody, member: AtDesk) -> Stand:
    """换家长: a card that nobody knew becomes that guardian's own."""
    return await stood(request, c.HandOver(visit, body.card, member.name), visit)
