"""The challenge over GATT: a phone proves that it holds the visit's key now, at this agent.

A recording of the air is worth nothing against it. A live relay is not stopped: it can carry the question to the phone
and the answer back; the agent's name in the answer makes it good for this one place only.

The agent writes `nonce(16) | window(4, big-endian) | the agent's name (ASCII)` to `ASK`, and reads the eight bytes of

    CMAC-AES-128(visit_key, nonce | agent | window)[:8]

from `ANSWER`, by notification or by reading it. CMAC: RFC 4493, NIST SP 800-38B.
"""

import hmac
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from protocol.checkin_token.token import NAMESPACE

NONCE_BYTES: Final = 16
PROOF_BYTES: Final = 8


def _uuid(number: int) -> UUID:
    # the version half-byte is 0: never taken for a token
    return UUID(bytes=NAMESPACE + bytes(8) + number.to_bytes(2, "big"))


SERVICE: Final = _uuid(1)
ASK: Final = _uuid(2)
ANSWER: Final = _uuid(3)


@dataclass(frozen=True, slots=True)
class Question:
    """What an agent asks a phone."""

    nonce: bytes
    agent: str
    window: int

    def __bytes__(self) -> bytes:
        return self.nonce + self.window.to_bytes(4, "big") + self.agent.encode()


def read_question(raw: bytes) -> Question | None:
    """Take apart what was written to `ASK`; None when it is no question."""
    head = NONCE_BYTES + 4
    agent = raw[head:]
    if not 1 <= len(agent) <= 40 or not agent.isascii():
        return None
    return Question(raw[:NONCE_BYTES], agent.decode(), int.from_bytes(raw[NONCE_BYTES:head], "big"))


def prove(visit_key: bytes, question: Question) -> bytes:
    """The answer of a phone that holds the key: eight bytes."""
    mac = CMAC(AES(visit_key))
    mac.update(question.nonce + question.agent.encode() + question.window.to_bytes(4, "big"))
    return mac.finalize()[:PROOF_BYTES]


def proof_is_good(visit_key: bytes, question: Question, proof: bytes) -> bool:
    """Whether the answer came from a holder of the key; takes as long either way."""
    return hmac.compare_digest(prove(visit_key, question), proof)
