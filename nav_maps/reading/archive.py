"""An archive as its files say it: raw features by feature type, and what else lies there."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID, uuid5

from shapely.geometry.base import BaseGeometry

from nav_maps.findings import Finding, finding
from nav_maps.reading.files import GEOJSON, Member, NotAMap, members
from nav_maps.reading.json_text import decoded
from nav_maps.reading.values import Properties, text, word

FEATURE_TYPES: Final = (
    "address", "amenity", "anchor", "building", "detail", "fixture", "footprint", "geofence", "kiosk", "level",
    "occupant", "opening", "relationship", "section", "unit", "venue", "x_navigation",
)  # fmt: skip
REQUIRED: Final = ("venue", "address", "building", "footprint", "level", "unit", "opening")
STEMS: Final = ("level", "unit", "opening", "fixture", "amenity", "anchor", "occupant")
NEEDED: Final = ("level", "unit", "opening")
MOST_FEATURES: Final = 100_000
_NAMES: Final = UUID("8f7c3f0e-6f57-5d0f-9f4e-0d6f4a1c2b3d")


@dataclass(slots=True)
class Feature:
    """A feature on its way through the reader: `shape` is set once its geometry is understood.

    `given` is the raw object. `changed` says that it is no longer as it was given.
    """

    type: str
    index: int
    id: str
    given: Mapping[str, object]
    properties: Properties
    shape: BaseGeometry | None = None
    changed: bool = False


@dataclass(slots=True)
class Archive:
    """The features by type, the manifest, and files that are kept as they are."""

    features: dict[str, list[Feature]] = field(default_factory=dict)
    manifest: Mapping[str, object] = field(default_factory=dict)
    others: list[Member] = field(default_factory=list)

    def of(self, *types: str) -> Iterator[Feature]:
        """Features of some types."""
        for each in types:
            yield from self.features.get(each, ())

    @property
    def language(self) -> str:
        """The language of bare texts, as the manifest gives it."""
        return word(self.manifest.get("language"))[:2] or "en"


def load(path: Path, findings: list[Finding]) -> Archive:
    """The raw features of a map.

    Raises:
        NotAMap: there is neither a level nor a unit in it.
    """
    archive = Archive()
    for member in members(path, findings):
        _take(archive, member, findings)
    empty = not archive.features.get("level") and not archive.features.get("unit")
    if empty and not any(each.file.startswith(("level", "unit")) for each in findings):
        raise NotAMap(
            f"{path} holds no level.geojson and no unit.geojson: give the folder or zip of an IMDF archive."
        )
    findings += [
        finding("file-missing", f"{name}.geojson", name=name)
        for name in REQUIRED
        if name not in archive.features
    ]
    _name_features(archive, findings)
    return archive


def _take(archive: Archive, member: Member, findings: list[Finding]) -> None:
    stem, _, extension = member.name.lower().rpartition(".")
    if f".{extension}" not in GEOJSON:
        archive.others.append(member)
        return
    if stem == "manifest":
        given = decoded(member, findings)
        archive.manifest = given if isinstance(given, dict) else {}
        return
    type = _type_of_file(stem)
    found = _features(decoded(member, findings), member.name, findings)
    if type is None and not any(_type_of(word(each.get("feature_type"))) for each in found):
        findings.append(finding("file-unknown", member.name, name=member.name))
        archive.others.append(member)
        return
    if type is not None and type in archive.features and archive.features[type]:
        findings.append(finding("file-twice", member.name, name=f"{type}.geojson", used="both"))
    if type is not None:
        archive.features.setdefault(type, [])
        if type in NEEDED and not found:
            findings.append(finding("file-empty", member.name, name=member.name))
    for index, each in enumerate(found):
        kind = _type_of(word(each.get("feature_type"))) or type
        if kind is not None:
            archive.features.setdefault(kind, []).append(_feature(kind, index, each))


def _type_of(stem: str) -> str | None:
    """The feature type that a file's name means: `unit`, `Units`, `x_navigation`."""
    return next(
        (
            name
            for name in (stem, stem.removesuffix("s"), stem.removesuffix("es"))
            if name in FEATURE_TYPES
        ),
        None,
    )


def _type_of_file(stem: str) -> str | None:
    """As `_type_of`; programs also write `Hospital_1_Opening` and `unit_2`."""
    words = [word for word in re.split(r"[^a-z]+", stem) if word]
    found = [type for word in words if (type := _type_of(word)) is not None]
    return _type_of(stem) or (found[0] if len(found) == 1 and found[0] in STEMS else None)


def _features(value: object, name: str, findings: list[Finding]) -> list[Mapping[str, object]]:
    if value is None and any(each.file == name for each in findings):
        return []
    listed = value.get("features") if isinstance(value, dict) else value
    if listed is None and isinstance(value, dict) and "geometry" in value:
        listed = [value]
    if not isinstance(listed, list):
        why = "it has no list of features"
        findings.append(finding("file-broken", name, name=name, why=why))
        return []
    if len(listed) > MOST_FEATURES:
        findings.append(
            finding("too-many-features", name, name=name, count=len(listed), limit=MOST_FEATURES)
        )
    sound: list[Mapping[str, object]] = []
    for index, each in enumerate(listed[:MOST_FEATURES], 1):
        if isinstance(each, dict) and ("geometry" in each or "properties" in each or "id" in each):
            sound.append(each)
        else:
            findings.append(finding("feature-broken", name, index=index))
    return sound


def _feature(type: str, index: int, given: Mapping[str, object]) -> Feature:
    properties = given.get("properties")
    own = properties if isinstance(properties, dict) else {}
    return Feature(type, index, text(given.get("id")) or text(own.get("id")), given, own)


def _name_features(archive: Archive, findings: list[Finding]) -> None:
    """Every feature gets an id of its own."""
    seen: set[str] = set()
    for type in list(archive.features):
        for feature in archive.features[type]:
            if not feature.id:
                feature.id = str(uuid5(_NAMES, f"{type}/{feature.index}/{len(seen)}"))
                feature.changed = True
                findings.append(
                    finding(
                        "id-missing", type, feature.id, index=feature.index + 1, given=feature.id
                    )
                )
            elif feature.id in seen:
                once = feature.id
                feature.id = str(uuid5(_NAMES, f"{type}/{once}/{len(seen)}"))
                feature.changed = True
                findings.append(finding("id-twice", type, feature.id, id=once, given=feature.id))
            seen.add(feature.id)
