"""How numbers, rooms and calls are said: for ears, not for eyes.

A ticket is spelled, sign by sign (A023: A 零二三), for "twenty-three" and "zero twenty-three" sound like two families. A room
with one or two digits is said as a number (12 诊室: 十二诊室), one with more is spelled (302: 三零二), as hospital staff say
them. Ordinals take 二, never 两.
"""

import re
from collections.abc import Mapping
from typing import Final, Literal

from protocol import Text

Language = Literal["zh", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")

_DIGITS: Final = "零一二三四五六七八九"
_ENGLISH_DIGITS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")  # fmt: skip
_CJK: Final = r"[\u3400-\u9fff]"
_TICKET: Final = re.compile(r"\b([A-Z]{1,8}\d{0,4}(?:-\d{1,6})|[A-Z]{1,3}\d{2,6})\b", re.ASCII)
_SPELLED_FROM: Final = 3
"""Numbers with so many digits are spelled."""

_ENDINGS: Final[Mapping[str, tuple[str, str]]] = {
    "clinic": ("就诊", ""),
    "exam": ("检查", ""),
    "cashier": ("缴费", ""),
    "pharmacy": ("取药", ""),
}
"""What one is called for, by the kind of step; a laboratory's windows say it themselves."""


def spelled(ticket: str, language: Language) -> str:
    """A ticket number, sign by sign: `A023` is `A 零二三` and `A, zero two three`."""
    parts = re.findall(r"[A-Za-z]+|\d+", ticket)
    if language == "zh":
        return " ".join(
            "".join(map(_digit, part)) if part.isdigit() else " ".join(part.upper())
            for part in parts
        )
    return ", ".join(
        " ".join(_ENGLISH_DIGITS[int(each)] for each in part)
        if part.isdigit()
        else " ".join(part.upper())
        for part in parts
    )


def spoken(text: str, language: Language, readings: Mapping[str, str] | None = None) -> str:
    """A sentence as it is to be read aloud: tickets spelled, numbers in words, names by their reading.

    Args:
        text: as it is written for eyes.
        language: of the sentence.
        readings: what stands in a sentence → what to read instead, for names with two readings (单 → 善); longest first.
    """
    said = text
    for written in sorted(readings or {}, key=len, reverse=True):
        said = said.replace(written, (readings or {})[written])
    said = _TICKET.sub(lambda found: spelled(found[0], language), said)
    if language == "en":
        return re.sub(rf"\d{{{_SPELLED_FROM},}}", _spell_english, said)
    said = re.sub(rf"(?<={_CJK})\s+(?=\d)|(?<=\d)\s+(?={_CJK})", "", said)
    return re.sub(r"\d+", lambda found: _chinese_number(found[0]), said)


def call_sentence(ticket: str, room: Text, kind: str) -> Text:
    """The call to a room or window.

    Args:
        ticket: the number on the family's slip.
        room: where to go.
        kind: of the step (`clinic`, `lab`, …); an unknown one has no ending.
    """
    zh, en = _ENDINGS.get(kind, ("", ""))
    return Text(
        zh=f"请{ticket}号到{room.zh}{zh}。", en=f"Number {ticket}, please go to {room.en}{en}."
    )


def door_sentence(ticket: str, room: Text) -> Text:
    """The call of two-stage waiting to the door of a room (二次候诊)."""
    return Text(
        zh=f"请{ticket}号到{room.zh}门口候诊。",
        en=f"Number {ticket}, please wait at the door of {room.en}.",
    )


def _spell_english(found: re.Match[str]) -> str:
    return " ".join(_ENGLISH_DIGITS[int(each)] for each in found[0])


def _digit(sign: str) -> str:
    return _DIGITS[int(sign)]


def _chinese_number(digits: str) -> str:
    if len(digits) >= _SPELLED_FROM or (len(digits) > 1 and digits[0] == "0"):
        return "".join(map(_digit, digits))
    tens, ones = divmod(int(digits), 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + ("" if not ones else _DIGITS[ones])
