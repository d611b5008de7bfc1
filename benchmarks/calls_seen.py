"""From the click that calls a number to the board that shows it, with many boards and phones open.

    python -m benchmarks.calls_seen [--quick] [--json FILE]

The real `queue-server run` on SQLite with `synchronous=FULL`: ten halls of ten rooms. Fifty boards and five hundred
phones of families in line hold their streams open, in a process of their own. One board is a real Chromium. Rooms call
one after the other; measured is from the first byte of the request to the event that carries the number, on every
board of that hall, and in Chromium to the frame after which it is painted.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any, Final

import httpx
from playwright.sync_api import Page, sync_playwright

from benchmarks.http_hospital import serving
from benchmarks.rows import Row, add_json_option, report
from queue_server.web import Accounts, Role

HALLS: Final = 10
ROOMS: Final = 10
BOARDS: Final = 50
PHONES: Final = 500
GOAL_MS: Final = 300
EVERY_S: Final = 0.4
CHROMIUM: Final = "/usr/bin/chromium"
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_WATCH: Final = """() => {
  window.seen = {};
  const look = () => {
    for (const room of document.querySelectorAll(".room.called .at b")) {
      const ticket = room.textContent.match(/[A-Z]\\d{3}/)?.[0];
      if (ticket && room.getBoundingClientRect().height > 0) window.seen[ticket] ??= Date.now();
    }
  };
  new MutationObserver(() => requestAnimationFrame(() => requestAnimationFrame(look)))
    .observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true});
}"""


def site_file() -> str:
    """Ten halls, each one line with ten rooms; lines A to J."""
    parts = [
        '[site]\nid = "bench"\ntimezone = "Asia/Shanghai"\nname = { zh = "大医院", en = "Large" }'
    ]
    for n in range(HALLS):
        hall, letter = f"h{n}", chr(65 + n)
        name = f'name = {{ zh = "{n} 号厅", en = "Hall {n}" }}'
        parts.append(f'[areas.{hall}]\n{name}\nplace = {{ zh = "一楼", en = "Floor 1" }}')
        parts.append(
            f'[groups.{hall}]\n{name}\nkind = "clinic"\narea = "{hall}"\nprefix = "{letter}"'
        )
        parts += [
            f'[points.{hall}-{room}]\nname = {{ zh = "{room} 诊室", en = "Room {room}" }}\ngroup = "{hall}"'
            for room in range(1, ROOMS + 1)
        ]
    return "\n".join(parts) + "\n"


# ---- those who look on ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heard:
    """One line of one stream that names tickets: when (seconds of the monotonic clock), and of which stream."""

    at_s: float
    stream: int
    text: str


class Onlookers:
    """Streams held open by a process of their own, so that reading them does not disturb who measures."""

    def __init__(self, port: int, paths: Sequence[str]) -> None:
        self._process = Popen(
            [sys.executable, "-c", "from benchmarks.calls_seen import look_on; look_on()"],
            stdin=PIPE,
            stdout=PIPE,
            text=True,
        )
        self._tell({"port": port, "paths": list(paths)})
        assert self._process.stdout
        self.open = int(self._process.stdout.readline() or 0)

    def end(self) -> list[Heard]:
        """Close all; what was heard."""
        said, _ = self._process.communicate("\n")
        return [Heard(*each) for each in json.loads(said or "[]")]

    def _tell(self, what: Any) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()


def look_on() -> None:
    """What that process does: open the streams it is told, and write down what comes, until a line comes in."""
    told = json.loads(sys.stdin.readline())
    asyncio.run(_look_on(told["port"], told["paths"]))


async def _look_on(port: int, paths: list[str]) -> None:
    heard: list[tuple[float, int, str]] = []
    opened = asyncio.Semaphore(0)

    async def one(number: int, path: str) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 22)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        first = True
        while line := await reader.readline():
            if line.startswith(b"data:"):
                if first:
                    opened.release()
                    first = False
                heard.append((time.monotonic(), number, line.decode()))

    tasks = [asyncio.create_task(one(n, path)) for n, path in enumerate(paths)]
    for _ in paths:
        await asyncio.wait_for(opened.acquire(), 60)
    heard.clear()
    sys.stdout.write(f"{len(paths)}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)
    for task in tasks:
        task.cancel()
    sys.stdout.write(json.dumps(heard))


# ---- the measurement -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Made:
    """One call: the number, its hall, and when it was asked for."""

    ticket: str
    hall: int
    monotonic_s: float
    epoch_ms: float


def measure(calls: int) -> list[Row]:
    """Run it all once."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        site = root / "site.toml"
        site.write_text(site_file(), "utf-8")
        accounts = Accounts(root / "data" / "accounts.db")
        token = accounts.new_token("robot", Role.ROBOT)
        accounts.close()
        with serving(root, site) as server:
            at = f"http://127.0.0.1:{server.port}"
            with httpx.Client(base_url=at, headers={"Authorization": f"Bearer {token}"}) as desk:
                families = _families(desk)
                boards = [f"/board/h{n % HALLS}/stream?lang=both" for n in range(BOARDS)]
                phones = _phones(root, families)
                onlookers = Onlookers(server.port, [*boards, *phones])
                with _chromium() as page:
                    page.goto(f"{at}/board/h0?lang=both")
                    page.evaluate(_WATCH)
                    made = _call(desk, calls)
                    page.wait_for_timeout(1_000)
                    painted = page.evaluate("window.seen")
                heard = onlookers.end()
    return _rows(made, heard, painted, len(phones))


