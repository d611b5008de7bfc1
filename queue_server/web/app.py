"""The web application: API, pages, and the fences around them."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Final, Literal, Protocol

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from design import DesignFiles
from queue_server.agents import AgentSeen
from queue_server.desk import Desk
from queue_server.errors import ServerStopped
from queue_server.family import Families
from queue_server.journal.calls import CallKept
from queue_server.learned import shown_by
from queue_server.phones import PhoneDesk
from queue_server.reports import ReportKeeper
from queue_server.ways import Ways
from queue_server.web import api, pages
from queue_server.web.accounts import Accounts
from queue_server.web.board_voice import BoardVoice
from queue_server.web.feed import Feed
from queue_server.web.fence import Fence, add_headers
from queue_server.web.problems import HttpProblem, answer_problem, json_problem, problem
from queue_server.web.render import STATIC
from queue_server.web.shown import Shown
from speech import Voice

_log = structlog.get_logger(__name__)
TAGS: Final = [
    {
        "name": "registrations",
        "description": "The right to be seen (挂号), from the hospital's own system or the desk.",
    },
    {"name": "visits", "description": "One child, one day, one registration."},
    {"name": "handling", "description": "A family's place in its line; taking an act back."},
    {"name": "orders", "description": "What is still to be done: orders, payment, results."},
    {"name": "notices", "description": "Messages on the boards."},
    {"name": "history", "description": "Visits of any day, and what happened in each."},
    {"name": "points", "description": "Rooms and windows: call, start, finish."},
    {"name": "phones", "description": "Check-in by Bluetooth: keys, and where phones are."},
    {"name": "public", "description": "Read-only and masked; no sign-in."},
    {"name": "ways", "description": "From here to there; what is closed."},
    {"name": "operations", "description": "Agents, and what needs a person's eye."},
]


class Agents(Protocol):
    """Who knows the agents."""

    def all(self) -> tuple[AgentSeen, ...]:
        """Every known agent."""
        ...


class Health(BaseModel):
    """Whether the server does its work."""

    ok: bool = Field(description="It takes commands and makes them durable.")
    version: str = Field(description="Of the program.")
    started: datetime = Field(description="When it started.")
    uptime_s: float = Field(description="Seconds since then.")
    position: int = Field(description="The journal's position.")
    broker: bool = Field(description="Whether the broker can be reached.")
    agents_online: int = Field(description="Agents whose birth stands.")
    pages: int = Field(description="Open pages that are told of changes.")
    forecast: Literal["first_day", "learned", "fallen_back"] = Field(
        description="Where shown waiting times come from; `fallen_back`: the learned ones were wrong of late."
    )


@dataclass(frozen=True, slots=True)
class WebSettings:
    """What the web part needs to know."""

    hosts: tuple[str, ...] = field(default=("127.0.0.1", "localhost", "[::1]"))
    """Names under which the server may be asked; guards against DNS rebinding."""


def create_app(
    desk: Desk,
    accounts: Accounts,
    agents: Agents,
    *,
    settings: WebSettings | None = None,
    position: Callable[[], int] = lambda: 0,
    broker_connected: Callable[[], bool] = lambda: False,
    rejected: Callable[[], int] | None = None,
    call_of: Callable[[str], CallKept | None] | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    reports: ReportKeeper | None = None,
    phones: PhoneDesk | None = None,
    ways: Ways | None = None,
    voice: Voice | None = None,
    families: Families | None = None,
) -> FastAPI:
    """Make the application.

    Args:
        desk: the writer.
        accounts: who may sign in.
        agents: the registry of agents.
        settings: see `WebSettings`.
        position: gives the journal's position.
        broker_connected: says whether the broker is there.
        rejected: says how many messages could not be used and were kept; asked on the event loop's thread.
        call_of: finds a call by its id, for its explanation; asked on a worker thread.
        now: gives the present moment (aware); a demonstration may let it run faster.
        reports: keeps the tables of reports and history; without it there are none.
        phones: the desk of the phones; without it there is no check-in by Bluetooth.
        ways: finds ways on the map; without it there are none.
        voice: reads calls out to boards with a loudspeaker; without it they are silent.
        families: the families' pages on their phones; without it there are none.
    """
    started = now()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.feed.start()
        if families:
            families.watching.start()
        yield
        await let_pages_go(app)

    app = FastAPI(
        title="Daozhen queue server",
        version=version("daozhen"),
        description="Check-in, calling and boards of one hospital site. What changes state needs a signed-in member of "
        "staff (session cookie) or a program's token (`Authorization: Bearer`).",
        openapi_tags=list(TAGS),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.desk, app.state.accounts, app.state.agents = desk, accounts, agents
    app.state.rejected, app.state.now = rejected, now
    app.state.call_of = call_of
    app.state.reports, app.state.phones = reports, phones
    app.state.ways = ways
    app.state.families = families
    app.state.voice = BoardVoice(voice) if voice else None
    app.state.feed = Feed(desk, position)
    app.state.shown = Shown(desk, app.state.feed)
    app.router.routes.extend(api.routes)
    app.include_router(pages.router)
    app.mount("/static/design", DesignFiles(), name="design")
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list((settings or WebSettings()).hosts))
    app.add_middleware(Fence)
    _handle_errors(app)

    @app.get("/healthz", tags=["public"], summary="Is it well?")
    async def healthz() -> Health:
        """Answered through the writer: when this answers, commands are taken."""
        forecast = await desk.ask(shown_by)
        return Health(
            ok=True,
            version=app.version,
            started=started,
            uptime_s=(now() - started).total_seconds(),
            position=position(),
            broker=broker_connected(),
            agents_online=sum(seen.online for seen in agents.all()),
            pages=app.state.feed.pages,
            forecast=forecast,
        )

    plain = app.openapi
    app.openapi = lambda: api.describe(plain())  # type: ignore[method-assign]  # the documented way to extend it
    return app


async def let_pages_go(app: FastAPI) -> None:
    """End all event streams, so that a server that stops need not wait for them; pages come back by themselves."""
    feed: Feed = app.state.feed
    ways: Ways | None = app.state.ways
    families: Families | None = app.state.families
    if ways:
        ways.let_pages_go()
    if families:
        await families.watching.stop()
    await feed.stop()


def _handle_errors(app: FastAPI) -> None:
    for kind in (HttpProblem, RequestValidationError, HTTPException):
        app.exception_handler(kind)(answer_problem)
    app.exception_handler(ServerStopped)(_stopping)
    app.exception_handler(Exception)(_broken)


async def _stopping(_request: Request, _error: Exception) -> Response:
    return json_problem(problem("stopping"))


async def _broken(request: Request, error: Exception) -> Response:
    """Outside of the fence, so it brings the fence's headers; the log has the error, the answer only a sentence."""
    _log.error("request_failed", path=request.url.path, error=type(error).__name__)
    answer = json_problem(problem("broken"))
    add_headers(answer.headers, request.url.path)
    return answer
