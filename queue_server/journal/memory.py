"""A journal that forgets everything with its process: for simulations and tests."""

from collections.abc import Iterable, Iterator

from queue_server.core.events import Event
from queue_server.journal.port import Batch, Mark, MarkChange, Rejected


class MemoryJournal:
    """Keeps what a `SqliteJournal` keeps, in lists."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.rejected: list[Rejected] = []
        self._marks: dict[tuple[str, str], Mark] = {}

    @property
    def position(self) -> int:
        """Position of the last event."""
        return len(self.events)

    def replay(self) -> Iterator[Event]:
        """All events, oldest first."""
        return iter(list(self.events))

    def marks(self) -> Iterator[Mark]:
        """What has been taken of every install."""
        return iter(list(self._marks.values()))

    def append(self, batch: Batch) -> int:
        """Keep a batch."""
        self.events += batch.events
        self.rejected += batch.rejected
        self._change(batch.marks)
        return len(self.events)

    def _change(self, changes: Iterable[MarkChange]) -> None:
        for change in changes:
            whose = (change.agent, change.install)
            old = self._marks.pop(whose, Mark(*whose, 0))
            kept = (seq for seq in old.beyond if seq > change.contiguous)
            self._marks[whose] = Mark(*whose, change.contiguous, frozenset((*kept, *change.beyond)))

    def close(self) -> None:
        """Nothing to let go of."""
