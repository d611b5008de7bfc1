"""Indoor maps: reading IMDF archives."""

from nav_maps.archive import Archive, Finding, Level, NotAnArchive, Opening, Unit, read_archive

__all__ = ["Archive", "Finding", "Level", "NotAnArchive", "Opening", "Unit", "read_archive"]
