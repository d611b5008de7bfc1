"""The one door to the hospital's state, as the shells see it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from queue_server.core.commands import Answer, Command
from queue_server.core.site import Site
from queue_server.core.state import Hospital

T = TypeVar("T")

Do = Callable[[Command], Answer]
"""Decides and applies one command."""
Job = Callable[[Hospital, Do], T]
"""Commands, and what to read of their effect: runs in one piece, nothing comes between. Keeps nothing of the state."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What one or more commits, taken together, have touched."""

    position: int
    """The journal's position up to which this speaks."""
    areas: frozenset[str]
    """Areas whose board may differ now."""


class Desk(Protocol):
    """The writer: takes commands, answers questions, tells of changes. Nothing is told before it is durable."""

    @property
    def site(self) -> Site:
        """The site file in force; known without asking."""
        ...

    async def submit(self, command: Command) -> Answer:
        """Decide, make durable, apply; then return the answer."""
        ...

    async def work(self, job: Job[T]) -> T:
        """Do a job in one turn, make durable what its commands led to; then return what it returned, or raise it.

        What a job has commanded before it raises stays.
        """
        ...

    async def ask(self, question: Callable[[Hospital], T]) -> T:
        """Run a question against the durable state. It must only read, and keep nothing of the state."""
        ...

    def changes(self) -> AsyncIterator[Changes]:
        """Yield after commits, coalesced: a slow listener gets fewer, never stale ones."""
        ...
