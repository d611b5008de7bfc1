"""The HTTP API, version 1."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from protocol import AgentHealth, BoardView, Stand, Text
from queue_server.core import Hospital, views
from queue_server.core import commands as c
from queue_server.core.vocabulary import Slot, StepKind
from queue_server.desk import Desk
from queue_server.web import console as staff_views
from queue_server.web.access import AtDesk, Serving, Staff
from queue_server.web.feed import Feed
from queue_server.web.staff_sentences import MISSING, sentence_for_staff

router = APIRouter(prefix="/api/v1")
PointId = Annotated[str, Path(description="Id of a service point, e.g. `resp-1`.", max_length=60)]
VisitId = Annotated[str, Path(description="Id of a visit.", max_length=80)]
AreaId = Annotated[str, Path(description="Id of a clinic area.", max_length=60)]


class RefusedBody(BaseModel):
    """Why a command changed nothing (also as `application/problem+json`)."""

    code: str = Field(description="Stable code of the reason.", examples=["point_busy"])
    sentence: Text = Field(description="The reason in both languages.")
    ticket: str | None = Field(default=None, description="The family concerned, if any.")


class CommandRefused(Exception):
    """A refusal on its way to the client."""

    def __init__(self, refused: c.Refused) -> None:
        self.status = 404 if refused.reason in MISSING else 409
        self.body = RefusedBody(
            code=refused.reason.value, sentence=sentence_for_staff(refused), ticket=refused.ticket
        )
        super().__init__(self.body.sentence.en)


REFUSALS: dict[int | str, dict[str, object]] = {
    401: {"description": "Nobody is signed in."},
    403: {"description": "The role may not do this, or the request came from a foreign page."},
    404: {"model": RefusedBody, "description": "There is no such visit or point."},
    409: {"model": RefusedBody, "description": "Refused; nothing has changed."},
}


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


async def _do(request: Request, command: c.Command) -> c.Answer:
    answer = await _desk(request).submit(command)
    if isinstance(answer, c.Refused):
        raise CommandRefused(answer)
    return answer


# ---- registrations -------------------------------------------------------------------------------


class SlotBody(BaseModel):
    """A booked hour."""

    start: AwareDatetime = Field(description="Begin, with offset.")
    end: AwareDatetime = Field(description="End, with offset.")


class RegistrationBody(BaseModel):
    """A registration (挂号) from the hospital's own system, or a walk-in's at the desk."""

    model_config = ConfigDict(extra="forbid")

    visit: str = Field(
        min_length=1, max_length=80, description="Id of the visit, given by the caller."
    )
    patient: str = Field(min_length=1, max_length=80, description="Id of the child; never shown.")
    name: str = Field(max_length=60, description="The child's name; public screens show it masked.")
    group: str = Field(max_length=60, description="The line, by id.")
    day: date = Field(description="Day of the visit.")
    card: str | None = Field(
        default=None,
        max_length=200,
        description="Id of the visit card: 20 hex digits, or `scheme:value`.",
    )
    doctor: str | None = Field(default=None, max_length=60, description="Id of a named doctor.")
    slot: SlotBody | None = Field(default=None, description="The booked hour; none for a walk-in.")
    campus: str | None = Field(
        default=None, max_length=60, description="Another campus, when it is not for this one."
    )


@router.post(
    "/registrations",
    tags=["registrations"],
    status_code=201,
    responses=REFUSALS,
    summary="Enter a registration",
)
async def register(request: Request, body: RegistrationBody, member: AtDesk) -> None:
    """Idempotent: the same registration again changes nothing; a different one under the same id is refused."""
    del member
    slot = Slot(body.slot.start, body.slot.end) if body.slot else None
    given = body.model_dump(exclude={"slot"})
    await _do(request, c.Register(**given, slot=slot))


@router.post(
    "/visits/{visit}/cancel",
    tags=["registrations"],
    responses=REFUSALS,
    summary="Give a registration back",
)
async def cancel(request: Request, visit: VisitId, member: AtDesk) -> None:
    """The family leaves its line or room at once. Idempotent."""
    await _do(request, c.Cancel(visit, member.name))


# ---- visits -----------------------------------------------------------------------------------------


async def _stand(request: Request, visit: str) -> Stand:
    return await _desk(request).ask(lambda h: views.stand(h, h.visits[visit]))


@router.get("/visits", tags=["visits"], summary="Search today's visits")
async def search(
    request: Request,
    member: Staff,
    q: Annotated[str, Query(max_length=60, description="Part of a number, an id or a name.")] = "",
) -> list[staff_views.VisitRow]:
    """At most 50; names are full, for staff only."""
    del member
    return await _desk(request).ask(lambda h: staff_views.visits_found(h, q))


@router.get("/visits/{visit}", tags=["visits"], responses=REFUSALS, summary="Where a visit stands")
async def stand(request: Request, visit: VisitId, member: Staff) -> Stand:
    """What the family is told, in both languages."""
    del member
    if not await _desk(request).ask(lambda h: visit in h.visits):
        raise CommandRefused(c.Refused(c.Reason.UNKNOWN_VISIT, visit))
    return await _stand(request, visit)


@router.post(
    "/visits/{visit}/check-in", tags=["visits"], responses=REFUSALS, summary="Check in at the desk"
)
async def check_in(request: Request, visit: VisitId, member: AtDesk) -> Stand:
    """For whom the kiosk can't help. Idempotent."""
    await _do(request, c.CheckInAtDesk(visit, member.name))
    return await _stand(request, visit)


