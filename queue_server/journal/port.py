"""What a journal must be able to do, and the values that go in and out of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from queue_server.core.events import Event


@dataclass(frozen=True, slots=True)
class Mark:
    """What has been taken of one install of an agent: everything up to `contiguous`, and `beyond` it."""

    agent: str
    install: str
    contiguous: int
    beyond: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class MarkChange:
    """How a mark has changed: `beyond` holds the numbers that are new beyond `contiguous`."""

    agent: str
    install: str
    contiguous: int
    beyond: tuple[int, ...] = ()
    closed_up: bool = False
    """Whether numbers kept as beyond are now covered by `contiguous`."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A message that could not be used: kept with its reason, and taken, so that it never comes again."""

    topic: str
    reason: str
    detail: str
    payload: bytes
    received_at: datetime
    agent: str | None = None
    install: str | None = None
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What becomes durable together, or not at all."""

    written_at: datetime
    events: tuple[Event, ...] = ()
    marks: tuple[MarkChange, ...] = ()
    rejected: tuple[Rejected, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.events or self.marks or self.rejected)


class Journal(Protocol):
    """The append-only truth of a site. Used by one thread at a time."""

    @property
    def position(self) -> int:
        """Position of the last event; 0 when there is none."""
        ...

    def replay(self) -> Iterator[Event]:
        """All events, oldest first.

        Raises:
            JournalDamaged: an event can't be read; the sentence names its position.
        """
        ...

    def marks(self) -> Iterator[Mark]:
        """What has been taken of every install, the one heard last coming last."""
        ...

    def append(self, batch: Batch) -> int:
        """Make a batch durable in one transaction and return the new position.

        Raises:
            CommitFailed: nothing of the batch is stored.
        """
        ...

    def close(self) -> None:
        """Let go of the files and the lock; again is no error."""
        ...
