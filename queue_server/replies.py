"""Answers on their way from the writer's thread to the loop that waits for them: a whole batch is one wake-up."""

import asyncio
from collections import deque
from collections.abc import Callable, Generator
from contextlib import suppress
from functools import partial
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Replies:
    """The way to one loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._on_the_way: deque[Callable[[], None]] = deque()
        self._woken = False

    def send(self, deliver: Callable[[], None]) -> None:
        """Have something called on the loop's thread, in order; may be called from any thread."""
        self._on_the_way.append(deliver)
        if not self._woken:
            self._woken = True
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                self.loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        self._woken = False  # first: what is sent from here on wakes the loop again
        while self._on_the_way:
            self._on_the_way.popleft()()


class LoopReply(Generic[T]):
    """Implements `turn.Reply` for somebody on a loop, who awaits it."""

    def __init__(self, replies: Replies) -> None:
        self._replies = replies
        self._future: asyncio.Future[T] = replies.loop.create_future()
        self._given = False

    def __await__(self) -> Generator[Any, None, T]:
        return self._future.__await__()

    def set_running_or_notify_cancel(self) -> bool:
        """Whether anybody still waits for it."""
        return not self._future.cancelled()

    def set_result(self, result: T) -> None:
        """This is it."""
        self._given = True
        self._replies.send(partial(self._give, result))

    def set_exception(self, exception: BaseException) -> None:
        """There is none, and why."""
        self._given = True
        self._replies.send(partial(self._fail, exception))

    def done(self) -> bool:
        """Whether it has been given, or nobody waits for it."""
        return self._given or self._future.cancelled()

    def _give(self, result: T) -> None:
        if not self._future.done():
            self._future.set_result(result)

    def _fail(self, exception: BaseException) -> None:
        if not self._future.done():
            self._future.set_exception(exception)
