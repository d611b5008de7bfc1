"""The agent's rules: `handle(input, now) → effects`.

Store before Publish; Forget only on the server's own word; a family is never left without an answer.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Final
from uuid import UUID

from edge_agent.core import vocabulary as v
from edge_agent.core.budget import Budget
from edge_agent.core.debounce import Debounce
from edge_agent.core.delivery import Delivery
from protocol import (
    ButtonPressed,
    CardScanned,
    ClockState,
    FamilySought,
    Message,
    OfferAnswered,
    Print,
    ProofWanted,
    ProvisionalGiven,
    Show,
    Speak,
    Text,
    agent_source,
    encode,
    wrap,
)
from protocol.card import (
    SENTENCES,
    WINDOWS_ALLOWED,
    Card,
    ForeignCard,
    KeySet,
    Problem,
    RevocationList,
    check_card,
    read_card,
)

ANSWER_WITHIN_S: Final = 2.0
"""No answer from the server for so long: the kiosk gives a number of its own."""
UNSYNCED_WINDOWS_ALLOWED: Final = 10
"""A dynamic code may be five minutes off where the clock is not synchronised."""
ASK_SERVER: Final = frozenset({Problem.NO_KEYS, Problem.UNKNOWN_KEY, Problem.KEY_NOT_VALID})
"""What this agent can't judge by its own lists: the server may know better."""
FORGED: Final = frozenset({Problem.BAD_SIGNATURE, Problem.UNKNOWN_KEY, Problem.UNKNOWN_VERSION})
"""Anybody can print such codes by the thousand."""
PRESENCE_GOOD_FOR: Final = timedelta(seconds=10)
"""After this nobody should act on what was heard."""
PROOF_GOOD_FOR: Final = timedelta(seconds=30)
SEARCH_GOOD_FOR: Final = timedelta(seconds=10)
SEARCH_OFFLINE: Final = (
    Text(zh="网络不通，现在查不了。", en="No network, so nothing can be looked up."),
    Text(
        zh="有二维码可以照常签到；没有的话请到服务台。",
        en="A visit code still works; without one, please go to the service desk.",
    ),
)
CHOICES_KEPT: Final = 8
"""Of so many latest scans the card is remembered: one of them may be asked which child it is about."""
CHOSEN_AS_SCANNED: Final = timedelta(seconds=45)
"""A choice made so soon after the scan counts from the scan: its code may change while the family thinks."""
UNKEPT: Final = frozenset({Problem.NOT_A_CARD, Problem.DAMAGED})
"""May be somebody's private code, or half a code: answered here, counted, not sent."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this agent is; `provisional_prefix` begins its own numbers, e.g. `K07`."""

    site: str
    agent: str
    install: str
    timezone: tzinfo
    provisional_prefix: str


@dataclass(frozen=True, slots=True)
class Restored:
    """What the outbox still knows at a start."""

    next_seq: int = 1
    waiting: tuple[int, ...] = ()
    provisionals: v.Provisionals = field(default_factory=lambda: v.Provisionals(date.min, 0))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A scan whose family stands waiting for the server's answer."""

    scanned: CardScanned
    at: datetime
    due_s: float

    @property
    def text(self) -> str:
        """What was read."""
        return self.scanned.text


