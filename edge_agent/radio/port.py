"""What a Bluetooth radio is to an agent: something that is started, hands over adverts, and says when it is ill."""

from collections.abc import Callable
from typing import Protocol

from edge_agent.core.presence import Heard
from edge_agent.core.recovery import Trouble
from edge_agent.errors import AgentError
from protocol import ProofProblem

Take = Callable[[Heard], None]


class BadRadio(AgentError):
    """A radio that can't be meant, or whose library is missing; the message says what to write or install."""


class RadioProblem(Exception):
    """A radio can't do what it was asked to.

    Args:
        trouble: by which the watchdog decides.
        words: what the system said, for the log.
    """

    def __init__(self, trouble: Trouble, words: str) -> None:
        super().__init__(words)
        self.trouble = trouble


class Radio(Protocol):
    """One adapter, dongle or recording. All methods are called on one event loop."""

    name: str
    adverts: int
    """Everything that was heard, ours or not: by it the watchdog sees that the radio is alive."""

    async def start(self, take: Take) -> None:
        """Begin to scan, and hand over adverts that carry tokens.

        Raises:
            RadioProblem: it does not start.
        """
        ...

    async def stop(self) -> None:
        """End the scan, whatever state it is in; never raises, and ends within a few seconds."""
        ...

    async def trouble(self) -> Trouble:
        """Wait until something is known to be wrong; a radio that can't tell waits for ever."""
        ...

    async def cycle(self) -> None:
        """Switch the adapter off and on.

        Raises:
            RadioProblem: that failed, or there is no such switch.
        """
        ...

    async def ask(self, address: str, question: bytes) -> bytes | ProofProblem:
        """Write a question to the challenge service of a phone and read its answer, within about six seconds."""
        ...
