"""What everybody may see: the site and its boards, read-only and masked."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, Field

from protocol import BoardView, Text
from queue_server.core import Hospital, views
from queue_server.core.site import Group
from queue_server.core.vocabulary import StepKind
from queue_server.web.api.commands import V1, desk_of, known_area, present, room_for_a_page
from queue_server.web.board_delta import delta
from queue_server.web.feed import Feed
from queue_server.web.problems import ProblemBody
from queue_server.web.shown import Shown

router = APIRouter(
    prefix=V1,
    tags=["public"],
    responses={404: {"model": ProblemBody, "description": "No such area."}},
)
KnownArea = Annotated[str, Depends(known_area)]


class PointBody(BaseModel):
    """A room or window."""

    id: str = Field(description="Id of the point.", examples=["resp-1"])
    name: Text = Field(description="Its name.")
    staff: Text | None = Field(description="Who sits there.")
    doctor: str | None = Field(description="Id of that doctor.")


class GroupBody(BaseModel):
    """A line and its points."""

    id: str = Field(description="Id of the group.", examples=["resp"])
    name: Text = Field(description="Its name.")
    kind: StepKind = Field(description="What is done there.")
    area: str = Field(description="Id of its area.", examples=["east"])
    waiting: int = Field(description="How many wait.")
    points: tuple[PointBody, ...] = Field(description="Its rooms or windows.")


class SiteBody(BaseModel):
    """The hospital."""

    id: str = Field(description="Id of the site.", examples=["xinghe"])
    name: Text = Field(description="Its name.")
    areas: dict[str, Text] = Field(description="Areas by id.")
    groups: tuple[GroupBody, ...] = Field(description="All lines.")


def site_of(h: Hospital) -> SiteBody:
    """The site as it is shown to everybody."""
    return SiteBody(
        id=h.site.id,
        name=views.text(h.site.name),
        areas={area.id: views.text(area.name) for area in h.site.areas.values()},
        groups=tuple(_group(h, group) for group in h.site.groups.values()),
    )


def _group(h: Hospital, group: Group) -> GroupBody:
    return GroupBody(
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


@router.get("/site", summary="Areas, lines, rooms and windows")
async def site(request: Request) -> SiteBody:
    """No family stands in it."""
    return await desk_of(request).ask(site_of)


@router.get("/boards/{area}", summary="A hall's board")
async def board(request: Request, area: KnownArea) -> BoardView:
    """Numbers and masked names only."""
    feed: Feed = request.app.state.feed
    return await desk_of(request).ask(lambda h: views.board(h, area, feed.revision(area)))


@router.get(
    "/boards/{area}/events",
    response_class=EventSourceResponse,
    dependencies=[Depends(room_for_a_page)],
    summary="A hall's board, as it changes",
)
async def board_events(
    request: Request,
    area: KnownArea,
    last_event_id: Annotated[
        str | None, Header(description="The last id that was seen; browsers send it by themselves.")
    ] = None,
) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events: `board` with a whole `BoardView` at first, then `delta`: its `previous` is the revision it
    follows, its `points` have of each room that differs only what has changed. `beat` every 2 s without a change, with
    the revision that the board has.

    Ids are the revision. Who comes back with the last one is sent nothing, a delta, or the whole board when that one is
    long gone. Who sees a `previous` that is not its own has missed something and asks for the whole board.
    """
    feed: Feed = request.app.state.feed
    shown: Shown = request.app.state.shown
    seen = int(last_event_id) if last_event_id and last_event_id.isdecimal() else None
    before = shown.board_at(area, seen)
    async for changed in feed.changes(area, seen):
        if changed:
            view = await shown.board(area)
            change = delta(before, view) if before else None
            if change:
                yield ServerSentEvent(event="delta", id=str(view.revision), raw_data=change.text())
            else:
                yield ServerSentEvent(event="board", id=str(view.revision), data=view)
            before = view
        else:
            beat = {"at": present(request), "revision": feed.revision(area)}
            yield ServerSentEvent(event="beat", data=beat)
