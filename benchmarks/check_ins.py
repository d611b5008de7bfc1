"""(b) Check-ins end to end: from a kiosk through a real broker until durable and acknowledged to the kiosk.

The server runs as its own process, so does the load; mosquitto is beside them. Run it with

    python -m benchmarks.check_ins [--quick] [--json FILE]

FQM 0.9 issues 157 tickets/s at p99 96 ms over HTTP on the machine where the goals were set.
"""

import argparse
import base64
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.large_site import ZONE, large_site, large_site_file, registration
from benchmarks.rows import Row, add_json_option, report
from daozhen.broker import BrokerProcess, find_mosquitto
from protocol.card import Key, KeySet, Use, sign_key_set
from queue_server.core import Hospital, apply, decide
from queue_server.core import commands as c
from queue_server.journal import Batch, SqliteJournal

KIOSKS: Final = 10
FASTEST: Final = 6_000
"""Check-ins a second that the prepared cards last for."""
PACE: Final = 200


def main() -> None:
    """Measure and report."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--quick", action="store_true", help="5 s of each instead of 20")
    options.add_argument("--seconds", type=float, help="so long of each")
    add_json_option(options)
    given = options.parse_args()
    seconds = given.seconds or (5.0 if given.quick else 20.0)
    report("Check-ins end to end", measured(seconds), given.json)


def measured(seconds: float) -> list[Row]:
    """All figures, with so many seconds of each load."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        broker = stack.enter_context(BrokerProcess(folder / "broker", program=_mosquitto()))
        visits = int((FASTEST + PACE) * seconds) + KIOSKS
        issuer = prepare(folder, visits)
        server = stack.enter_context(running_server(folder, broker.url))
        load = stack.enter_context(running_load(broker.port, visits, issuer))
        children = {"server": server.pid, "load": load.pid, "broker": broker_pid()}
        before = {name: cpu_s(pid) for name, pid in children.items()}
        flood = ask(load, {"flood": seconds, "keep": int(PACE * seconds / KIOSKS) + 1})
        used = {name: cpu_s(pid) - before[name] for name, pid in children.items()}
        pace = ask(load, {"pace": PACE, "seconds": seconds})
        return list(rows(flood, used, pace))


def rows(flood: dict[str, Any], used: dict[str, float], pace: dict[str, Any]) -> Iterator[Row]:
    """What was measured."""
    rate = flood["acknowledged"] / flood["seconds"]
    yield Row("check-ins sustained, durable and acknowledged", rate, "1/s", goal=3000)
    for name, cpu in used.items():
        yield Row(f"processor time of the {name} for each", cpu / flood["acknowledged"] * 1e6, "µs")
    yield Row(f"time to acknowledgement at {PACE}/s, p50", pace["p50"] * 1000, "ms")
    yield Row(
        f"time to acknowledgement at {PACE}/s, p99",
        pace["p99"] * 1000,
        "ms",
        goal=25,
        better="lower",
    )
    yield Row(f"time to acknowledgement at {PACE}/s, longest", pace["max"] * 1000, "ms")
    lost = flood["unacknowledged"] + pace["unacknowledged"]
    yield Row("check-ins never acknowledged", lost, "", goal=0, better="lower")


def prepare(folder: Path, visits: int) -> Ed25519PrivateKey:
    """Write site file, card keys, settings, and a journal with the day's registrations; returns the issuer's key."""
    root, issuer = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    today = datetime.now(ZONE).date()
    (folder / "site.toml").write_text(large_site_file(), encoding="utf-8")
    (folder / "keys.json").write_bytes(sign_key_set(key_set(issuer, today), root))
    (folder / "server.toml").write_text(
        f'site = "{folder}/site.toml"\ndata = "{folder}/data"\nport = 0\nlog_level = "warning"\n'
        f'card_keys = "{folder}/keys.json"\ncard_root = "{_base64(root.public_key().public_bytes_raw())}"\n'
    )
    journal = SqliteJournal(folder / "data" / "journal.db", "bench")
    register_all(journal, visits, today)
    journal.close()
    return issuer


def key_set(issuer: Ed25519PrivateKey, today: date) -> KeySet:
    """One key that may sign everything."""
    key = Key(
        kid=1,
        public=_base64(issuer.public_key().public_bytes_raw()).encode(),
        first_day=today,
        last_day=today + timedelta(days=9),
        uses=frozenset(Use),
    )
    return KeySet(counter=1, issued_at=datetime.now(UTC), keys=(key,))


def register_all(journal: SqliteJournal, visits: int, today: date) -> None:
    """Enter registrations through the rules, straight into the journal."""
    hospital, now = Hospital(large_site()), datetime.now(UTC)
    commands: list[c.Command] = [c.OpenDay(), *(registration(n, today) for n in range(visits))]
    for start in range(0, len(commands), 5_000):
        events = []
        for command in commands[start : start + 5_000]:
            for event in decide(hospital, command, now).events:
                apply(hospital, event)
                events.append(event)
        journal.append(Batch(now, tuple(events)))


@contextmanager
def running_server(folder: Path, broker: str) -> Iterator[subprocess.Popen[str]]:
    """The real program; ready when it says where it serves."""
    command = [sys.executable, "-m", "queue_server", "run", "--config", str(folder / "server.toml")]
    with subprocess.Popen(
        [*command, "--broker", broker], stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout
            assert server.stdout.readline(), "the server did not start"
            yield server
        finally:
            server.terminate()


@contextmanager
def running_load(
    port: int, visits: int, issuer: Ed25519PrivateKey
) -> Iterator[subprocess.Popen[str]]:
    """The kiosks, with everything signed and written."""
    spec = {
        "port": port,
        "day": datetime.now(ZONE).date().isoformat(),
        "visits": visits,
        "kiosks": KIOSKS,
        "key": _base64(issuer.private_bytes_raw()),
    }
    command = [sys.executable, "-m", "benchmarks.check_in_load"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as load:
        try:
            ask(load, spec)
            yield load
        finally:
            load.terminate()


def ask(load: subprocess.Popen[str], order: dict[str, Any]) -> dict[str, Any]:
    """One line of JSON to the load, one back."""
    assert load.stdin
    assert load.stdout
    load.stdin.write(json.dumps(order) + "\n")
    load.stdin.flush()
    answered: dict[str, Any] = json.loads(load.stdout.readline())
    return answered


def broker_pid() -> int:
    """The broker is our only child that is neither of the two Python programs."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return next(int(pid) for pid in children if _name(int(pid)) == "mosquitto")


def _name(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text().strip()


def cpu_s(pid: int) -> float:
    """Seconds of processor that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _mosquitto() -> str:
    program = find_mosquitto()
    if program is None:
        sys.exit("This benchmark needs mosquitto: apt-get install mosquitto")
    return program


if __name__ == "__main__":
    main()
