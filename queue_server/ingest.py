"""From what came over MQTT to what somebody wants. Whatever came, there is an answer; nothing here raises.

A message is taken apart in two steps, so that a doubled one costs no check of a signature: `read` says what it is, and
`command_of` makes the command of one that is new.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from protocol import (
    NAME_PATTERN,
    AgentHealth,
    AgentState,
    AgentTopic,
    ButtonPressed,
    CardScanned,
    ClockState,
    Envelope,
    FamilySought,
    Message,
    OfferAnswered,
    PhoneNear,
    PresenceReported,
    ProofGiven,
    ProvisionalGiven,
    Topics,
    Unreadable,
    agent_source,
    decode,
)
from queue_server.cards import CardDesk, ScanMoment
from queue_server.core import commands as c
from queue_server.journal import Rejected

Durable = CardScanned | ProvisionalGiven | ButtonPressed | OfferAnswered | PhoneNear
Momentary = AgentState | AgentHealth | PresenceReported | ProofGiven | FamilySought

LEAVES: Final[dict[type[Message], str]] = {
    CardScanned: "card",
    FamilySought: "card",
    ProvisionalGiven: "card",
    ButtonPressed: "button",
    OfferAnswered: "button",
    PhoneNear: "presence",
    PresenceReported: "presence",
    ProofGiven: "presence",
    AgentState: "state",
    AgentHealth: "health",
}
"""What an agent may say, and where."""
_NAME: Final = re.compile(NAME_PATTERN)
_INSTALL: Final = re.compile(r"[0-9a-f]{16}")
_CLOCK_YEARS: Final = range(2020, 2200)
"""A clock outside these years was never set."""


class RejectReason(StrEnum):
    """Why a message that could be read is not used; `protocol.UnreadableReason` has those that could not."""

    WRONG_TOPIC = "wrong_topic"
    WRONG_SITE = "wrong_site"
    WRONG_SOURCE = "wrong_source"
    EXPIRED = "expired"
    NOT_NUMBERED = "not_numbered"
    BROKE_THE_RULES = "broke_the_rules"


@dataclass(frozen=True, slots=True)
class Delivered:
    """A message as it came in."""

    topic: str
    payload: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Sensed:
    """A durable message of an agent: numbered, to be taken once."""

    agent: str
    install: str
    seq: int
    id: UUID
    moment: ScanMoment
    message: Durable

    @property
    def scan(self) -> UUID:
        """The scan it speaks of: for a provisional number or an answer, the one that came before it."""
        match self.message:
            case ProvisionalGiven(scan=scan) | OfferAnswered(scan=scan):
                return scan
            case _:
                return self.id


@dataclass(frozen=True, slots=True)
class Heard:
    """A momentary message of an agent."""

    agent: str
    install: str | None
    message: Momentary
    id: UUID
    moment: ScanMoment


class Ingest:
    """Reads the messages of one site's agents."""

    def __init__(self, site: str, cards: CardDesk) -> None:
        self._site = site
        self._topics = Topics(site)
        self._cards = cards

    def read(self, delivered: Delivered) -> Sensed | Heard | Rejected | None:
        """Say what a message is; None for the empty message that clears a retained one."""
        topic = self._topics.parse_agent(delivered.topic)
        if topic is None or not _is_name(topic.agent):
            return _rejected(
                delivered, None, RejectReason.WRONG_TOPIC, "No agent of this site speaks there."
            )
        if not delivered.payload and topic.leaf == "state":
            return None
        found = decode(delivered.payload)
        if isinstance(found, Unreadable):
            return _rejected(
                delivered, topic.agent, found.reason, found.detail, found.install, found.seq
            )
        wrong = self._what_is_wrong(topic, found.envelope, found.message, delivered.received_at)
        if wrong:
            envelope = found.envelope
            return _rejected(delivered, topic.agent, *wrong, envelope.install, envelope.seq)
        return _sorted_out(delivered, topic.agent, found.envelope, found.message)

    def _what_is_wrong(
        self, topic: AgentTopic, envelope: Envelope, message: Message, received_at: datetime
    ) -> tuple[str, str] | None:
        if envelope.site != self._site:
            detail = f"It is of the site {envelope.site!r}, this is {self._site!r}."
            return RejectReason.WRONG_SITE, detail
        if envelope.source != agent_source(self._site, topic.agent):
            detail = f"It calls itself {envelope.source!r} but came from {topic.agent!r}."
            return RejectReason.WRONG_SOURCE, detail
        if LEAVES.get(type(message)) != topic.leaf:
            detail = f"A {envelope.type} has no place on a topic ending in {topic.leaf!r}."
            return RejectReason.WRONG_TOPIC, detail
        if envelope.expired(received_at):
            return RejectReason.EXPIRED, f"It meant nothing after {envelope.expirytime}."
        return None

    def command_of(self, sensed: Sensed) -> c.Command:
        """What the agent wants.

        Raises:
            ValueError: of a phone that came near; `phones.PhoneDesk` makes that command.
        """
        agent, moment = sensed.agent, sensed.moment
        match sensed.message:
            case CardScanned(text=text, visit=visit, doctor=doctor):
                verdict = self._cards.judge(text, moment)
                return c.Scan(
                    agent,
                    moment.claimed,
                    moment.clock_synced,
                    verdict.card,
                    verdict.problem,
                    visit=visit,
                    doctor=doctor,
                )
            case ProvisionalGiven(text=text, ticket=ticket):
                verdict = self._cards.judge(text, moment)
                return c.GiveAlias(agent, ticket, moment.likely, verdict.card, verdict.problem)
            case ButtonPressed():
                return c.AskHelp(agent, moment.likely)
            case OfferAnswered(visit=visit, accepted=accepted):
                return c.AnswerOffer(visit, accepted, agent)
            case PhoneNear():
                raise ValueError(
                    "Whose phone it is, and where, is for the desk of the phones to say."
                )


def _is_name(agent: str) -> bool:
    return _NAME.fullmatch(agent) is not None


def _sorted_out(
    delivered: Delivered, agent: str, envelope: Envelope, message: Message
) -> Sensed | Heard | Rejected:
    if isinstance(message, Momentary):
        moment = _moment(envelope, delivered.received_at)
        return Heard(agent, envelope.install, message, envelope.id, moment)
    if isinstance(message, Durable) and envelope.install and envelope.seq:
        moment = _moment(envelope, delivered.received_at)
        return Sensed(agent, envelope.install, envelope.seq, envelope.id, moment, message)
    detail = "It has no install or no seq, so it could never be acknowledged."
    return _rejected(delivered, agent, RejectReason.NOT_NUMBERED, detail)


def _rejected(
    delivered: Delivered,
    agent: str | None,
    reason: str,
    detail: str,
    install: str | None = None,
    seq: int | None = None,
) -> Rejected:
    whose = install if install and _INSTALL.fullmatch(install) else None
    return Rejected(
        delivered.topic,
        reason,
        detail,
        delivered.payload,
        delivered.received_at,
        agent,
        whose,
        seq if whose else None,
    )


def _moment(envelope: Envelope, received_at: datetime) -> ScanMoment:
    """When it was, by the agent; a clock that was never set counts as unset, whatever the agent thinks of it."""
    if envelope.time.year not in _CLOCK_YEARS:
        return ScanMoment(received_at, False, received_at)
    synced = envelope.clockstate is ClockState.SYNCED
    return ScanMoment(envelope.time.astimezone(UTC), synced, received_at)
