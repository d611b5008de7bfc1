"""What a phone is handed: an opaque token that says from where and to where, and till when; nothing about anybody.

It is sealed (AES-GCM under a key of this server) with a random nonce, so that two tokens of the same way do not look alike,
none can be made or read elsewhere, and nothing need be kept: a restart forgets none.
"""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from nav_maps import Profile

GOOD_FOR: Final = timedelta(hours=12)
"""A family's day in the hospital."""
_NONCE: Final = 12
_LONGEST: Final = 400
_AGAINST: Final = b"daozhen way 1"


@dataclass(frozen=True, slots=True)
class Goal:
    """A way somebody is on: ids on the map, who walks, and whether one waits there to be called."""

    start: str
    end: str
    profile: Profile
    wait: bool = False


class Sealer:
    """Makes tokens and reads them."""

    def __init__(self, key: bytes) -> None:
        """`key`: 32 random bytes."""
        self._box = AESGCM(key)

    def seal(self, goal: Goal, now: datetime) -> str:
        """A token that is good from `now` for `GOOD_FOR`."""
        until = int((now + GOOD_FOR).timestamp()) // 60
        plain = msgspec.msgpack.encode([until, goal.start, goal.end, goal.profile.value, goal.wait])
        nonce = os.urandom(_NONCE)
        return (
            urlsafe_b64encode(nonce + self._box.encrypt(nonce, plain, _AGAINST))
            .decode()
            .rstrip("=")
        )

    def open(self, token: str, now: datetime) -> Goal | None:
        """What a token says; None when it is not one of ours, or its time is over."""
        if len(token) > _LONGEST or not token.isascii():
            return None
        try:
            sealed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
            plain = self._box.decrypt(sealed[:_NONCE], sealed[_NONCE:], _AGAINST)
            until, start, end, profile, wait = msgspec.msgpack.decode(
                plain, type=tuple[int, str, str, str, bool]
            )
        except (Error, ValueError, InvalidTag, msgspec.MsgspecError):
            return None
        if datetime.fromtimestamp(until * 60, UTC) < now:
            return None
        return Goal(start, end, Profile(profile), wait)


def key_in(folder: Path, name: str = "way.key") -> bytes:
    """The key in a folder; made at the first time, readable by its owner alone."""
    file = folder / name
    try:
        key = file.read_bytes()
    except FileNotFoundError:
        key = b""
    if len(key) == 32:
        return key
    folder.mkdir(parents=True, exist_ok=True)
    key = os.urandom(32)
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as made:  # noqa: PTH123  # its mode from the start
        made.write(key)
    return key
