"""The real program: agent and screen in one process, without any broker."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from protocol.card import qr
from tests.kiosk_app.test_browser import free_port

pytestmark = pytest.mark.programs


@pytest.fixture
def program(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    port = free_port()
    file = tmp_path / "kiosk.toml"
    file.write_text(
        f'site = "xinghe"\nagent = "k07"\ndata = "{tmp_path}/data"\nvoice = "off"\nport = {port}\n'
        f'broker = "mqtt://127.0.0.1:{free_port()}"\n'
    )
    command = [str(Path(sys.executable).parent / "kiosk-app"), "run", "--config", str(file)]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        url = f"http://127.0.0.1:{port}"
        try:
            wait_for(f"{url}/healthz")
            yield process, url
        finally:
            process.kill()
            process.wait()


def wait_for(url: str) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            httpx.get(url, timeout=1)
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"{url} does not answer")


def test_without_a_broker_a_picture_of_a_card_gives_a_number_for_now(
    program: tuple[subprocess.Popen[bytes], str],
) -> None:
    _, url = program
    assert httpx.post(f"{url}/picture", content=qr.png("HIS-20260001")).status_code == 204
    until = time.monotonic() + 10
    while "K07-001" not in (html := httpx.get(url).text) and time.monotonic() < until:
        time.sleep(0.05)
    assert "K07-001" in html
    assert httpx.post(f"{url}/done").status_code == 204
    assert "K07-001" not in httpx.get(url).text


def test_a_code_that_is_no_card_is_told_what_to_show(
    program: tuple[subprocess.Popen[bytes], str],
) -> None:
    _, url = program
    httpx.post(f"{url}/picture", content=qr.png("https://example.org/menu"))
    until = time.monotonic() + 10
    while "这不是就诊卡" not in (html := httpx.get(url).text) and time.monotonic() < until:
        time.sleep(0.05)
    assert "这不是就诊卡" in html


def test_it_ends_when_it_is_told_to_though_pages_are_open(
    program: tuple[subprocess.Popen[bytes], str], tmp_path: Path
) -> None:
    process, url = program
    with httpx.stream("GET", f"{url}/stream") as stream:
        assert "hello" in next(stream.iter_text())
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert time.monotonic() - began < 5
    log = (tmp_path / "log").read_text("utf-8")
    assert "Traceback" not in log
    assert "20260001" not in log
