"""Phones at the server: whose a token is, at which door it stands, and the command that comes of it.

Belongs to the writer's thread. A phone that came near an agent is held for a few seconds, until it is clear at which door it
stands; its message is acknowledged only then, so that a server that is killed meanwhile hears of it again.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from protocol import PresenceReported, ProofGiven, Sighting
from protocol.checkin_token import WINDOW_S, Resolved, ResolveTable, Unresolved, window_of
from queue_server.core import Hospital
from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.ingest import Sensed
from queue_server.phone_messages import Held, Settled
from queue_server.proofs import Proofs, unproven
from queue_server.telling import AgentProof
from queue_server.visit_keys import VisitKeys
from queue_server.whereabouts import (
    Arbitration,
    Following,
    Hearing,
    Known,
    Ruled,
    Ruling,
    Stays,
)

CLOCKS_APART_S: Final = 120.0
"""So far beyond its quarter of an hour a token is taken: clocks differ, and phones renew it late."""
LATE_S: Final = 10.0
"""What an agent tells later than this is not weighed against what others hear now."""
REASONS: Final = {
    Ruling.TWO_PLACES: c.Reason.TWO_PLACES,
    Ruling.UNCLEAR: c.Reason.UNCLEAR_PLACE,
}


@dataclass(slots=True)
class PhoneCounts:
    """For health pages and logs; nothing here tells who."""

    reports: int = 0
    sightings: int = 0
    unknown_tokens: int = 0
    """Of another hospital, too old, or invented."""
    rulings: Counter[str] = field(default_factory=Counter)


class PhoneDesk:
    """Reads what agents hear of phones.

    Args:
        keys: of the visits; without them no token is anybody's.
        arbitration: tells doors apart.
        following: where phones are, for maps; None where nobody has said where the agents hang.
        stays: in which area phones stay while their families wait.
    """

    def __init__(
        self,
        keys: VisitKeys | None = None,
        arbitration: Arbitration | None = None,
        following: Following | None = None,
        stays: Stays | None = None,
    ) -> None:
        self.counts = PhoneCounts()
        self.following = following
        self._keys = keys
        self._arbitration = Arbitration() if arbitration is None else arbitration
        self._stays = Stays() if stays is None else stays
        self._proofs = Proofs()
        self._table = ResolveTable({}, 0.0)
        self._held: dict[str, list[Held]] = {}
        self._pending: set[tuple[str, str, int]] = set()

    # ---- whose a token is -------------------------------------------------------------------------

    def open_day(self, hospital: Hospital, now: datetime) -> None:
        """Make the tokens of this day's visits; at the start, and at midnight."""
        keys = self._keys
        if keys is None:
            return
        today = hospital.site.day(now)
        day = {each.id: keys.key(each.id) for each in hospital.visits.values() if each.day == today}
        self._table = ResolveTable(day, now.timestamp())

    def follow(self, hospital: Hospital, events: Iterable[e.Event], now: datetime) -> None:
        """Keep up with what has happened: a new day, new registrations."""
        for event in events:
            match event:
                case e.DayOpened():
                    self.open_day(hospital, now)
                case e.VisitRegistered(visit=visit, day=day):
                    if self._keys and day == hospital.site.day(now):
                        self._table.add(visit, self._keys.key(visit))

    def _whose(self, token: str, at_s: float) -> Resolved | Unresolved:
        found = self._table.resolve_at(bytes.fromhex(token), at_s)
        if isinstance(found, Resolved) and not _in_time(found.window, at_s):
            return Unresolved.UNKNOWN
        return found

    def key_of(self, visit: str) -> bytes | None:
        """The key for a visit's own phone; None where phones do not check in. From any thread."""
        return self._keys.key(visit) if self._keys else None

    def known(self, visit: str, now: datetime) -> Known | None:
        """Where a visit's phone is; None when it was not heard lately, or nobody has said where the agents hang."""
        return self.following.known(visit, now.timestamp()) if self.following is not None else None

    def moment(self, at_s: float, now: datetime) -> datetime:
        """A moment of `Known` as an aware one."""
        return datetime.fromtimestamp(at_s, now.tzinfo)

    # ---- what agents hear -------------------------------------------------------------------------

    def hear(
        self, agent: str, area: str | None, message: PresenceReported, received_at: datetime
    ) -> None:
        """An agent's report of all phones that it hears."""
        now_s = received_at.timestamp()
        self._table.advance(now_s)
        self.counts.reports += 1
        for sighting in message.sightings:
            self.counts.sightings += 1
            found = self._whose(sighting.token, now_s)
            if not isinstance(found, Resolved):
                self.counts.unknown_tokens += 1
                continue
            hearing = self._hearing(agent, area, sighting, now_s)
            self._arbitration.heard(found.visit, hearing)
            if area is not None:
                self._stays.heard(found.visit, hearing)
            if self.following is not None:
                self.following.hear(found.visit, agent, hearing.at_s, sighting)

    def near(self, held: Held) -> list[Settled]:
        """A phone came near an agent: settled at once, or held until `due` says more."""
        sensed, area = held.sensed, held.area
        key = _key(sensed)
        if key in self._pending:
            return []
        heard_at, received_at = sensed.moment.likely, sensed.moment.received_at
        found = self._whose(held.sighting.token, heard_at.timestamp())
        if found is Unresolved.SHARED:
            return [Settled(held, _command(held, area, problem=c.Reason.SHARED_PHONE))]
        if not isinstance(found, Resolved):
            self.counts.unknown_tokens += 1
            return [Settled(held, None)]
        now_s = received_at.timestamp()
        if now_s - heard_at.timestamp() > LATE_S:
            return [Settled(held, _command(held, area, found.visit))]
        self._pending.add(key)
        self._held.setdefault(found.visit, []).append(held)
        self._arbitration.claim(
            found.visit, self._hearing(sensed.agent, area, held.sighting, now_s), now_s
        )
        return []

    def _hearing(self, agent: str, area: str | None, sighting: Sighting, now_s: float) -> Hearing:
        """How an agent hears a phone, with what was learned of the agent's own loudness taken off."""
        louder = self.following.offset_db(agent) if self.following is not None else 0.0
        return Hearing(
            agent,
            area or _alone(agent),
            now_s - sighting.last_s,
            sighting.level_dbm - louder,
            sighting.rssi_max_dbm - louder,
        )

    @property
    def waiting(self) -> bool:
        """Whether `due` should be asked soon."""
        return self._arbitration.waiting > 0 or len(self._proofs) > 0

    def due(self, now: datetime) -> list[Settled]:
        """Messages that are settled now."""
        settled: list[Settled] = []
        for ruled in self._arbitration.due(now.timestamp()):
            self.counts.rulings[ruled.ruling.value] += 1
            settled += self._settled(ruled)
        settled += map(self._closed, self._proofs.due(now))
        if self.following is not None:
            self.following.look(now.timestamp())
        return settled

    # ---- proofs -----------------------------------------------------------------------------------

    def prove(self, settled: Settled, now: datetime) -> Settled | None:
        """Have the phone of a settled message asked for a proof; None when it is asked, else what becomes of it."""
        command = settled.command
        visit = command.visit if command else None
        key = self.key_of(visit) if visit else None
        if visit is None or key is None or not self._proofs.ask(settled, visit, key, now):
            return unproven(settled)
        self._pending.add(_key(settled.held.sensed))
        return None

    def questions(self, now: datetime) -> list[AgentProof]:
        """What agents are to ask phones now."""
        return self._proofs.to_tell(now)

    def proved(self, agent: str, given: ProofGiven, now: datetime) -> Settled | None:
        """A phone has answered, or not: the message that waited for it."""
        settled = self._proofs.answered(agent, given, now)
        if settled is None:
            return None
        visit = settled.command.visit if settled.command else None
        if visit and self._arbitration.heard_twice(visit, now.timestamp()):
            # carried from one door to another: the answer is the phone's, the place is not
            settled = unproven(settled, c.Reason.TWO_PLACES)
        return self._closed(settled)

    def _closed(self, settled: Settled) -> Settled:
        self._pending.discard(_key(settled.held.sensed))
        return settled

    # ---- where phones stay ------------------------------------------------------------------------

    def stays(self, now: datetime) -> list[c.SeePhone]:
        """Phones that stay in an area, or are still there, by what was heard since the last time."""
        return [
            c.SeePhone(each.phone, each.area, each.agent, now)
            for each in self._stays.due(now.timestamp())
        ]

    def _settled(self, ruled: Ruled) -> list[Settled]:
        held = self._held.pop(ruled.phone, [])
        for each in held:
            self._pending.discard(_key(each.sensed))
        speak = _speakers(ruled, held)
        problem = REASONS.get(ruled.ruling)
        return [
            Settled(
                each, _command(each, each.area, ruled.phone, problem) if each in speak else None
            )
            for each in held
        ]


