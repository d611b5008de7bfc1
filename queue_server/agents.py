"""Which agents are there, as far as their birth, last will and health messages tell. In memory only: agents say it again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from protocol import AgentHealth, AgentState, PartHealth

AGENTS_KNOWN: Final = 1_000
"""More than any hospital has: names beyond are invented, and are not kept."""


@dataclass(frozen=True, slots=True)
class AgentSeen:
    """What is known of one agent."""

    agent: str
    online: bool = False
    birth: int = -1
    install: str | None = None
    role: str = ""
    area: str | None = None
    version: str = ""
    can: tuple[str, ...] = ()
    outbox_waiting: int = 0
    outbox_oldest_s: float | None = None
    scans: int = 0
    parts: tuple[PartHealth, ...] = ()
    last_seen: datetime | None = None
    """When its last message came in, by our clock; None when all that is known is its last will."""


class AgentRegistry:
    """Written by the writer's thread, read by any: each entry is a frozen value that is swapped whole."""

    def __init__(self) -> None:
        self._agents: dict[str, AgentSeen] = {}
        self._heard_at: dict[str, datetime] = {}

    def all(self) -> tuple[AgentSeen, ...]:
        """Every known agent, by name."""
        return tuple(self._seen(self._agents[agent]) for agent in sorted(self._agents.copy()))

    def get(self, agent: str) -> AgentSeen | None:
        """One agent."""
        seen = self._agents.get(agent)
        return self._seen(seen) if seen else None

    def _seen(self, seen: AgentSeen) -> AgentSeen:
        return replace(seen, last_seen=self._heard_at.get(seen.agent))

    def note_state(
        self, agent: str, install: str | None, state: AgentState, received_at: datetime
    ) -> None:
        """Birth or last will; a will only ends its own birth."""

        def changed(seen: AgentSeen) -> AgentSeen:
            if not state.online and state.birth < seen.birth:
                return seen
            return replace(
                seen,
                online=state.online,
                birth=state.birth,
                install=install or seen.install,
                role=state.role,
                area=state.area,
                version=state.version,
                can=state.can,
            )

        self._change(agent, changed)
        if state.online:
            self.note_heard(agent, received_at)

    def note_health(self, agent: str, health: AgentHealth, received_at: datetime) -> None:
        """How an agent fares."""

        def changed(seen: AgentSeen) -> AgentSeen:
            return replace(
                seen,
                outbox_waiting=health.outbox_waiting,
                outbox_oldest_s=health.outbox_oldest_s,
                scans=health.scans,
                parts=health.parts,
            )

        self._change(agent, changed)
        self.note_heard(agent, received_at)

    def note_heard(self, agent: str, received_at: datetime) -> None:
        """Anything came from it."""
        if agent in self._agents:
            self._heard_at[agent] = received_at

    def _change(self, agent: str, changed: Callable[[AgentSeen], AgentSeen]) -> None:
        seen = self._agents.get(agent)
        if seen is None and len(self._agents) >= AGENTS_KNOWN:
            return
        self._agents[agent] = changed(seen or AgentSeen(agent))
