"""Texts by language tag, whatever a map writes for them."""

import re
from collections.abc import Mapping
from typing import Final

from nav_maps.model import Labels

_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")
_KANA: Final = re.compile(r"[\u3040-\u30ff]")
_HANGUL: Final = re.compile(r"[\uac00-\ud7af]")
_CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")
_TAG: Final = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*")


def labels(value: object, language: str = "en") -> Labels:
    """Labels from an IMDF label object, or from a bare text, whose language its script tells (else it is `language`).

    Tags become short: `zh-Hans`, `zh_CN` are `zh` and `en-US` is `en`; traditional Chinese keeps `zh-Hant` when there is a
    simplified text beside it. Empty texts are left out.
    """
    if isinstance(value, str):
        text = value.strip()
        return {language_of(text, language): text} if text else {}
    if isinstance(value, bool) or value is None:
        return {}
    if isinstance(value, int | float):
        return {language: str(value)}
    if not isinstance(value, Mapping):
        return {}
    found: dict[str, str] = {}
    for tag, text in value.items():
        if isinstance(tag, str) and isinstance(text, str) and text.strip():
            found.setdefault(tag, text.strip())
    return _short(found)


def language_of(text: str, otherwise: str) -> str:
    """The language that a text's script gives away (`zh`, `ja`, `ko`, `ru`), or `otherwise`."""
    for script, tag in ((_KANA, "ja"), (_HANGUL, "ko"), (_CHINESE, "zh"), (_CYRILLIC, "ru")):
        if script.search(text):
            return otherwise if otherwise[:2] in {"zh", "ja"} and tag in {"zh", "ja"} else tag
    return otherwise


def said(value: Labels, language: str) -> str:
    """The text in a language, or in English, or in whichever there is; empty when there is none."""
    return value.get(language) or value.get("en") or next(iter(value.values()), "")


def _short(found: Mapping[str, str]) -> Labels:
    short: dict[str, str] = {}
    for tag, text in found.items():
        short.setdefault(_canonical(tag), text)
    if "zh" not in short and "zh-Hant" in short:
        short["zh"] = short.pop("zh-Hant")
    return short


def _canonical(tag: str) -> str:
    if not _TAG.fullmatch(tag):
        return tag
    parts = re.split(r"[-_]", tag.lower())
    if parts[0] == "zh" and {"hant", "tw", "hk", "mo"} & set(parts):
        return "zh-Hant"
    return parts[0]
