"""Maps as pictures: SVG for screens, one bit for tickets, GeoJSON for other programs.

Read in this order: `themes`, `icons`, `marks` (what gets an icon), `lettering` (where words stand), `paths`, `structure`, `way`, `words`, `style`, `level`, `ticket`, `geojson`.
"""

from nav_maps.draw.geojson import level_geojson, route_geojson
from nav_maps.draw.level import level_svg
from nav_maps.draw.script import pan_zoom_js
from nav_maps.draw.themes import CONTRAST, LIGHT, THEMES, Theme
from nav_maps.draw.ticket import ticket_picture, ticket_png
from nav_maps.draw.way import Here

__all__ = [
    "CONTRAST",
    "LIGHT",
    "THEMES",
    "Here",
    "Theme",
    "level_geojson",
    "level_svg",
    "pan_zoom_js",
    "route_geojson",
    "ticket_picture",
    "ticket_png",
]
