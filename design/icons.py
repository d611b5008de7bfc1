"""One set of icons, drawn by us on 24 by 24. `static/icons.svg` is the only place where they are drawn."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Final

from markupsafe import Markup, escape

from design.errors import NotDrawn

_SYMBOL: Final = re.compile(r'<symbol id="([a-z_]+)" viewBox="0 0 24 24">(.*?)</symbol>')
_FILE: Final = Path(__file__).parent / "static" / "icons.svg"
_DRAWN: Final = dict(_SYMBOL.findall(_FILE.read_text("utf-8")))
ICONS: Final = tuple(_DRAWN)
"""Names of all icons, in the order of the file."""


@lru_cache(512)
def icon(name: str, label: str = "") -> Markup:
    """An icon as inline SVG that takes its size and colour from the text around it (class `icon`).

    Args:
        name: one of `ICONS`.
        label: what it says to those who can't see it; without one it is decoration.

    Raises:
        NotDrawn: there is no such icon.
    """
    if name not in _DRAWN:
        raise NotDrawn(f"There is no icon {name!r}. There are: {', '.join(ICONS)}.")
    said = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return Markup(f'<svg class="icon" viewBox="0 0 24 24" {said}>{_DRAWN[name]}</svg>')  # noqa: S704  # our own file
