"""`daozhen doctor`: what is installed, reachable and healthy, and what to do about the rest."""

import argparse
import asyncio
import contextlib
import importlib
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from daozhen.broker import find_mosquitto
from edge_agent import clock_is_synced
from edge_agent.readers import Zbar
from speech import find_player, find_voice

CHECK_WITHIN_S: Final = 4.0
USUAL_SERVER: Final = "http://127.0.0.1:8080"
USUAL_BROKER: Final = "mqtt://127.0.0.1:1883"
SLOW_FSYNC_MS: Final = 15.0
ROOM_MB: Final = 500
NEEDED: Final = (
    "fastapi",
    "paho-mqtt",
    "zxing-cpp",
    "opencv-python-headless",
    "qrcode",
    "sqlite-utils",
    "cryptography",
)


class State(StrEnum):
    """How something fares."""

    OK = "ok"
    MISSING = "missing"
    """Not there, and not needed."""
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    state: State
    found: str
    remedy: str = ""


Check = Callable[[], Finding]


def add_doctor_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `doctor` to a program's commands."""
    add = commands.add_parser(
        "doctor",
        help="say what is installed, reachable and healthy",
        description="Looks at this machine and says what to do about what it misses. Exit status 0 when nothing that is "
        "needed is broken, 1 otherwise.",
    )
    add.add_argument(
        "--server", default="", metavar="URL", help=f"the queue server to ask ({USUAL_SERVER})"
    )
    add.add_argument(
        "--broker", default="", metavar="URL", help=f"the broker to try ({USUAL_BROKER})"
    )
    add.add_argument(
        "--data",
        type=Path,
        default=Path("var"),
        metavar="DIR",
        help="where data will be kept (var)",
    )
    add.add_argument("--json", action="store_true", help="findings as JSON")
    add.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> int:
    findings = examine(checks(given.server, given.broker, given.data))
    if given.json:
        sys.stdout.write(json.dumps([asdict(each) for each in findings], indent=1) + "\n")
    else:
        sys.stdout.write("".join(_lines(findings)))
    return 1 if any(each.state is State.PROBLEM for each in findings) else 0


def _lines(findings: list[Finding]) -> Iterator[str]:
    marks = {State.OK: "ok     ", State.MISSING: "missing", State.PROBLEM: "PROBLEM"}
    width = max(len(each.what) for each in findings)
    for each in findings:
        yield f"{marks[each.state]}  {each.what:<{width}}  {each.found}\n"
        if each.remedy:
            yield f"{'':9}{'':<{width}}  → {each.remedy}\n"


def checks(server: str, broker: str, data: Path) -> list[Check]:
    """Everything that is looked at."""
    return [
        python,
        packages,
        mosquitto,
        embedded_broker,
        zbar,
        cameras,
        scanners,
        bluetooth,
        chinese_font,
        chromium,
        voice,
        clock,
        lambda: disk(data),
        lambda: broker_reachable(broker),
        lambda: server_reachable(server),
    ]


def examine(to_do: list[Check]) -> list[Finding]:
    """Look at everything at once; what takes too long, or fails, is a finding too."""
    running = [_begun(check) for check in to_do]
    until = time.monotonic() + CHECK_WITHIN_S
    findings = []
    for check, future in zip(to_do, running, strict=True):
        try:
            findings.append(future.result(max(0.0, until - time.monotonic())))
        except Exception as error:  # a doctor that stumbles over an ill machine helps nobody
            name = getattr(check, "__name__", "check").replace("_", " ")
            findings.append(
                Finding(
                    name,
                    State.MISSING,
                    f"could not be looked at: {str(error) or 'it took too long'}",
                )
            )
    return findings


def _begun(check: Check) -> Future[Finding]:
    """Look on a thread nobody waits for: a pool's threads would hold the end up as long as they hang."""
    future: Future[Finding] = Future()

    def look() -> None:
        try:
            future.set_result(check())
        except Exception as error:  # told by whoever asks for the result
            future.set_exception(error)

    threading.Thread(target=look, daemon=True).start()
    return future


def python() -> Finding:
    """The interpreter."""
    good = sys.version_info >= (3, 11)
    return Finding(
        "Python",
        State.OK if good else State.PROBLEM,
        platform.python_version(),
        "" if good else "Use Python 3.11 or newer.",
    )


