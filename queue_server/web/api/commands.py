"""From a request to the desk, and from the desk's answer to a response."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import Path, Request

from protocol import Stand
from queue_server.core import commands as c
from queue_server.core import views
from queue_server.desk import Desk
from queue_server.web.feed import MOST_PAGES, Feed
from queue_server.web.problems import problem, refusal

PointId = Annotated[
    str, Path(description="Id of a room or window.", max_length=60, examples=["resp-1"])
]
VisitId = Annotated[str, Path(description="Id of a visit.", max_length=80, examples=["S-01"])]
AreaId = Annotated[str, Path(description="Id of a clinic area.", max_length=60, examples=["east"])]


def desk_of(request: Request) -> Desk:
    """The writer."""
    desk: Desk = request.app.state.desk
    return desk


async def done(request: Request, command: c.Command) -> c.Answer:
    """Have a command carried out.

    Raises:
        HttpProblem: it was refused.
    """
    answer = await desk_of(request).submit(command)
    if isinstance(answer, c.Refused):
        raise refusal(answer)
    return answer


async def stand_of(request: Request, visit: str) -> Stand:
    """Where a visit stands.

    Raises:
        HttpProblem: there is no such visit.
    """
    found = await desk_of(request).ask(
        lambda h: views.stand(h, h.visits[visit]) if visit in h.visits else None
    )
    if found is None:
        raise refusal(c.Refused(c.Reason.UNKNOWN_VISIT, visit))
    return found


async def known_area(request: Request, area: AreaId) -> str:
    """A dependency: the id of an area that is there."""
    if not await desk_of(request).ask(lambda h: area in h.site.areas):
        raise problem("unknown_area")
    return area


async def known_point(request: Request, point: PointId) -> str:
    """A dependency: the id of a point that is there."""
    if not await desk_of(request).ask(lambda h: point in h.site.points):
        raise refusal(c.Refused(c.Reason.UNKNOWN_POINT, point=point))
    return point


async def room_for_a_page(request: Request) -> None:
    """A dependency of streams: there is room for one more page."""
    feed: Feed = request.app.state.feed
    if feed.pages >= MOST_PAGES:
        raise problem("too_many_pages")


def present(request: Request) -> datetime:
    """The present moment of the hospital (a demonstration's clock may run faster)."""
    now: Callable[[], datetime] = request.app.state.now
    return now()
