"""Colours and sizes of map pictures. Contrast of text on what it stands on is at least 4.5 : 1, in `contrast` 7 : 1."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Theme:
    """How a picture looks. Colours as CSS hex; sizes in pixels of the screen."""

    outside: str
    wall: str
    passage: str
    room: str
    staff: str
    vertical: str
    toilet: str
    waiting: tuple[str, ...]
    """Waiting areas and the rooms that belong to them, one after the other."""
    outdoors: str
    solid: str
    furniture: str
    text: str
    faint: str
    """Text on rooms that nobody of the public looks for."""
    route: str
    route_edge: str
    start: str
    end: str
    closed: str
    icon: str
    icon_ground: str
    wall_px: float = 1.6
    route_px: float = 9.0
    label_px: float = 15.0
    least_label_px: float = 12.0
    icon_px: float = 26.0


LIGHT: Final = Theme(
    outside="#e9eef2", wall="#8c99a6", passage="#ffffff", room="#f3f1ec", staff="#e4e4e2", vertical="#dfe6ee", toilet="#e3e9f5",
    waiting=("#e6f3df", "#dff0f2", "#fdeed9", "#f3e6f5", "#e2ecfb", "#fbe6e6"), outdoors="#dfe9d9", solid="#b8c0c8",
    furniture="#d9d4ca", text="#1d2833", faint="#59636d", route="#0a66d0", route_edge="#ffffff", start="#0a66d0", end="#c2261d",
    closed="#b3261e", icon="#ffffff", icon_ground="#44566c",
)  # fmt: skip
CONTRAST: Final = Theme(
    outside="#ffffff", wall="#000000", passage="#ffffff", room="#ffffff", staff="#dddddd", vertical="#ffffff", toilet="#ffffff",
    waiting=("#ffffff",), outdoors="#ffffff", solid="#555555", furniture="#bbbbbb", text="#000000", faint="#333333",
    route="#0000c8", route_edge="#ffffff", start="#0000c8", end="#a00000", closed="#a00000", icon="#ffffff", icon_ground="#000000",
    wall_px=2.4, route_px=12.0,
)  # fmt: skip
THEMES: Final = {"light": LIGHT, "contrast": CONTRAST}
LARGE: Final = 1.4
"""How much bigger text, icons and the route are in large type."""
