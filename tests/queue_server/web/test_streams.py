"""Event streams over a real connection."""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from queue_server.core import commands as c
from queue_server.desk import Changes
from queue_server.web import Role
from queue_server.web.feed import BEAT_S, EVERYTHING, Feed
from tests.queue_server.core.makers import Day
from tests.queue_server.web.desks import Clinic, MemoryDesk, port_of, served

Event = tuple[str, str | None, Any]


def events(lines: Iterator[str]) -> Iterator[Event]:
    """Name, id and data of each event."""
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "event" in fields:
            yield fields["event"], fields.get("id"), json.loads(fields["data"])
            fields = {}


@contextmanager
def listening(url: str, headers: dict[str, str] | None = None) -> Iterator[Iterator[Event]]:
    with httpx.Client(timeout=10) as client, client.stream("GET", url, headers=headers) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield events(answer.iter_lines())


def test_a_call_is_on_the_board_within_300_ms_of_the_commit(clinic: Clinic) -> None:
    clinic.day.arrive("an")
    took = []
    with served(clinic.app()) as url, listening(f"{url}/api/v1/boards/east/events") as heard:
        name, _, board = next(heard)
        assert name == "board"
        assert board["points"][0]["called"] is None
        for _ in range(10):
            before = time.monotonic()
            clinic.desk.do(c.CallNext("a1", "nurse"))
            _, _, board = next(heard)
            took.append(time.monotonic() - before)
            assert board["points"][0]["called"]["ticket"] == "A001"
            clinic.desk.do(c.Miss("a1", "nurse"))
            next(heard)
            clinic.desk.do(c.PutBack("v-an", "nurse"))
            next(heard)
    assert max(took) < 0.3, took


def test_who_comes_back_with_the_last_id_is_sent_only_what_was_missed(clinic: Clinic) -> None:
    clinic.day.arrive("an")
    with served(clinic.app()) as url:
        address = f"{url}/api/v1/boards/east/events"
        with listening(address) as heard:
            _, last, board = next(heard)
        assert last == str(board["revision"])
        with listening(address, {"Last-Event-ID": last or ""}) as heard:
            assert next(heard)[0] == "beat"
        clinic.desk.do(c.CallNext("a1", "nurse"))
        with listening(address, {"Last-Event-ID": last or ""}) as heard:
            name, _, board = next(heard)
        assert name == "board"
        assert board["points"][0]["called"]["ticket"] == "A001"


def test_revisions_go_on_growing_over_a_restart(clinic: Clinic) -> None:
    clinic.day.arrive("an")
    with served(clinic.app()) as url:
        before = httpx.get(f"{url}/api/v1/boards/east").json()["revision"]
    clinic.desk.do(c.CallNext("a1", "nurse"))
    with served(clinic.app(), port_of(url)) as url:
        assert httpx.get(f"{url}/api/v1/boards/east").json()["revision"] > before


def test_without_change_a_beat_comes_before_a_page_would_call_itself_stale(clinic: Clinic) -> None:
    with served(clinic.app()) as url, listening(f"{url}/board/east/stream") as heard:
        assert next(heard)[0] == "swap"
        assert next(heard)[0] == "beat"
        before = time.monotonic()
        name, _, told = next(heard)
        assert name == "beat"
        assert time.monotonic() - before < BEAT_S + 1
        assert told["clock"] == "09:00:00"


def test_a_console_stream_needs_sign_in_and_tells_of_the_line(clinic: Clinic) -> None:
    with served(clinic.app()) as url:
        address = f"{url}/api/v1/points/a1/events"
        assert httpx.get(address).status_code == 401
        with listening(address, clinic.bearer(Role.DOCTOR)) as heard:
            assert next(heard)[2]["waiting"] == 0
            clinic.day.register("an")
            clinic.desk.do(c.Scan("k1", clinic.day.now, True, "card-an"))
            assert next(heard)[2]["line"][0]["name"] == "张小an"


def test_a_console_page_of_an_ended_session_is_told_to_go(clinic: Clinic) -> None:
    with served(clinic.app()) as url:
        with listening(f"{url}/console/a1/stream") as heard:
            assert next(heard)[0] == "gone"
        secret = clinic.accounts.sign_in("nurse", "correct horse") or ""
        cookie = {"Cookie": f"daozhen_session={secret}"}
        with listening(f"{url}/console/a1/stream", cookie) as heard:
            assert next(heard)[0] == "swap"
            clinic.accounts.sign_out(secret)
            assert "gone" in [name for name, _, _ in heard]


def test_many_boards_ask_the_desk_once_a_change(clinic: Clinic) -> None:
    asked = 0
    ask = clinic.desk.ask

    async def counting(question: Any) -> Any:
        nonlocal asked
        asked += 1
        return await ask(question)

    clinic.desk.ask = counting  # type: ignore[method-assign]  # counts, and asks
    with served(clinic.app()) as url:
        clients = [httpx.Client(timeout=10) for _ in range(12)]
        streams = [one.stream("GET", f"{url}/board/east/stream") for one in clients]
        heards = [events(stream.__enter__().iter_lines()) for stream in streams]
        for heard in heards:
            next(heard)
            next(heard)
        before = asked
        clinic.desk.do(c.PausePoint("a1", "nurse"))
        for heard in heards:
            while next(heard)[0] != "swap":
                pass
        assert asked - before == 1
        for stream, client in zip(streams, clients, strict=True):
            stream.__exit__(None, None, None)
            client.close()


def test_a_server_that_stops_lets_its_pages_go_at_once(clinic: Clinic) -> None:
    with served(clinic.app()) as url:
        client = httpx.Client(timeout=10)
        stream = client.stream("GET", f"{url}/board/east/stream")
        lines = stream.__enter__().iter_lines()
        next(events(lines))
        before = time.monotonic()
    assert time.monotonic() - before < 0.9
    stream.__exit__(None, None, None)
    client.close()


class ByHand:
    """A desk whose changes a test tells itself."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[Changes] = asyncio.Queue()

    async def changes(self) -> Any:
        while True:
            yield await self.queue.get()


@pytest.mark.parametrize("area", ["east", EVERYTHING])
def test_a_change_while_a_page_is_being_drawn_is_not_lost(area: str) -> None:
    async def run() -> None:
        desk = ByHand()
        feed = Feed(desk, lambda: 7)  # type: ignore[arg-type]  # only its changes are used
        feed.start()
        heard = feed.changes(area)
        assert await anext(heard)
        assert feed.revision(area) == 7
        desk.queue.put_nowait(Changes(8, frozenset({"east"})))
        await asyncio.sleep(0.02)  # the page is still being drawn
        assert await asyncio.wait_for(anext(heard), 1)
        assert feed.revision(area) == 8
        await feed.stop()
        with pytest.raises(StopAsyncIteration):
            await anext(heard)
        assert feed.pages == 0

    asyncio.run(run())


def test_pages_are_let_go_when_the_desk_ends() -> None:
    class Over(MemoryDesk):
        async def changes(self) -> Any:
            return
            yield  # makes it a generator, of nothing

    async def run() -> None:
        feed = Feed(Over(Day()), lambda: 0)
        feed.start()
        heard = feed.changes("east")
        assert await anext(heard)
        with pytest.raises(StopAsyncIteration):
            await asyncio.wait_for(anext(heard), 1)

    asyncio.run(run())
