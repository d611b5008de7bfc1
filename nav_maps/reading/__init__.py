"""Reading maps: files, JSON, coordinates, shapes, features, one step after the other."""

from nav_maps.reading.archive import Archive, Feature
from nav_maps.reading.build import build
from nav_maps.reading.files import NotAMap
from nav_maps.reading.reader import read_archive, read_map

__all__ = ["Archive", "Feature", "NotAMap", "build", "read_archive", "read_map"]
