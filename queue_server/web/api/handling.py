"""What staff do with a family's place in its line: keep it, give it back, move it, give it to another line."""

from typing import Self

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, model_validator

from protocol import Stand
from queue_server.core import commands as c
from queue_server.core.vocabulary import HoldReason
from queue_server.web.access import Serving, Triage
from queue_server.web.api.commands import V1, Id, Minutes, VisitId, Words, span, stood
from queue_server.web.problems import RESPONSES

router = APIRouter(prefix=V1 + "/visits/{visit}", tags=["handling"], responses=RESPONSES)
_WHY = "Why; kept. 1–200 characters."


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PutBackBody(_Body):
    """When it may be called again."""

    minutes: Minutes | None = Field(
        default=None, description="Not before so many minutes; left out: at once.", examples=[10]
    )


class HoldBody(_Body):
    """Why a place is kept, and for how long."""

    reason: HoldReason = Field(default=HoldReason.AWAY, description="Why.", examples=["nap"])
    minutes: Minutes | None = Field(
        default=None,
        description="Back in the line by itself after so long; left out: until it is released.",
        examples=[30],
    )


class MoveBody(_Body):
    """Where in its line."""

    to: c.MoveTo = Field(
        description="`front`, `end` of the half day, behind so many `places`, or by the line's own `order` again."
    )
    places: int | None = Field(
        default=None,
        ge=1,
        le=99,
        description="With `places`, and only then: behind so many calls.",
    )
    reason: Words = Field(description=_WHY, examples=["家长搬不动孩子，等电梯"])

    @model_validator(mode="after")
    def _a_number_with_places(self) -> Self:
        if self.to is c.MoveTo.PLACES and self.places is None:
            raise ValueError("say behind how many calls: places = 1 to 99")
        return self


class DoctorBody(_Body):
    """Whom to wait for."""

    doctor: Id | None = Field(description="Id of the doctor; null: anybody.", examples=["lin"])
    reason: Words = Field(default="", max_length=200, description="Why, if there is a reason.")


class PriorityBody(_Body):
    """A priority class."""

    priority: Id | None = Field(description="Id of the class; null: none.", examples=["level-2"])
    reason: Words = Field(description=_WHY, examples=["高热惊厥"])


class TransferBody(_Body):
    """Another line."""

    group: Id = Field(description="Id of the line.", examples=["ent"])
    doctor: Id | None = Field(default=None, description="Id of a doctor there.")
    reason: Words = Field(description=_WHY, examples=["主诉是耳痛"])


class DropBody(_Body):
    """Why a visit ends."""

    reason: Words = Field(description=_WHY, examples=["家长要求离院"])


@router.post("/put-back", summary="Put a missed family back")
async def put_back(
    request: Request, visit: VisitId, member: Serving, body: PutBackBody | None = None
) -> Stand:
    """过号重排: back into its line, behind as many as the line's rule says; with `minutes` only after that."""
    delay = span(body.minutes if body else None)
    return await stood(request, c.PutBack(visit, member.name, delay), visit)


@router.post("/hold", summary="Keep a family's place")
async def hold(
    request: Request, visit: VisitId, member: Serving, body: HoldBody | None = None
) -> Stand:
    """保留号位: it is not called until it is released or the time is over, and loses nothing."""
    given = body or HoldBody()
    command = c.Hold(visit, member.name, given.reason, span(given.minutes))
    return await stood(request, command, visit)


@router.post("/release", summary="The family is back")
async def release(request: Request, visit: VisitId, member: Serving) -> Stand:
    """It stands where it stood."""
    return await stood(request, c.Release(visit, member.name), visit)


@router.post("/move", summary="Put a family elsewhere in its line")
async def move(request: Request, visit: VisitId, body: MoveBody, member: Triage) -> Stand:
    """调整次序. Nobody is moved without a reason."""
    command = c.Move(visit, body.to, member.name, body.reason, body.places or 0)
    return await stood(request, command, visit)


@router.post("/doctor", summary="Wait for this doctor")
async def assign_doctor(
    request: Request, visit: VisitId, body: DoctorBody, member: Triage
) -> Stand:
    """指定医生; the place in the order stays. Idempotent."""
    command = c.AssignDoctor(visit, body.doctor, member.name, body.reason)
    return await stood(request, command, visit)


@router.post("/priority", summary="Give a priority class")
async def set_priority(
    request: Request, visit: VisitId, body: PriorityBody, member: Triage
) -> Stand:
    """优先类别, or none any more. Its badge stands on the board, so that others see why. Idempotent."""
    command = c.SetPriority(visit, body.priority, member.name, body.reason)
    return await stood(request, command, visit)


@router.post("/transfer", summary="Send a family to another line")
async def transfer(request: Request, visit: VisitId, body: TransferBody, member: Triage) -> Stand:
    """改诊; the waiting that was earned counts there, where the rules say so."""
    command = c.Transfer(visit, body.group, member.name, body.reason, body.doctor)
    return await stood(request, command, visit)


@router.post("/drop", summary="Take a visit out of the day")
async def drop(request: Request, visit: VisitId, body: DropBody, member: Triage) -> Stand:
    """离院, for a reason that is kept; not while being served. Idempotent."""
    return await stood(request, c.Drop(visit, member.name, body.reason), visit)
