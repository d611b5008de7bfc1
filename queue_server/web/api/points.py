"""Points: call, start, finish, at rooms and windows."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict, Field

from protocol import Stand
from queue_server.core import Hospital
from queue_server.core import commands as c
from queue_server.core.masking import masked
from queue_server.web.access import NAMED, SERVES, Serving, Staff, of_cookie
from queue_server.web.accounts import Member
from queue_server.web.api.commands import (
    V1,
    Id,
    Minutes,
    PointId,
    Words,
    desk_of,
    known_point,
    present,
    room_for_a_page,
    span,
    stand_in,
    told,
)
from queue_server.web.console import ConsoleView, Entry, console
from queue_server.web.feed import Feed
from queue_server.web.problems import RESPONSES, problem
from queue_server.web.shown import Shown

router = APIRouter(prefix=V1 + "/points/{point}", tags=["points"], responses=RESPONSES)
KnownPoint = Annotated[str, Depends(known_point)]


async def at_point(request: Request, point: PointId, member: Serving) -> Member:
    """A dependency: a member of staff who may call and serve at this point."""
    await known_point(request, point)
    site = desk_of(request).site
    if site.groups[site.points[point].group].kind not in SERVES[member.role]:
        raise problem("not_your_kind")
    return member


AtPoint = Annotated[Member, Depends(at_point)]


class ActBody(BaseModel):
    """What the caller saw when it decided."""

    model_config = ConfigDict(extra="forbid")

    step: str | None = Field(
        default=None,
        max_length=100,
        description="The step that was at the point. When another is there by now the act is refused (`moved_on`), so "
        "that a late click hits nobody else. Left out: whoever is there.",
        examples=["S-01/1"],
    )


class FinishBody(ActBody):
    """What comes next for the family."""

    tests: tuple[str, ...] = Field(
        default=(),
        max_length=10,
        description="Groups to visit before coming back to this doctor.",
        examples=[["lab"]],
    )
    then: tuple[str, ...] = Field(
        default=(),
        max_length=10,
        description="Groups after that, e.g. the pharmacy.",
        examples=[["pharmacy"]],
    )
    unpaid: bool = Field(
        default=False, description="What is ordered must be paid before it is done."
    )


class CallOneBody(BaseModel):
    """One family, called by name."""

    model_config = ConfigDict(extra="forbid")

    visit: Id = Field(description="Id of the visit.", examples=["S-01"])
    reason: Words = Field(
        description="Why this family and not the next; kept. At most 200 characters.",
        examples=["喘得厉害"],
    )


class ParkBody(ActBody):
    """For how long."""

    minutes: Minutes | None = Field(
        default=None,
        description="Back in the line by itself after so long; left out: until it is released.",
        examples=[10],
    )


class PauseBody(BaseModel):
    """Why nobody is taken."""

    model_config = ConfigDict(extra="forbid")

    reason: Words = Field(
        default="", description="Shown on the board; may be left out.", examples=["医生去会诊"]
    )


class SeatBody(BaseModel):
    """Who sits at a point."""

    model_config = ConfigDict(extra="forbid")

    doctors: tuple[Id, ...] | None = Field(
        max_length=6,
        description="Ids of the doctors whose families are called here; null: as planned again.",
        examples=[["lin", "intern"]],
    )


class CallBody(BaseModel):
    """Who was called where."""

    call: str = Field(description="Id of the call.")
    point: str = Field(description="Id of the point.")
    times: int = Field(description="1 for a call, 2 and more for recalls.")
    stand: Stand = Field(description="The family called.")


Act = c.ConfirmArrival | c.Park | c.Miss | c.Start | c.OpenPoint | c.PausePoint | c.SeatDoctors


def _seen(body: ActBody | None) -> str | None:
    return body.step if body else None


async def _called(request: Request, command: c.CallNext | c.CallOne | c.Recall) -> CallBody:
    return await told(request, command, _call_body)


def _call_body(h: Hospital, answer: c.Answer) -> CallBody:
    if not isinstance(answer, c.CallAnswer):
        raise problem("broken")
    shown = stand_in(h, answer.visit)
    return CallBody(call=answer.call, point=answer.point, times=answer.times, stand=shown)


def _first_stand(h: Hospital, answer: c.Answer) -> Stand:
    if not isinstance(answer, c.Stood):
        raise problem("broken")
    return stand_in(h, answer.visits[0])


async def _acted(request: Request, command: Act, member: Member) -> ConsoleView:
    view = await told(request, command, lambda h, _answer: console(h, command.point))
    return for_reader(view, member)


async def _view(request: Request, point: str, member: Member) -> ConsoleView:
    return for_reader(await desk_of(request).ask(lambda h: console(h, point)), member)


def for_reader(view: ConsoleView, member: Member) -> ConsoleView:
    """The view with the names as this member may see them."""
    if member.role in NAMED:
        return view

    def hide(one: Entry) -> Entry:
        return one.model_copy(update={"name": masked(one.name)})

    lists = ("line", "missed", "held", "at_tests", "work", "results_due", "owing")
    hidden: dict[str, object] = {
        name: tuple(hide(each) for each in getattr(view, name)) for name in lists
    }
    return view.model_copy(
        update={**hidden, "current": hide(view.current) if view.current else None}
    )


@router.get("", summary="What a point's console shows")
async def look(request: Request, point: KnownPoint, member: Staff) -> ConsoleView:
    """Current family, line, missed, kept places, and who is away for tests."""
    return await _view(request, point, member)


@router.get(
    "/events",
    response_class=EventSourceResponse,
    dependencies=[Depends(room_for_a_page)],
    summary="What a point's console shows, as it changes",
)
async def events(
    request: Request, point: KnownPoint, member: Staff
) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events: `console` with a whole `ConsoleView` at once and after each change, `beat` every 2 s without
    one, `gone` when the session has ended.
    """
    feed: Feed = request.app.state.feed
    shown: Shown = request.app.state.shown
    by_cookie = of_cookie(request) is not None
    area = await desk_of(request).ask(lambda h: h.site.groups[h.site.points[point].group].area)
    async for changed in feed.changes(area):
        if by_cookie and of_cookie(request) is None:
            yield ServerSentEvent(event="gone", data={})
            return
        if changed:
            view = for_reader(await shown.console(area, point), member)
            yield ServerSentEvent(event="console", id=str(feed.revision(area)), data=view)
        else:
            yield ServerSentEvent(event="beat", data={"at": present(request)})


