"""Writing an archive: a folder, or a zip when the name ends so. Nothing that is there is overwritten."""

import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from nav_maps.projection import Projection
from nav_maps.reading.archive import Archive, Feature

DIGITS: Final = 9
"""A tenth of a millimetre."""
_WRITTEN_AT: Final = (1980, 1, 1, 0, 0, 0)


def write_archive(out: Path, archive: Archive, projection: Projection) -> None:
    """Write features, manifest and the files that are kept as they are.

    Features that were not changed are written as they were given.

    Raises:
        FileExistsError: there is something at `out` already.
    """
    files = {
        f"{type}.geojson": _collection(type, features, projection)
        for type, features in archive.features.items()
    }
    files["manifest.json"] = _json(archive.manifest or {"version": "1.0.0", "language": "zh"})
    for other in archive.others:
        files.setdefault(other.name, other.data)
    write_files(out, files)


def write_files(out: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a new folder or zip.

    Raises:
        FileExistsError: there is something at `out` already.
    """
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise FileExistsError(f"{out} is there already: give another name, or remove it.")
    if out.suffix.lower() == ".zip":
        with zipfile.ZipFile(out, "x", zipfile.ZIP_DEFLATED) as zipped:
            for name, data in files.items():
                entry = zipfile.ZipInfo(name, _WRITTEN_AT)
                entry.compress_type = zipfile.ZIP_DEFLATED
                zipped.writestr(entry, data)
        return
    out.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (out / name).write_bytes(data)


def to_geojson(shape: BaseGeometry | None, projection: Projection) -> Mapping[str, object] | None:
    """A shape in metres as GeoJSON in degrees."""
    if shape is None:
        return None
    origin = np.array([projection.longitude, projection.latitude])
    scale = np.array(projection.metres_per_degree)
    turned = shapely.transform(shape, lambda at: np.round(at / scale + origin, DIGITS))
    written: Mapping[str, object] = mapping(turned)
    return written


def _collection(type: str, features: Iterable[Feature], projection: Projection) -> bytes:
    written = [_feature(each, projection) for each in features]
    return _json({"type": "FeatureCollection", "name": type, "features": written})


def _feature(feature: Feature, projection: Projection) -> Mapping[str, object]:
    if not feature.changed:
        return feature.given
    geometry = to_geojson(feature.shape, projection)
    return {
        **feature.given,
        "id": feature.id,
        "type": "Feature",
        "feature_type": feature.type,
        "geometry": geometry,
        "properties": dict(feature.properties),
    }


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()
