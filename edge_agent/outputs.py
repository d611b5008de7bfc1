"""Paper and voice: a folder for tickets, and espeak-ng where it is installed."""

import base64
import shutil
import subprocess
import threading
from pathlib import Path
from uuid import UUID

import structlog

from protocol import Print, Speak

_log = structlog.get_logger()


class Spool:
    """Writes each ticket as a text file into a folder, from which a print service takes it; a picture of the way beside it,
    under the same name, before it.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def print(self, id: UUID | str, command: Print) -> bool:
        """Write the ticket; False when there is no folder for it."""
        if self._folder is None:
            return False
        stand = command.stand
        lines = [
            stand.ticket,
            stand.masked_name,
            stand.group.zh,
            stand.group.en,
            stand.place.zh,
            stand.place.en,
        ]
        if stand.way:
            lines += [stand.way.summary.zh, stand.way.ticket.zh]
            lines += [stand.way.summary.en, stand.way.ticket.en]
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if command.picture:
                picture = base64.b64decode(command.picture)
                (self._folder / f"ticket-{id}.png").write_bytes(picture)
            (self._folder / f"ticket-{id}.txt").write_text("\n".join(lines) + "\n", "utf-8")
        except (OSError, ValueError) as error:
            _log.error("ticket_not_printed", why=str(error))
            return False
        return True


class Voice:
    """Speaks through espeak-ng; silent where there is none, or where it is switched off."""

    def __init__(self, mode: str) -> None:
        self._program = shutil.which("espeak-ng") if mode == "auto" else None
        self._one_at_a_time = threading.Lock()
        self._saying: subprocess.Popen[bytes] | None = None
        self._turn = 0

    @property
    def available(self) -> bool:
        """Whether anything will be heard."""
        return self._program is not None

    def speak(self, command: Speak) -> None:
        """Say it, after what is being said already; returns at once. An empty language is left out."""
        if self._program:
            threading.Thread(
                target=self._say, args=(command, self._turn), name="voice", daemon=True
            ).start()

    def hush(self) -> None:
        """Leave off what is being said, and what was to be said after it."""
        self._turn += 1
        saying = self._saying
        if saying:
            saying.terminate()

    def _say(self, command: Speak, turn: int) -> None:
        with self._one_at_a_time:
            for _ in range(command.times):
                for language, text in (("cmn", command.text.zh), ("en", command.text.en)):
                    if text and turn == self._turn:
                        self._aloud(language, text)

    def _aloud(self, language: str, text: str) -> None:
        command = [str(self._program), "-v", language, "--", text]
        with subprocess.Popen(command) as self._saying:
            try:
                self._saying.wait(60)
            except subprocess.TimeoutExpired:
                self._saying.kill()
        self._saying = None
