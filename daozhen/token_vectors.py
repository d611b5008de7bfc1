"""Test vectors of the check-in token for app developers: `python -m daozhen.token_vectors > docs/vectors/chk.json`.

Made from fixed keys; all of it is deterministic, so anybody can make it again to the letter.
"""

import json
import sys
from typing import Final

from protocol.checkin_token import (
    ANSWER,
    APPLE,
    ASK,
    NAMESPACE,
    SERVICE,
    UNASSIGNED,
    WINDOW_S,
    CheckinToken,
    Flags,
    Question,
    as_ibeacon,
    prove,
    rolling_key,
    token_at,
    window_of,
)

VISIT_KEY: Final = bytes(range(16))
NOON: Final = 1772424000
NONCE: Final = bytes.fromhex("a0a1a2a3a4a5a6a7a8a9aaabacadaeaf")
AGENT: Final = "door-a"


def vectors() -> dict[str, object]:
    """The vectors as a JSON-able value."""
    token = token_at(VISIT_KEY, NOON)
    question = Question(NONCE, AGENT, window_of(NOON))
    return {
        "namespace_hex": NAMESPACE.hex(),
        "window_s": WINDOW_S,
        "keys": [_key(VISIT_KEY), _key(bytes(16)), _key(b"\xff" * 16)],
        "tokens": [
            _token("noon", VISIT_KEY, NOON),
            _token("last second of the window", VISIT_KEY, NOON + WINDOW_S - 1),
            _token("the next window", VISIT_KEY, NOON + WINDOW_S),
            _token("can prove", VISIT_KEY, NOON, Flags.CAN_PROVE),
            _token("key of zeros", bytes(16), NOON),
            _token("key of ones", b"\xff" * 16, NOON),
            _token("last window of 32 bits", VISIT_KEY, (2**32 - 1) * WINDOW_S),
        ],
        "carriers": [
            {"carrier": "service_uuid", "service_uuids": [str(token.uuid)]},
            {"carrier": "ibeacon", "company": APPLE, "data_hex": as_ibeacon(token).hex()},
            {"carrier": "manufacturer", "company": UNASSIGNED, "data_hex": bytes(token).hex()},
        ],
        "challenge": {
            "service_uuid": str(SERVICE),
            "ask_uuid": str(ASK),
            "answer_uuid": str(ANSWER),
            "visit_key_hex": VISIT_KEY.hex(),
            "nonce_hex": NONCE.hex(),
            "agent": AGENT,
            "window": question.window,
            "written_to_ask_hex": bytes(question).hex(),
            "answer_hex": prove(VISIT_KEY, question).hex(),
        },
        "not_tokens": _not_tokens(token),
    }


def _key(visit_key: bytes) -> dict[str, str]:
    return {"visit_key_hex": visit_key.hex(), "rolling_key_hex": rolling_key(visit_key).hex()}


def _token(name: str, key: bytes, unix_s: int, flags: Flags = Flags.NONE) -> dict[str, object]:
    token = token_at(key, unix_s, flags)
    return {
        "name": name,
        "visit_key_hex": key.hex(),
        "unix_s": unix_s,
        "window": window_of(unix_s),
        "flags": int(flags),
        "t_hex": token.text,
        "uuid": str(token.uuid),
    }


def _not_tokens(token: CheckinToken) -> list[dict[str, str]]:
    raw = bytes(token)
    return [
        {"name": "another namespace", "hex": (bytes([raw[0] ^ 1]) + raw[1:]).hex()},
        {"name": "a version that is not there", "hex": (raw[:6] + b"\x20" + raw[7:]).hex()},
        {"name": "one byte short", "hex": raw[:-1].hex()},
        {"name": "one byte too many", "hex": (raw + b"\0").hex()},
        {"name": "the challenge service", "hex": SERVICE.hex},
    ]


if __name__ == "__main__":
    json.dump(vectors(), sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
