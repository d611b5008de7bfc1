"""The load of `benchmarks.check_ins`: kiosks that scan, as a process of its own.

Cards are signed and envelopes written before anything is measured. Then one line of JSON in, one out:
`{"flood": seconds, "keep": count}` sends as fast as the server acknowledges, `{"pace": per_second, "seconds": …}` at a
steady pace.
"""

import base64
import json
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from select import select
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.large_site import card_id
from benchmarks.lean_mqtt import Connection, publish
from protocol import CardScanned, ScanSource, Topics, agent_source, encode, uuid7, wrap
from protocol.card import Issuer

SITE = "bench"
IN_FLIGHT = 100
"""Scans that a kiosk sends ahead of the server's acknowledgement."""


@dataclass
class Kiosk:
    """One agent: its connection, what it has still to send, and what is not acknowledged yet."""

    name: str
    connection: Connection
    packets: deque[bytes] = field(default_factory=deque)
    sent: int = 0
    acknowledged: int = 0
    sent_at: dict[int, float] = field(default_factory=dict)
    took_s: list[float] = field(default_factory=list)

    def send_one(self) -> None:
        """Send the next scan."""
        self.sent += 1
        self.sent_at[self.sent] = time.perf_counter()
        self.connection.send(self.packets.popleft())

    def hear(self) -> None:
        """Take acknowledgements; answers for the screen are read and dropped."""
        for topic, payload in self.connection.received():
            if topic.endswith("/ack"):
                now, seq = time.perf_counter(), int(json.loads(payload)["data"]["seq"])
                for each in range(self.acknowledged + 1, seq + 1):
                    self.took_s.append(now - self.sent_at.pop(each))
                self.acknowledged = max(seq, self.acknowledged)


def main() -> None:
    """Prepare, then obey."""
    spec = json.loads(sys.stdin.readline())
    kiosks = prepared(spec)
    answer({"ready": sum(len(kiosk.packets) for kiosk in kiosks)})
    for line in sys.stdin:
        order = json.loads(line)
        for kiosk in kiosks:
            kiosk.took_s.clear()
        answer(flood(kiosks, **order) if "flood" in order else pace(kiosks, **order))


def answer(value: dict[str, Any]) -> None:
    """One line of JSON."""
    print(json.dumps(value), flush=True)


def prepared(spec: dict[str, Any]) -> list[Kiosk]:
    """Connect the kiosks and write their envelopes: `spec` has port, day, visits, kiosks and the issuer's key."""
    topics = Topics(SITE)
    names = [f"k{n:02}" for n in range(spec["kiosks"])]
    kiosks = [
        Kiosk(
            name,
            Connection(
                spec["port"], name, topics.agent(name, "ack"), topics.agent(name, "command")
            ),
        )
        for name in names
    ]
    key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(spec["key"]))
    issuer, day = Issuer(1, key), date.fromisoformat(spec["day"])
    for number, kiosk in zip(range(spec["visits"]), cycle(kiosks)):
        text = issuer.static(card_id(number), day, day + timedelta(days=1))
        kiosk.packets.append(_packet(topics, kiosk, text))
    return kiosks


def _packet(topics: Topics, kiosk: Kiosk, text: str) -> bytes:
    seq, now = len(kiosk.packets) + 1, datetime.now(UTC)
    envelope = wrap(
        CardScanned(text=text, source=ScanSource.CAMERA, reader="zxing-cpp", verdict="valid"),
        id=uuid7(int(now.timestamp() * 1000), seq.to_bytes(10, "big")),
        source=agent_source(SITE, kiosk.name),
        time=now,
        site=SITE,
        install="00112233445566aa",
        seq=seq,
    )
    return publish(topics.agent(kiosk.name, "card"), encode(envelope), seq % 65_535 + 1)


def flood(kiosks: list[Kiosk], flood: float, keep: int) -> dict[str, Any]:
    """As fast as acknowledgements allow, for `flood` seconds or until `keep` scans a kiosk are left; then wait."""
    began = time.perf_counter()
    before = sum(kiosk.acknowledged for kiosk in kiosks)
    while (elapsed := time.perf_counter() - began) < flood and len(kiosks[0].packets) > keep:
        for kiosk in kiosks:
            while len(kiosk.packets) > keep and kiosk.sent - kiosk.acknowledged < IN_FLIGHT:
                kiosk.send_one()
        listen(kiosks, 0.01)
    done = sum(kiosk.acknowledged for kiosk in kiosks) - before
    settle(kiosks)
    return {"acknowledged": done, "seconds": elapsed, **_left(kiosks)}


def pace(kiosks: list[Kiosk], pace: float, seconds: float) -> dict[str, Any]:
    """One scan after the other, evenly, from all kiosks in turn."""
    began, turn = time.perf_counter(), cycle(kiosks)
    for number in range(int(pace * seconds)):
        due = began + number / pace
        while (wait := due - time.perf_counter()) > 0:
            listen(kiosks, wait)
        next(turn).send_one()
    settle(kiosks)
    took = sorted(each for kiosk in kiosks for each in kiosk.took_s)
    return {
        "count": len(took),
        "p50": _at(took, 0.5),
        "p99": _at(took, 0.99),
        "max": took[-1],
        **_left(kiosks),
    }


def _at(sorted_s: list[float], share: float) -> float:
    return sorted_s[min(len(sorted_s) - 1, int(share * len(sorted_s)))]


def _left(kiosks: list[Kiosk]) -> dict[str, int]:
    return {"unacknowledged": sum(kiosk.sent - kiosk.acknowledged for kiosk in kiosks)}


def settle(kiosks: list[Kiosk]) -> None:
    """Wait until all that was sent is acknowledged."""
    deadline = time.perf_counter() + 15
    while any(k.sent > k.acknowledged for k in kiosks) and time.perf_counter() < deadline:
        listen(kiosks, 0.05)


def listen(kiosks: list[Kiosk], timeout_s: float) -> None:
    """Send what still waits for room, hear what has come."""
    sockets = {kiosk.connection.socket: kiosk for kiosk in kiosks}
    readable, _, _ = select(list(sockets), [], [], timeout_s)
    for kiosk in kiosks:
        kiosk.connection.send()
    for each in readable:
        sockets[each].hear()


if __name__ == "__main__":
    main()
