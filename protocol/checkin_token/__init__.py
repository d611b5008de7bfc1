"""The Bluetooth check-in token (签到令牌), CHK-1: what a phone advertises, and whose it is.

Read in this order: `token` (the bytes, and how they roll), `carriers` (in which fields of an advertisement they stand),
`table` (token to visit), `challenge` (a phone proves that it holds the key). Agents hold no keys: they need the first two only.
"""

from protocol.checkin_token.carriers import (
    APPLE,
    UNASSIGNED,
    Carried,
    Carrier,
    as_ibeacon,
    tokens_in,
)
from protocol.checkin_token.challenge import (
    ANSWER,
    ASK,
    NONCE_BYTES,
    PROOF_BYTES,
    SERVICE,
    Question,
    proof_is_good,
    prove,
    read_question,
)
from protocol.checkin_token.table import Resolved, ResolveTable, Unresolved
from protocol.checkin_token.token import (
    KEY_BYTES,
    NAMESPACE,
    T_BYTES,
    VERSION,
    WINDOW_S,
    CheckinToken,
    Flags,
    read_token,
    rolling_key,
    seconds_left,
    token_at,
    values_in,
    window_at,
    window_of,
)

__all__ = [
    "ANSWER",
    "APPLE",
    "ASK",
    "KEY_BYTES",
    "NAMESPACE",
    "NONCE_BYTES",
    "PROOF_BYTES",
    "SERVICE",
    "T_BYTES",
    "UNASSIGNED",
    "VERSION",
    "WINDOW_S",
    "Carried",
    "Carrier",
    "CheckinToken",
    "Flags",
    "Question",
    "ResolveTable",
    "Resolved",
    "Unresolved",
    "as_ibeacon",
    "proof_is_good",
    "prove",
    "read_question",
    "read_token",
    "rolling_key",
    "seconds_left",
    "token_at",
    "tokens_in",
    "values_in",
    "window_at",
    "window_of",
]
