"""Phones (蓝牙签到): the key from which a visit's own phone makes its check-in token, and where the phone is."""

from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from queue_server.core import Hospital
from queue_server.core import commands as c
from queue_server.phones import PhoneDesk
from queue_server.web.access import AtDesk, AtDeskOrTriage
from queue_server.web.api.commands import V1, VisitId, desk_of, present
from queue_server.web.problems import RESPONSES, problem, refusal
from queue_server.whereabouts import Known

router = APIRouter(prefix=V1 + "/visits/{visit}", tags=["phones"], responses=RESPONSES)


class PhoneKeyBody(BaseModel):
    """What the app on the family's own phone needs; nobody else may have it."""

    visit: str = Field(description="Id of the visit.")
    key: str = Field(
        description="The visit's key (CHK-1): 16 bytes as 32 hex digits. Kept on the phone only."
    )


class WhereaboutsBody(BaseModel):
    """Where the family's phone is, as far as can be told."""

    visit: str = Field(description="Id of the visit.")
    heard_at: datetime | None = Field(description="When it was heard last; null: not lately.")
    zone: str | None = Field(description="The zone, steady; null when it is not known.")
    probability: float | None = Field(description="That it is in the most probable zone, 0 to 1.")
    floor: int | None = Field(description="The storey.")
    x_m: float | None = Field(description="Metres on the plan of the floor.")
    y_m: float | None = Field(description="Metres on the plan of the floor.")
    spread_m: float | None = Field(description="How far off it may well be, in metres.")


def _phones(request: Request) -> PhoneDesk:
    phones: PhoneDesk | None = request.app.state.phones
    if phones is None:
        raise problem("no_phones")
    return phones


def _known(h: Hospital, visit: str) -> str:
    if visit not in h.visits:
        raise refusal(c.Refused(c.Reason.UNKNOWN_VISIT, visit))
    return visit


@router.post("/phone-key", summary="The key for the family's phone")
async def phone_key(request: Request, visit: VisitId, _member: AtDesk) -> PhoneKeyBody:
    """For the back end of the hospital's app, which hands it to the phone over its own secure way. The same every time."""
    phones = _phones(request)
    known = await desk_of(request).ask(lambda h: _known(h, visit))
    key = phones.key_of(known)
    if key is None:
        raise problem("no_phones")
    return PhoneKeyBody(visit=known, key=key.hex())


@router.get("/whereabouts", summary="Where the family's phone is")
async def whereabouts(request: Request, visit: VisitId, _member: AtDeskOrTriage) -> WhereaboutsBody:
    """Only while the check-in page is open on the phone. To help, never to punish: one sighting in six is missed."""
    phones, now = _phones(request), present(request)
    found = await desk_of(request).ask(lambda h: phones.known(_known(h, visit), now))
    return _body(visit, found, phones, now)


def _body(visit: str, found: Known | None, phones: PhoneDesk, now: datetime) -> WhereaboutsBody:
    if found is None:
        return WhereaboutsBody(
            visit=visit,
            heard_at=None,
            zone=None,
            probability=None,
            floor=None,
            x_m=None,
            y_m=None,
            spread_m=None,
        )
    where = found.where
    return WhereaboutsBody(
        visit=visit,
        heard_at=phones.moment(where.at_s, now),
        zone=found.zone,
        probability=round(where.probability, 3),
        floor=where.floor,
        x_m=round(where.x_m, 2),
        y_m=round(where.y_m, 2),
        spread_m=round(where.spread_m, 2),
    )
