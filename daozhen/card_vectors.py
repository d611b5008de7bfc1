"""Test vectors of the visit card for app developers: `python -m daozhen.card_vectors > docs/vectors/evc.json`.

Made from fixed keys, so that anybody can make them again. Ed25519 is deterministic; the ECDSA proof of a holder-key card
is not, so its vector is for verifying only and is kept as it was first made.
"""

import base64
import json
import sys
from datetime import UTC, date, datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol.card import WINDOW_S, Issuer, prove, window_at

SEED: Final = bytes(range(32))
HOLDER: Final = derive_private_key(0x0123456789ABCDEF, SECP256R1())
CARD_ID: Final = bytes.fromhex("00112233445566778899")
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
NOW: Final = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def vectors() -> dict[str, object]:
    """The vectors as a JSON-able value."""
    secret = Ed25519PrivateKey.from_private_bytes(SEED)
    issuer = Issuer(1, secret)
    static = issuer.static(CARD_ID, FIRST, LAST)
    dynamic = issuer.dynamic(CARD_ID, FIRST, LAST, NOW, 7)
    credential = issuer.credential(CARD_ID, FIRST, LAST, HOLDER.public_key())
    return {
        "issuer": {
            "kid": 1,
            "private_seed_hex": SEED.hex(),
            "public_base64": base64.b64encode(secret.public_key().public_bytes_raw()).decode(),
        },
        "card": {
            "card_id_hex": CARD_ID.hex(),
            "first_day": FIRST.isoformat(),
            "last_day": LAST.isoformat(),
        },
        "time": {"unix": int(NOW.timestamp()), "window_s": WINDOW_S, "window": window_at(NOW)},
        "good": [
            {"name": "static", "text": static, "sequence": 0},
            {"name": "dynamic", "text": dynamic, "sequence": 7},
            {"name": "holder key", "text": prove(credential, HOLDER, NOW), "sequence": 0},
        ],
        "credential_hex": credential.hex(),
        "bad": [
            {"name": "one character changed", "text": static[:40] + _other(static[40]) + static[41:], "problem": "bad_signature"},
            {"name": "cut", "text": static[:-1], "problem": "damaged"},
            {"name": "unused bits set", "text": static[:-1] + _next(static[-1]), "problem": "damaged"},
            {"name": "another kind's prefix", "text": "EVC3" + static[4:], "problem": "damaged"},
            {"name": "a kind that is not there", "text": "EVC9" + static[4:], "problem": "unknown_version"},
            {"name": "padded", "text": static + "======", "problem": "damaged"},
            {"name": "no card", "text": "https://example.org/", "problem": "not_a_card"},
        ],
    }  # fmt: skip


_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def _other(character: str) -> str:
    return _ALPHABET[_ALPHABET.index(character) ^ 16]


def _next(character: str) -> str:
    return _ALPHABET[_ALPHABET.index(character) | 1]


if __name__ == "__main__":
    json.dump(vectors(), sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
