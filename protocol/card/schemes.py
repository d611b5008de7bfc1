"""What a reading is: a visit card of ours, a card of another scheme, or none at all."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from protocol.card.body import MAX_TEXT, Card, read_evc
from protocol.card.problems import Problem


@dataclass(frozen=True, slots=True)
class Scheme:
    """Codes of somebody else that the hospital's own register can resolve."""

    name: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class ForeignCard:
    """A code of another scheme; only the server can say whose it is."""

    scheme: str
    value: str

    @property
    def id(self) -> str:
        """`scheme:value`, as the register knows it."""
        return f"{self.scheme}:{self.value}"


HEALTH_CARD: Final = Scheme("health", re.compile(r"([0-9A-Fa-f]{64})(?::1)?"))
"""Province health card: 64 hex digits, sometimes followed by `:1`."""
INSURANCE: Final = Scheme("insurance", re.compile(r"([0-9]{28})"))
"""Electronic insurance code: 28 digits."""
HIS_NUMBER: Final = Scheme("his", re.compile(r"HIS-?([0-9]{4,16})"))
"""A plain number of the hospital's information system."""

SCHEMES: Final = (HEALTH_CARD, INSURANCE, HIS_NUMBER)


def read_card(
    raw: str | bytes, schemes: Sequence[Scheme] = SCHEMES
) -> Card | ForeignCard | Problem:
    """Say what was read. Never raises: whatever a code holds, there is an answer.

    Args:
        raw: the code's bytes, or what a scanner typed. White space around it is dropped; a whole text in lower
            case is taken too, for that is what a keyboard with caps lock makes of a card.
        schemes: the foreign schemes to try, in order.
    """
    text = _ascii(raw)
    if text is None:
        return Problem.NOT_A_CARD
    if text[:3].upper() == "EVC":
        return read_evc(text.upper() if text.islower() else text)
    for scheme in schemes:
        match = scheme.pattern.fullmatch(text)
        if match:
            return ForeignCard(scheme.name, match[1].lower())
    return Problem.NOT_A_CARD


def _ascii(raw: str | bytes) -> str | None:
    if len(raw) > MAX_TEXT:
        return None
    try:
        text = raw.decode("ascii") if isinstance(raw, bytes) else raw
    except UnicodeDecodeError:
        return None
    text = text.strip(" \t\r\n")
    return text if text.isascii() and text.isprintable() and text else None
