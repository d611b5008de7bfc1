"""The one writer of a site: decide, make durable, tell. It knows no thread, so a simulation can drive it.

A batch is decided item by item, the state changing in memory as it goes; then one commit makes all of it durable, and
only then is anybody told. When the commit fails, the state in memory is ahead of the journal and the process must end:
the error is passed on, and the writer must not be used again.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

import structlog

from protocol import AgentHealth, AgentState, FamilySought, PhoneNear, PresenceReported, ProofGiven
from queue_server.agents import AgentRegistry
from queue_server.core import Hospital, OutOfStep, areas_touched, carry_out
from queue_server.core import commands as c
from queue_server.core.check_in import wants_proof
from queue_server.desk import Do
from queue_server.errors import RulesBroken
from queue_server.ingest import Delivered, Heard, Ingest, RejectReason, Sensed
from queue_server.journal import Batch, Journal, Rejected
from queue_server.phone_messages import Held, Settled
from queue_server.phones import PhoneDesk
from queue_server.seeking import SearchBudget
from queue_server.seen import Seen
from queue_server.telling import Extras, Outlet, answer_to_scan, calls_in
from queue_server.turn import Delivery, Errand, Greeting, Item, Question, Submission, Taken, Turn

log = structlog.get_logger(__name__)

TICK_EVERY: Final = timedelta(seconds=2)

Registrations = Callable[[date], Iterable[c.Command]]
"""Commands that enter the registrations known for a day and those after it."""


class Writer:
    """Owns the state of a site, and its journal."""

    def __init__(
        self,
        hospital: Hospital,
        journal: Journal,
        ingest: Ingest,
        agents: AgentRegistry,
        outlet: Outlet,
        now: Callable[[], datetime],
        registrations: Registrations = lambda _day: (),
        phones: PhoneDesk | None = None,
        extras: Extras | None = None,
    ) -> None:
        """Take over a hospital whose state is that after the journal's last event."""
        self.hospital = hospital
        self._journal = journal
        self._seen = Seen(journal.marks())
        self._ingest = ingest
        self._agents = agents
        self._outlet = outlet
        self._now = now
        self._registrations = registrations
        self._phones = phones or PhoneDesk()
        self._extras = extras
        self._searches = SearchBudget()
        self._ticked = now()

    def open(self) -> Taken:
        """Begin: note the site file, open the day, enter the registrations that are known."""
        turn = Turn(self._now())
        self._phones.open_day(self.hospital, turn.now)
        site = self.hospital.site
        self._decide(turn, c.NoteSite(site.version, site.text))
        if not self._open_day(turn):
            self._register(turn)
        return self._settle(turn)

    def take(self, items: Sequence[Item]) -> Taken:
        """Work through a batch.

        Raises:
            CommitFailed: nothing of it is durable.
            RulesBroken: nothing of it is durable, but the message that led to it is kept as rejected.
        """
        turn = Turn(self._now())
        self.hospital.moment = max(self.hospital.moment, turn.now)
        self._open_day(turn)
        self._tick(turn)
        for item in items:
            match item:
                case Delivery():
                    self._deliver(turn, item)
                case Submission():
                    self._run(turn, Errand(partial(_one, item.command), item.answer))
                case Errand():
                    self._run(turn, item)
                case Question():
                    turn.questions.append(item)
                case Greeting():
                    self._greet(turn)
        for settled in self._phones.due(turn.now):
            self._settle_phone(turn, settled)
        for seen in self._phones.stays(turn.now):
            self._see(turn, seen)
        turn.telling.proofs += self._phones.questions(turn.now)
        return self._settle(turn)

    def _tick(self, turn: Turn) -> None:
        """Let the rules see that time has passed; not at every batch."""
        if abs(turn.now - self._ticked) >= TICK_EVERY:
            self._ticked = turn.now
            self._decide(turn, c.Tick())

    def _settle(self, turn: Turn) -> Taken:
        batch = Batch(turn.now, tuple(turn.events), self._seen.settle(), tuple(turn.rejected))
        position = self._journal.append(batch) if batch else self._journal.position
        for give in turn.answers:
            give()
        if turn.telling:
            self._outlet.tell(turn.telling)
        for question in turn.questions:
            _ask(self.hospital, question)
        for (what, agent, reason), times in turn.noted.items():
            log.warning(what, agent=agent, reason=reason, times=times)
        return Taken(position, frozenset(turn.areas))

    def _decide(self, turn: Turn, command: c.Command) -> c.Answer:
        try:
            decision = carry_out(self.hospital, command, turn.now)
        except OutOfStep as error:
            raise RulesBroken(
                f"What a command led to does not fit the state ({error}). "
                "The server starts again from the journal; please report this with the log."
            ) from error
        turn.events += decision.events
        self._phones.follow(self.hospital, decision.events, turn.now)
        turn.areas.update(areas_touched(self.hospital, decision.events))
        turn.telling.calls += calls_in(self.hospital, decision.events)
        return decision.answer

    # ---- the day, and what the broker's return asks for -------------------------------------------

    def _open_day(self, turn: Turn) -> bool:
        opened, today = self.hospital.day, self.hospital.site.day(turn.now)
        if opened is not None and today <= opened:
            return False
        self._decide(turn, c.OpenDay())
        self._register(turn)
        return True

    def _register(self, turn: Turn) -> None:
        for command in self._registrations(self.hospital.site.day(turn.now)):
            answer = self._decide(turn, command)
            if isinstance(answer, c.Refused):
                log.warning(
                    "registration_refused",
                    visit=answer.visit,
                    reason=answer.reason.value,
                    detail=answer.detail,
                )

    def _greet(self, turn: Turn) -> None:
        for agent, install, contiguous in self._seen.acknowledgements():
            turn.telling.acknowledged[agent] = (install, contiguous)
        turn.areas.update(self.hospital.site.areas)

    # ---- what people want -------------------------------------------------------------------------

    def _run(self, turn: Turn, errand: Errand) -> None:
        """What a job returns or raises waits for the commit: it may tell of what was commanded."""
        if not errand.answer.set_running_or_notify_cancel():
            return
        try:
            found = errand.job(self.hospital, partial(self._do, turn))
            turn.answers.append(partial(errand.answer.set_result, found))
        except RulesBroken:
            raise
        except Exception as error:
            turn.answers.append(partial(errand.answer.set_exception, error))

    def _do(self, turn: Turn, command: c.Command) -> c.Answer:
        try:
            return self._decide(turn, command)
        except RulesBroken:
            raise
        except Exception:
            log.exception("command_broke_the_rules", command=type(command).__name__)
            raise

    # ---- what agents have sent --------------------------------------------------------------------

    def _deliver(self, turn: Turn, delivery: Delivery) -> None:
        turn.telling.durable.append(delivery.on_durable)
        match self._ingest.read(delivery.delivered):
            case Sensed() as sensed:
                self._agents.note_heard(sensed.agent, delivery.delivered.received_at)
                if isinstance(sensed.message, PhoneNear):
                    self._phone_near(
                        turn, Held(sensed, delivery.delivered, self._area(sensed.agent))
                    )
                elif self._takes(turn, sensed.agent, sensed.install, sensed.seq):
                    self._sense(turn, sensed, delivery.delivered)
            case Heard() as heard:
                self._hear(turn, heard, delivery.delivered.received_at)
            case Rejected() as rejected:
                self._reject(turn, rejected)
            case None:
                pass

    def _takes(self, turn: Turn, agent: str, install: str, seq: int) -> bool:
        """Take a number: whether it is new. In any case the agent is told how far it may forget."""
        is_new = self._seen.is_new(agent, install, seq)
        if is_new and not self._seen.has_room(agent, install, seq):
            turn.noted["agent_left_a_hole", agent, ""] += 1
            return False
        if is_new:
            self._seen.take(agent, install, seq)
        turn.telling.acknowledged[agent] = (install, self._seen.contiguous(agent, install))
        return is_new

    def _sense(self, turn: Turn, sensed: Sensed, delivered: Delivered) -> None:
        try:
            command = self._ingest.command_of(sensed)
            answer = self._decide(turn, command)
            show = answer_to_scan(
                self.hospital,
                sensed.agent,
                sensed.scan,
                sensed.moment.likely,
                answer,
                turn.now,
                self._extras,
                command.card if isinstance(command, c.Scan) else None,
            )
        except RulesBroken as error:
            self._bury(sensed, _broken(delivered, sensed, error))
            raise
        except Exception as error:
            log.exception("message_broke_the_rules", agent=sensed.agent, seq=sensed.seq)
            turn.rejected.append(_broken(delivered, sensed, error))
        else:
            if show:
                turn.telling.shows.append(show)
            self._see_card(turn, sensed, answer)

    # ---- phones -----------------------------------------------------------------------------------

    @property
    def soon(self) -> bool:
        """Whether a phone waits for a ruling: then `take` should be called a few times a second, with nothing."""
        return self._phones.waiting

    def _phone_near(self, turn: Turn, held: Held) -> None:
        """Its number is taken when it is settled: a server that ends before is told of the phone again."""
        sensed = held.sensed
        if not self._seen.is_new(sensed.agent, sensed.install, sensed.seq):
            self._takes(turn, sensed.agent, sensed.install, sensed.seq)
            return
        for settled in self._phones.near(held):
            self._settle_phone(turn, settled)

    def _settle_phone(self, turn: Turn, settled: Settled) -> None:
        command = settled.command
        if command and not settled.proven and wants_proof(self.hospital, command, turn.now):
            unproven = self._phones.prove(settled, turn.now)
            if unproven is None:
                return  # its number is taken when the phone has answered, or has not
            settled = unproven
        sensed = settled.held.sensed
        if not self._takes(turn, sensed.agent, sensed.install, sensed.seq):
            return
        if settled.command is None:
            return
        try:
            self._decide(turn, settled.command)
        except RulesBroken as error:
            self._bury(sensed, _broken(settled.held.delivered, sensed, error))
            raise
        except Exception as error:
            log.exception("message_broke_the_rules", agent=sensed.agent, seq=sensed.seq)
            turn.rejected.append(_broken(settled.held.delivered, sensed, error))

    def _see(self, turn: Turn, seen: c.SeePhone) -> None:
        """Of help, but worth less than the batch it came with."""
        try:
            self._do(turn, seen)
        except RulesBroken:
            raise
        except Exception:
            turn.noted["sighting_broke_the_rules", seen.agent, ""] += 1

    def _see_card(self, turn: Turn, sensed: Sensed, answer: c.Answer) -> None:
        """Whose phone is heard now and then has shown a card here: that says where the family is, too."""
        area = self._area(sensed.agent) if isinstance(answer, c.Stood) else None
        if area is None or not isinstance(answer, c.Stood):
            return
        for visit in answer.visits:
            if self.hospital.visits[visit].seen is not None:
                self._see(turn, c.SeePhone(visit, area, sensed.agent, sensed.moment.likely))

    def _area(self, agent: str) -> str | None:
        """The area an agent says it is at, if there is such an area."""
        seen = self._agents.get(agent)
        area = seen.area if seen else None
        return area if area in self.hospital.site.areas else None

    def _bury(self, sensed: Sensed, rejected: Rejected) -> None:
        """Keep a message that broke the rules, and nothing else: after the restart it must not come again."""
        seen = Seen(self._journal.marks())
        seen.take(sensed.agent, sensed.install, sensed.seq)
        self._journal.append(Batch(self._now(), (), seen.settle(), (rejected,)))

    def _hear(self, turn: Turn, heard: Heard, received_at: datetime) -> None:
        match heard.message:
            case AgentState() as state:
                self._agents.note_state(heard.agent, heard.install, state, received_at)
                if state.online and heard.install:
                    self._close_gap(turn, heard.agent, heard.install, state.oldest_seq)
            case AgentHealth() as health:
                self._agents.note_health(heard.agent, health, received_at)
            case PresenceReported() as report:
                self._agents.note_heard(heard.agent, received_at)
                self._phones.hear(heard.agent, self._area(heard.agent), report, received_at)
            case FamilySought() as sought:
                self._agents.note_heard(heard.agent, received_at)
                self._seek(turn, heard, sought)
            case ProofGiven() as given:
                settled = self._phones.proved(heard.agent, given, turn.now)
                if settled:
                    self._settle_phone(turn, settled)

    def _seek(self, turn: Turn, heard: Heard, sought: FamilySought) -> None:
        moment = heard.moment
        answer: c.Answer = c.Refused(c.Reason.TOO_MANY_TRIES)
        # the second message of one search, that of the child, is no guess
        if sought.visit is not None or self._searches.spend(heard.agent, turn.now):
            wanted = c.Seek(
                heard.agent,
                moment.claimed,
                moment.clock_synced,
                sought.tail,
                sought.born,
                sought.visit,
            )
            answer = self._decide(turn, wanted)
        show = answer_to_scan(
            self.hospital, heard.agent, heard.id, moment.likely, answer, turn.now, self._extras
        )
        if show:
            turn.telling.shows.append(show)

    def _close_gap(self, turn: Turn, agent: str, install: str, oldest: int) -> None:
        missing = self._seen.missing_below(agent, install, oldest)
        if missing:
            self._decide(turn, c.NoteGap(agent, install, *missing))
            self._seen.skip_to(agent, install, oldest - 1)
        contiguous = self._seen.contiguous(agent, install)
        if contiguous:
            turn.telling.acknowledged[agent] = (install, contiguous)

    def _reject(self, turn: Turn, rejected: Rejected) -> None:
        agent, install, seq = rejected.agent, rejected.install, rejected.seq
        if agent and install and seq and not self._takes(turn, agent, install, seq):
            return
        turn.noted["message_rejected", agent or "", rejected.reason] += 1
        turn.rejected.append(rejected)


def _broken(delivered: Delivered, sensed: Sensed, error: Exception) -> Rejected:
    return Rejected(
        delivered.topic,
        RejectReason.BROKE_THE_RULES,
        str(error),
        delivered.payload,
        delivered.received_at,
        sensed.agent,
        sensed.install,
        sensed.seq,
    )


def _one(command: c.Command, _hospital: Hospital, do: Do) -> c.Answer:
    """The job of a single command."""
    return do(command)


def _ask(hospital: Hospital, question: Question) -> None:
    if question.answer.set_running_or_notify_cancel():
        try:
            question.answer.set_result(question.ask(hospital))
        except Exception as error:
            question.answer.set_exception(error)
