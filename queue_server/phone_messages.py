"""Messages about phones that came near, while they are held and when they are settled."""

from dataclasses import dataclass

from protocol import PhoneNear, Sighting
from queue_server.core import commands as c
from queue_server.ingest import Delivered, Sensed


@dataclass(frozen=True, slots=True)
class Held:
    """A message about a phone that came near, and how it came in."""

    sensed: Sensed
    delivered: Delivered
    area: str | None = None
    """Of the agent."""

    @property
    def sighting(self) -> Sighting:
        """What the agent heard."""
        message = self.sensed.message
        assert isinstance(message, PhoneNear)  # noqa: S101  # the writer brings no other
        return message.sighting


@dataclass(frozen=True, slots=True)
class Settled:
    """A message that is dealt with, and what is to be done; None: nothing."""

    held: Held
    command: c.PhoneAtDoor | None
    proven: bool = False
    """The phone has proved that it holds the visit's key."""
