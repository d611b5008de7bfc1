"""By what a card is found without standing in a table."""

import hashlib


def digest(card: str) -> str:
    """SHA-256 of a card as the journal has it (20 hex digits, or `scheme:value`), hexadecimal."""
    return hashlib.sha256(card.encode()).hexdigest()
