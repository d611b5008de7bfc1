"""The headless program at a kiosk, door or corridor: senses cards, keeps them until the server has them, obeys commands.

`open_agent(settings)` runs one; a screen subscribes to its `ScreenEvent`s.
"""

from edge_agent.announcements import utc_now
from edge_agent.clock import clock_is_synced
from edge_agent.core.vocabulary import (
    Answered,
    BoardShown,
    CardLists,
    CardSeen,
    Connection,
    NotKept,
    ProvisionalTicket,
    Refused,
    ScreenEvent,
    SpeechWanted,
    TicketWanted,
)
from edge_agent.errors import AgentError, BadSettings, OutboxUnusable
from edge_agent.program import RunningAgent, open_agent
from edge_agent.settings import AgentSettings

__all__ = [
    "AgentError",
    "AgentSettings",
    "Answered",
    "BadSettings",
    "BoardShown",
    "CardLists",
    "CardSeen",
    "Connection",
    "NotKept",
    "OutboxUnusable",
    "ProvisionalTicket",
    "Refused",
    "RunningAgent",
    "ScreenEvent",
    "SpeechWanted",
    "TicketWanted",
    "clock_is_synced",
    "open_agent",
    "utc_now",
]
