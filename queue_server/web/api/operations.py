"""Agents, and what needs a person's eye."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, Field

from protocol import AgentHealth
from queue_server.core import commands as c
from queue_server.core.masking import masked
from queue_server.web.access import NAMED, Staff
from queue_server.web.api.commands import V1, desk_of, done
from queue_server.web.attention import AttentionItem, attention
from queue_server.web.problems import RESPONSES

router = APIRouter(prefix=V1, tags=["operations"], responses=RESPONSES)


class AgentBody(BaseModel):
    """An edge agent as it was last heard of."""

    agent: str = Field(description="Its name.", examples=["kiosk-1"])
    online: bool = Field(description="Whether its birth stands.")
    role: str = Field(description="`kiosk`, `door` or `corridor`.", examples=["kiosk"])
    area: str | None = Field(description="Where it stands.")
    version: str = Field(description="Its version.")
    last_seen: datetime | None = Field(description="When it was last heard.")
    health: AgentHealth = Field(description="What it said of itself.")


class AttentionBody(BaseModel):
    """What waits for a person's eye."""

    items: list[AttentionItem] = Field(description="Calls for help first, then the newest first.")
    rejected: int | None = Field(
        description="Messages that could not be used and were kept; null when it is not known."
    )


@router.get("/agents", summary="Kiosks and door agents")
async def agents(request: Request, member: Staff) -> list[AgentBody]:
    """As far as their births, last wills and health messages tell."""
    del member
    return [
        AgentBody(
            agent=seen.agent,
            online=seen.online,
            role=seen.role,
            area=seen.area,
            version=seen.version,
            last_seen=seen.last_seen,
            health=AgentHealth(
                outbox_waiting=seen.outbox_waiting,
                outbox_oldest_s=seen.outbox_oldest_s,
                scans=seen.scans,
                parts=seen.parts,
            ),
        )
        for seen in request.app.state.agents.all()
    ]


@router.get("/attention", summary="What a nurse should see to")
async def needing_attention(request: Request, member: Staff) -> AttentionBody:
    """Refused scans, provisional numbers without a visit, gaps, calls for help; of today."""
    items = await desk_of(request).ask(attention)
    if member.role not in NAMED:
        items = [item.model_copy(update={"name": masked(item.name)}) for item in items]
    rejected: Callable[[], int] | None = request.app.state.rejected
    return AttentionBody(items=items, rejected=rejected() if rejected else None)


@router.post("/agents/{agent}/help-answered", status_code=204, summary="Somebody has gone there")
async def help_answered(
    request: Request,
    agent: Annotated[
        str, Path(max_length=60, description="Name of the agent.", examples=["kiosk-1"])
    ],
    member: Staff,
) -> None:
    """Ends the call for help at a kiosk. Idempotent."""
    await done(request, c.AnswerHelp(agent, member.name))