def packages() -> Finding:
    """The libraries that everything stands on."""
    found, absent = [], []
    for name in NEEDED:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            absent.append(name)
    if absent:
        return Finding(
            "libraries",
            State.PROBLEM,
            f"missing: {', '.join(absent)}",
            "Install daozhen again: make demo does it.",
        )
    return Finding("libraries", State.OK, ", ".join(found))


def mosquitto() -> Finding:
    """The broker for real use."""
    program = find_mosquitto()
    if program is None:
        return Finding(
            "mosquitto",
            State.MISSING,
            "not installed; the embedded broker is used",
            "For a hospital: apt-get install mosquitto",
        )
    said = subprocess.run([program, "-h"], capture_output=True, text=True, timeout=3, check=False)
    return Finding("mosquitto", State.OK, f"{(said.stdout.splitlines() or ['?'])[0]} ({program})")


def embedded_broker() -> Finding:
    """amqtt, for demonstrations."""
    try:
        return Finding("embedded broker", State.OK, f"amqtt {version('amqtt')}")
    except PackageNotFoundError:
        return Finding("embedded broker", State.MISSING, "amqtt is not installed")


def zbar() -> Finding:
    """The second opinion on hard codes."""
    reader = Zbar()
    if reader.available:
        return Finding("libzbar", State.OK, "gives a second opinion on hard codes")
    return Finding(
        "libzbar",
        State.MISSING,
        "codes are read without a second opinion",
        "apt-get install libzbar0",
    )


def cameras() -> Finding:
    """Video devices."""
    found = sorted(str(path) for path in Path("/dev").glob("video*"))
    if not found:
        return Finding(
            "cameras",
            State.MISSING,
            "no /dev/video*",
            "Plug one in, or use a scanner, a network camera or pictures.",
        )
    closed = [path for path in found if not os.access(path, os.R_OK | os.W_OK)]
    if closed:
        return Finding(
            "cameras",
            State.PROBLEM,
            f"not allowed to open {', '.join(closed)}",
            "Add the user to the group video.",
        )
    return Finding("cameras", State.OK, ", ".join(found))


def scanners() -> Finding:
    """Serial scanners, and keyboards that may be scanners."""
    serial = sorted(path.name for path in Path("/dev/serial/by-id").glob("*"))
    keyboards = sorted(path.name for path in Path("/dev/input/by-id").glob("*-event-kbd"))
    found = [f"serial:{name}" for name in serial] + [f"wedge:{name}" for name in keyboards]
    return Finding(
        "scanners", State.OK if found else State.MISSING, ", ".join(found) or "none is plugged in"
    )


def bluetooth() -> Finding:
    """Adapters, as bleak sees them."""
    try:
        found = asyncio.run(asyncio.wait_for(_adapters(), 2.5))
    except Exception as error:
        reason = str(error).splitlines()[0][:90] if str(error) else type(error).__name__
        return Finding(
            "Bluetooth",
            State.MISSING,
            f"no adapter can be used ({reason})",
            "Phones need one at each door: apt-get install bluez",
        )
    return Finding("Bluetooth", State.OK, found)


async def _adapters() -> str:
    bleak = importlib.import_module("bleak")
    async with bleak.BleakScanner():
        return f"an adapter scans (bleak {version('bleak')})"


def chinese_font() -> Finding:
    """Letters for Chinese pages and tickets."""
    listed = ""
    if shutil.which("fc-list"):
        said = subprocess.run(
            ["fc-list", ":lang=zh", "family"],
            capture_output=True,
            text=True,
            timeout=3,
            check=False,
        )
        listed = said.stdout.splitlines()[0] if said.stdout else ""
    if not listed and list(Path("/usr/share/fonts").rglob("*CJK*")):
        listed = "Noto CJK"
    if listed:
        return Finding("Chinese font", State.OK, listed)
    return Finding(
        "Chinese font",
        State.MISSING,
        "this machine's own screens can't show Chinese",
        "apt-get install fonts-noto-cjk",
    )


