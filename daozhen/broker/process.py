"""A broker as a child process: start it, stop it, kill it, start it again on the same port and store."""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Final, Self

from daozhen.broker.configuration import mosquitto_configuration

READY_WITHIN_S: Final = 10.0
_MOSQUITTO_PLACES: Final = ("/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto")


class BrokerFailed(Exception):
    """The broker could not be started, or reached; the message says why and what to do."""


def find_mosquitto() -> str | None:
    """Where mosquitto is installed; Debian puts it where a user's PATH does not look."""
    found = shutil.which("mosquitto")
    return found or next((place for place in _MOSQUITTO_PLACES if Path(place).is_file()), None)


def free_port() -> int:
    """A port of the loopback address that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class BrokerProcess:
    """mosquitto, or the embedded broker, as a child.

    Args:
        folder: for its configuration, store and log.
        port: of the loopback address; 0 takes a free one.
        program: path of mosquitto; None runs the embedded broker.

    On Linux the child ends with the thread that started it: start it from one that lives as long.
    """

    def __init__(self, folder: Path, port: int = 0, program: str | None = None) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.kind = "mosquitto" if program else "embedded"
        self._program = program
        self._child: subprocess.Popen[bytes] | None = None
        self._log = folder / "broker.log"

    @property
    def url(self) -> str:
        """`mqtt://127.0.0.1:port`."""
        return f"mqtt://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start, and wait until it takes connections.

        Raises:
            BrokerFailed: it did not, and the message ends with the last lines of its log; or something else has the port.
        """
        if answers("127.0.0.1", self.port):
            raise BrokerFailed(
                f"Port {self.port} of 127.0.0.1 is taken. Stop what listens there, or give another port."
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self._child = self._popen(log)
        deadline = time.monotonic() + READY_WITHIN_S
        while not answers("127.0.0.1", self.port):
            if self._child.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise BrokerFailed(f"The broker ({self.kind}) did not start.\n{self._last_words()}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Ask it to end, and wait."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def wipe_store(self) -> None:
        """Lose all it has kept, as a new disk would. Only while it is stopped."""
        shutil.rmtree(self.folder / "store", ignore_errors=True)

    def running(self) -> bool:
        """Whether the child lives."""
        return self._child is not None and self._child.poll() is None

    def _popen(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        if self._program is None:
            command = [sys.executable, "-m", "daozhen.broker.embedded", "--port", str(self.port)]
            command += ["--parent", str(os.getpid())]
            return subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        store = self.folder / "store"
        store.mkdir(exist_ok=True)
        settings = self.folder / "mosquitto.conf"
        settings.write_text(mosquitto_configuration(self.port, store, self._log, _user()))
        return subprocess.Popen(
            [self._program, "-c", str(settings)],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            preexec_fn=_die_with_parent if sys.platform.startswith("linux") else None,
        )

    def _end(self, how: signal.Signals) -> None:
        child, self._child = self._child, None
        if child is None or child.poll() is not None:
            return
        child.send_signal(how)
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def _last_words(self) -> str:
        lines = self._log.read_text("utf-8", "replace").splitlines() if self._log.exists() else []
        return "\n".join(lines[-10:]) or "It said nothing."


def _user() -> str:
    """Who we are by our number, whatever the environment says; mosquitto reads it as root only."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:  # a container's number without a name
        return "root"


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG: no broker outlives its demo


def answers(host: str, port: int) -> bool:
    """Whether something takes connections there."""
    try:
        with socket.create_connection((host, port), timeout=0.5):
            return True
    except OSError:
        return False
