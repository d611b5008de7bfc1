"""The keys by which phones make check-in tokens: one a visit, from the site's own secret. None is ever written down.

`visit_key = HKDF-SHA256(secret, info = "daozhen visit key" NUL visit)[:16]`, RFC 5869. Whoever has the secret can be
every phone of the site: it lies beside the journal, readable by the server alone.
"""

import hmac
import os
import secrets
from pathlib import Path
from typing import Final

from protocol.checkin_token import KEY_BYTES
from queue_server.errors import SettingsError

SECRET_BYTES: Final = 32
_SALT: Final = bytes(32)
_INFO: Final = b"daozhen visit key\0"


class VisitKeys:
    """Makes the key of any visit.

    Raises:
        ValueError: the secret is shorter than 32 bytes.
    """

    def __init__(self, secret: bytes) -> None:
        if len(secret) < SECRET_BYTES:
            raise ValueError("The secret of the visit keys must have 32 bytes.")
        self._extracted = hmac.digest(_SALT, secret, "sha256")

    def key(self, visit: str) -> bytes:
        """Sixteen bytes; give them to the visit's own phone only."""
        info = _INFO + visit.encode() + b"\x01"
        return hmac.digest(self._extracted, info, "sha256")[:KEY_BYTES]


def keys_in(path: Path) -> VisitKeys:
    """Read the secret, or make one at the first start.

    Raises:
        SettingsError: it can't be read or made, or is no secret.
    """
    try:
        if not path.exists():
            _make(path)
        return VisitKeys(path.read_bytes())
    except OSError as error:
        raise SettingsError(
            f"The secret of the phones' keys, {path}, can't be used: {error.strerror}. The server must be able to write there."
        ) from error
    except ValueError as error:
        raise SettingsError(
            f"{path} is no secret of 32 bytes. Delete it to have a new one; phones then fetch their keys again."
        ) from error


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    # never readable by others, not even for a moment, and never half written
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(secrets.token_bytes(SECRET_BYTES))
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
