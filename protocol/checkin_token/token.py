"""CHK-1, the check-in token that a phone advertises: how it looks, and how it is made.

`namespace(6) | version and flags(1) | T(9)`, sixteen bytes, so that it fits the one field that every phone may
advertise: a 128-bit service UUID. T rolls every `WINDOW_S` seconds and says nothing to whom does not hold the visit's key:

    K = HKDF-SHA256(visit_key, no salt, info = "CHK-RPIK", 16 bytes)
    T = AES-128(K, "CHK-RPI" NUL, four zero bytes, uint32 big-endian of the window)[:9]

HKDF: RFC 5869. The shape follows the rolling proximity identifiers of exposure notification.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntFlag
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

NAMESPACE: Final = bytes.fromhex("d22950266540")
"""The first six bytes of SHA-256("daozhen CHK-1"): by them a token is told from other advertisements."""
VERSION: Final = 1
WINDOW_S: Final = 900
KEY_BYTES: Final = 16
T_BYTES: Final = 9

_NO_SALT: Final = bytes(32)
_KEY_INFO: Final = b"CHK-RPIK\x01"
_BLOCK_HEAD: Final = b"CHK-RPI\0" + bytes(4)


class Flags(IntFlag):
    """The lower four bits of the seventh byte; not authenticated, so they are hints. Unknown ones are ignored."""

    NONE = 0
    CAN_PROVE = 1
    """The phone offers the challenge service: it can prove that it holds the visit's key."""


@dataclass(frozen=True, slots=True)
class CheckinToken:
    """A token as it is in the air: `value` is T, nine bytes."""

    value: bytes
    flags: Flags = Flags.NONE

    @property
    def text(self) -> str:
        """T as it travels in messages: 18 hex digits."""
        return self.value.hex()

    @property
    def uuid(self) -> UUID:
        """All sixteen bytes, as the UUID that is advertised."""
        return UUID(bytes=bytes(self))

    def __bytes__(self) -> bytes:
        return NAMESPACE + bytes([VERSION << 4 | self.flags]) + self.value


def read_token(raw: bytes) -> CheckinToken | None:
    """Take sixteen bytes apart; None when they are no token, or one of a version that is not known."""
    if len(raw) != 16 or raw[:6] != NAMESPACE or raw[6] >> 4 != VERSION:
        return None
    return CheckinToken(raw[7:], Flags(raw[6] & Flags.CAN_PROVE))


def window_of(unix_s: float) -> int:
    """The window that a moment lies in."""
    return int(unix_s // WINDOW_S)


def window_at(moment: datetime) -> int:
    """The window of an aware datetime."""
    return window_of(moment.timestamp())


def rolling_key(visit_key: bytes) -> bytes:
    """K: from the visit's key, sixteen bytes."""
    extracted = hmac.digest(_NO_SALT, visit_key, "sha256")
    return hmac.digest(extracted, _KEY_INFO, "sha256")[:KEY_BYTES]


def values_in(key: bytes, windows: Sequence[int]) -> list[bytes]:
    """T of each window, under K."""
    blocks = b"".join(_BLOCK_HEAD + window.to_bytes(4, "big") for window in windows)
    # one block each, never chained: AES as the plain permutation that the definition names
    sealed = Cipher(AES(key), ECB()).encryptor().update(blocks)  # noqa: S305
    return [sealed[at : at + T_BYTES] for at in range(0, len(sealed), 16)]


def token_at(visit_key: bytes, unix_s: float, flags: Flags = Flags.NONE) -> CheckinToken:
    """What a phone with this key advertises at a moment; a new one is due when the window changes."""
    [value] = values_in(rolling_key(visit_key), [window_of(unix_s)])
    return CheckinToken(value, flags)


def seconds_left(unix_s: float) -> float:
    """For how long the token of a moment stays the current one."""
    return WINDOW_S - unix_s % WINDOW_S
