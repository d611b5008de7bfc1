"""One journal, one writer: a lock on a file beside it, let go by the kernel however the process ends."""

import fcntl
import os
from pathlib import Path

from queue_server.errors import JournalLocked


class JournalLock:
    """Held from the moment it is made until `release`."""

    def __init__(self, journal: Path) -> None:
        """Take the lock of a journal.

        Raises:
            JournalLocked: another process holds it.
        """
        self._file = os.open(f"{journal}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(self._file, 20).decode(errors="replace").strip() or "unknown"
            os.close(self._file)
            raise JournalLocked(
                f"Another queue server (process {holder}) is using the journal {journal}. "
                "Stop it first, or give this one a data folder of its own (--data)."
            ) from None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let others in; again is no error."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