def chromium() -> Finding:
    """A browser for a kiosk's own screen."""
    program = (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if program:
        return Finding("browser", State.OK, program)
    return Finding(
        "browser", State.MISSING, "none for a kiosk's own screen", "apt-get install chromium"
    )


def voice() -> Finding:
    """Speech."""
    found, player = find_voice(), find_player()
    if found is None:
        return Finding(
            "voice", State.MISSING, "calls are shown, not spoken", "apt-get install espeak-ng"
        )
    if player is None:
        return Finding(
            "voice",
            State.MISSING,
            f"{found.name}, for boards; nothing plays sound here",
            "apt-get install alsa-utils",
        )
    return Finding("voice", State.OK, f"{found.name}, played by {player.name}")


def clock() -> Finding:
    """Whether the system's clock is disciplined."""
    if clock_is_synced():
        return Finding("clock", State.OK, "synchronised")
    return Finding(
        "clock",
        State.MISSING,
        "not known to be synchronised; scans count from their arrival",
        "apt-get install systemd-timesyncd",
    )


def disk(data: Path) -> Finding:
    """Room, and how long it takes until a write is safe."""
    folder = (
        data
        if data.is_dir()
        else next(parent for parent in data.absolute().parents if parent.is_dir())
    )
    free_mb = shutil.disk_usage(folder).free >> 20
    if not os.access(folder, os.W_OK):
        return Finding(
            "disk",
            State.PROBLEM,
            f"{folder} can't be written",
            "Give another --data, or the right to write there.",
        )
    if free_mb < ROOM_MB:
        return Finding(
            "disk",
            State.PROBLEM,
            f"only {free_mb} MB free at {folder}",
            "Make room: check-ins are kept here.",
        )
    took_ms = _fsync_ms(folder)
    found = f"{free_mb >> 10} GB free at {folder}, {took_ms:.1f} ms until a write is safe"
    if took_ms > SLOW_FSYNC_MS:
        return Finding("disk", State.OK, found, "Slow: a solid-state disk makes check-ins faster.")
    return Finding("disk", State.OK, found)


def _fsync_ms(folder: Path) -> float:
    probe = folder / f".doctor-{os.getpid()}"
    times = []
    try:
        with probe.open("wb") as file:
            for _ in range(7):
                began = time.perf_counter()
                file.write(b"x" * 512)
                file.flush()
                os.fdatasync(file.fileno())
                times.append(time.perf_counter() - began)
    finally:
        with contextlib.suppress(OSError):
            probe.unlink()
    return sorted(times)[len(times) // 2] * 1000


def broker_reachable(url: str) -> Finding:
    """Whether a broker takes connections; one that was named (not empty) has to."""
    address = urlsplit(url or USUAL_BROKER)
    try:
        port = address.port or (8883 if address.scheme == "mqtts" else 1883)
    except ValueError:
        port = 0
    if not port or not address.hostname or address.scheme not in ("mqtt", "mqtts"):
        return Finding("broker", State.PROBLEM, f"{url!r} is no address", "Write mqtt://host:port.")
    try:
        with socket.create_connection((address.hostname, port), timeout=2):
            return Finding("broker", State.OK, f"answers at {address.hostname}:{port}")
    except OSError:
        return Finding(
            "broker",
            State.PROBLEM if url else State.MISSING,
            f"none answers at {address.hostname}:{port}",
            "Start one, or name yours with --broker; the demo starts its own.",
        )


def server_reachable(url: str) -> Finding:
    """Whether a queue server does its work; one that was named (not empty) has to."""
    absent = State.PROBLEM if url else State.MISSING
    url = (url or USUAL_SERVER).rstrip("/")
    if urlsplit(url).scheme not in ("http", "https"):
        return Finding(
            "queue server", State.PROBLEM, f"{url!r} is no address", "Write http://host:port."
        )
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=3) as answer:  # noqa: S310  # checked above
            health = json.load(answer)
    except urllib.error.HTTPError as error:
        return Finding(
            "queue server",
            State.PROBLEM,
            f"{url} answers with status {error.code}",
            "Look into its log, or name yours with --server.",
        )
    except OSError:
        return Finding(
            "queue server",
            absent,
            f"none answers at {url}",
            "Start one with queue-server run, or name yours with --server.",
        )
    except ValueError:
        return Finding(
            "queue server",
            State.PROBLEM,
            f"something else answers at {url}",
            "Name yours with --server.",
        )
    if not health.get("ok"):
        return Finding(
            "queue server", State.PROBLEM, f"{url} says that it is not well", "Look into its log."
        )
    broker = (
        "" if health.get("broker", True) else "Its broker is away: kiosks give provisional numbers."
    )
    return Finding(
        "queue server",
        State.PROBLEM if broker else State.OK,
        f"{url}, version {health.get('version')}, journal at {health.get('position')}",
        broker,
    )
