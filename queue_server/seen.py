"""What has been taken of each agent: nothing is taken twice, and agents learn what they may forget.

An agent numbers its events 1, 2, 3 … for each life of its outbox (its *install*). Events may come doubled and out of
order: each is taken at once, and the acknowledgement is the highest number up to which nothing is missing.
"""

from collections.abc import Iterable
from typing import Final

from queue_server.journal import Mark, MarkChange

BEYOND_KEPT: Final = 10_000
"""Numbers remembered beyond a hole, for each install. An agent sends in order, so only a broken one comes near it."""


class _Taken:
    """One install; `added` are the numbers taken beyond the hole since the last `settle`."""

    __slots__ = ("added", "beyond", "closed_up", "contiguous")

    def __init__(self, contiguous: int = 0, beyond: Iterable[int] = ()) -> None:
        self.contiguous = contiguous
        self.beyond = set(beyond)
        self.added: list[int] = []
        self.closed_up = False

    def take(self, seq: int) -> None:
        if seq == self.contiguous + 1:
            self.contiguous = seq
            self.close_up()
        else:
            self.beyond.add(seq)
            self.added.append(seq)

    def skip_to(self, contiguous: int) -> None:
        self.contiguous = contiguous
        if self.beyond:
            self.beyond = {seq for seq in self.beyond if seq > contiguous}
            self.closed_up = True
        self.close_up()

    def close_up(self) -> None:
        while self.contiguous + 1 in self.beyond:
            self.contiguous += 1
            self.beyond.remove(self.contiguous)
            self.closed_up = True


class Seen:
    """The marks of all installs, and which have changed since the last batch."""

    def __init__(self, marks: Iterable[Mark] = ()) -> None:
        """Start from what a journal holds, the install heard last coming last."""
        self._taken: dict[tuple[str, str], _Taken] = {}
        self._install: dict[str, str] = {}
        self._changed: set[tuple[str, str]] = set()
        for mark in marks:
            self._taken[mark.agent, mark.install] = _Taken(mark.contiguous, mark.beyond)
            self._install[mark.agent] = mark.install

    def contiguous(self, agent: str, install: str) -> int:
        """The highest number up to which nothing is missing."""
        taken = self._taken.get((agent, install))
        return taken.contiguous if taken else 0

    def is_new(self, agent: str, install: str, seq: int) -> bool:
        """Whether a number has not been taken yet."""
        taken = self._taken.get((agent, install))
        return taken is None or (seq > taken.contiguous and seq not in taken.beyond)

    def has_room(self, agent: str, install: str, seq: int) -> bool:
        """Whether a new number can be remembered; if not, it must come again once the hole is closed."""
        taken = self._taken.get((agent, install))
        return taken is None or seq == taken.contiguous + 1 or len(taken.beyond) < BEYOND_KEPT

    def take(self, agent: str, install: str, seq: int) -> None:
        """Remember a number as taken."""
        self._of(agent, install).take(seq)

    def missing_below(self, agent: str, install: str, oldest: int) -> tuple[int, int] | None:
        """First and last number that never came, when an agent says that nothing below `oldest` will."""
        contiguous = self.contiguous(agent, install)
        return (contiguous + 1, oldest - 1) if oldest > contiguous + 1 else None

    def skip_to(self, agent: str, install: str, contiguous: int) -> None:
        """Give up what is missing up to and including `contiguous`."""
        self._of(agent, install).skip_to(contiguous)

    def _of(self, agent: str, install: str) -> _Taken:
        whose = (agent, install)
        taken = self._taken.get(whose)
        if taken is None:
            taken = self._taken[whose] = _Taken()
        self._install[agent] = install
        self._changed.add(whose)
        return taken

    def settle(self) -> tuple[MarkChange, ...]:
        """What has changed since the last call; to be made durable with the events."""
        changes = tuple(self._change(*whose) for whose in sorted(self._changed))
        self._changed.clear()
        return changes

    def _change(self, agent: str, install: str) -> MarkChange:
        taken = self._taken[agent, install]
        beyond = tuple(seq for seq in taken.added if seq in taken.beyond)
        change = MarkChange(agent, install, taken.contiguous, beyond, taken.closed_up)
        taken.added.clear()
        taken.closed_up = False
        return change

    def acknowledgements(self) -> list[tuple[str, str, int]]:
        """Agent, its latest install, and the number up to which it may forget."""
        return [
            (agent, install, self._taken[agent, install].contiguous)
            for agent, install in self._install.items()
        ]
