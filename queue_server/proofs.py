"""Phones that are asked to prove that they hold their visit's key, before a step goes on that wants more than a token.

A question is put through the agent at whose door the phone stands, and is good there and once: its nonce is fresh, the
agent's name is part of the answer, and a few seconds later nobody waits for it. What is not answered, or wrongly, is settled
as such: the family is asked for its card. Belongs to the writer's thread.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from protocol import ProofGiven, ProofProblem, ProofWanted
from protocol.checkin_token import NONCE_BYTES, Question, proof_is_good, window_of
from queue_server.core import commands as c
from queue_server.phone_messages import Settled
from queue_server.telling import AgentProof

ANSWER_S: Final = 8.0
"""An agent gives up after six seconds; so long an answer counts."""
AGAIN_S: Final = 1.5
"""An agent asks one phone at a time; one that is busy is asked again."""
ALTOGETHER_S: Final = 20.0
OPEN_MOST: Final = 500


@dataclass(slots=True)
class _Open:
    settled: Settled
    visit: str
    key: bytes
    question: Question
    begun_s: float
    send_s: float
    """When it is to be told to the agent."""
    sent: bool = False


class Proofs:
    """Questions that are open; bounded."""

    def __init__(
        self, nonce: Callable[[], bytes] = lambda: secrets.token_bytes(NONCE_BYTES)
    ) -> None:
        self._nonce = nonce
        self._open: dict[bytes, _Open] = {}
        """By nonce."""

    def __len__(self) -> int:
        return len(self._open)

    def ask(self, settled: Settled, visit: str, key: bytes, now: datetime) -> bool:
        """Open a question to the phone of a message; False when it can't be asked."""
        if len(self._open) >= OPEN_MOST or not settled.held.sighting.can_prove:
            return False
        now_s = now.timestamp()
        question = Question(self._nonce(), settled.held.sensed.agent, window_of(now_s))
        self._open[question.nonce] = _Open(settled, visit, key, question, now_s, now_s)
        return True

    def to_tell(self, now: datetime) -> list[AgentProof]:
        """Questions that agents are to be told now."""
        now_s = now.timestamp()
        due = [each for each in self._open.values() if not each.sent and each.send_s <= now_s]
        for each in due:
            each.sent, each.send_s = True, now_s
        return [_told(each, now) for each in due]

    def answered(self, agent: str, given: ProofGiven, now: datetime) -> Settled | None:
        """What becomes of the message; None when nobody asked, it is too late, or it is asked once more."""
        nonce = bytes.fromhex(given.nonce)
        known = self._open.get(nonce)
        if known is None or known.question.agent != agent:
            return None
        now_s = now.timestamp()
        if given.problem is ProofProblem.BUSY and now_s - known.begun_s < ALTOGETHER_S:
            known.sent, known.send_s = False, now_s + AGAIN_S
            return None
        del self._open[nonce]
        if given.proof is None:
            return unproven(known.settled)
        if not proof_is_good(known.key, known.question, bytes.fromhex(given.proof)):
            return unproven(known.settled, c.Reason.PROOF_WRONG)
        return replace(known.settled, proven=True)

    def due(self, now: datetime) -> list[Settled]:
        """Messages whose phones have not answered in time."""
        now_s = now.timestamp()
        late = [
            nonce
            for nonce, each in self._open.items()
            if each.sent and now_s - each.send_s > ANSWER_S
        ]
        return [unproven(self._open.pop(nonce).settled) for nonce in late]


def unproven(settled: Settled, why: c.Reason = c.Reason.PROOF_MISSING) -> Settled:
    """The message as one that asks for the card."""
    command = settled.command
    return replace(settled, command=replace(command, problem=why) if command else None)


def _told(each: _Open, now: datetime) -> AgentProof:
    question = each.question
    wanted = ProofWanted(
        token=each.settled.held.sighting.token,
        nonce=question.nonce.hex(),
        window=question.window,
    )
    return AgentProof(question.agent, wanted, now + timedelta(seconds=ANSWER_S))