@router.post(
    "/visits/{visit}/put-back",
    tags=["visits"],
    responses=REFUSALS,
    summary="Put a missed family back",
)
async def put_back(request: Request, visit: VisitId, member: Serving) -> Stand:
    """Back into its line, behind the places that the line's rule says."""
    await _do(request, c.PutBack(visit, member.name))
    return await _stand(request, visit)


@router.post(
    "/visits/{visit}/hold", tags=["visits"], responses=REFUSALS, summary="Keep a family's place"
)
async def hold(request: Request, visit: VisitId, member: Serving) -> Stand:
    """It is not called until it is released, and loses nothing."""
    await _do(request, c.Hold(visit, member.name))
    return await _stand(request, visit)


@router.post(
    "/visits/{visit}/release", tags=["visits"], responses=REFUSALS, summary="The family is back"
)
async def release(request: Request, visit: VisitId, member: Serving) -> Stand:
    """It stands where it stood."""
    await _do(request, c.Release(visit, member.name))
    return await _stand(request, visit)


# ---- points -----------------------------------------------------------------------------------------


class CallBody(BaseModel):
    """Who was called where."""

    call: str = Field(description="Id of the call.")
    point: str = Field(description="Id of the point.")
    times: int = Field(description="1 for a call, 2 and more for recalls.")
    stand: Stand = Field(description="The family called.")


class FinishBody(BaseModel):
    """What comes next for the family."""

    model_config = ConfigDict(extra="forbid")

    tests: tuple[str, ...] = Field(
        default=(), max_length=10, description="Groups to visit before coming back to this doctor."
    )
    then: tuple[str, ...] = Field(
        default=(), max_length=10, description="Groups after that, e.g. the pharmacy."
    )


async def _called(request: Request, command: c.CallNext | c.Recall) -> CallBody:
    answer = await _do(request, command)
    if not isinstance(answer, c.CallAnswer):
        raise HTTPException(500, "The server answered in an unexpected way.")
    shown = await _stand(request, answer.visit)
    return CallBody(call=answer.call, point=answer.point, times=answer.times, stand=shown)


@router.get(
    "/points/{point}", tags=["points"], responses=REFUSALS, summary="What a point's console shows"
)
async def console(request: Request, point: PointId, member: Staff) -> staff_views.ConsoleView:
    """Current family, line, missed and kept places; names are full."""
    del member
    if not await _desk(request).ask(lambda h: point in h.site.points):
        raise CommandRefused(c.Refused(c.Reason.UNKNOWN_POINT, point=point))
    return await _desk(request).ask(lambda h: staff_views.console(h, point))


@router.post(
    "/points/{point}/call-next", tags=["points"], responses=REFUSALS, summary="Call the next family"
)
async def call_next(request: Request, point: PointId, member: Serving) -> CallBody:
    """Two people clicking at once call one family; the second is told so."""
    return await _called(request, c.CallNext(point, member.name))


@router.post(
    "/points/{point}/recall", tags=["points"], responses=REFUSALS, summary="Call once more"
)
async def recall(request: Request, point: PointId, member: Serving) -> CallBody:
    """Board and voice say it again."""
    return await _called(request, c.Recall(point, member.name))


@router.post(
    "/points/{point}/miss", tags=["points"], responses=REFUSALS, summary="Called and not there"
)
async def miss(request: Request, point: PointId, member: Serving) -> None:
    """The family leaves the line until it signs in again."""
    await _do(request, c.Miss(point, member.name))


@router.post(
    "/points/{point}/start", tags=["points"], responses=REFUSALS, summary="The family has come in"
)
async def start(request: Request, point: PointId, member: Serving) -> None:
    """接诊."""
    await _do(request, c.Start(point, member.name))


@router.post("/points/{point}/finish", tags=["points"], responses=REFUSALS, summary="Done here")
async def finish(request: Request, point: PointId, body: FinishBody, member: Serving) -> Stand:
    """Tests lead back to this doctor, exactly once, when the last of them is done."""
    answer = await _do(request, c.Finish(point, member.name, body.tests, body.then))
    if not isinstance(answer, c.Stood):
        raise HTTPException(500, "The server answered in an unexpected way.")
    return await _stand(request, answer.visits[0])


@router.post("/points/{point}/open", tags=["points"], responses=REFUSALS, summary="Take families")
async def open_point(request: Request, point: PointId, member: Serving) -> None:
    """开诊. Idempotent."""
    await _do(request, c.OpenPoint(point, member.name))


@router.post(
    "/points/{point}/pause", tags=["points"], responses=REFUSALS, summary="Take none for now"
)
async def pause_point(request: Request, point: PointId, member: Serving) -> None:
    """停诊. Whoever is at the point stays there. Idempotent."""
    await _do(request, c.PausePoint(point, member.name))


