"""The writer on its own thread: the `Desk` of the web pages, and the receiver of what the broker delivers."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from threading import Thread
from typing import Any, Final, Self, TypeVar
from weakref import WeakSet

import structlog

from queue_server.core import Hospital
from queue_server.core import commands as c
from queue_server.core.site import Site
from queue_server.core.views import board
from queue_server.desk import Changes, Job
from queue_server.errors import ServerStopped
from queue_server.inbox import Inbox
from queue_server.replies import LoopReply, Replies
from queue_server.telling import BoardPacer, Outlet
from queue_server.turn import Delivery, Errand, Greeting, Item, Question, Submission, Taken
from queue_server.writer import Writer

log = structlog.get_logger(__name__)
T = TypeVar("T")

BATCH: Final = 256
"""At most so many items a commit: even in a flood, a nurse's click waits for no more than these."""
IDLE_S: Final = 1.0
"""So often the writer looks at the clock when nothing comes: a day is opened at most so late."""
PHONE_S: Final = 0.25
"""So often is it looked whether it has become clear at which door a phone stands."""
LANE_FULL_S: Final = 0.01


class WriterThread:
    """Implements `desk.Desk`. Make it, `start` it, and `stop` it."""

    def __init__(
        self, writer: Writer, outlet: Outlet, on_failure: Callable[[BaseException], None]
    ) -> None:
        """`on_failure` is called once, on the writer's thread, when it can't go on: the process must end then."""
        self._writer = writer
        self._outlet = outlet
        self._on_failure = on_failure
        self._inbox: Inbox[Submission | Errand | Question, Delivery | Greeting] = Inbox()
        self._pacer = BoardPacer()
        self._listeners: WeakSet[_Listener] = WeakSet()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._replies: Replies | None = None
        self._stopping = False
        self._position = 0
        self._thread = Thread(target=self._run, name="writer", daemon=True)

    def start(self) -> None:
        """Begin to take what comes."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the batch at hand and end; whoever still waits is told that it was not carried out."""
        self._stopping = True
        self._let_down(self._inbox.close())
        if self._thread.is_alive():
            self._thread.join()
        self._tell_loop(None)

    # ---- for the broker's thread --------------------------------------------------------------------

    def receive(self, deliveries: Sequence[Delivery]) -> None:
        """Take messages that came together. Waits while too much is waiting.

        Raises:
            ServerStopped: they were not taken; the broker will bring them again.
        """
        self._inbox.deliver(deliveries)

    def greet(self) -> None:
        """The broker is back: tell acknowledgements and boards anew.

        Raises:
            ServerStopped: nobody tells anything any more.
        """
        self._inbox.deliver([Greeting()])

    # ---- the desk, for the loop's thread ------------------------------------------------------------

    @property
    def site(self) -> Site:
        """The site file in force; known without asking, for it is replaced in one piece."""
        return self._writer.hospital.site

    async def submit(self, command: c.Command) -> c.Answer:
        """Decide, make durable, apply; then return the answer.

        Raises:
            ServerStopped: it was not carried out.
        """
        answer: LoopReply[c.Answer] = self._reply()
        await self._put(Submission(command, answer))
        return await answer

    async def work(self, job: Job[T]) -> T:
        """Do a job in one turn, make durable what its commands led to; then return what it returned, or raise it.

        Raises:
            ServerStopped: it was not carried out.
        """
        answer: LoopReply[T] = self._reply()
        await self._put(Errand(job, answer))
        return await answer

    async def ask(self, question: Callable[[Hospital], T]) -> T:
        """Run a question against the durable state.

        Raises:
            ServerStopped: nobody answers any more.
        """
        answer: LoopReply[T] = self._reply()
        await self._put(Question(question, answer))
        return await answer

    def _reply(self) -> LoopReply[Any]:
        loop = asyncio.get_running_loop()
        if self._replies is None or self._replies.loop is not loop:
            self._replies = Replies(loop)
        return LoopReply(self._replies)

    async def _put(self, item: Submission | Errand | Question) -> None:
        while not self._inbox.offer(item):  # noqa: ASYNC110  # another thread empties the lane
            await asyncio.sleep(LANE_FULL_S)

    def changes(self) -> AsyncIterator[Changes]:
        """Changes from now on, coalesced while the listener is busy; ends when the server stops."""
        self._loop = asyncio.get_running_loop()
        listener = _Listener()
        self._listeners.add(listener)
        return listener

    # ---- the writer's thread ------------------------------------------------------------------------

    def _run(self) -> None:
        items: Sequence[Item] = ()
        try:
            while not self._stopping:
                items = self._inbox.take(BATCH, self._patience_s())
                self._spread(self._writer.take(items))
        except Exception as error:
            log.critical("writer_failed", error=str(error))
            self._let_down([*items, *self._inbox.close()])
            self._on_failure(error)

    def _patience_s(self) -> float:
        next_board = self._pacer.wait_s(time.monotonic())
        most_s = PHONE_S if self._writer.soon else IDLE_S
        return most_s if next_board is None else min(next_board, most_s)

    def _spread(self, taken: Taken) -> None:
        self._pacer.touch(taken.areas)
        for area in self._pacer.due(time.monotonic()):
            if self._outlet.listening:
                self._draw(area, taken.position)
        if taken.position != self._position:
            self._position = taken.position
            self._tell_loop(Changes(taken.position, taken.areas))

    def _draw(self, area: str, revision: int) -> None:
        try:
            self._outlet.show_board(board(self._writer.hospital, area, revision))
        except Exception:
            log.exception("board_not_drawn", area=area)

    def _tell_loop(self, changes: Changes | None) -> None:
        if self._loop:
            with suppress(RuntimeError):  # the loop is closed: nobody listens any more
                self._loop.call_soon_threadsafe(self._fan_out, changes)

    def _fan_out(self, changes: Changes | None) -> None:
        for listener in list(self._listeners):
            listener.tell(changes)

    def _let_down(self, items: Sequence[Item]) -> None:
        for item in items:
            if isinstance(item, Submission | Errand | Question) and not item.answer.done():
                item.answer.set_exception(
                    ServerStopped("The queue server is stopping; try again in a moment.")
                )


class _Listener:
    """One reader of changes; belongs to the loop's thread."""

    def __init__(self) -> None:
        self._position = 0
        self._areas: set[str] = set()
        self._over = False
        self._changed = asyncio.Event()

    def tell(self, changes: Changes | None) -> None:
        if changes is None:
            self._over = True
        else:
            self._position = changes.position
            self._areas |= changes.areas
        self._changed.set()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Changes:
        await self._changed.wait()
        if self._over:
            raise StopAsyncIteration
        self._changed.clear()
        changes = Changes(self._position, frozenset(self._areas))
        self._areas.clear()
        return changes
