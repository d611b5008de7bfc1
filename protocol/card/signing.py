"""Making cards: what the issuer does, and for holder keys what the phone does."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from protocol.card.body import Kind, pack_body, to_text, window_at

DOMAINS: Final = {kind: f"daozhen/evc{int(kind)}\0".encode() for kind in Kind}
"""What stands before the bytes that an issuer signs."""
PROOF_DOMAIN: Final = b"daozhen/evc2-proof\0"

RandomBytes = Callable[[int], bytes]


def new_card_id(random_bytes: RandomBytes) -> bytes:
    """Ten random bytes."""
    return random_bytes(10)


class Issuer:
    """Signs cards under one key of the key set."""

    def __init__(self, key_id: int, private_key: Ed25519PrivateKey) -> None:
        self.key_id = key_id
        self._key = private_key

    def static(self, card_id: bytes, first_day: date, last_day: date, sequence: int = 0) -> str:
        """`EVC1`: for paper and wallets.

        Raises:
            BadCardFields: see `body.pack_body`; so do the two below.
        """
        body = pack_body(Kind.STATIC, self.key_id, sequence, card_id, first_day, last_day)
        return to_text(Kind.STATIC, body + self._sign(Kind.STATIC, body))

    def dynamic(
        self, card_id: bytes, first_day: date, last_day: date, now: datetime, sequence: int = 0
    ) -> str:
        """`EVC3`: good for the window of `now` (aware) and its neighbours; a screenshot dies."""
        body = pack_body(Kind.DYNAMIC, self.key_id, sequence, card_id, first_day, last_day)
        body += window_at(now).to_bytes(4, "big")
        return to_text(Kind.DYNAMIC, body + self._sign(Kind.DYNAMIC, body))

    def credential(
        self,
        card_id: bytes,
        first_day: date,
        last_day: date,
        holder_key: EllipticCurvePublicKey,
        sequence: int = 0,
    ) -> bytes:
        """What a phone stores for `EVC2`: 114 bytes that name the phone's own P-256 key."""
        body = pack_body(Kind.HOLDER, self.key_id, sequence, card_id, first_day, last_day)
        body += holder_key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
        return body + self._sign(Kind.HOLDER, body)

    def _sign(self, kind: Kind, body: bytes) -> bytes:
        return self._key.sign(DOMAINS[kind] + body)


def prove(
    credential: bytes, holder_key: EllipticCurvePrivateKey, now: datetime, audience: bytes = b""
) -> str:
    """`EVC2`, as the phone makes it, anew for each window; `audience` is a reader's challenge, if it shows one.

    Raises:
        ValueError: the key is not on P-256.
    """
    if not isinstance(holder_key.curve, SECP256R1):
        raise ValueError("A holder key is on P-256.")
    proven = credential + window_at(now).to_bytes(4, "big")
    r, s = decode_dss_signature(
        holder_key.sign(PROOF_DOMAIN + proven + audience, ECDSA(hashes.SHA256()))
    )
    return to_text(Kind.HOLDER, proven + r.to_bytes(32, "big") + s.to_bytes(32, "big"))
