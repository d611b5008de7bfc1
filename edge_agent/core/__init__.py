"""The agent's rules: no clock, no randomness, no I/O. Read `vocabulary`, then `agent`; the rest is what it is made of."""

from edge_agent.core.agent import ANSWER_WITHIN_S, Agent, Identity, Restored
from edge_agent.core.levels import believed
from edge_agent.core.presence import Heard, Presence, Reach

__all__ = [
    "ANSWER_WITHIN_S",
    "Agent",
    "Heard",
    "Identity",
    "Presence",
    "Reach",
    "Restored",
    "believed",
]