@router.post("/call-next", summary="Call the next family")
async def call_next(request: Request, point: PointId, member: AtPoint) -> CallBody:
    """叫号. Two people clicking at once call one family; the second is told so (`point_busy`)."""
    return await _called(request, c.CallNext(point, member.name))


@router.post("/recall", summary="Call once more")
async def recall(
    request: Request, point: PointId, member: AtPoint, body: ActBody | None = None
) -> CallBody:
    """重呼: board and voice say it again."""
    return await _called(request, c.Recall(point, member.name, _seen(body)))


@router.post("/call", summary="Call one family by name")
async def call_one(
    request: Request, point: PointId, body: CallOneBody, member: AtPoint
) -> CallBody:
    """点名叫号: whatever the order; the reason is kept, and so is how many it goes before."""
    return await _called(request, c.CallOne(point, body.visit, member.name, body.reason))


@router.post("/confirm", summary="The called family is at the door")
async def confirm(
    request: Request, point: PointId, member: AtPoint, body: ActBody | None = None
) -> ConsoleView:
    """到诊确认. Idempotent; answers with the console as it is now."""
    return await _acted(request, c.ConfirmArrival(point, member.name, _seen(body)), member)


@router.post("/park", summary="Put aside who is here")
async def park(
    request: Request, point: PointId, member: AtPoint, body: ParkBody | None = None
) -> ConsoleView:
    """暂放: the place is kept and the point is free. Answers with the console as it is now."""
    minutes = body.minutes if body else None
    return await _acted(request, c.Park(point, member.name, span(minutes), _seen(body)), member)


@router.post("/miss", summary="Called and not there")
async def miss(
    request: Request, point: PointId, member: AtPoint, body: ActBody | None = None
) -> ConsoleView:
    """过号: the family leaves the line until it signs in again. Answers with the console as it is now."""
    return await _acted(request, c.Miss(point, member.name, _seen(body)), member)


@router.post("/start", summary="The family has come in")
async def start(
    request: Request, point: PointId, member: AtPoint, body: ActBody | None = None
) -> ConsoleView:
    """接诊. Answers with the console as it is now."""
    return await _acted(request, c.Start(point, member.name, _seen(body)), member)


@router.post("/finish", summary="Done here")
async def finish(
    request: Request, point: PointId, member: AtPoint, body: FinishBody | None = None
) -> Stand:
    """结束就诊. Tests lead back to this doctor, exactly once, when the last of them is done."""
    orders = body or FinishBody()
    command = c.Finish(
        point, member.name, orders.tests, orders.then, orders.step, unpaid=orders.unpaid
    )
    return await told(request, command, _first_stand)


@router.post("/open", summary="Take families")
async def open_point(request: Request, point: PointId, member: AtPoint) -> ConsoleView:
    """开诊. Idempotent; answers with the console as it is now."""
    return await _acted(request, c.OpenPoint(point, member.name), member)


@router.post("/pause", summary="Take none for now")
async def pause_point(
    request: Request, point: PointId, member: AtPoint, body: PauseBody | None = None
) -> ConsoleView:
    """停诊: whoever is at the point stays there. Idempotent; answers with the console as it is now."""
    return await _acted(
        request, c.PausePoint(point, member.name, body.reason.strip() if body else ""), member
    )


@router.post("/doctors", summary="Who sits here")
async def seat(request: Request, point: PointId, body: SeatBody, member: AtPoint) -> ConsoleView:
    """坐诊: two doctors in a room, an intern beside a doctor, somebody who stands in. Idempotent."""
    return await _acted(request, c.SeatDoctors(point, body.doctors, member.name), member)
