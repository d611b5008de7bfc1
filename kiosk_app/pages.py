"""The page and its regions, rendered. A region is sent again only when its text changes."""

import hashlib
from functools import lru_cache, partial
from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

import design
from kiosk_app.initials import initials
from kiosk_app.settings import KioskSettings
from kiosk_app.texts import TEXTS, word
from kiosk_app.views import Shown
from protocol import Stand, Text
from protocol.card import qr

HERE: Final = Path(__file__).parent
Lang = Literal["zh", "en"]
Size = Literal["normal", "large"]
REGIONS: Final = ("head", "words", "notice", "screen", "strip", "foot")
"""Ids of elements of the page, and names of templates."""
FACES: Final = ("waiting", "at_door", "held", "called", "serving", "missed", "done")
"""Step states that look different; all others look like `other`."""

_templates: Final = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
design.dress(_templates)


def build() -> str:
    """Changes when the page's own files do: an older page then loads itself again."""
    files = sorted((HERE / "static").iterdir()) + sorted((HERE / "templates").iterdir())
    drawn = design.version().encode()
    return hashlib.sha256(drawn + b"".join(each.read_bytes() for each in files)).hexdigest()[:12]


def regions(shown: Shown, settings: KioskSettings, lang: Lang, size: Size) -> dict[str, str]:
    """Every region of the page by its id."""
    given = _given(shown, settings, lang, size)
    return {name: _templates.get_template(f"{name}.html").render(given) for name in REGIONS}


def page(shown: Shown, settings: KioskSettings, lang: Lang, size: Size) -> str:
    """The whole page."""
    given = _given(shown, settings, lang, size)
    parts = regions(shown, settings, lang, size)
    return _templates.get_template("page.html").render(given, region=parts, build=build())


def kind(shown: Shown) -> str:
    """Name of the view, in lower case."""
    return type(shown.view).__name__.lower()


def _given(shown: Shown, settings: KioskSettings, lang: Lang, size: Size) -> dict[str, object]:
    def say(text: Text) -> str:
        return text.zh if lang == "zh" else text.en

    zone = ZoneInfo(settings.timezone)
    return {
        "lang": lang,
        "size": size,
        "t": partial(word, lang=lang),
        "say": say,
        "face": _face,
        "state_word": partial(_state_word, lang=lang),
        "view": shown.view,
        "kind": kind(shown),
        "online": shown.online,
        "calling": shown.calling,
        "lists": f"{shown.lists.astimezone(zone):%m-%d %H:%M}" if shown.lists else "",
        "settings": settings,
        "guides": shown.guides,
        "prints": shown.prints,
        "initials": initials,
        "code": _code,
    }


@lru_cache(32)
def _code(url: str) -> Markup:
    """A QR code as SVG that takes its size and colour from the page."""
    modules = qr.matrix(url)
    side = len(modules)
    dark = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(modules) for x, on in enumerate(row) if on
    )
    return Markup(  # noqa: S704  # numbers only
        f'<svg class="code" viewBox="0 0 {side} {side}" role="img" aria-hidden="true">'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path d="{dark}" fill="#000" shape-rendering="crispEdges"/></svg>'
    )


def _face(stand: Stand) -> str:
    return stand.state if stand.state in FACES else "other"


def _state_word(state: str, lang: Lang) -> str:
    """What a step's state is called; states that a newer server may have are passed over."""
    key = f"state_{state}"
    return word(key, lang) if key in TEXTS else ""
