"""Whether a card is good: signature, key, days, revocation, window. Time comes in as an argument."""

from datetime import date, datetime
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from nacl.exceptions import BadSignatureError

from protocol.card.body import Card, Kind, window_at
from protocol.card.problems import Problem
from protocol.card.signed_lists import Key, KeySet, RevocationList, Use
from protocol.card.signing import DOMAINS, PROOF_DOMAIN

WINDOWS_ALLOWED: Final = 1
"""How many windows before and after the present one a dynamic code may be from."""
_USE: Final = {Kind.STATIC: Use.STATIC, Kind.HOLDER: Use.HOLDER, Kind.DYNAMIC: Use.DYNAMIC}


def check_card(
    card: Card,
    keys: KeySet | None,
    revoked: RevocationList | None,
    *,
    now: datetime,
    today: date,
    windows_allowed: int = WINDOWS_ALLOWED,
    audience: bytes = b"",
) -> Problem | None:
    """Say what is wrong with a card, or None when it is good.

    Args:
        card: as read.
        keys: the key set in force; None when there is none yet.
        revoked: the revocation list in force, if any.
        now: aware; judges the window of dynamic codes.
        today: the hospital's calendar day; judges first and last day.
        windows_allowed: more for a reader whose clock is not synchronised.
        audience: the challenge this reader showed, if any.
    """
    if keys is None:
        return Problem.NO_KEYS
    key = keys.by_id.get(card.key_id)
    if key is None:
        return Problem.UNKNOWN_KEY
    if not _verified(card, key, audience):
        return Problem.BAD_SIGNATURE
    in_its_days = key.first_day <= today <= key.last_day
    if key.status == "revoked" or _USE[card.kind] not in key.uses or not in_its_days:
        return Problem.KEY_NOT_VALID
    if revoked and revoked.revokes(card):
        return Problem.REVOKED
    return _time_problem(card, now, today, windows_allowed)


def _verified(card: Card, key: Key, audience: bytes) -> bool:
    try:
        key.card_verifier.verify(DOMAINS[card.kind] + card.signed, card.signature)
        if card.holder_key is not None:
            _verify_proof(card, card.holder_key, audience)
    except (BadSignatureError, InvalidSignature, ValueError):  # ValueError: no point of the curve
        return False
    return True


def _verify_proof(card: Card, holder_key: bytes, audience: bytes) -> None:
    r, s = (int.from_bytes(half, "big") for half in (card.proof[:32], card.proof[32:]))
    public = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), holder_key)
    message = PROOF_DOMAIN + card.proven + audience
    public.verify(encode_dss_signature(r, s), message, ECDSA(hashes.SHA256()))


def _time_problem(card: Card, now: datetime, today: date, windows_allowed: int) -> Problem | None:
    if today < card.first_day:
        return Problem.NOT_YET_VALID
    if today > card.last_day:
        return Problem.EXPIRED
    if card.window is None:
        return None
    difference = window_at(now) - card.window
    if difference > windows_allowed:
        return Problem.CODE_TOO_OLD
    return Problem.CODE_FROM_FUTURE if difference < -windows_allowed else None
