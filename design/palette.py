"""The tokens of `static/tokens.css` as values: for the style page, for contrast, for paper and PDF."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

Theme = Literal["light", "contrast", "board", "board-contrast"]
THEMES: Final[tuple[Theme, ...]] = ("light", "contrast", "board", "board-contrast")
_SELECTORS: Final[dict[Theme, tuple[str, ...]]] = {
    "light": (":root",),
    "contrast": (":root", ":root.contrast"),
    "board": (":root", ':root[data-theme="board"]'),
    "board-contrast": (
        ":root",
        ':root[data-theme="board"]',
        ":root.contrast",
        ':root[data-theme="board"].contrast',
    ),
}
_BLOCK: Final = re.compile(r"^(:root[^{\n]*?) \{\n(.*?)^\}", re.M | re.S)
_TOKEN: Final = re.compile(r"(--[a-z0-9-]+): ([^;]+);")
_COLOUR: Final = re.compile(r"#[0-9a-f]{6}")


@lru_cache(8)
def tokens(theme: Theme) -> dict[str, str]:
    """Every token of a theme by its name without dashes, as it stands in the file."""
    file = (Path(__file__).parent / "static" / "tokens.css").read_text("utf-8")
    blocks = dict(_BLOCK.findall(file))
    found: dict[str, str] = {}
    for selector in _SELECTORS[theme]:
        found |= {name[2:]: value for name, value in _TOKEN.findall(blocks[selector])}
    return found


def palette(theme: Theme) -> dict[str, str]:
    """The solid colours of a theme: `{"ink": "#10303a", …}`."""
    return {name: value for name, value in tokens(theme).items() if _COLOUR.fullmatch(value)}
