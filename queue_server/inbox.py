"""The queue before the writer: two lanes, both bounded, taken in batches.

People's commands and questions go before what agents have delivered, so that a nurse never waits behind ten thousand
scans; within a lane the order is kept.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from threading import Condition
from typing import Final, Generic, TypeVar

from queue_server.errors import ServerStopped

P = TypeVar("P")
D = TypeVar("D")

LANE_BOUND: Final = 4_096
"""Items waiting in each lane; then the sender waits, and the broker keeps what it has."""


class Inbox(Generic[P, D]):
    """`P` are what people want, `D` what agents deliver."""

    def __init__(self, bound: int = LANE_BOUND) -> None:
        self._bound = bound
        self._people: deque[P] = deque()
        self._delivered: deque[D] = deque()
        self._changed = Condition()
        self._closed = False

    def deliver(self, items: Iterable[D]) -> None:
        """Put in what came over MQTT together; waits while the lane is full.

        Raises:
            ServerStopped: nobody takes anything any more.
        """
        with self._changed:
            while len(self._delivered) >= self._bound and not self._closed:
                self._changed.wait()
            self._check_open()
            self._delivered.extend(items)
            self._changed.notify_all()

    def offer(self, item: P) -> bool:
        """Put in what somebody wants; False when the lane is full.

        Raises:
            ServerStopped: nobody takes anything any more.
        """
        with self._changed:
            self._check_open()
            if len(self._people) >= self._bound:
                return False
            self._people.append(item)
            self._changed.notify_all()
            return True

    def take(self, limit: int, timeout_s: float) -> Sequence[P | D]:
        """Take what has gathered, at most `limit`; wait up to `timeout_s` for the first."""
        with self._changed:
            if not (self._people or self._delivered or self._closed):
                self._changed.wait(timeout_s)
            taken: list[P | D] = [
                self._people.popleft() for _ in range(min(limit, len(self._people)))
            ]
            rest = min(limit - len(taken), len(self._delivered))
            taken.extend(self._delivered.popleft() for _ in range(rest))
            self._changed.notify_all()
            return taken

    def close(self) -> list[P | D]:
        """Take no more; returns what was still waiting."""
        with self._changed:
            self._closed = True
            left: list[P | D] = [*self._people, *self._delivered]
            self._people.clear()
            self._delivered.clear()
            self._changed.notify_all()
            return left

    def _check_open(self) -> None:
        if self._closed:
            raise ServerStopped("The queue server is stopping; try again in a moment.")
