"""Maps from OpenStreetMap: Simple Indoor Tagging, as `.osm` (XML) or Overpass JSON."""

from nav_maps.osm.convert import import_osm

__all__ = ["import_osm"]
