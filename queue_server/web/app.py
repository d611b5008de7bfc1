"""The web application: API, pages, and the fences around them."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Final, Protocol

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel, Field
from starlette.middleware.trustedhost import TrustedHostMiddleware

from queue_server.agents import AgentSeen
from queue_server.desk import Desk
from queue_server.web import api, pages
from queue_server.web.accounts import Accounts
from queue_server.web.feed import Feed
from queue_server.web.fence import Fence

_log = structlog.get_logger()
TAGS: Final = [
    {
        "name": "registrations",
        "description": "The right to be seen (挂号), from the hospital's own system or the desk.",
    },
    {"name": "visits", "description": "One child, one day, one registration."},
    {"name": "points", "description": "Rooms and windows: call, start, finish."},
    {"name": "public", "description": "Read-only and masked; no sign-in."},
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
    position: int = Field(description="The journal's position.")
    broker: bool = Field(description="Whether the broker can be reached.")
    agents_online: int = Field(description="Agents whose birth stands.")


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
) -> FastAPI:
    """Make the application.

    Args:
        desk: the writer.
        accounts: who may sign in.
        agents: the registry of agents.
        settings: see `WebSettings`.
        position: gives the journal's position.
        broker_connected: says whether the broker is there.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.feed.start()
        yield
        await app.state.feed.stop()

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
    app.state.feed = Feed(desk)
    app.include_router(api.router)
    app.include_router(pages.router)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list((settings or WebSettings()).hosts))
    app.add_middleware(Fence)
    app.exception_handler(api.CommandRefused)(_refused)
    app.exception_handler(RequestValidationError)(_invalid)

    @app.get("/healthz", tags=["public"], summary="Is it well?")
    async def healthz() -> Health:
        """Answered through the writer: when this answers, commands are taken."""
        await desk.ask(lambda h: h.day)
        return Health(
            ok=True,
            version=app.version,
            position=position(),
            broker=broker_connected(),
            agents_online=sum(seen.online for seen in agents.all()),
        )

    return app


async def _refused(_request: Request, error: Exception) -> Response:
    if not isinstance(error, api.CommandRefused):
        raise error
    return JSONResponse(
        error.body.model_dump(), error.status, media_type="application/problem+json"
    )


async def _invalid(_request: Request, error: Exception) -> Response:
    """Say what is wrong, without repeating what was sent: it may be a name."""
    if not isinstance(error, RequestValidationError):
        raise error
    wrong = [
        {"where": ".".join(str(part) for part in item["loc"]), "what": item["msg"]}
        for item in error.errors()
    ]
    return JSONResponse({"detail": wrong}, 422)
