"""Lets a sound be heard, through the first program that can."""

import shutil
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Final

from speech.sound import Sound

_PROGRAMS: Final = (
    ("pw-play",),
    ("paplay",),
    ("aplay", "-q"),
    ("play", "-q"),
)


class Player:
    """Plays one sound at a time and waits for its end; another thread may stop it."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self._command = command
        self._playing: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The program's."""
        return Path(self._command[0]).name

    def play(self, sound: Sound) -> bool:
        """Play it to its end, or until stopped; False when the program failed."""
        with tempfile.NamedTemporaryFile(suffix=".wav") as file:
            file.write(sound.wav())
            file.flush()
            try:
                playing = subprocess.Popen(
                    [*self._command, file.name], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                )
            except OSError:
                return False
            with self._lock:
                self._playing = playing
            try:
                return playing.wait(sound.seconds + 10) == 0
            except subprocess.TimeoutExpired:
                playing.kill()
                playing.wait()
                return False
            finally:
                with self._lock:
                    self._playing = None

    def stop(self) -> None:
        """Leave off what is heard now."""
        with self._lock:
            if self._playing:
                self._playing.terminate()


def find_player() -> Player | None:
    """The first program on PATH: PipeWire's, PulseAudio's, ALSA's, SoX's."""
    for name, *options in _PROGRAMS:
        program = shutil.which(name)
        if program:
            return Player((program, *options))
    return None
