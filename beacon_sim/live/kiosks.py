"""Cards at kiosks: real edge agents with outbox and line, in this process; only camera and screen are ours."""

import queue
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from beacon_sim.live.errors import LiveError
from edge_agent import (
    AgentSettings,
    Answered,
    NotKept,
    ProvisionalTicket,
    Refused,
    RunningAgent,
    ScreenEvent,
)

READY_WITHIN_S: Final = 20.0
ANSWERED_WITHIN_S: Final = 20.0


class Kiosk:
    """One kiosk: a card is held up, and its screen says something. Used by one thread."""

    def __init__(self, agent: RunningAgent) -> None:
        self.name = agent.settings.agent
        self._agent = agent
        self._said: queue.SimpleQueue[ScreenEvent] = queue.SimpleQueue()
        agent.subscribe(self._said.put)

    def wait_until_ready(self) -> None:
        """Until it is online and knows the keys.

        Raises:
            LiveError: that took too long.
        """
        until_s = monotonic() + READY_WITHIN_S
        while not (self._agent.online and self._agent.lists.keys_issued):
            if monotonic() > until_s:
                raise LiveError(f"Kiosk {self.name} did not find the server through the broker.")
            sleep(0.01)

    def scan(self, card: str) -> Answered | Refused | ProvisionalTicket:
        """Hold a card up, and wait for what the screen says: the server's answer, or a number for now.

        Raises:
            LiveError: it said nothing, or the scan could not be kept.
        """
        while not self._said.empty():
            self._said.get()
        self._agent.read_text(card.encode())
        until_s = monotonic() + ANSWERED_WITHIN_S
        while True:
            try:
                said = self._said.get(timeout=max(0.0, until_s - monotonic()))
            except queue.Empty:
                raise LiveError(f"Kiosk {self.name} said nothing to a scan.") from None
            if isinstance(said, Answered | Refused | ProvisionalTicket):
                return said
            if isinstance(said, NotKept):
                raise LiveError(f"Kiosk {self.name} could not keep a scan: is the disk full?")


@contextmanager
def open_kiosks(
    names: Sequence[str],
    folder: Path,
    site: str,
    broker: str,
    card_root: str,
    now: Callable[[], datetime],
) -> Iterator[list[Kiosk]]:
    """Kiosks at work for as long as the block lasts, all of them ready.

    Args:
        names: of the agents.
        folder: below which each keeps its outbox.
        site: id of the site.
        broker: `mqtt://host:port`.
        card_root: public root key of the cards, base64.
        now: gives the present moment (aware).

    Raises:
        LiveError: one did not find the server.
    """
    with ExitStack() as open_ones:
        kiosks = []
        for name in names:
            settings = AgentSettings(
                site=site,
                agent=name,
                data=folder / name,
                broker=broker,
                card_root=card_root,
                voice="off",
            )
            agent = RunningAgent(settings, wall=now)
            agent.start()
            open_ones.callback(agent.stop)
            kiosks.append(Kiosk(agent))
        for kiosk in kiosks:
            kiosk.wait_until_ready()
        yield kiosks