class Agent:
    """The state of one agent. `handle` is the only way in; read `wakeup_s` again after every call."""

    def __init__(self, who: Identity, restored: Restored, make_id: Callable[[v.Now], UUID]) -> None:
        self.scans = 0
        self.refused = 0
        self.keys: KeySet | None = None
        self.revoked: RevocationList | None = None
        self.online = False
        self._who = who
        self._make_id = make_id
        self._next_seq = restored.next_seq
        self._delivery = Delivery(iter(restored.waiting))
        self._provisionals = restored.provisionals
        self._debounce = Debounce()
        self._forged = Budget(burst=20, per_s=0.5)
        self._asked: OrderedDict[UUID, _Asked] = OrderedDict()
        self._scanned: OrderedDict[UUID, _Asked] = OrderedDict()
        self._sought: tuple[UUID, FamilySought] | None = None
        self._done: OrderedDict[UUID, None] = OrderedDict()
        self._connected = False
        self._server_online = False
        self._clock_synced = True
        self._quiet_seq: int | None = None

    @property
    def waiting(self) -> int:
        """How many events the server has not acknowledged."""
        return len(self._delivery.waiting)

    @property
    def oldest_seq(self) -> int:
        """The oldest seq that may still come."""
        return self._delivery.waiting[0] if self._delivery.waiting else self._next_seq

    def wakeup_s(self) -> float | None:
        """When a `Tick` is wanted, on the steady clock."""
        due = [asked.due_s for asked in self._asked.values()]
        again = self._delivery.wakeup_s()
        return min((*due, again) if again is not None else due, default=None)

    def handle(self, given: v.Input, now: v.Now) -> list[v.Effect]:
        """Say what must be done, in order."""
        return list(self._handle(given, now))

    def _handle(self, given: v.Input, now: v.Now) -> Iterator[v.Effect]:  # noqa: C901  # a table
        match given:
            case v.CodeRead():
                yield from self._code_read(given, now)
            case v.HelpPressed():
                yield from self._keep(ButtonPressed(button="help"), "button", now)
            case v.ChildChosen(scan, visit):
                yield from self._child_chosen(scan, visit, now)
            case v.SearchMade(tail, born):
                yield from self._seek(FamilySought(tail=tail, born=born), now)
            case v.OfferPressed(scan, visit, accepted):
                answer = OfferAnswered(scan=scan, visit=visit, accepted=accepted)
                yield from self._keep(answer, "button", now)
            case v.PhoneCameNear(told):
                yield from self._keep(told, "presence", now, quietly=True)
            case v.PhonesHeard(report):
                yield from self._tell(report, now, PRESENCE_GOOD_FOR)
            case v.PhoneAnswered(answer):
                yield from self._tell(answer, now, PROOF_GOOD_FOR)
            case v.Connected():
                yield from self._connect(now)
            case v.Disconnected():
                self._connected = False
                self._delivery.disconnected()
                yield from self._judge_connection(now)
            case v.ServerSeen(online):
                self._server_online = online
                yield from self._judge_connection(now)
            case v.AckReceived(install, seq):
                yield from self._acknowledged(install, seq, now)
            case v.CommandReceived(id, command):
                yield from self._command(id, command)
            case v.BoardReceived(board):
                yield v.Say(v.BoardShown(board))
            case v.KeysReceived(keys):
                self.keys = keys
                yield from self._lists()
            case v.RevocationsReceived(revoked):
                self.revoked = revoked
                yield from self._lists()
            case v.ClockJudged(synced):
                self._clock_synced = synced
            case v.StoreFailed(seq):
                yield from self._not_kept(seq)
            case v.Tick():
                yield from (v.Publish(seq) for seq in self._delivery.overdue(now.steady_s))
                yield from self._late_answers(now)

    # ---- scans ----

    def _code_read(self, given: v.CodeRead, now: v.Now) -> Iterator[v.Effect]:
        read = read_card(given.raw)
        if not self._debounce.is_new(_key(read, given.raw), now.steady_s):
            return
        self.scans += 1
        verdict = self._check(read, now)
        if isinstance(read, Problem) and verdict in UNKEPT:
            self.refused += 1
            yield v.Say(_refusal(read))
            return
        text = given.raw.decode("ascii").strip()
        scanned = CardScanned(
            text=text, source=given.source, reader=given.reader, verdict=verdict or "valid"
        )
        if verdict is None or verdict is Problem.NO_KEYS or (verdict in ASK_SERVER and self.online):
            yield from self._ask(scanned, now)
        else:
            yield from self._refuse(verdict, scanned, now)

    def _check(self, read: Card | ForeignCard | Problem, now: v.Now) -> Problem | None:
        match read:
            case Problem():
                return read
            case ForeignCard():
                return None
            case Card():
                return check_card(
                    read,
                    self.keys,
                    self.revoked,
                    now=now.wall,
                    today=self._day(now),
                    windows_allowed=WINDOWS_ALLOWED
                    if self._clock_synced
                    else UNSYNCED_WINDOWS_ALLOWED,
                )

    def _refuse(self, verdict: Problem, scanned: CardScanned, now: v.Now) -> Iterator[v.Effect]:
        self.refused += 1
        if verdict not in FORGED or self._forged.spend(now.steady_s):
            yield from self._keep(scanned, "card", now)
        yield v.Say(_refusal(verdict))

    def _ask(
        self, scanned: CardScanned, now: v.Now, at: datetime | None = None
    ) -> Iterator[v.Effect]:
        scan = self._make_id(now)
        asked = _Asked(scanned, at or now.wall, now.steady_s + ANSWER_WITHIN_S)
        self._asked[scan] = self._scanned[scan] = asked
        if len(self._scanned) > CHOICES_KEPT:
            self._scanned.popitem(last=False)
        yield from self._keep(scanned, "card", now, scan, at=at)
        yield v.Say(v.CardSeen(scan))
        if not self.online:
            yield from self._give_provisional(scan, now)

    def _child_chosen(self, scan: UUID, visit: str, now: v.Now) -> Iterator[v.Effect]:
        """The same card, or search, again, with the child it is about."""
        if self._sought and self._sought[0] == scan:
            yield from self._seek(self._sought[1].model_copy(update={"visit": visit}), now)
            return
        asked = self._scanned.pop(scan, None)
        if asked:
            soon = timedelta() <= now.wall - asked.at <= CHOSEN_AS_SCANNED
            scanned = asked.scanned.model_copy(update={"visit": visit})
            yield from self._ask(scanned, now, asked.at if soon else None)

    def _seek(self, sought: FamilySought, now: v.Now) -> Iterator[v.Effect]:
        """Only the server knows families: without it nobody is looked up. The latest search is remembered, no other."""
        if not self.online:
            yield v.Say(v.Refused("search_offline", *SEARCH_OFFLINE))
            return
        scan = self._make_id(now)
        self._sought = None if sought.visit else (scan, sought)
        yield v.Say(v.CardSeen(scan))
        yield from self._tell(sought, now, SEARCH_GOOD_FOR, "card", scan)

    def _late_answers(self, now: v.Now) -> Iterator[v.Effect]:
        late = [scan for scan, asked in self._asked.items() if asked.due_s <= now.steady_s]
        for scan in late:
            yield from self._give_provisional(scan, now)

    def _give_provisional(self, scan: UUID, now: v.Now) -> Iterator[v.Effect]:
        asked = self._asked.pop(scan)
        day = self._day(now)
        count = self._provisionals.count + 1 if day == self._provisionals.day else 1
        self._provisionals = v.Provisionals(day, count)
        ticket = f"{self._who.provisional_prefix}-{count:03d}"
        given = ProvisionalGiven(scan=scan, text=asked.text, ticket=ticket)
        yield from self._keep(given, "card", now, provisionals=self._provisionals)
        yield v.Say(v.ProvisionalTicket(scan, ticket))

    # ---- keeping and sending ----

    def _keep(
        self,
        message: Message,
        leaf: str,
        now: v.Now,
        id: UUID | None = None,
        provisionals: v.Provisionals | None = None,
        at: datetime | None = None,
        quietly: bool = False,
    ) -> Iterator[v.Effect]:
        seq = self._next_seq
        self._next_seq += 1
        self._quiet_seq = seq if quietly else None
        envelope = wrap(
            message,
            id=id or self._make_id(now),
            source=agent_source(self._who.site, self._who.agent),
            time=at or now.wall,
            site=self._who.site,
            clockstate=ClockState.SYNCED if self._clock_synced else ClockState.UNSYNCED,
            install=self._who.install,
            seq=seq,
        )
        yield v.Store(seq, leaf, encode(envelope), provisionals)
        yield from (v.Publish(each) for each in self._delivery.stored(seq, now.steady_s))

    def _tell(
        self,
        message: Message,
        now: v.Now,
        good_for: timedelta,
        leaf: str = "presence",
        id: UUID | None = None,
    ) -> Iterator[v.Effect]:
        """Say it once, if anybody can hear it: no seq, no outbox, no second time."""
        if not self._connected:
            return
        envelope = wrap(
            message,
            id=id or self._make_id(now),
            source=agent_source(self._who.site, self._who.agent),
            time=now.wall,
            site=self._who.site,
            clockstate=ClockState.SYNCED if self._clock_synced else ClockState.UNSYNCED,
            expirytime=now.wall + good_for,
        )
        yield v.Tell(leaf, encode(envelope))

    def _not_kept(self, seq: int) -> Iterator[v.Effect]:
        """Take the number back, so that the sequence has no gap, and send the family to the desk."""
        self._delivery.taken_back(seq)
        self._next_seq = seq
        if seq == self._quiet_seq:
            return  # nobody stands before the screen and waits; the reports still say who is near
        self._asked.clear()
        self._debounce = Debounce()
        yield v.Say(v.NotKept())

    def _connect(self, now: v.Now) -> Iterator[v.Effect]:
        self._connected = True
        yield v.Announce(self.oldest_seq)
        yield from (v.Publish(seq) for seq in self._delivery.connected(now.steady_s))
        yield from self._judge_connection(now)

    def _judge_connection(self, now: v.Now) -> Iterator[v.Effect]:
        online = self._connected and self._server_online
        if online == self.online:
            return
        self.online = online
        yield v.Say(v.Connection(online))
        if not online:
            for scan in list(self._asked):
                yield from self._give_provisional(scan, now)

    def _acknowledged(self, install: str, seq: int, now: v.Now) -> Iterator[v.Effect]:
        if install != self._who.install or seq >= self._next_seq:
            return  # of an earlier life of this agent, or of none
        forget = bool(self._delivery.waiting) and self._delivery.waiting[0] <= seq
        more = self._delivery.acknowledged(seq, now.steady_s)
        if forget:
            yield v.Forget(seq)
        yield from (v.Publish(each) for each in more)

    # ---- commands ----

    def _command(self, id: UUID, command: Show | Print | Speak | ProofWanted) -> Iterator[v.Effect]:
        if id in self._done:
            return
        self._done[id] = None
        if len(self._done) > 1000:
            self._done.popitem(last=False)
        match command:
            case Show(scan=scan):
                self._asked.pop(scan, None)
                yield v.Say(v.Answered(command))
            case Print():
                yield v.Say(v.TicketWanted(command))
            case Speak():
                yield v.Say(v.SpeechWanted(command))
            case ProofWanted():
                yield v.AskPhone(command.token, command.nonce, command.window)

    def _lists(self) -> Iterator[v.Effect]:
        keys, revoked = self.keys, self.revoked
        yield v.Say(
            v.CardLists(keys.issued_at if keys else None, revoked.issued_at if revoked else None)
        )

    def _day(self, now: v.Now) -> date:
        return now.wall.astimezone(self._who.timezone).date()


def _key(read: Card | ForeignCard | Problem, raw: bytes) -> str:
    """By what a thing held up is the same thing: a card by its id, though its code may change every half minute."""
    return raw[:200].hex() if isinstance(read, Problem) else read.id


def _refusal(problem: Problem) -> v.Refused:
    what, todo = SENTENCES[problem]
    return v.Refused(problem.value, what, todo)
