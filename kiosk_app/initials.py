"""The first letters of a Chinese text's pinyin (呼吸内科 → `hxnk`), for who types them on a keypad."""

from bisect import bisect_right
from typing import Final

_STARTS: Final = (
    ("a", 0xB0A1), ("b", 0xB0C5), ("c", 0xB2C1), ("d", 0xB4EE), ("e", 0xB6EA), ("f", 0xB7A2), ("g", 0xB8C1),
    ("h", 0xB9FE), ("j", 0xBBF7), ("k", 0xBFA6), ("l", 0xC0AC), ("m", 0xC2E8), ("n", 0xC4C3), ("o", 0xC5B6),
    ("p", 0xC5BE), ("q", 0xC6DA), ("r", 0xC8BB), ("s", 0xC8F6), ("t", 0xCBFA), ("w", 0xCDDA), ("x", 0xCEF4),
    ("y", 0xD1B9), ("z", 0xD4D1),
)  # fmt: skip
"""The 3,755 usual characters of GB 2312 stand in the order of their pinyin: where each letter begins."""
_END: Final = 0xD7FA
_LETTERS: Final = tuple(letter for letter, _ in _STARTS)
_CODES: Final = tuple(code for _, code in _STARTS)
_OTHERS: Final = {
    "疝": "s", "癫": "d", "痫": "x", "痤": "c", "疹": "z", "瘢": "b", "痣": "z", "胱": "g", "疱": "p", "癣": "x",
    "痘": "d", "痹": "b", "髋": "k", "腭": "e", "咽": "y", "喉": "h", "颌": "h", "哮": "x", "骺": "h", "佝": "g",
    "偻": "l", "瘘": "l", "囟": "x", "娩": "m", "妊": "r", "娠": "s", "嗓": "s", "眩": "x", "晕": "y", "睑": "j",
    "龋": "q", "窦": "d", "痉": "j", "挛": "l",
}  # fmt: skip
"""Rarer characters that stand on doors of hospitals, and usual ones that are read otherwise there."""


def initials(text: str) -> str:
    """Letters and digits as they are, in lower case; of Chinese characters the first letter; all else is left out."""
    return "".join(map(_initial, text.lower()))


def _initial(character: str) -> str:
    if character.isascii():
        return character if character.isalnum() else ""
    return _OTHERS.get(character) or _by_order(character)


def _by_order(character: str) -> str:
    try:
        code = int.from_bytes(character.encode("gb2312"))
    except UnicodeEncodeError:
        return ""
    return _LETTERS[bisect_right(_CODES, code) - 1] if _CODES[0] <= code < _END else ""
