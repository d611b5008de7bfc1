"""A mosquitto of one's own for a day: nothing is kept, for the outboxes of the agents keep everything."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from beacon_sim.live.errors import LiveError

READY_WITHIN_S: Final = 10.0
_USUAL_PLACES: Final = ("/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto")


@contextmanager
def open_mosquitto(folder: Path) -> Iterator[str]:
    """A broker on the loopback address for as long as the block lasts; its URL.

    Raises:
        LiveError: there is no mosquitto, or it did not start.
    """
    program = shutil.which("mosquitto") or next(
        (place for place in _USUAL_PLACES if Path(place).is_file()), None
    )
    if program is None:
        raise LiveError("There is no mosquitto here. Install it, or name a broker: --broker URL.")
    folder.mkdir(parents=True, exist_ok=True)
    port, settings, log = free_port(), folder / "mosquitto.conf", folder / "mosquitto.log"
    settings.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nset_tcp_nodelay true\n"
    )
    with log.open("wb") as out:
        child = subprocess.Popen([program, "-c", str(settings)], stdout=out, stderr=out)
    try:
        until_s = time.monotonic() + READY_WITHIN_S
        while not _answers(port):
            if child.poll() is not None or time.monotonic() > until_s:
                words = log.read_text("utf-8", "replace").strip() or "It said nothing."
                raise LiveError(f"mosquitto did not start. {words}")
            time.sleep(0.02)
        yield f"mqtt://127.0.0.1:{port}"
    finally:
        child.terminate()
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def free_port() -> int:
    """A port of the loopback address that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
