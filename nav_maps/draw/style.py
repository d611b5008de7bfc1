"""The style sheet and the symbols of a picture."""

from nav_maps.draw.icons import ICONS
from nav_maps.draw.themes import Theme


def css(theme: Theme, u: float) -> str:
    """Colours and strokes; `u` is user units a pixel."""
    wall = theme.wall_px * u
    return (
        "<style>"
        f".map text{{font-family:'Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif;fill:{theme.text};"
        "text-anchor:middle;pointer-events:none;font-weight:500}"
        f".map .f{{fill:{theme.faint};font-weight:400}}"
        f".map .u{{stroke:{theme.wall};stroke-width:{wall:.1f};stroke-linejoin:round}}"
        f".map .x{{fill:{theme.furniture};stroke:none}}"
        f".map .d{{fill:none;stroke-width:{wall * 2.2:.1f}}}"
        f".map .c{{fill:none;stroke:{theme.closed};stroke-width:{3 * u:.1f};stroke-dasharray:{6 * u:.1f} {4 * u:.1f}}}"
        f".map .re,.map .r{{fill:none;stroke-linejoin:round;stroke-linecap:round}}"
        f".map .re{{stroke:{theme.route_edge};stroke-width:{(theme.route_px + 5) * u:.1f}}}"
        f".map .r{{stroke:{theme.route};stroke-width:{theme.route_px * u:.1f}}}"
        f".map .ra{{fill:none;stroke:{theme.route_edge};stroke-width:{max(2.0, theme.route_px / 4) * u:.1f};"
        "stroke-linecap:round;stroke-linejoin:round}"
        ".map[data-z='1'] .z2,.map[data-z='1'] .z4,.map[data-z='2'] .z1,.map[data-z='2'] .z4,.map[data-z='4'] .z1,.map[data-z='4'] .z2{display:none}"
        "</style>"
    )


def symbols() -> str:
    """The icons, once for all."""
    drawn = "".join(
        f'<symbol id="i-{name}" viewBox="0 0 24 24"><path d="{path}"/></symbol>'
        for name, path in ICONS.items()
    )
    return f"<defs>{drawn}</defs>"
