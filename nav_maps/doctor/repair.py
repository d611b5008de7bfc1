"""`repair(archive)`: makes the safe repairs, looks again, and stops when there are none left."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid5

import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from nav_maps.doctor.doctor import examine
from nav_maps.findings import (
    AddFeature,
    Change,
    CutOut,
    Finding,
    Grow,
    Remove,
    SetGeometry,
    SetProperties,
)
from nav_maps.projection import Projection
from nav_maps.reading.archive import Archive, Feature
from nav_maps.reading.build import build
from nav_maps.reading.shapes import polygons_of

PASSES: Final = 12
AT_ONCE: Final = 500
CRUMB_M2: Final = 0.05
_NAMES: Final = UUID("3d1c9a57-54c8-5c92-9a2f-6b0c1f6f0a11")


@dataclass(frozen=True, slots=True)
class Repaired:
    """What was done, and what is left to be done by hand."""

    done: tuple[Finding, ...]
    left: tuple[Finding, ...]


def repair(archive: Archive, projection: Projection, proposed: bool = False) -> Repaired:
    """Make every safe repair in an archive (its features are changed) and say which; with `proposed` the others too."""
    done: list[Finding] = []
    left: tuple[Finding, ...] = ()
    for _ in range(PASSES):
        left = examine(build(archive, projection, []))
        meant = [each for each in left if each.repair is not None and each.repair.safe]
        if proposed and not meant:
            meant = [each for each in left if each.repair is not None][:AT_ONCE]
        made = [each for each in meant if _apply(archive, each)]
        done += made
        if not made:
            break
    return Repaired(tuple(done), left)


def _apply(archive: Archive, finding: Finding) -> bool:
    changes = finding.repair.changes if finding.repair is not None else ()
    made = [_change(archive, change) for change in changes]
    return any(made)


def _change(archive: Archive, change: Change) -> bool:
    if isinstance(change, AddFeature):
        return _add(archive, change)
    feature = next((each for each in archive.of(change.file) if each.id == change.feature), None)
    if feature is None:
        return False
    if isinstance(change, Remove):
        archive.features[change.file].remove(feature)
        return True
    if isinstance(change, SetProperties):
        feature.properties = {**feature.properties, **change.values}
        feature.changed = True
        return True
    shape = _shape(feature.shape, change)
    if shape is None or (feature.shape is not None and shape.equals(feature.shape)):
        return False
    feature.shape, feature.changed = shape, True
    return True


def _shape(given: BaseGeometry | None, change: SetGeometry | CutOut | Grow) -> BaseGeometry | None:
    if isinstance(change, SetGeometry):
        return change.geometry
    if given is None:
        return None
    if isinstance(change, Grow):
        return polygons_of(shapely.union(given, change.area))
    left = shapely.get_parts(shapely.difference(given, change.area))
    parts = [part for part in left if isinstance(part, Polygon) and part.area > CRUMB_M2]
    return polygons_of(shapely.union_all(parts)) if parts else None


def _add(archive: Archive, change: AddFeature) -> bool:
    id = str(uuid5(_NAMES, change.feature))
    if any(each.id == id for each in archive.of(change.file)):
        return False
    made = Feature(change.file, 0, id, {}, change.properties, change.geometry, changed=True)
    archive.features.setdefault(change.file, []).append(made)
    return True
