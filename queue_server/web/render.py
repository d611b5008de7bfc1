"""Pages from templates: the words of one language, the clock, and the build that browsers compare."""

import hashlib
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import design
from protocol import Text
from queue_server.web.texts import word

_HERE: Final = Path(__file__).parent
STATIC: Final = _HERE / "static"
TEMPLATES: Final = _HERE / "templates"


def _build() -> str:
    digest = hashlib.sha256(design.version().encode())
    for path in sorted((*STATIC.iterdir(), *TEMPLATES.iterdir())):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


BUILD: Final = _build()
"""Changes with any template, script or style: an open page of an older build loads itself again."""


def width(text: str) -> int:
    """How wide a text is, in Chinese characters; a Latin letter counts for little more than a half."""
    return round(sum(1.0 if ord(letter) > 0x2E7F else 0.56 for letter in text) + 0.49)


def width_class(text: str) -> str:
    """A style class for a text that must fit its place: the wider, the smaller it is set."""
    for most, name in ((6, "fit-6"), (9, "fit-9"), (13, "fit-13")):
        if width(text) <= most:
            return name
    return "fit-more"


_environment: Final = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters["fit"] = width_class
design.dress(_environment)


def page(name: str, lang: str, **values: object) -> str:
    """Render a template; `lang` is `zh`, `en`, or `both` on boards, where Chinese leads."""
    first = "en" if lang == "en" else "zh"

    def say(text: Text) -> str:
        return text.en if first == "en" else text.zh

    return _environment.get_template(name).render(
        lang=lang,
        first=first,
        build=BUILD,
        t=partial(word, lang=first),
        t2=partial(word, lang="en") if lang == "both" else None,
        say=say,
        both=_both,
        **values,
    )


def _both(key: str) -> Text:
    return Text(zh=word(key, "zh"), en=word(key, "en"))


def day_text(zone: tzinfo, lang: str, now: datetime) -> str:
    """`11月20日 周五` or `Fri 20 Nov`."""
    local = now.astimezone(zone)
    weekday = word("weekdays", "en" if lang == "en" else "zh").split()[local.weekday()]
    if lang == "en":
        return f"{weekday} {local.day} {word('months', 'en').split()[local.month - 1]}"
    return f"{local.month}月{local.day}日 {weekday}"


def clock_text(zone: tzinfo, now: datetime) -> str:
    """`09:42:07`, local time of the site."""
    return f"{now.astimezone(zone):%H:%M:%S}"
