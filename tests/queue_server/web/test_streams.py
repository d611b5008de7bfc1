"""Event streams over a real connection."""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from protocol import BoardView
from queue_server.core import commands as c
from queue_server.desk import Changes
from queue_server.web import Role
from queue_server.web.board_delta import BoardDelta, patched
from queue_server.web.feed import BEAT_S, EVERYTHING, Feed
from tests.queue_server.core.makers import Day
from tests.queue_server.web.desks import Clinic, MemoryDesk, busy_morning, port_of, served

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
            name, _, delta = next(heard)
            took.append(time.monotonic() - before)
            assert name == "delta"
            assert delta["points"][0]["called"]["ticket"] == "A001"
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
            name, _, delta = next(heard)
        assert name == "delta"
        assert str(delta["previous"]) == last
        assert [point["point"] for point in delta["points"]] == ["a1", "a2"]
        assert delta["points"][0]["called"]["ticket"] == "A001"


def test_who_comes_back_with_an_id_that_nobody_remembers_is_sent_the_whole_board(
    clinic: Clinic,
) -> None:
    clinic.day.arrive("an")
    with served(clinic.app()) as url:
        address = f"{url}/api/v1/boards/east/events"
        for id in ("1", "999999999999", "x"):
            with listening(address, {"Last-Event-ID": id}) as heard:
                assert next(heard)[0] == "board", id


def test_a_beat_says_which_revision_the_board_has_so_that_a_gap_is_seen(clinic: Clinic) -> None:
    with served(clinic.app()) as url, listening(f"{url}/api/v1/boards/east/events") as heard:
        _, last, _ = next(heard)
        name, _, told = next(heard)
        assert (name, str(told["revision"])) == ("beat", last)


def test_whole_board_and_deltas_are_the_board_as_it_is(clinic: Clinic) -> None:
    day = clinic.day
    with served(clinic.app()) as url, listening(f"{url}/api/v1/boards/east/events") as heard:
        shown = BoardView.model_validate(next(heard)[2])
        commands: list[c.Command] = [
            c.CallNext("a1", "nurse"),
            c.Start("a1", "doctor"),
            c.Broadcast("n", "请轻声", "Softly", "nurse"),
            c.Finish("a1", "doctor", ("lab",)),
            c.CallNext("a2", "nurse"),
            c.Miss("a2", "nurse"),
            c.PausePoint("a2", "nurse", "会诊"),
            c.EndBroadcast("n", "nurse"),
        ]
        for child in ("an", "bo", "ce"):
            day.register(child)
            clinic.desk.do(c.Scan("k1", day.now, True, f"card-{child}"))
        for command in commands:
            clinic.desk.do(command)
            time.sleep(0.1)
        fresh = BoardView.model_validate(httpx.get(f"{url}/api/v1/boards/east").json())
        while shown.revision < fresh.revision:
            name, _, data = next(heard)
            if name == "delta":
                shown = patched(shown, BoardDelta.model_validate(data))
        assert shown == fresh
        assert fresh.notices == ()


def test_a_page_is_sent_the_parts_that_differ_and_what_it_missed(clinic: Clinic) -> None:
    clinic.day.arrive("an")
    with served(clinic.app()) as url:
        address = f"{url}/board/east/stream"
        with listening(address) as heard:
            name, last, _ = next(heard)
            assert name == "swap"
            clinic.desk.do(c.CallNext("a1", "nurse"))
            while (told := next(heard))[0] == "beat":
                pass
            name, last, delta = told
            assert (name, sorted(delta["parts"])) == ("delta", ["banner", "room-a1", "room-a2"])
        clinic.desk.do(c.PausePoint("a2", "nurse", "会诊"))
        with listening(f"{address}?seen={last}") as heard:
            assert next(heard)[0] == "beat"
            name, _, delta = next(heard)
        assert (name, str(delta["previous"])) == ("delta", last)
        assert list(delta["parts"]) == ["room-a2"]
        with listening(f"{address}?seen=1") as heard:
            assert next(heard)[0] == "swap"


def test_on_a_board_of_a_hundred_points_a_call_is_a_fraction_of_the_board(clinic: Clinic) -> None:
    clinic.desk = MemoryDesk(busy_morning(100, 30))
    with served(clinic.app()) as url:
        with listening(f"{url}/api/v1/boards/east/events") as heard:
            whole = len(json.dumps(next(heard)[2], ensure_ascii=False).encode())
            clinic.desk.do(c.Recall("resp-2", "nurse"))
            delta = len(json.dumps(next(heard)[2], ensure_ascii=False).encode())
            clinic.desk.do(c.CallNext("resp-3", "nurse"))
            clinic.desk.do(c.Finish("resp-3", "nurse"))
            clinic.desk.do(c.CallNext("resp-3", "nurse"))
            called = len(json.dumps(next(heard)[2], ensure_ascii=False).encode())
        with listening(f"{url}/board/east/stream") as heard:
            page = len(json.dumps(next(heard)[2], ensure_ascii=False).encode())
            clinic.desk.do(c.Recall("resp-2", "nurse"))
            while (told := next(heard))[0] != "delta":
                pass
            parts = len(json.dumps(told[2], ensure_ascii=False).encode())
    print(f"bytes: board {whole}, recall {delta}, call {called}; page {page}, its delta {parts}")
    assert delta * 20 < whole
    assert parts * 8 < page


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
            while next(heard)[0] != "delta":
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
