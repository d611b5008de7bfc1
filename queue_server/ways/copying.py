"""A copy of the map for kiosks, which go on showing ways with it while this server can't be reached."""

import io
import zipfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

_WRITTEN_AT: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class MapCopy:
    """A map as one zip; `digest` is another one for every other map."""

    data: bytes
    digest: str


def copy_of(map_file: Path) -> MapCopy:
    """A map's zip as it is, or its folder as a zip.

    Raises:
        OSError: it can't be read.
    """
    data = map_file.read_bytes() if map_file.is_file() else _zipped(map_file)
    return MapCopy(data, sha256(data).hexdigest()[:16])


def _zipped(folder: Path) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), _WRITTEN_AT)
                entry.compress_type = zipfile.ZIP_DEFLATED
                zipped.writestr(entry, file.read_bytes())
    return out.getvalue()
