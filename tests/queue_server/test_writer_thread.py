"""The writer on its own thread, as the pages and the broker see it."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from queue_server.core import Hospital
from queue_server.core import commands as c
from queue_server.desk import Do
from queue_server.errors import CommitFailed, ServerStopped
from queue_server.ingest import Delivered
from queue_server.journal import Batch, MemoryJournal
from queue_server.turn import Delivery
from queue_server.writer_thread import WriterThread
from tests.queue_server.core.makers import NINE
from tests.queue_server.shell import Agent, Shell


@asynccontextmanager
async def running(
    shell: Shell, on_failure: Callable[[BaseException], None] = lambda error: None
) -> AsyncIterator[WriterThread]:
    desk = WriterThread(shell.writer, shell.outlet, on_failure)
    desk.start()
    try:
        yield desk
    finally:
        desk.stop()


def receive(desk: WriterThread, message: tuple[str, bytes]) -> threading.Event:
    durable = threading.Event()
    desk.receive([Delivery(Delivered(*message, NINE), durable.set)])
    return durable


def test_a_command_is_answered_and_a_question_sees_its_effect() -> None:
    async def main() -> None:
        async with running(Shell()) as desk:
            assert await desk.submit(c.PausePoint("a1", "nurse")) == c.Accepted()
            assert await desk.ask(lambda h: h.is_open("a1")) is False
            with pytest.raises(KeyError):
                await desk.ask(lambda h: h.visits["nobody"])

    asyncio.run(main())


def test_a_job_is_one_piece_and_is_told_after_its_commit() -> None:
    class Watched(MemoryJournal):
        def append(self, batch: Batch) -> int:
            position = super().append(batch)
            self.written = position
            return position

    def job(h: Hospital, do: Do) -> tuple[bool, c.Answer, bool]:
        before = h.is_open("a1")
        return before, do(c.PausePoint("a1", "nurse")), h.is_open("a1")

    async def main() -> None:
        journal = Watched()
        async with running(Shell(journal)) as desk:
            before = journal.position
            assert await desk.work(job) == (True, c.Accepted(), False)
            assert journal.written > before

    asyncio.run(main())


def test_what_a_job_commanded_before_it_failed_stays_and_its_asker_hears_of_the_failure() -> None:
    def job(h: Hospital, do: Do) -> None:
        do(c.PausePoint("a1", "nurse"))
        raise KeyError("nobody")

    async def main() -> None:
        async with running(Shell()) as desk:
            with pytest.raises(KeyError):
                await desk.work(job)
            assert await desk.ask(lambda h: h.is_open("a1")) is False
            assert await desk.submit(c.OpenPoint("a1", "nurse")) == c.Accepted()

    asyncio.run(main())


def test_who_no_longer_waits_has_nothing_carried_out() -> None:
    async def main() -> None:
        shell, may_go_on = Shell(), threading.Event()
        async with running(shell) as desk:
            first = asyncio.create_task(desk.ask(lambda _h: may_go_on.wait(5)))
            await asyncio.sleep(0.05)
            second = asyncio.create_task(desk.submit(c.PausePoint("a1", "nurse")))
            third = asyncio.create_task(desk.work(lambda _h, do: do(c.PausePoint("b1", "nurse"))))
            await asyncio.sleep(0.05)
            second.cancel()
            third.cancel()
            await asyncio.sleep(0)
            may_go_on.set()
            assert await first
            assert await desk.ask(lambda h: (h.is_open("a1"), h.is_open("b1"))) == (True, True)

    asyncio.run(main())


def test_a_thousand_commands_at_once_are_all_answered() -> None:
    async def main() -> None:
        async with running(Shell()) as desk:
            commands = (desk.submit(c.AnswerHelp("k1", str(n))) for n in range(5000))
            assert set(await asyncio.gather(*commands)) == {c.Accepted()}

    asyncio.run(main())


def test_listeners_hear_of_changes_together_and_only_of_what_came_after_they_began() -> None:
    async def main() -> None:
        shell = Shell()
        async with running(shell) as desk:
            await desk.submit(c.PausePoint("x1", "nurse"))
            changes = desk.changes()
            await desk.submit(c.PausePoint("a1", "nurse"))
            await desk.submit(c.PausePoint("l1", "nurse"))
            await asyncio.sleep(0.05)
            heard = await asyncio.wait_for(anext(changes), 2)
            assert heard.areas == {"east", "west"}
            assert heard.position == shell.journal.position
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(anext(changes), 0.05)

    asyncio.run(main())


def test_listening_ends_when_the_server_stops() -> None:
    async def main() -> list[object]:
        async with running(Shell()) as desk:
            changes = desk.changes()
        return [change async for change in changes]

    assert asyncio.run(main()) == []


def test_a_call_is_on_the_board_well_within_the_time_a_family_needs_to_look_up() -> None:
    async def main() -> None:
        shell, agent = Shell(), Agent()
        shell.register("0001")
        async with running(shell) as desk:
            receive(desk, agent.scan("HIS-0001"))
            while not isinstance(await desk.submit(c.CallNext("a1", "nurse")), c.CallAnswer):
                await asyncio.sleep(0.01)
            called = time.monotonic()
            while not any(p.called for p in shell.outlet.boards[-1].points):
                assert time.monotonic() - called < 0.3
                await asyncio.sleep(0.005)
            revisions = [board.revision for board in shell.outlet.boards if board.area == "east"]
            assert revisions == sorted(set(revisions))

    asyncio.run(main())


def test_nobody_waits_for_ever_when_the_disk_fails() -> None:
    class FullDisk(MemoryJournal):
        def append(self, batch: Batch) -> int:
            if any(type(event).__name__ == "PointPaused" for event in batch.events):
                raise CommitFailed("the disk is full")
            return super().append(batch)

    async def main() -> None:
        failures = list[BaseException]()
        async with running(Shell(FullDisk()), failures.append) as desk:
            with pytest.raises(ServerStopped):
                await desk.submit(c.PausePoint("a1", "nurse"))
            with pytest.raises(ServerStopped):
                await desk.submit(c.OpenPoint("a1", "nurse"))
            with pytest.raises(ServerStopped):
                receive(desk, Agent().scan("HIS-1"))
        assert [str(error) for error in failures] == ["the disk is full"]

    asyncio.run(main())


def test_a_stopped_desk_says_so() -> None:
    async def main() -> None:
        async with running(Shell()) as desk:
            pass
        with pytest.raises(ServerStopped, match="stopping"):
            await desk.submit(c.PausePoint("a1", "nurse"))

    asyncio.run(main())
