"""Paper and voice: a folder for tickets, and espeak-ng where it is installed."""

import shutil
import subprocess
import threading
from pathlib import Path
from uuid import UUID

import structlog

from protocol import Print, Speak

_log = structlog.get_logger()


class Spool:
    """Writes each ticket as a text file into a folder, from which a print service takes it."""

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
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / f"ticket-{id}.txt").write_text("\n".join(lines) + "\n", "utf-8")
        except OSError as error:
            _log.error("ticket_not_printed", why=str(error))
            return False
        return True


class Voice:
    """Speaks through espeak-ng; silent where there is none, or where it is switched off."""

    def __init__(self, mode: str) -> None:
        self._program = shutil.which("espeak-ng") if mode == "auto" else None
        self._one_at_a_time = threading.Lock()

    @property
    def available(self) -> bool:
        """Whether anything will be heard."""
        return self._program is not None

    def speak(self, command: Speak) -> None:
        """Say it, after what is being said already; returns at once."""
        if self._program:
            threading.Thread(target=self._say, args=(command,), name="voice", daemon=True).start()

    def _say(self, command: Speak) -> None:
        with self._one_at_a_time:
            for _ in range(command.times):
                for language, text in (("cmn", command.text.zh), ("en", command.text.en)):
                    subprocess.run(
                        [str(self._program), "-v", language, "--", text], check=False, timeout=60
                    )