# ---- the site, boards, agents ----------------------------------------------------------------------------


class PointBody(BaseModel):
    """A room or window."""

    id: str = Field(description="Id of the point.")
    name: Text = Field(description="Its name.")
    staff: Text | None = Field(description="Who sits there.")
    doctor: str | None = Field(description="Id of that doctor.")


class GroupBody(BaseModel):
    """A line and its points."""

    id: str = Field(description="Id of the group.")
    name: Text = Field(description="Its name.")
    kind: StepKind = Field(description="What is done there.")
    area: str = Field(description="Id of its area.")
    waiting: int = Field(description="How many wait.")
    points: tuple[PointBody, ...] = Field(description="Its rooms or windows.")


class SiteBody(BaseModel):
    """The hospital."""

    id: str = Field(description="Id of the site.")
    name: Text = Field(description="Its name.")
    areas: dict[str, Text] = Field(description="Areas by id.")
    groups: tuple[GroupBody, ...] = Field(description="All lines.")


def site_of(h: Hospital) -> SiteBody:
    """The site as it is shown to everybody."""
    return SiteBody(
        id=h.site.id,
        name=views.text(h.site.name),
        areas={area.id: views.text(area.name) for area in h.site.areas.values()},
        groups=tuple(
            GroupBody(
                id=group.id,
                name=views.text(group.name),
                kind=group.kind,
                area=group.area,
                waiting=h.lines.length(group.id),
                points=tuple(
                    PointBody(
                        id=point.id,
                        name=views.text(point.name),
                        staff=views.text(point.staff) if point.staff else None,
                        doctor=point.doctor,
                    )
                    for point in h.site.points.values()
                    if point.group == group.id
                ),
            )
            for group in h.site.groups.values()
        ),
    )


@router.get("/site", tags=["public"], summary="Areas, lines, rooms and windows")
async def site(request: Request) -> SiteBody:
    """Public; no family stands in it."""
    return await _desk(request).ask(site_of)


async def _has_area(request: Request, area: str) -> None:
    if not await _desk(request).ask(lambda h: area in h.site.areas):
        raise HTTPException(404, f"There is no area {area!r}.")


@router.get(
    "/boards/{area}",
    tags=["public"],
    responses={404: {"description": "No such area."}},
    summary="A hall's board",
)
async def board(request: Request, area: AreaId) -> BoardView:
    """Public: numbers and masked names only."""
    await _has_area(request, area)
    feed: Feed = request.app.state.feed
    return await _desk(request).ask(lambda h: views.board(h, area, feed.revision(area)))


@router.get(
    "/boards/{area}/events",
    tags=["public"],
    response_class=EventSourceResponse,
    summary="A hall's board as it changes",
)
async def board_events(request: Request, area: AreaId) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events: `board` with a whole `BoardView` at once and after each change, `beat` every 2 s without one."""
    feed: Feed = request.app.state.feed
    if not await _desk(request).ask(lambda h: area in h.site.areas):
        yield ServerSentEvent(event="gone", data={"area": area})
        return
    async for changed in feed.changes(area):
        if changed:
            shown = await _desk(request).ask(lambda h: views.board(h, area, feed.revision(area)))
            yield ServerSentEvent(event="board", id=str(shown.revision), data=shown)
        else:
            yield ServerSentEvent(event="beat", data={"at": datetime.now(UTC)})


class AgentBody(BaseModel):
    """An edge agent as it was last heard of."""

    agent: str = Field(description="Its name.")
    online: bool = Field(description="Whether its birth stands.")
    area: str | None = Field(description="Where it stands.")
    version: str = Field(description="Its version.")
    last_seen: datetime | None = Field(description="When it was last heard.")
    health: AgentHealth = Field(description="What it said of itself.")


@router.get("/agents", tags=["operations"], summary="Kiosks and door agents")
async def agents(request: Request, member: Staff) -> list[AgentBody]:
    """As far as their births, last wills and health messages tell."""
    del member
    return [
        AgentBody(
            agent=seen.agent,
            online=seen.online,
            area=seen.area,
            version=seen.version,
            last_seen=seen.last_seen,
            health=AgentHealth(
                outbox_waiting=seen.outbox_waiting, scans=seen.scans, parts=seen.parts
            ),
        )
        for seen in request.app.state.agents.all()
    ]


@router.get("/attention", tags=["operations"], summary="What a nurse should see to")
async def attention(request: Request, member: Staff) -> list[staff_views.Attention]:
    """Refused scans, provisional numbers without a visit, gaps, calls for help; newest first, of today."""
    del member
    return await _desk(request).ask(staff_views.attention)


@router.post(
    "/agents/{agent}/help-answered",
    tags=["operations"],
    responses=REFUSALS,
    summary="Somebody has gone there",
)
async def help_answered(
    request: Request,
    agent: Annotated[str, Path(max_length=60, description="Name of the agent.")],
    member: Staff,
) -> None:
    """Ends the call for help at a kiosk. Idempotent."""
    await _do(request, c.AnswerHelp(agent, member.name))
