"""The little script that makes pictures movable."""

from functools import cache
from importlib.resources import files


@cache
def pan_zoom_js() -> str:
    """`window.panZoom(svg)`: drag, pinch, wheel, double tap, keys; no other script is needed."""
    return (files("nav_maps.draw") / "pan_zoom.js").read_text(encoding="utf-8")
