"""From a request to the desk, and from the desk's answer to a response."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Final, TypeVar

from fastapi import Path, Request
from pydantic import Field, StringConstraints

from protocol import Stand
from queue_server.core import Hospital, views
from queue_server.core import commands as c
from queue_server.desk import Desk, Do
from queue_server.web.feed import MOST_PAGES, Feed
from queue_server.web.problems import problem, refusal

T = TypeVar("T")

V1: Final = "/api/v1"
"""Where every path of the API begins. Each router says so itself: for routers inside routers FastAPI would look through
all routes several times a request."""

PointId = Annotated[
    str, Path(description="Id of a room or window.", max_length=60, examples=["resp-1"])
]
VisitId = Annotated[str, Path(description="Id of a visit.", max_length=80, examples=["S-01"])]
AreaId = Annotated[str, Path(description="Id of a clinic area.", max_length=60, examples=["east"])]

Words = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$", max_length=1000)]
"""What people type: the rules say how long it may be, and have the sentence for it."""
Id = Annotated[str, StringConstraints(pattern=r"^[^\s\x00-\x1f\x7f]+$", max_length=120)]
Minutes = Annotated[int, Field(ge=1, le=1440, strict=True)]


def span(minutes: int | None) -> timedelta | None:
    """So many minutes."""
    return None if minutes is None else timedelta(minutes=minutes)


def desk_of(request: Request) -> Desk:
    """The writer."""
    desk: Desk = request.app.state.desk
    return desk


async def done(request: Request, command: c.Command) -> c.Answer:
    """Have a command carried out.

    Raises:
        HttpProblem: it was refused, or it must be said which child is meant.
    """
    return await told(request, command, lambda _h, answer: answer)


async def told(request: Request, command: c.Command, view: Callable[[Hospital, c.Answer], T]) -> T:
    """Have a command carried out; what `view` sees right after it, in the same turn of the writer.

    Raises:
        HttpProblem: it was refused, or it must be said which child is meant.
    """

    def job(h: Hospital, do: Do) -> T:
        return view(h, accepted(h, do(command)))

    return await desk_of(request).work(job)


def accepted(h: Hospital, answer: c.Answer) -> c.Answer:
    """An answer that is no refusal.

    Raises:
        HttpProblem: it is one, or it must be said which child is meant.
    """
    match answer:
        case c.Refused():
            raise refusal(answer)
        case c.WhichChild():
            raise problem("which_child", choices=views.child_choices(h, answer.visits))
        case _:
            return answer


async def stood(request: Request, command: c.Command, visit: str) -> Stand:
    """Have a command about a visit carried out; where the visit stands then.

    Raises:
        HttpProblem: it was refused.
    """
    return await told(request, command, lambda h, _answer: stand_in(h, visit))


async def stand_of(request: Request, visit: str) -> Stand:
    """Where a visit stands.

    Raises:
        HttpProblem: there is no such visit.
    """
    return await desk_of(request).ask(lambda h: stand_in(h, visit))


def stand_in(h: Hospital, visit: str) -> Stand:
    """Where a visit stands.

    Raises:
        HttpProblem: there is no such visit.
    """
    if visit not in h.visits:
        raise refusal(c.Refused(c.Reason.UNKNOWN_VISIT, visit))
    return views.stand(h, h.visits[visit])


async def known_area(request: Request, area: AreaId) -> str:
    """A dependency: the id of an area that is there."""
    if area not in desk_of(request).site.areas:
        raise problem("unknown_area")
    return area


async def known_point(request: Request, point: PointId) -> str:
    """A dependency: the id of a point that is there."""
    if point not in desk_of(request).site.points:
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
