"""The whole server: as a block in this process, and as a real one."""

import asyncio
import json
import os
import resource
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from queue_server import JournalError, ServerSettings, SettingsError, open_server
from queue_server.core import commands as c
from queue_server.errors import JournalLocked
from queue_server.web import Accounts, Role

SMALL = Path(__file__).parents[2] / "daozhen" / "sites" / "small.toml"


def settings(folder: Path, **more: object) -> ServerSettings:
    return ServerSettings.load(site=SMALL, data=folder / "data", port=0, **more)  # type: ignore[arg-type]  # by name


def get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=10) as answered:  # noqa: S310  # our own server
        return json.loads(answered.read())


def test_a_server_serves_without_a_broker_and_rebuilds_its_state(tmp_path: Path) -> None:
    async def first() -> int:
        async with open_server(settings(tmp_path)) as server:
            assert await server.desk.submit(c.PausePoint("resp-1", "nurse")) == c.Accepted()
            health = await asyncio.to_thread(get, f"{server.url}/healthz")
            assert (health["ok"], health["broker"]) == (True, False)
            return server.journal.position

    async def second() -> int:
        async with open_server(settings(tmp_path)) as server:
            assert not await server.desk.ask(lambda h: h.is_open("resp-1"))
            return server.journal.position

    assert asyncio.run(first()) == asyncio.run(second())


def test_a_server_serves_while_its_broker_does_not_answer(tmp_path: Path) -> None:
    async def main() -> None:
        async with open_server(settings(tmp_path, broker="mqtt://127.0.0.1:9")) as server:
            assert (await asyncio.to_thread(get, f"{server.url}/healthz"))["broker"] is False
            assert server.link
            for _ in range(200):
                if server.link.problem == "no answer":
                    break
                await asyncio.sleep(0.02)
            assert server.link.problem == "no answer"

    asyncio.run(main())


def test_what_keeps_a_server_from_starting_is_let_go_of_again(tmp_path: Path) -> None:
    async def main() -> None:
        async with open_server(settings(tmp_path)) as server:
            taken = int(server.url.rpartition(":")[2])
            with pytest.raises(JournalLocked):
                async with open_server(settings(tmp_path)):
                    pass
            with pytest.raises(SettingsError, match=f"port {taken}.*--port"):
                async with open_server(
                    ServerSettings.load(site=SMALL, data=tmp_path / "other", port=taken)
                ):
                    pass
        with pytest.raises(JournalError, match="--data"):
            async with open_server(settings(SMALL)):
                pass
        async with open_server(settings(tmp_path)):
            pass

    asyncio.run(main())


@contextmanager
def process(folder: Path, **limits: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The real program, and where it serves."""
    command = [sys.executable, "-m", "queue_server", "run", "--port", "0"]
    command += ["--site", str(SMALL), "--data", str(folder / "data")]

    def limit() -> None:
        for name, value in limits.items():
            resource.setrlimit(getattr(resource, name), (value, value))

    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=limit
    ) as server:
        try:
            assert server.stdout
            yield server, server.stdout.readline().rpartition(" ")[2].strip()
        finally:
            server.kill()


@pytest.mark.programs
def test_a_server_that_is_asked_to_stop_stops_and_says_nothing_is_wrong(tmp_path: Path) -> None:
    with process(tmp_path) as (server, url):
        assert get(f"{url}/healthz")["ok"]
        server.send_signal(signal.SIGTERM)
        assert server.wait(20) == 0


@pytest.mark.programs
def test_a_killed_server_starts_again_from_its_journal(tmp_path: Path) -> None:
    with process(tmp_path) as (server, url):
        before = get(f"{url}/healthz")["position"]
        os.kill(server.pid, signal.SIGKILL)
        server.wait(20)
    with process(tmp_path) as (server, url):
        assert get(f"{url}/healthz")["position"] == before > 0


@pytest.mark.programs
def test_a_full_disk_ends_the_process_with_a_sentence_and_a_status(tmp_path: Path) -> None:
    """No file may grow beyond a limit, which a few thousand attempts to register reach."""
    with process(tmp_path, RLIMIT_FSIZE=400_000) as (server, url):
        token = Accounts(tmp_path / "data" / "accounts.db").new_token("test", Role.ADMIN)
        deadline = time.monotonic() + 60
        while server.poll() is None and time.monotonic() < deadline:
            pause_and_open(url, token)
        assert server.wait(20) == 1
        assert server.stderr
        assert "could not be written" in server.stderr.read()


def pause_and_open(url: str, token: str) -> None:
    for what in ("pause", "open"):
        request = urllib.request.Request(  # noqa: S310  # our own server
            f"{url}/api/v1/points/resp-1/{what}",
            method="POST",
            headers={"Authorization": f"Bearer {token}"},
        )
        try:
            urllib.request.urlopen(request, timeout=10).close()  # noqa: S310  # our own server
        except OSError:  # an answer of 5xx among them: the server is on its way out
            return
