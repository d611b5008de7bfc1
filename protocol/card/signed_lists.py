"""The key set and the revocation list: signed, counted, never going back.

Both travel as `{"signed": base64 of the very bytes, "by": key id or "root", "signature": base64}`: what is signed is what
is read, so there is no canonical form to get wrong. The key set is signed by the offline root; the revocation list by
a key of the set that may revoke.
"""

import base64
import json
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Final, Literal, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from nacl.signing import VerifyKey
from pydantic import (
    AwareDatetime,
    Base64Bytes,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
)

from protocol.card.body import Card
from protocol.card.errors import BadSignedList

KEYS_DOMAIN: Final = b"daozhen/keyset\0"
REVOKED_DOMAIN: Final = b"daozhen/revoked\0"
ROOT: Final = "root"
Counter = Annotated[int, Field(ge=1)]
Kid = Annotated[int, Field(ge=0, le=255)]


class Use(StrEnum):
    """What a key may sign."""

    STATIC = "static"
    HOLDER = "holder"
    DYNAMIC = "dynamic"
    REVOKE = "revoke"


class Key(BaseModel):
    """One issuer key. A retired key signs nothing new but its cards live on; a revoked key's cards are dead."""

    model_config = ConfigDict(frozen=True, extra="ignore", ignored_types=(cached_property,))

    kid: Kid
    public: Base64Bytes
    first_day: date
    last_day: date
    """Cards of this key are good until then at the latest."""
    uses: frozenset[Use]
    status: Literal["active", "retired", "revoked"] = "active"

    @cached_property
    def verifier(self) -> Ed25519PublicKey:
        """The loaded key.

        Raises:
            ValueError: `public` is not 32 bytes.
        """
        return Ed25519PublicKey.from_public_bytes(self.public)

    @cached_property
    def card_verifier(self) -> VerifyKey:
        """The same key as libsodium holds it, which checks twice as fast and lets other threads run meanwhile.

        Raises:
            nacl.exceptions.ValueError: `public` is not 32 bytes.
        """
        return VerifyKey(self.public)


class KeySet(BaseModel):
    """All issuer keys of a hospital."""

    model_config = ConfigDict(frozen=True, extra="ignore", ignored_types=(cached_property,))

    counter: Counter
    issued_at: AwareDatetime
    keys: tuple[Key, ...]

    @field_validator("keys")
    @classmethod
    def _each_once(cls, keys: tuple[Key, ...]) -> tuple[Key, ...]:
        if len({key.kid for key in keys}) < len(keys):
            raise ValueError("a key id stands in it twice")
        return keys

    @cached_property
    def by_id(self) -> dict[int, Key]:
        """Keys by key id."""
        return {key.kid: key for key in self.keys}


class Revocation(BaseModel):
    """Cards whose id begins with `card` are dead; with `below` only those of a smaller sequence."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    card: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8,20}$")]
    below: Annotated[int, Field(ge=1, le=255)] | None = None


def stricter(one: Revocation, other: Revocation) -> Revocation:
    """Which of two revocations of the same card kills more."""
    if one.below is None or (other.below is not None and one.below >= other.below):
        return one
    return other


class RevocationList(BaseModel):
    """All revoked cards that could still be shown."""

    model_config = ConfigDict(frozen=True, extra="ignore", ignored_types=(cached_property,))

    counter: Counter
    issued_at: AwareDatetime
    entries: tuple[Revocation, ...] = ()

    @cached_property
    def _by_prefix(self) -> dict[str, Revocation]:
        strictest: dict[str, Revocation] = {}
        for entry in self.entries:
            strictest[entry.card] = stricter(entry, strictest.get(entry.card, entry))
        return strictest

    @cached_property
    def _lengths(self) -> tuple[int, ...]:
        return tuple(sorted({len(entry.card) for entry in self.entries}))

    def revokes(self, card: Card) -> bool:
        """Whether this card is dead."""
        for length in self._lengths:
            entry = self._by_prefix.get(card.id[:length])
            if entry and (entry.below is None or card.sequence < entry.below):
                return True
        return False


SignedList = TypeVar("SignedList", KeySet, RevocationList)


def sign_key_set(key_set: KeySet, root: Ed25519PrivateKey) -> bytes:
    """The file that the root publishes."""
    return _sealed(KEYS_DOMAIN, key_set, ROOT, root)


def sign_revocations(revoked: RevocationList, kid: int, key: Ed25519PrivateKey) -> bytes:
    """The file that a revoking key publishes."""
    return _sealed(REVOKED_DOMAIN, revoked, str(kid), key)


def _sealed(domain: bytes, content: BaseModel, by: str, key: Ed25519PrivateKey) -> bytes:
    signed = content.model_dump_json(exclude_none=True).encode()
    sealed = {
        "signed": base64.b64encode(signed).decode(),
        "by": by,
        "signature": base64.b64encode(key.sign(domain + signed)).decode(),
    }
    return json.dumps(sealed, indent=1).encode() + b"\n"


def open_key_set(raw: bytes, root: Ed25519PublicKey, known: KeySet | None = None) -> KeySet:
    """Read a signed key set.

    Args:
        raw: the file.
        root: the root key baked into this program's configuration.
        known: the set in force; an older one is refused (rollback guard).

    Raises:
        BadSignedList: damaged, not signed by this root, or older than `known`.
    """
    signed = _opened(raw, KEYS_DOMAIN, lambda by: root if by == ROOT else None, "key set")
    return _newer(_content(signed, KeySet, "key set"), known, "key set")


def open_revocations(
    raw: bytes, keys: KeySet, known: RevocationList | None = None
) -> RevocationList:
    """Read a signed revocation list; the guards are those of `open_key_set`.

    Raises:
        BadSignedList: damaged, not signed by a key that may revoke, or older than `known`.
    """

    def revoker(by: str) -> Ed25519PublicKey | None:
        key = keys.by_id.get(int(by)) if by.isdecimal() else None
        # a retired key signs nothing new, but a list it has signed still keeps dead cards dead
        may = key is not None and Use.REVOKE in key.uses and key.status != "revoked"
        return key.verifier if key and may else None

    signed = _opened(raw, REVOKED_DOMAIN, revoker, "revocation list")
    return _newer(_content(signed, RevocationList, "revocation list"), known, "revocation list")


def _opened(
    raw: bytes, domain: bytes, verifier_of: Callable[[str], Ed25519PublicKey | None], what: str
) -> bytes:
    try:
        sealed = json.loads(raw)
        signed = base64.b64decode(sealed["signed"], validate=True)
        signature = base64.b64decode(sealed["signature"], validate=True)
        verifier = verifier_of(str(sealed["by"]))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadSignedList(f"The {what} is damaged: fetch it again from its issuer.") from error
    if verifier is None:
        raise BadSignedList(f"The {what} is signed by a key that may not sign it.")
    try:
        verifier.verify(signature, domain + signed)
    except InvalidSignature as error:
        raise BadSignedList(
            f"The signature of the {what} is wrong: it was changed, or comes from another hospital."
        ) from error
    return signed


def _content(signed: bytes, model: type[SignedList], what: str) -> SignedList:
    try:
        return model.model_validate_json(signed)
    except ValidationError as error:
        raise BadSignedList(
            f"The {what} is signed but can't be read; is it of a newer version?"
        ) from error


def _newer(found: SignedList, known: SignedList | None, what: str) -> SignedList:
    if known and found.counter < known.counter:
        raise BadSignedList(
            f"The {what} has counter {found.counter}, but {known.counter} is already in force: an old one is not taken back."
        )
    return found
