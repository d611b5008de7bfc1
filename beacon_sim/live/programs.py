"""The people of a day work through the real programs: `Programs` stands where the rules stand in a pure run.

Every command leaves by it: scans as signed cards through edge agents and the broker, all else over HTTP as consoles and
hospital systems ask. What happened is read from the server's journal, so the people heed what is durable and nothing else.
"""

import http.client
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from beacon_sim.live.follower import Follower
from beacon_sim.live.kiosks import Kiosk
from beacon_sim.live.requests import PEOPLE, Request, Who, request_of
from beacon_sim.server_client import ServerClient
from edge_agent import Answered, ProvisionalTicket
from queue_server.core import Hospital
from queue_server.core import commands as c
from queue_server.core import events as e

AT_KIOSK: Final = "kiosk"
"""Who checks in by this name holds up a card."""
REFUSED: Final = frozenset({404, 409, 422})
"""The rules said no; whatever else is not 2xx is a fault."""

CardOf = Callable[[str], tuple[str, str]]
"""Id and text of the card of a visit."""


@dataclass(slots=True)
class Tally:
    """What went over the wire."""

    requests: int = 0
    scans: int = 0
    provisional: int = 0
    """Scans that were answered by the kiosk itself, with a number for now: the server's answer came too late."""
    refused: Counter[str] = field(default_factory=Counter)
    """By command: the rules said no."""
    failed: Counter[str] = field(default_factory=Counter)
    """By command and status: what must not be."""


class Programs:
    """Carries out commands by a running server; a `Do` of a day. Used by one thread.

    Args:
        url: of the server.
        systems: name and token of the hospital's systems.
        passwords: of the people, by role; each signs in under the name of the role.
        follower: of the server's journal.
        kiosks: where cards are held up; without any, families are checked in at the desk.
        card_of: the card of a visit.
        before: is told the moment of each command, before it goes out.
    """

    def __init__(
        self,
        url: str,
        systems: tuple[str, str],
        passwords: Mapping[Who, str],
        follower: Follower,
        kiosks: Sequence[Kiosk],
        card_of: CardOf,
        before: Callable[[datetime], None] = lambda _moment: None,
    ) -> None:
        self.tally = Tally()
        self.accepted = False
        """Whether the last command was not refused."""
        self._follower = follower
        self._kiosks = kiosks
        self.card_of = card_of
        """Id and text of the card of a visit."""
        self._before = before
        self._clients = {who: ServerClient(url) for who in PEOPLE}
        for who, client in self._clients.items():
            client.sign_in(who.value, passwords[who])
        self._clients[Who.SYSTEMS] = ServerClient(url, systems[1])
        self._systems = systems[0]

    def __call__(self, hospital: Hospital, command: c.Command, now: datetime) -> Sequence[e.Event]:
        """Carry out a command; all that has happened since the last look.

        Raises:
            OSError, http.client.HTTPException: the server is away.
            LiveError: a kiosk had no answer, or the command has no way to a server.
        """
        self._before(now)
        self._send(hospital, command)
        return self._follower.catch_up(hospital)

    @property
    def names(self) -> tuple[str, ...]:
        """Under which we act, as the server knows us."""
        return (*(who.value for who in PEOPLE), self._systems)

    def news(self, hospital: Hospital) -> Sequence[e.Event]:
        """What has happened without us since the last look."""
        return self._follower.catch_up(hospital)

    def close(self) -> None:
        """Let all connections go."""
        for client in self._clients.values():
            client.close()
        self._follower.close()

    def _send(self, hospital: Hospital, command: c.Command) -> None:
        match command:
            case c.OpenDay():
                pass  # a server opens its day itself
            case c.Tick():
                self._look()
            case c.CheckInAtDesk(visit=visit, by=by) if by == AT_KIOSK and self._kiosks:
                self._scan(visit)
            case c.Register():
                card, _ = self.card_of(command.visit)
                self._post(command, request_of(replace(command, card=card), hospital.site))
            case _:
                self._post(command, request_of(command, hospital.site))

    def _look(self) -> None:
        """A question to the writer, which looks at its clock before it answers."""
        self._clients[Who.SYSTEMS].get("visits", "nobody")

    def _scan(self, visit: str) -> None:
        kiosk = self._kiosks[self.tally.scans % len(self._kiosks)]
        self.tally.scans += 1
        said = kiosk.scan(self.card_of(visit)[1])
        self.accepted = isinstance(said, Answered) and bool(said.show.stands)
        if isinstance(said, ProvisionalTicket):
            self.tally.provisional += 1
        elif not self.accepted:
            self.tally.refused["Scan"] += 1

    def _post(self, command: c.Command, request: Request) -> None:
        self.tally.requests += 1
        status, _ = self._clients[request.who].post(*request.path, body=request.body)
        self.accepted = status < 300
        name = type(command).__name__
        if status in REFUSED:
            self.tally.refused[name] += 1
        elif not self.accepted:
            self.tally.failed[f"{name} {status}"] += 1


AWAY: Final = (OSError, http.client.HTTPException)
"""What a server that is away looks like."""
