"""A lean HTTP/1.1 client as a process of its own, for `benchmarks.http_load` and the tests with many clients.

One thread, one selector, any number of kept connections. Every connection has a lane: requests that it sends one after
the other, the next as soon as the last is answered. Requests are written beforehand, and what comes back is kept
unread until all is over, so that the client takes little of the processor that the server needs.

`Clients` is the hand that the caller holds: it starts the process and drives it.
"""

import json
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Self

HOST: Final = "127.0.0.1"
PATIENCE_S: Final = 30.0
"""Nothing at all for so long: the run is given up, and what was not answered has the status 0."""

Ask = tuple[str, str, object]
"""Method, path, and what is sent as JSON (None: nothing)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back to one request; `status` is 0 when the connection broke before."""

    status: int
    body: Any
    took_s: float


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a run."""

    seconds: float
    """From the first byte sent to the last received."""
    lanes: list[list[Answer]]
    """The answers, lane by lane, in the order of the requests."""

    @property
    def answers(self) -> list[Answer]:
        """All answers."""
        return [answer for lane in self.lanes for answer in lane]


class Clients:
    """A client process. Use it as a context."""

    def __init__(self, port: int, token: str) -> None:
        """Start it; `token` goes with every request."""
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from benchmarks.http_client import obey; obey()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._tell({"port": port, "token": token})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def run(self, lanes: Sequence[Sequence[Ask]]) -> Run:
        """Send every lane's requests on a connection of its own, all lanes at once; wait for all answers."""
        self.begin(lanes)
        return self.end()

    def begin(self, lanes: Sequence[Sequence[Ask]]) -> None:
        """As `run`, but return as soon as the first are sent; then `end`."""
        self.prepare(lanes)
        self.go()

    def prepare(self, lanes: Sequence[Sequence[Ask]]) -> None:
        """Write all requests down and open the connections; then `go`."""
        self._tell(lanes)
        self._hear()

    def go(self) -> None:
        """Send what was prepared; then `end`."""
        self._tell("go")

    def end(self) -> Run:
        """Wait for the answers of what was begun."""
        told = self._hear()
        lanes = [[Answer(*answer) for answer in lane] for lane in told["lanes"]]
        return Run(told["seconds"], lanes)

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(PATIENCE_S)
        self._process.stdout.close()

    def _tell(self, value: object) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(value) + "\n")
        self._process.stdin.flush()

    def _hear(self) -> Any:
        assert self._process.stdout
        return json.loads(self._process.stdout.readline())


# ---- the process ------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Lane:
    """One connection, what it has still to send, and what has come."""

    requests: list[bytes]
    connection: socket.socket
    received: list[tuple[float, bytes]] = field(default_factory=list)
    sent_at: float = 0.0
    got: bytearray = field(default_factory=bytearray)
    wanted: int = 0
    """Bytes of the present answer, once its head is there."""

    def send_next(self) -> bool:
        """Send the next request; False when there is none, or nobody to take it."""
        if len(self.received) == len(self.requests):
            return False
        self.sent_at = time.perf_counter()
        try:
            self.connection.sendall(self.requests[len(self.received)])
        except OSError:
            return False
        return True

    def hear(self) -> bool:
        """Take what has come, and go on; False when there is nothing more to come."""
        try:
            chunk = self.connection.recv(262_144)
        except OSError:
            chunk = b""
        if not chunk:
            return False
        self.got += chunk
        if not self.wanted:
            self.wanted = _length(self.got)
        if not self.wanted or len(self.got) < self.wanted:
            return True
        self.received.append((time.perf_counter() - self.sent_at, bytes(self.got)))
        self.got.clear()
        self.wanted = 0
        return self.send_next()


def _length(got: bytearray) -> int:
    """How long an answer is, head and body; 0 while its head is not whole."""
    end = got.find(b"\r\n\r\n")
    if end < 0:
        return 0
    at = got.lower().find(b"content-length:", 0, end)
    if at < 0:
        return end + 4
    return end + 4 + int(got[at + 15 : got.find(b"\r\n", at)])


def _written(ask: Ask, token: str) -> bytes:
    method, path, content = ask
    body = b"" if content is None else json.dumps(content, ensure_ascii=False).encode()
    head = [
        f"{method} {path} HTTP/1.1",
        f"Host: {HOST}",
        f"Authorization: Bearer {token}",
        "Accept: */*",
    ]
    if content is not None:
        head.append("Content-Type: application/json")
    if method == "POST":
        head.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*head, "", ""]).encode() + body


def _connected(port: int) -> socket.socket:
    connection = socket.create_connection((HOST, port), PATIENCE_S)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _drive(lanes: list[_Lane]) -> float:
    """Send all, hear all; the seconds it took."""
    with selectors.DefaultSelector() as selector:
        for lane in lanes:
            selector.register(lane.connection, selectors.EVENT_READ, lane)
        running = 0
        began = time.perf_counter()
        for lane in lanes:
            running += lane.send_next()
        while running:
            ready = selector.select(PATIENCE_S)
            if not ready:
                break
            for key, _ in ready:
                lane = key.data
                if not lane.hear():
                    selector.unregister(lane.connection)
                    running -= 1
        return time.perf_counter() - began


def _told(lane: _Lane) -> list[tuple[int, Any, float]]:
    answers = [(*_read(raw), took) for took, raw in lane.received]
    unanswered = len(lane.requests) - len(answers)
    return [*answers, *[(0, None, 0.0)] * unanswered]


def _read(raw: bytes) -> tuple[int, Any]:
    head, _, body = raw.partition(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    if b"application/json" in head or b"application/problem+json" in head:
        return status, json.loads(body)
    return status, len(body)


def _answer(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def _runs(port: int, token: str, orders: Iterable[str]) -> None:
    for order in orders:
        lanes = [
            _Lane([_written(tuple(ask), token) for ask in asks], _connected(port))
            for asks in json.loads(order)
        ]
        _answer("ready")
        sys.stdin.readline()
        seconds = _drive(lanes)
        for lane in lanes:
            lane.connection.close()
        _answer({"seconds": seconds, "lanes": [_told(lane) for lane in lanes]})


def obey() -> None:
    """Obey the orders on stdin, line by line."""
    spec = json.loads(sys.stdin.readline())
    _runs(spec["port"], spec["token"], sys.stdin)
