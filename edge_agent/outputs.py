"""Paper: a folder for tickets."""

import base64
from pathlib import Path
from uuid import UUID

import structlog

from protocol import Print

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
