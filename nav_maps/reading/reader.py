"""`read_map(path)`: from files to a map in metres and the findings on the way."""

from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from nav_maps.findings import Finding, bounded, finding
from nav_maps.model import IndoorMap
from nav_maps.projection import Projection
from nav_maps.reading.archive import Archive, Feature, load
from nav_maps.reading.build import build
from nav_maps.reading.coordinates import to_degrees
from nav_maps.reading.levels import mend_levels
from nav_maps.reading.shapes import read_shape
from nav_maps.reading.tidy import tidy


def read_map(path: Path) -> tuple[IndoorMap, tuple[Finding, ...]]:
    """Read an IMDF archive (a folder, a zip, or one GeoJSON file) with its `x_navigation.geojson`.

    What deviates from the format is set right where its meaning is plain, and said; what has no meaning is left out, and said.
    In the map every unit, opening, fixture, landmark and device stands on a level that is there.

    Raises:
        NotAMap: there is nothing of a map at this path.
        OSError: it can't be read.
    """
    archive, projection, findings = read_archive(path)
    built = build(archive, projection, findings)
    return built, tuple(bounded(findings))


def read_archive(path: Path) -> tuple[Archive, Projection, list[Finding]]:
    """The archive's features, their shapes in metres and set right, ready to be built or written.

    Raises:
        NotAMap: there is nothing of a map at this path.
    """
    findings: list[Finding] = []
    archive = load(path, findings)
    for feature in archive.of(*archive.features):
        _read_shape(feature, findings)
    to_degrees(archive, findings)
    projection = _projection(archive)
    _to_metres(archive, projection)
    mend_levels(archive, findings)
    tidy(archive, findings)
    return archive, projection, findings


def _read_shape(feature: Feature, findings: list[Finding]) -> None:
    found = read_shape(feature.given.get("geometry"))
    feature.shape = found.geometry
    if found.problem is not None:
        findings.append(
            finding("geometry-broken", feature.type, feature.id, why=found.problem.rstrip("."))
        )
    elif found.mended is not None:
        feature.changed = True
        zh, en = found.mended["zh"], found.mended["en"]
        findings.append(finding("geometry-mended", feature.type, feature.id, why_zh=zh, why_en=en))


def _projection(archive: Archive) -> Projection:
    """A frame whose origin is the middle of what is built, rounded so that small edits do not move it."""
    shapes = [
        each.shape for each in archive.of("unit", "level", "opening") if each.shape is not None
    ]
    if not shapes:
        return Projection(0.0, 0.0)
    west, south, east, north = shapely.total_bounds(np.array(shapes, dtype=object))
    return Projection(round(float(west + east) / 2, 4), round(float(south + north) / 2, 4))


def _to_metres(archive: Archive, projection: Projection) -> None:
    placed = [each for each in archive.of(*archive.features) if each.shape is not None]
    if not placed:
        return
    origin = np.array([projection.longitude, projection.latitude])
    scale = np.array(projection.metres_per_degree)
    shapes: list[BaseGeometry | None] = [each.shape for each in placed]
    turned = shapely.transform(np.array(shapes, dtype=object), lambda at: (at - origin) * scale)
    for feature, shape in zip(placed, turned, strict=True):
        feature.shape = shape
