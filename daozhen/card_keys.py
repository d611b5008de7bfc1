"""Keys for a hospital that is only a demonstration: made anew, kept in its own folder."""

import base64
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol.card import (
    Issuer,
    Key,
    KeySet,
    RevocationList,
    Use,
    new_card_id,
    sign_key_set,
    sign_revocations,
)


@dataclass(frozen=True, slots=True)
class DemoCards:
    """An issuer, and the files by which servers and kiosks know it."""

    issuer: Issuer
    root: str
    """Public root key, base64."""
    keys: Path
    revoked: Path

    def card(self, today: date) -> tuple[str, str]:
        """A new static card, good for a year: its id in hex, and its text."""
        card_id = new_card_id(secrets.token_bytes)
        text = self.issuer.static(card_id, today - timedelta(1), today + timedelta(365))
        return card_id.hex(), text


def make_demo_cards(folder: Path) -> DemoCards:
    """Make keys and write the signed lists."""
    folder.mkdir(parents=True, exist_ok=True)
    root, signing = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    now = datetime.now(UTC)
    key = Key(
        kid=1,
        public=base64.b64encode(signing.public_key().public_bytes_raw()),
        first_day=now.date() - timedelta(2),
        last_day=now.date() + timedelta(800),
        uses=frozenset(Use),
    )
    keys, revoked = folder / "card-keyset.json", folder / "card-revoked.json"
    keys.write_bytes(sign_key_set(KeySet(counter=1, issued_at=now, keys=(key,)), root))
    revoked.write_bytes(sign_revocations(RevocationList(counter=1, issued_at=now), 1, signing))
    public = base64.b64encode(root.public_key().public_bytes_raw()).decode()
    return DemoCards(Issuer(1, signing), public, keys, revoked)
