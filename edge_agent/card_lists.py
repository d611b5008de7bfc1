"""The key set and the revocation list on disk: what came last and was right, for a start without the broker."""

import base64
from pathlib import Path

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from edge_agent.errors import BadSettings
from protocol.card import BadSignedList, KeySet, RevocationList, open_key_set, open_revocations

_log = structlog.get_logger()


class CardLists:
    """Takes lists as they come, refuses what is not signed or is older, keeps what is good.

    Raises:
        BadSettings: the root key is not one.
    """

    def __init__(self, folder: Path, root: str) -> None:
        self._keys_file = folder / "card-keyset.json"
        self._revoked_file = folder / "card-revoked.json"
        self.keys: KeySet | None = None
        self.revoked: RevocationList | None = None
        try:
            self._root = (
                Ed25519PublicKey.from_public_bytes(base64.b64decode(root)) if root else None
            )
        except ValueError as error:
            raise BadSettings("card_root is no key: it is 44 characters of base64.") from error

    def restore(self) -> None:
        """Take what is on disk."""
        if self._keys_file.is_file():
            self.take_keys(self._keys_file.read_bytes())
        if self._revoked_file.is_file():
            self.take_revoked(self._revoked_file.read_bytes())

    def take_keys(self, raw: bytes) -> KeySet | None:
        """Use this key set from now on, if it is right; None when not."""
        if self._root is None:
            return None
        try:
            self.keys = open_key_set(raw, self._root, self.keys)
        except BadSignedList as error:
            _log.error("card_keys_refused", why=str(error))
            return None
        _write(self._keys_file, raw)
        return self.keys

    def take_revoked(self, raw: bytes) -> RevocationList | None:
        """Use this revocation list from now on, if it is right; None when not."""
        if self.keys is None:
            return None
        try:
            self.revoked = open_revocations(raw, self.keys, self.revoked)
        except BadSignedList as error:
            _log.error("card_revocations_refused", why=str(error))
            return None
        _write(self._revoked_file, raw)
        return self.revoked


def _write(path: Path, raw: bytes) -> None:
    if path.is_file() and path.read_bytes() == raw:
        return
    part = path.with_suffix(".part")
    part.write_bytes(raw)
    part.replace(path)