def _speakers(ruled: Ruled, held: Sequence[Held]) -> list[Held]:
    """The messages that lead to a command: of the agent that was granted the phone; else one an area, or one in all."""
    if ruled.winner:
        of = [each for each in held if each.sensed.agent == ruled.winner.agent]
        return of[-1:]
    match ruled.ruling:
        case Ruling.UNCLEAR:
            return list({each.area: each for each in held}.values())
        case Ruling.TWO_PLACES:
            return list(held[-1:])
        case _:
            return []


def _key(sensed: Sensed) -> tuple[str, str, int]:
    return sensed.agent, sensed.install, sensed.seq


def _in_time(window: int, at_s: float) -> bool:
    """A token is good in its own quarter of an hour, and a little before and after."""
    now = window_of(at_s)
    if window == now:
        return True
    into = at_s % WINDOW_S
    return into <= CLOCKS_APART_S if window < now else WINDOW_S - into <= CLOCKS_APART_S


def _alone(agent: str) -> str:
    """What stands for the area of an agent that has none; no area is called so."""
    return f"/{agent}"


def _command(
    held: Held, area: str | None, visit: str | None = None, problem: c.Reason | None = None
) -> c.PhoneAtDoor:
    moment = held.sensed.moment
    return c.PhoneAtDoor(
        held.sensed.agent, area, moment.claimed, moment.clock_synced, visit, problem
    )