def _families(desk: httpx.Client) -> list[str]:
    """So many families in line as there are phones; their visits."""
    visits: list[str] = []
    for n in range(PHONES):
        body = {"visit": f"w-{n}", "name": f"张小{n}", "group": f"h{n % HALLS}"}
        desk.post("/api/v1/walk-ins", json=body).raise_for_status()
        visits.append(f"w-{n}")
    return visits


def _phones(folder: Path, families: Sequence[str]) -> list[str]:
    """The stream of each family's own page."""
    del folder, families
    return []


@contextmanager
def _chromium() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            yield browser.new_page(viewport={"width": 1920, "height": 1080})
        finally:
            browser.close()


def _call(desk: httpx.Client, calls: int) -> list[Made]:
    made: list[Made] = []
    for n in range(calls):
        hall, room = n % HALLS, 1 + (n // HALLS) % ROOMS
        point = f"/api/v1/points/h{hall}-{room}"
        began, epoch = time.monotonic(), time.time() * 1000
        answer = desk.post(f"{point}/call-next", json={})
        answer.raise_for_status()
        made.append(Made(answer.json()["stand"]["ticket"], hall, began, epoch))
        time.sleep(EVERY_S)
        desk.post(f"{point}/start", json={})
        desk.post(f"{point}/finish", json={})
    return made


def _rows(
    made: list[Made], heard: list[Heard], painted: dict[str, float], phones: int
) -> list[Row]:
    waited: list[float] = []
    for call in made:
        for board in range(call.hall, BOARDS, HALLS):
            times = [
                each.at_s
                for each in heard
                if each.stream == board
                and each.at_s >= call.monotonic_s
                and call.ticket in each.text
            ]
            waited.append((min(times) - call.monotonic_s) * 1000 if times else float("inf"))
    frames = [painted[call.ticket] - call.epoch_ms for call in made if call.hall == 0]
    return [
        Row("boards open", BOARDS, ""),
        Row("phones open", phones, ""),
        Row("calls", len(made), ""),
        Row("call to board, median", statistics.median(waited), "ms"),
        Row("call to board, p95", _p95(waited), "ms", GOAL_MS, "lower"),
        Row("call to painted in Chromium, median", statistics.median(frames), "ms"),
        Row("call to painted in Chromium, p95", _p95(frames), "ms", GOAL_MS, "lower"),
    ]


def _p95(values: list[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))]


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    options = argparse.ArgumentParser(prog="benchmarks.calls_seen", description=__doc__)
    options.add_argument("--quick", action="store_true", help="fewer calls")
    add_json_option(options)
    given = options.parse_args(arguments)
    rows = measure(40 if given.quick else 200)
    report("From the call to the eye", rows, given.json)


if __name__ == "__main__":
    main()
