"""Our own programs as child processes: started, waited for, ended."""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Self

READY_WITHIN_S: Final = 30.0


class ProgramFailed(Exception):
    """A program did not start; the message ends with its last words."""


class Program:
    """One child process with a settings file, a log, and an address that answers when it is ready.

    Args:
        name: console command, e.g. `queue-server`.
        settings: written as TOML into `folder` and given by `--config`.
        folder: for settings and log.
        health: URL that answers 200 when the program is ready; a program without one is ready at once.
        clock: file of a `SharedClock` by which the program lives; without one it lives by the machine's.
    """

    def __init__(
        self,
        name: str,
        settings: Mapping[str, object],
        folder: Path,
        health: str = "",
        clock: Path | None = None,
    ) -> None:
        self.name = name
        self._clock = clock
        self._health = health
        self._log = folder / f"{folder.name}.log"
        folder.mkdir(parents=True, exist_ok=True)
        self._config = folder / "settings.toml"
        self._config.write_text(_toml(settings), "utf-8")
        self._config.chmod(0o600)
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start, and wait until it is ready.

        Raises:
            ProgramFailed: it ended, or was not ready in time.
        """
        self.launch()
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait for a program that was launched.

        Raises:
            ProgramFailed: it ended, or was not ready in time.
        """
        deadline = time.monotonic() + READY_WITHIN_S
        while not self.ready():
            if not self.running() or time.monotonic() > deadline:
                self.kill()
                raise ProgramFailed(f"{self.name} did not start.\n{self.last_words()}")
            time.sleep(0.05)

    def launch(self) -> None:
        """Start without waiting."""
        with self._log.open("ab") as log:
            self._child = subprocess.Popen(
                self._command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _command(self) -> list[str]:
        if self._clock is None:
            program = Path(sys.executable).parent / self.name
            return [str(program), "run", "--config", str(self._config)]
        by_clock = [sys.executable, "-m", "beacon_sim.live.by_clock", str(self._clock)]
        return [*by_clock, self.name, str(self._config)]

    def ready(self) -> bool:
        """Whether its health page answers."""
        if not self._health:
            return self.running()
        try:
            with urllib.request.urlopen(self._health, timeout=2) as answer:  # noqa: S310  # our own child
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def running(self) -> bool:
        """Whether the child lives."""
        return self._child is not None and self._child.poll() is None

    def stop(self) -> None:
        """Ask it to end, and wait."""
        child, self._child = self._child, None
        if child is None or child.poll() is not None:
            return
        child.terminate()
        try:
            child.wait(8)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def kill(self) -> None:
        """End it as a power cut would."""
        child, self._child = self._child, None
        if child:
            child.kill()
            child.wait()

    def last_words(self, lines: int = 15) -> str:
        """The end of its log."""
        log = self._log.read_text("utf-8", "replace").splitlines() if self._log.exists() else []
        return "\n".join(log[-lines:]) or "It said nothing."


def _toml(settings: Mapping[str, object]) -> str:
    """Settings as TOML; a JSON string is a TOML string, and so for numbers, booleans and lists."""
    return "".join(
        f"{name} = {json.dumps(str(value) if isinstance(value, Path) else value, ensure_ascii=False)}\n"
        for name, value in settings.items()
        if value is not None
    )
