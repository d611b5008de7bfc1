"""Registrations (挂号): from the hospital's own system, and walk-ins at the desk."""

from datetime import date, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Request
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from protocol import Stand
from queue_server.core import Hospital
from queue_server.core import commands as c
from queue_server.core.vocabulary import Slot
from queue_server.desk import Do
from queue_server.web.access import AtDesk
from queue_server.web.api.commands import (
    V1,
    VisitId,
    Words,
    accepted,
    desk_of,
    done,
    present,
    stand_in,
)
from queue_server.web.problems import RESPONSES

router = APIRouter(prefix=V1, tags=["registrations"], responses=RESPONSES)

_YEARS: Final = range(2000, 2100)


def _sensible(value: datetime | date) -> datetime | date:
    if value.year not in _YEARS:
        raise ValueError("The year must lie between 2000 and 2099.")
    return value


# ids travel in addresses and on topics; names are for people
Id = Annotated[str, StringConstraints(pattern=r"^[^\s/\x00-\x1f\x7f]+$", max_length=80)]
PersonName = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$"
    ),
]
Day = Annotated[date, AfterValidator(_sensible)]
Moment = Annotated[AwareDatetime, AfterValidator(_sensible)]
PhoneNumber = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9 -]{0,20}[0-9]{4}$")
]
CardId = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class SlotBody(BaseModel):
    """A booked hour."""

    start: Moment = Field(description="Begin, with offset.", examples=["2026-03-02T09:00:00+08:00"])
    end: Moment = Field(description="End, with offset.", examples=["2026-03-02T10:00:00+08:00"])


class RegistrationBody(BaseModel):
    """A registration from the hospital's own system."""

    model_config = ConfigDict(extra="forbid")

    visit: Id = Field(description="Id of the visit, given by the caller.", examples=["HIS-88012"])
    patient: Id = Field(description="Id of the child; never shown.", examples=["p-4711"])
    name: PersonName = Field(
        description="The child's name; public screens show it masked.", examples=["张小宝"]
    )
    group: str = Field(max_length=60, description="The line, by id.", examples=["resp"])
    day: Day = Field(description="Day of the visit.", examples=["2026-03-02"])
    card: CardId | None = Field(
        default=None,
        description="Id of the visit card: 20 hex digits, or `scheme:value`.",
        examples=["5a1e0000000000000001"],
    )
    doctor: str | None = Field(
        default=None, max_length=60, description="Id of a named doctor.", examples=["lin"]
    )
    slot: SlotBody | None = Field(default=None, description="The booked hour; none for a walk-in.")
    campus: str | None = Field(
        default=None, max_length=60, description="Another campus, when it is not for this one."
    )
    guardian: Id | None = Field(
        default=None, description="Id of who comes along; several children may have the same."
    )
    guardian_card: CardId | None = Field(
        default=None, description="A card of the guardian's own, for all of the children."
    )
    serial: int | None = Field(
        default=None, ge=1, le=99_999, description="The registration's number (挂号序号)."
    )
    paid: bool = Field(default=True, description="Whether the registration is paid.")
    priority: str | None = Field(
        default=None, max_length=60, description="Id of a priority class.", examples=["infant"]
    )
    reasons: tuple[Words, ...] = Field(
        default=(), max_length=10, description="Why the child comes.", examples=[["fever"]]
    )
    born: Day | None = Field(default=None, description="Birthday; some rules go by age.")
    add_on: bool = Field(default=False, description="Added beyond the slots (加号).")
    guardian_phone: PhoneNumber | None = Field(
        default=None,
        description="The guardian's phone number, or its last four digits: with `born`, the family can look itself "
        "up at a kiosk. Only a keyed hash of the two is kept.",
        examples=["8812"],
    )


class RegisteredBody(BaseModel):
    """A registration that is there now."""

    visit: str = Field(description="Id of the visit.", examples=["HIS-88012"])


class WalkInBody(BaseModel):
    """Somebody without appointment stands at the desk."""

    model_config = ConfigDict(extra="forbid")

    visit: Id = Field(
        description="Id of the visit, made up by the caller: a click that is sent twice is then one visit.",
        examples=["W-5f1c90ab"],
    )
    name: PersonName = Field(description="The child's name.", examples=["王一诺"])
    group: str = Field(max_length=60, description="The line, by id.", examples=["resp"])
    doctor: str | None = Field(default=None, max_length=60, description="Id of a named doctor.")
    card: CardId | None = Field(default=None, description="Id of the visit card, if there is one.")
    abnormal: bool | None = Field(
        default=None,
        description="The screening form: fever, or contact with an infectious disease; null: not asked.",
    )


@router.post("/registrations", status_code=201, summary="Enter a registration")
async def register(request: Request, body: RegistrationBody, member: AtDesk) -> RegisteredBody:
    """Idempotent: the same registration again changes nothing; a different one under the same id is refused."""
    del member
    slot = Slot(body.slot.start, body.slot.end) if body.slot else None
    given = body.model_dump(exclude={"slot", "guardian_phone"})
    tail = body.guardian_phone[-4:] if body.guardian_phone else None
    await done(request, c.Register(**given, slot=slot, phone_tail=tail))
    return RegisteredBody(visit=body.visit)


@router.post("/walk-ins", status_code=201, summary="Register a walk-in and check in")
async def walk_in(request: Request, body: WalkInBody, member: AtDesk) -> Stand:
    """现场号: registers for today and checks in, so that the family leaves the desk with its number. Idempotent."""
    now = present(request)

    def job(h: Hospital, do: Do) -> Stand:
        registration = c.Register(
            body.visit,
            f"walk-in:{body.visit}",
            body.name,
            body.group,
            h.day or h.site.day(now),
            card=body.card,
            doctor=body.doctor,
        )
        accepted(h, do(registration))
        if body.abnormal is not None and h.visits[body.visit].checked_in_at is None:
            accepted(h, do(c.Screen(body.visit, body.abnormal, member.name)))
        accepted(h, do(c.CheckInAtDesk(body.visit, member.name)))
        return stand_in(h, body.visit)

    return await desk_of(request).work(job)


@router.post("/visits/{visit}/cancel", summary="Give a registration back")
async def cancel(request: Request, visit: VisitId, member: AtDesk) -> RegisteredBody:
    """退号: the family leaves its line or room at once. Idempotent."""
    await done(request, c.Cancel(visit, member.name))
    return RegisteredBody(visit=visit)
