"""Reading an Indoor Mapping Data Format 1.0.0 archive: a folder or a zip of GeoJSON files.

Levels, units and openings become typed values; every other feature type is counted. What is wrong with a file is a
finding that names the feature, never an exception half-way.
"""

import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

LARGEST_FILE: Final = 256 * 1024 * 1024
TYPED: Final = ("level", "unit", "opening")
KNOWN: Final = (
    *TYPED,
    "address", "amenity", "anchor", "building", "detail", "fixture", "footprint", "geofence",
    "kiosk", "occupant", "relationship", "section", "venue",
)  # fmt: skip


class NotAnArchive(Exception):
    """There is nothing of IMDF at this path; the message says what was looked for."""


@dataclass(frozen=True, slots=True)
class Level:
    """A floor: `ordinal` 0 is the ground, negative below."""

    id: str
    ordinal: int
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class Unit:
    """A room, corridor, stair …; `category` as in the format's list."""

    id: str
    level: str
    category: str
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class Opening:
    """A door or passage."""

    id: str
    level: str
    category: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a map maker should mend: which feature of which file, and what is wrong."""

    file: str
    feature: str
    what: str


@dataclass(slots=True)
class Archive:
    """What an archive holds."""

    levels: dict[str, Level] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    openings: dict[str, Opening] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def read_archive(path: Path) -> Archive:
    """Read a folder or a zip.

    Raises:
        NotAnArchive: there is no `level.geojson` and no `unit.geojson` in it, or it is no zip.
    """
    archive = Archive()
    for name, read in _files(path):
        features = _features(name, read, archive)
        archive.counts[name] = len(features)
        for feature in features:
            _take(archive, name, feature)
    if not {"level", "unit"} & archive.counts.keys():
        raise NotAnArchive(
            f"{path} holds no level.geojson and no unit.geojson: give the folder or zip of an IMDF archive."
        )
    _check_references(archive)
    return archive


def _files(path: Path) -> Iterator[tuple[str, Callable[[], bytes]]]:
    if path.is_dir():
        for name in KNOWN:
            file = path / f"{name}.geojson"
            if file.is_file():
                yield name, file.read_bytes
        return
    if not zipfile.is_zipfile(path):
        raise NotAnArchive(f"{path} is neither a folder nor a zip.")
    with zipfile.ZipFile(path) as zipped:
        for entry in zipped.infolist():
            name = Path(entry.filename).stem
            if (
                entry.filename.endswith(".geojson")
                and name in KNOWN
                and entry.file_size <= LARGEST_FILE
            ):
                yield name, lambda entry=entry: zipped.read(entry)  # type: ignore[misc]  # a default binds it


def _features(name: str, read: Callable[[], bytes], archive: Archive) -> list[dict[str, object]]:
    try:
        collection = json.loads(read())
        features = collection["features"]
    except (ValueError, KeyError, TypeError, RecursionError):
        archive.findings.append(Finding(name, "", "is no GeoJSON feature collection"))
        return []
    if not isinstance(features, list):
        archive.findings.append(Finding(name, "", "its features are no list"))
        return []
    return [feature for feature in features if isinstance(feature, dict)]


def _take(archive: Archive, name: str, feature: dict[str, object]) -> None:
    if name not in TYPED:
        return
    id = str(feature.get("id") or "")
    given = feature.get("properties")
    properties: dict[str, object] = given if isinstance(given, dict) else {}
    if not id:
        archive.findings.append(Finding(name, "", "a feature without an id"))
        return
    level, category = str(properties.get("level_id") or ""), str(properties.get("category") or "")
    match name:
        case "level":
            ordinal = properties.get("ordinal")
            if not isinstance(ordinal, int):
                archive.findings.append(Finding(name, id, "has no ordinal"))
                return
            archive.levels[id] = Level(id, ordinal, _names(properties))
        case "unit":
            archive.units[id] = Unit(id, level, category, _names(properties))
        case _:
            archive.openings[id] = Opening(id, level, category)


def _names(properties: dict[str, object]) -> dict[str, str]:
    """Labels by language tag; an IMDF label is an object such as `{"zh": "检验科", "en": "Laboratory"}`."""
    label = properties.get("name")
    if not isinstance(label, dict):
        return {}
    return {str(language): text for language, text in label.items() if isinstance(text, str)}


def _check_references(archive: Archive) -> None:
    for name, features in (("unit", archive.units), ("opening", archive.openings)):
        for each in features.values():
            if each.level not in archive.levels:
                archive.findings.append(
                    Finding(name, each.id, f"stands on level {each.level!r}, which is not there")
                )
