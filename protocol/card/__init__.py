"""The QR visit card (电子就诊卡): reading, checking, issuing and drawing it.

Read in this order: `body` (the bytes), `problems`, `schemes` (what was read), `check` (is it good), `signing` (making
one), `signed_lists` (keys and revocations), `qr`.
"""

from protocol.card import qr
from protocol.card.body import WINDOW_S, Card, Kind, read_evc, window_at
from protocol.card.check import WINDOWS_ALLOWED, check_card
from protocol.card.errors import BadCardFields, BadSignedList
from protocol.card.problems import SENTENCES, Problem
from protocol.card.schemes import (
    HEALTH_CARD,
    HIS_NUMBER,
    INSURANCE,
    SCHEMES,
    ForeignCard,
    Scheme,
    read_card,
)
from protocol.card.signed_lists import (
    Key,
    KeySet,
    Revocation,
    RevocationList,
    Use,
    open_key_set,
    open_revocations,
    sign_key_set,
    sign_revocations,
    stricter,
)
from protocol.card.signing import Issuer, new_card_id, prove

__all__ = [
    "HEALTH_CARD",
    "HIS_NUMBER",
    "INSURANCE",
    "SCHEMES",
    "SENTENCES",
    "WINDOWS_ALLOWED",
    "WINDOW_S",
    "BadCardFields",
    "BadSignedList",
    "Card",
    "ForeignCard",
    "Issuer",
    "Key",
    "KeySet",
    "Kind",
    "Problem",
    "Revocation",
    "RevocationList",
    "Scheme",
    "Use",
    "check_card",
    "new_card_id",
    "open_key_set",
    "open_revocations",
    "prove",
    "qr",
    "read_card",
    "read_evc",
    "sign_key_set",
    "sign_revocations",
    "stricter",
    "window_at",
]
