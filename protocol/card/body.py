"""The bytes of an EVC, and its text.

| text | bytes | QR, level M |
|---|---|---|
| `EVC1` static | body(17) · signature(64) | 134 characters, version 6 |
| `EVC3` dynamic | body(17) · window(4) · signature(64) | 140 characters, version 6 |
| `EVC2` holder key | body(17) · holder key(33) · signature(64) · window(4) · proof(64) | 296 characters, version 10 |

body: version(4 bit) kind(4 bit) · key id(1) · sequence(1) · card id(10) · first day(2) · last day(2), big-endian; days are
counted from 2020-01-01. After the four characters of the prefix everything is base32 (RFC 4648, no padding), so a QR
code holds it in alphanumeric mode and a keyboard-wedge scanner can't garble it by its layout.

Signatures are Ed25519 over a domain string and all bytes before the signature; the proof of an `EVC2` is ECDSA P-256
with SHA-256 (raw r‖s, as WebCrypto makes it) over a domain string, all bytes before the proof, and the audience.
"""

import base64
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Final

from protocol.card.errors import BadCardFields
from protocol.card.problems import Problem

VERSION: Final = 1
DAY_ZERO: Final = date(2020, 1, 1)
WINDOW_S: Final = 30
"""Seconds in the window of a dynamic code."""
SIGNATURE: Final = 64
HOLDER_KEY: Final = 33
BODY: Final = 17
WINDOW: Final = 4
MAX_TEXT: Final = 1024


class Kind(IntEnum):
    """Which card it is; the number stands in its prefix."""

    STATIC = 1
    HOLDER = 2
    DYNAMIC = 3


LENGTHS: Final = {
    Kind.STATIC: BODY + SIGNATURE,
    Kind.HOLDER: BODY + HOLDER_KEY + SIGNATURE + WINDOW + SIGNATURE,
    Kind.DYNAMIC: BODY + WINDOW + SIGNATURE,
}
_TEXT = re.compile(r"EVC([0-9])([A-Z2-7]+)")
_AS_DIGITS: Final = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789abcdefghijklmnopqrstuv"
)
"""From the letters of base32 to the digits that `int` reads to the base of 32."""


@dataclass(frozen=True, slots=True)
class Card:
    """A card as read; nothing about it is checked yet but its form.

    Attributes:
        card_id: 10 random bytes; the only thing that ties it to a child, and only inside the hospital.
        sequence: rises when a card is issued again; 0–255.
        first_day, last_day: both inclusive, in the hospital's calendar.
        window: `unix // WINDOW_S` of a dynamic or holder-key code.
        signed: the bytes its issuer signed; `proven`: those its holder signed.
    """

    kind: Kind
    key_id: int
    sequence: int
    card_id: bytes
    first_day: date
    last_day: date
    signed: bytes
    signature: bytes
    window: int | None = None
    holder_key: bytes | None = None
    proven: bytes = b""
    proof: bytes = b""

    @property
    def id(self) -> str:
        """The card id as 20 hex digits."""
        return self.card_id.hex()


def pack_body(
    kind: Kind, key_id: int, sequence: int, card_id: bytes, first_day: date, last_day: date
) -> bytes:
    """The 17 bytes.

    Raises:
        BadCardFields: something does not fit its place.
    """
    days = [(day - DAY_ZERO).days for day in (first_day, last_day)]
    numbers_fit = 0 <= key_id < 256 and 0 <= sequence < 256 and len(card_id) == 10
    if not numbers_fit or not all(0 <= day < 65536 for day in days) or days[0] > days[1]:
        raise BadCardFields(
            "A card needs a key id and a sequence of 0–255, a card id of 10 bytes, and a first day that is not after "
            f"its last, both between {DAY_ZERO} and {DAY_ZERO + timedelta(65535)}."
        )
    head = bytes((VERSION << 4 | kind, key_id, sequence))
    return head + card_id + days[0].to_bytes(2, "big") + days[1].to_bytes(2, "big")


def to_text(kind: Kind, data: bytes) -> str:
    """The text that stands in the QR code."""
    return f"EVC{int(kind)}" + base64.b32encode(data).decode().rstrip("=")


def window_at(now: datetime) -> int:
    """The window of an aware moment."""
    return int(now.timestamp()) // WINDOW_S


def read_evc(text: str) -> Card | Problem:
    """Read a text that begins with `EVC`. Only the one canonical text of a card is taken."""
    match = _TEXT.fullmatch(text) if len(text) <= MAX_TEXT else None
    if match is None:
        return Problem.DAMAGED
    if int(match[1]) not in set(Kind):
        return Problem.UNKNOWN_VERSION
    kind = Kind(int(match[1]))
    data = _decoded(match[2])
    if data is None or len(data) != LENGTHS[kind]:
        return Problem.DAMAGED
    if data[0] >> 4 != VERSION:
        return Problem.UNKNOWN_VERSION
    if data[0] & 15 != kind:
        return Problem.DAMAGED
    return _card(kind, data)


def _decoded(base32: str) -> bytes | None:
    """The bytes, if their last unused bits are zero. Ten times as fast as `base64`, which is not written in C."""
    bits = 5 * len(base32)
    unused = bits % 8
    value = int(base32.translate(_AS_DIGITS), 32)
    if unused >= 5 or value & (1 << unused) - 1:
        return None
    return (value >> unused).to_bytes(bits // 8, "big")


def _card(kind: Kind, data: bytes) -> Card:
    window = holder_key = None
    proven = proof = b""
    match kind:
        case Kind.STATIC:
            signed, signature = data[:-SIGNATURE], data[-SIGNATURE:]
        case Kind.DYNAMIC:
            signed, signature = data[:-SIGNATURE], data[-SIGNATURE:]
            window = int.from_bytes(data[BODY : BODY + WINDOW], "big")
        case Kind.HOLDER:
            proven, proof = data[:-SIGNATURE], data[-SIGNATURE:]
            signed = data[: BODY + HOLDER_KEY]
            signature = data[BODY + HOLDER_KEY : BODY + HOLDER_KEY + SIGNATURE]
            holder_key = data[BODY : BODY + HOLDER_KEY]
            window = int.from_bytes(proven[-WINDOW:], "big")
    first, last = (
        DAY_ZERO + timedelta(int.from_bytes(data[at : at + 2], "big")) for at in (13, 15)
    )
    return Card(
        kind,
        data[1],
        data[2],
        data[3:13],
        first,
        last,
        signed,
        signature,
        window,
        holder_key,
        proven,
        proof,
    )
