"""Addresses that only this server can make or read: a few values, sealed.

The same values give the same text, so that a page that is drawn again has the same addresses: the nonce is made of the
values themselves (as in RFC 5297). Whoever must not be guessable brings something random with it.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from typing import Final, TypeVar

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

T = TypeVar("T")
LONGEST: Final = 400
_NONCE: Final = 12


class Seal:
    """Seals values for one purpose; what is sealed for another can't be opened.

    Args:
        key: 32 random bytes.
        purpose: tells the kinds of addresses apart.
    """

    def __init__(self, key: bytes, purpose: str) -> None:
        self._purpose = purpose.encode()
        self._nonces = hmac.digest(key, b"nonces of " + self._purpose, "sha256")
        self._box = AESGCM(hmac.digest(key, b"contents of " + self._purpose, "sha256"))

    def seal(self, values: tuple[object, ...]) -> str:
        """The text for an address: letters, digits, `-` and `_`."""
        plain = msgspec.msgpack.encode(values)
        nonce = hmac.digest(self._nonces, plain, "sha256")[:_NONCE]
        sealed = nonce + self._box.encrypt(nonce, plain, self._purpose)
        return urlsafe_b64encode(sealed).decode().rstrip("=")

    def open(self, text: str, shape: type[T]) -> T | None:
        """What a text says; None when it is none of ours."""
        if len(text) > LONGEST or not text.isascii():
            return None
        try:
            sealed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
            plain = self._box.decrypt(sealed[:_NONCE], sealed[_NONCE:], self._purpose)
            return msgspec.msgpack.decode(plain, type=shape)
        except (Error, ValueError, InvalidTag, msgspec.MsgspecError):
            return None
