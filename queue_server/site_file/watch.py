"""Looks whether the site file has changed, and reads it again. Knows no clock and no thread: somebody asks it to look."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from queue_server.errors import SiteFileError
from queue_server.site_file.reading import SitePlan, read_site_file

_ABSENT: Final = (0, -1)
Signs = tuple[tuple[int, int], ...]
"""Time of change (ns) and size (bytes) of the site file and of the list it names."""


@dataclass(frozen=True, slots=True)
class Look:
    """What came of a look at a changed file: a plan that can be used, or why it can't be."""

    plan: SitePlan | None = None
    problem: str | None = None


class SiteFileWatch:
    """Tells when the site file, or the list of appointments it names, is another one.

    A change counts when two looks in a row have found the same one, so that a file which is being written is left alone;
    with `at_once` it counts at the first. Files whose bytes are the same are no change.
    """

    def __init__(self, path: Path, plan: SitePlan | None) -> None:
        """Take the files as they are as those of `plan`; None: as not yet read."""
        self._path = path
        self._list = plan.list if plan else None
        self._signs = self._look_at_signs()
        self._digest = self._digested() if plan else ""
        self._taken = self._signs if plan else None

    def look(self, at_once: bool = False) -> Look | None:
        """Look, and read the files again if they have changed; None when they have not."""
        signs = self._look_at_signs()
        settled, self._signs = signs == self._signs or at_once, signs
        if not settled or (signs == self._taken and not at_once):
            return None
        digest = self._digested()
        if digest == self._digest:
            self._taken = signs
            return None
        looked = self._read()
        self._digest, self._taken = digest, signs
        return looked

    def _read(self) -> Look:
        try:
            plan = read_site_file(self._path)
        except SiteFileError as error:
            return Look(problem=str(error))
        if plan.list != self._list:
            self._list = plan.list
            self._signs = self._look_at_signs()
        return Look(plan)

    def _files(self) -> tuple[Path, ...]:
        return (self._path, self._list) if self._list else (self._path,)

    def _look_at_signs(self) -> Signs:
        return tuple(map(_sign, self._files()))

    def _digested(self) -> str:
        """Of the bytes of the files, as far as they can be read."""
        digest = hashlib.sha256()
        for path in self._files():
            try:
                digest.update(path.read_bytes())
            except OSError as error:
                digest.update(str(error).encode())
            digest.update(b"\0")
        return digest.hexdigest()


def _sign(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return _ABSENT
    return found.st_mtime_ns, found.st_size
