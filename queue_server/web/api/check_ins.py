"""Check-in by a card that was read elsewhere than at an agent: a hand scanner at the desk, the hospital's own app."""

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from protocol import Stand
from queue_server.core import commands as c
from queue_server.core import views
from queue_server.core.vocabulary import Way
from queue_server.web.access import AtDesk
from queue_server.web.api.commands import V1, Id, desk_of, done, present
from queue_server.web.problems import RESPONSES, problem

router = APIRouter(prefix=V1, tags=["registrations"], responses=RESPONSES)


class CheckInBody(BaseModel):
    """A card, and for whom."""

    model_config = ConfigDict(extra="forbid")

    card: Id = Field(
        description="Id of the visit card: 20 hex digits, or `scheme:value`. The caller has checked the card.",
        examples=["5a1e0000000000000001"],
    )
    visit: Id | None = Field(
        default=None, description="Which child, when the card is for several.", examples=["S-06"]
    )
    doctor: Id | None = Field(
        default=None, description="Whom the family chooses, where that is allowed."
    )


@router.post("/check-ins", summary="Check in by card")
async def check_in_by_card(request: Request, body: CheckInBody, member: AtDesk) -> list[Stand]:
    """签到. A card for several children who are not all in is answered with `which_child` and the choices: send the
    same again with one of their visits. Idempotent; answers with where each visit stands.
    """
    now = present(request)
    scan = c.Scan(
        member.name, now, True, body.card, way=Way.DESK, visit=body.visit, doctor=body.doctor
    )
    answer = await done(request, scan)
    if not isinstance(answer, c.Stood):
        raise problem("broken")
    stood = answer
    return await desk_of(request).ask(
        lambda h: [
            views.stand(h, h.visits[visit], already=visit in stood.already)
            for visit in stood.visits
        ]
    )
