"""What is still to be done for a visit: orders, payment, what a step needs first, results, tests before the consult."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from protocol import Stand
from queue_server.core import commands as c
from queue_server.core.vocabulary import Need
from queue_server.web.access import (
    DESK,
    MEETS,
    SERVING,
    AtDeskOrTriage,
    Paying,
    Staff,
    Testing,
    Triage,
    staff,
)
from queue_server.web.accounts import Member
from queue_server.web.api.commands import V1, Id, VisitId, Words, done, stand_of, stood
from queue_server.web.api.registrations import Moment
from queue_server.web.problems import RESPONSES, problem

router = APIRouter(prefix=V1, tags=["orders"], responses=RESPONSES)
AtAnyWindow = Annotated[Member, Depends(staff(SERVING | DESK))]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OrderBody(_Body):
    """Orders besides those of a finished consult."""

    services: tuple[Id, ...] = Field(
        min_length=1, max_length=20, description="Services or lines.", examples=[["blood", "urine"]]
    )
    unpaid: bool = Field(default=False, description="Must be paid before it is done.")
    comes_back: bool = Field(default=False, description="Back to the doctor with the results.")
    fasting: bool = Field(default=False, description="On an empty stomach, to be confirmed first.")
    before: Moment | None = Field(
        default=None, description="Must be begun before this moment, with offset."
    )


class NeedBody(_Body):
    """What is true now."""

    need: Need = Field(description="`fasting`, `reviewed`, `prepared` or `paid`.")


class OfferBody(_Body):
    """The family's answer."""

    accepted: bool = Field(description="Whether the family takes the tests.")


class ResultBody(_Body):
    """A result of the laboratory system."""

    order: Id = Field(description="Id of the order.", examples=["S-01/2#order"])


class ReportBody(_Body):
    """A recognised report from outside."""

    patient: Id = Field(description="Id of the child.", examples=["p-4711"])
    service: Id = Field(description="What was tested.", examples=["blood"])
    taken_at: Moment = Field(description="When the specimen was taken, with offset.")
    source: Words = Field(max_length=200, description="Which laboratory.", examples=["省儿保"])


class NotedBody(BaseModel):
    """What was noted."""

    patient: str = Field(description="Id of the child.")
    service: str = Field(description="What was tested.")


@router.post("/visits/{visit}/orders", summary="Order more")
async def order(request: Request, visit: VisitId, body: OrderBody, member: Triage) -> Stand:
    """医嘱, while the visit goes on; each service goes to the line with the shortest expected wait."""
    command = c.Order(
        visit,
        body.services,
        member.name,
        unpaid=body.unpaid,
        comes_back=body.comes_back,
        fasting=body.fasting,
        before=body.before,
    )
    return await stood(request, command, visit)


@router.post("/visits/{visit}/pay", summary="All is paid")
async def pay(request: Request, visit: VisitId, member: Paying) -> Stand:
    """缴费: the registration and all that was ordered so far. What waited for it opens at once. Idempotent."""
    return await stood(request, c.Pay(visit, member.name), visit)


@router.post("/visits/{visit}/needs", summary="What a step needs is there")
async def meet_need(request: Request, visit: VisitId, body: NeedBody, member: Staff) -> Stand:
    """空腹, 审方, 配药, 缴费. Each by those whose work it is. Idempotent."""
    if member.role not in MEETS[body.need]:
        raise problem("role_may_not")
    return await stood(request, c.MeetNeed(visit, body.need, member.name), visit)


@router.post("/visits/{visit}/delivery", summary="The drugs come by express")
async def choose_delivery(request: Request, visit: VisitId, member: AtAnyWindow) -> Stand:
    """药品配送: the pharmacy's line is skipped."""
    return await stood(request, c.ChooseDelivery(visit, member.name), visit)


@router.post("/visits/{visit}/offer", summary="Answer the offer of tests before the consult")
async def answer_offer(
    request: Request, visit: VisitId, body: OfferBody, member: AtDeskOrTriage
) -> Stand:
    """诊前检验: taken, the family goes to the laboratory first and its place is kept. Idempotent."""
    return await stood(request, c.AnswerOffer(visit, body.accepted, member.name), visit)


@router.post("/results", summary="A result is ready")
async def report_result(request: Request, body: ResultBody, member: Testing) -> Stand:
    """报告已出: the last one brings the family back to its doctor. Twice is once."""
    answer = await done(request, c.ReportResult(body.order, member.name))
    if not isinstance(answer, c.Stood):
        raise problem("broken")
    return await stand_of(request, answer.visits[0])


@router.post("/reports", status_code=201, summary="Note a recognised report from outside")
async def note_report(request: Request, body: ReportBody, member: AtDeskOrTriage) -> NotedBody:
    """结果互认: the same test is not offered again while the report is good."""
    del member
    await done(request, c.NoteReport(body.patient, body.service, body.taken_at, body.source))
    return NotedBody(patient=body.patient, service=body.service)
