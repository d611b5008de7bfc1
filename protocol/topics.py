"""The MQTT topic tree of a site: `daozhen/v1/{site}/…`.

| topic | from | kept by the broker | what |
|---|---|---|---|
| `edge/{agent}/state` | agent | yes (birth, last will) | `AgentState` |
| `edge/{agent}/health` | agent | no | `AgentHealth` |
| `edge/{agent}/card` | agent | no | `CardScanned`, `ProvisionalGiven` |
| `edge/{agent}/button` | agent | no | `ButtonPressed` |
| `edge/{agent}/presence` | agent | no | `PhoneNear`, `PresenceReported`, `ProofGiven` |
| `edge/{agent}/ack` | server | yes | `Acknowledged` |
| `edge/{agent}/command` | server | no | `Show`, `Print`, `Speak`, `ProofWanted` |
| `board/{area}` | server | yes | `BoardView` |
| `call/{group}` | server | no | `CallMade` |
| `cards/keyset`, `cards/revoked` | server | yes | the signed card key set and revocation list |
| `server/state` | server | yes (last will) | `ServerState` |
"""

from dataclasses import dataclass
from typing import Final

from protocol.identifiers import checked_name

ROOT: Final = "daozhen/v1"


@dataclass(frozen=True, slots=True)
class AgentTopic:
    """A topic below `edge/{agent}/`, taken apart."""

    agent: str
    leaf: str


class Topics:
    """Builds and takes apart the topics of one site."""

    def __init__(self, site: str) -> None:
        self.site = checked_name(site)
        self._base = f"{ROOT}/{site}"
        self._edge = f"{self._base}/edge/"
        self.server_state = f"{self._base}/server/state"
        self.card_keys = f"{self._base}/cards/keyset"
        self.revoked_cards = f"{self._base}/cards/revoked"
        self.every_agent = f"{self._edge}+/+"

    def agent(self, agent: str, leaf: str) -> str:
        """`edge/{agent}/{leaf}`; leaf is one of state, health, card, presence, button, ack, command."""
        return f"{self._edge}{checked_name(agent)}/{leaf}"

    def agent_events(self, leaf: str) -> str:
        """The filter by which the server hears `leaf` of every agent."""
        return f"{self._edge}+/{leaf}"

    def board(self, area: str) -> str:
        """`board/{area}`: what a hall sees."""
        return f"{self._base}/board/{checked_name(area)}"

    def call(self, group: str) -> str:
        """`call/{group}`: one message a call, for voice and pushes."""
        return f"{self._base}/call/{checked_name(group)}"

    def parse_agent(self, topic: str) -> AgentTopic | None:
        """Take `edge/{agent}/{leaf}` apart; None when the topic is not of that form or of another site."""
        if not topic.startswith(self._edge):
            return None
        agent, slash, leaf = topic[len(self._edge) :].partition("/")
        return AgentTopic(agent, leaf) if slash and leaf and "/" not in leaf else None
