"""The files of a map: a folder, a zip (folders inside it do not matter), or one GeoJSON file. Sizes are bounded.

A zip is read by what comes out of it, not by what its directory promises, so a bomb ends at the limit.
"""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from nav_maps.findings import Finding, finding

LARGEST_FILE: Final = 128 * 1024 * 1024
LARGEST_MAP: Final = 256 * 1024 * 1024
MOST_FILES: Final = 2_000
KEPT_AS_IS: Final = 4 * 1024 * 1024
"""A file that is not ours to read is kept for a repaired archive up to this size."""
GEOJSON: Final = (".geojson", ".json")


class NotAMap(Exception):
    """There is nothing of a map at this path; the message says what was looked for."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file: its name without folders, and its bytes (no more than were allowed)."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file that can be read: `read(n)` gives up to n bytes."""

    name: str
    read: Callable[[int], bytes]


def members(path: Path, findings: list[Finding]) -> Iterator[Member]:
    """The files at a path, sorted by name; what is too large or can't be read becomes a finding.

    Raises:
        NotAMap: the path is neither a folder nor a zip nor a GeoJSON file.
    """
    left = LARGEST_MAP
    for entry in _entries(path):
        spatial = entry.name.lower().endswith(GEOJSON)
        limit = min(LARGEST_FILE if spatial else KEPT_AS_IS, left)
        try:
            data = entry.read(limit + 1)
        except (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
            findings.append(finding("file-broken", entry.name, name=entry.name, why=_why(error)))
            continue
        if len(data) > limit:
            if spatial:
                findings.append(_too_large(entry.name, limit))
            continue
        left -= len(data)
        yield Member(entry.name, data)


def _entries(path: Path) -> Iterator[_Entry]:
    if path.is_dir():
        yield from _folder(path)
    elif not path.exists():
        raise NotAMap(f"{path} is not there.")
    elif zipfile.is_zipfile(path):
        yield from _zip(path)
    elif path.suffix.lower() in GEOJSON:
        yield _Entry(path.name, _reader(path))
    else:
        raise NotAMap(f"{path} is neither a folder nor a zip nor a GeoJSON file.")


def _folder(path: Path) -> Iterator[_Entry]:
    files = sorted(file for file in path.iterdir() if file.is_file() and file.name[0] != ".")
    if not any(file.suffix.lower() in GEOJSON for file in files):
        inner = [each for each in sorted(path.iterdir()) if each.is_dir() and each.name[0] != "."]
        files = sorted(file for each in inner for file in each.iterdir() if file.is_file())
    for file in files[:MOST_FILES]:
        yield _Entry(file.name, _reader(file))


def _reader(path: Path) -> Callable[[int], bytes]:
    def read(limit: int) -> bytes:
        with path.open("rb") as file:
            return file.read(limit)

    return read


def _zip(path: Path) -> Iterator[_Entry]:
    try:
        with zipfile.ZipFile(path) as zipped:
            wanted = [entry for entry in zipped.infolist() if _is_ours(entry)]
            for entry in sorted(wanted[:MOST_FILES], key=lambda entry: entry.filename):
                yield _Entry(PurePosixPath(entry.filename).name, _unzipper(zipped, entry))
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise NotAMap(f"{path} is a damaged zip: {_why(error)}.") from None


def _is_ours(entry: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(entry.filename).parts
    return bool(parts) and not entry.is_dir() and parts[0] != "__MACOSX" and parts[-1][0] != "."


def _unzipper(zipped: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Callable[[int], bytes]:
    def read(limit: int) -> bytes:
        with zipped.open(entry) as file:
            return file.read(limit)

    return read


def _too_large(name: str, limit: int) -> Finding:
    return finding(
        "file-too-large",
        name,
        name=name,
        size=f"> {limit // 1024**2} MiB",
        limit=f"{LARGEST_FILE // 1024**2} MiB",
    )


def _why(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:120]
