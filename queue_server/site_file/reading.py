"""One TOML file → a site, and the registrations known beforehand.

Every error names the file, the line, what is wrong and what to write instead.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from queue_server.core import commands as c
from queue_server.core.site import Site
from queue_server.errors import SiteFileError
from queue_server.file_problems import Problems, sentence_of
from queue_server.site_file.appointment_checks import check_appointments, placed
from queue_server.site_file.appointments import Placed, registrations
from queue_server.site_file.building import site_of
from queue_server.site_file.checks import Check
from queue_server.site_file.line_checks import check_lines
from queue_server.site_file.number_checks import check_numbers
from queue_server.site_file.session_checks import check_sessions
from queue_server.site_file.tables import SiteFile, home_of, keys_at
from queue_server.toml_lines import Key, TomlLines

LARGEST_BYTES: Final = 16 * 1024 * 1024
_AT_LINE: Final = re.compile(r"(.*) \(at line (\d+), column (\d+)\)$")
_HEADER: Final = re.compile(r"\s*\[")
_APPOINTMENTS: Final = re.compile(r"\s*\[\[\s*appointments\s*\]\]")


@dataclass(frozen=True, slots=True)
class SitePlan:
    """A site file as read."""

    site: Site
    appointments: tuple[Placed, ...] = ()
    list: Path | None = None
    """The list of appointments that the file names."""

    def registrations(self, today: date) -> Iterator[c.Register]:
        """Commands that enter everything from `today` on; those without a day are for today."""
        return registrations(self.site, self.appointments, today)


def read_site_file(path: Path) -> SitePlan:
    """Read a site file and the list of appointments it names.

    Raises:
        SiteFileError: it can't be used; one line a problem.
    """
    check, text = _well_formed(str(path), _bytes(path))
    site = _site(check, text)
    appointments = placed(check, path.parent)
    check_appointments(check, site, appointments)
    check.problems.raise_if_any()
    named = check.file.site.appointments_file
    return SitePlan(site, tuple(appointments), path.parent / named if named else None)


def read_site_text(text: str, named: str) -> Site:
    """The site of a version that the journal has kept; its appointments are in the journal already.

    Args:
        text: the file, as in `Site.text`.
        named: how errors call it.

    Raises:
        SiteFileError: it can't be used; one line a problem.
    """
    check, text = _well_formed(named, text.encode())
    return _site(check, text)


def _site(check: Check, text: str) -> Site:
    for part in (check_lines, check_numbers, check_sessions):
        part(check)
    check.problems.raise_if_any()
    kept = without_appointments(text).rstrip() + "\n"
    return site_of(check.file, hashlib.sha256(kept.encode()).hexdigest()[:12], kept)


# ---- bytes → tables -----------------------------------------------------------------------------


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise SiteFileError(
            f"The site file {path} can't be read: {error.strerror}. Name one with --site; a sample is in daozhen/sites."
        ) from error
    if len(raw) > LARGEST_BYTES:
        raise SiteFileError(f"{path} is larger than {LARGEST_BYTES} bytes: no site file is.")
    return raw


def _well_formed(path: str, raw: bytes) -> tuple[Check, str]:
    text, content = _toml(path, raw)
    problems, lines = Problems(), TomlLines(text)
    try:
        file = SiteFile.model_validate(content)
    except ValidationError as error:
        for detail in error.errors():
            key = _key(detail["loc"])
            sentence = home_of(key) if detail["type"] == "extra_forbidden" else None
            problems.add(path, lines.line_of(key), sentence or sentence_of(detail, keys_at(key)))
        problems.raise_if_any()
        raise AssertionError("a validation error has details") from error
    return Check(file, path, lines, problems), text


def _toml(path: str, raw: bytes) -> tuple[str, dict[str, Any]]:
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
        return text, tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise SiteFileError(f"{path}, line {line}: it is not UTF-8. Save it as UTF-8.") from error
    except (ValueError, RecursionError) as error:
        raise SiteFileError(_no_toml(path, raw, str(error))) from error


def _no_toml(path: str, raw: bytes, said: str) -> str:
    found = _AT_LINE.match(said)
    what, line = (found[1], int(found[2])) if found else (said, raw.count(b"\n") + 1)
    column = f" (column {found[3]})" if found else ""
    return f"{path}, line {line}: it is not TOML: {what}{column}. Compare this line with daozhen/sites/small.toml."


def _key(loc: Iterable[int | str]) -> Key:
    # pydantic marks a wrong key of a table as `[key]`
    return tuple(part for part in loc if part != "[key]")


# ---- what the journal keeps ---------------------------------------------------------------------


def without_appointments(text: str) -> str:
    """The file as a version of the rules: its registrations are entered one by one and have names in them."""
    kept, skipping = [], False
    for line in text.splitlines(keepends=True):
        if _HEADER.match(line):
            skipping = bool(_APPOINTMENTS.match(line))
        if not skipping:
            kept.append(line)
    shorter = "".join(kept)
    return shorter if _is_same_but_appointments(text, shorter) else text


def _is_same_but_appointments(text: str, shorter: str) -> bool:
    """Whether nothing else was left out: a line inside a long string may look like a header."""
    content = tomllib.loads(text)
    content.pop("appointments", None)
    try:
        return tomllib.loads(shorter) == content
    except tomllib.TOMLDecodeError:
        return False
