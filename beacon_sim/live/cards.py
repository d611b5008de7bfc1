"""The cards of a day's families, and the signed lists by which server and kiosks know them; keys are made anew."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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
class DayCards:
    """An issuer for one day, and the files that name its key."""

    root: str
    """Public root key, base64."""
    keys: Path
    revoked: Path
    issuer: Issuer
    day: date

    def of(self, visit: str) -> tuple[str, str]:
        """Id in hex and text of the card of a visit: always the same."""
        drawn = hashlib.sha256(visit.encode()).digest()
        id = new_card_id(lambda count: drawn[:count])
        week = timedelta(7)
        return id.hex(), self.issuer.static(id, self.day - week, self.day + week)


def make_day_cards(folder: Path, moment: datetime) -> DayCards:
    """Make keys, and write the lists as they are at a moment (aware)."""
    folder.mkdir(parents=True, exist_ok=True)
    root, signing = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    day, month = moment.date(), timedelta(31)
    public = base64.b64encode(signing.public_key().public_bytes_raw())
    key = Key(
        kid=1,
        public=public,
        first_day=day - month,
        last_day=day + month,
        uses=frozenset(Use),
    )
    keys, revoked = folder / "keys.json", folder / "revoked.json"
    keys.write_bytes(sign_key_set(KeySet(counter=1, issued_at=moment, keys=(key,)), root))
    revoked.write_bytes(sign_revocations(RevocationList(counter=1, issued_at=moment), 1, signing))
    shown = base64.b64encode(root.public_key().public_bytes_raw()).decode()
    return DayCards(shown, keys, revoked, Issuer(1, signing), day)
