"""Check-in (签到): idempotent, by QR or at the desk; missed families sign in the same way."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.asking import bad_length, step_id, step_in, unknown
from queue_server.core.missed import back_in
from queue_server.core.numbering import next_number
from queue_server.core.ranking import rank_at_check_in
from queue_server.core.rules import Rules
from queue_server.core.state import Hospital, Visit
from queue_server.core.steps import Step, StepPlan
from queue_server.core.vocabulary import HoldReason, Rank, StepState, Way

CLOCK_AHEAD_ALLOWED: Final = timedelta(minutes=2)
"""A scan from further in the future comes from a wrong clock."""
UNSYNCED_BELIEVED: Final = timedelta(minutes=5)
"""A clock that nobody disciplines is believed as long as it is not further from ours than this."""


def trusted_moment(scanned_at: datetime, clock_synced: bool, now: datetime) -> datetime:
    """When the scan was made, as far as can be trusted: the agent's word, or `now` when its clock is doubtful.

    What an agent without a disciplined clock sends within minutes is believed too, so that a message that was sent
    again keeps its place; what comes later could be as wrong as its clock, and counts from its arrival.
    """
    doubtful = scanned_at > now + CLOCK_AHEAD_ALLOWED
    if not clock_synced:
        doubtful = abs(now - scanned_at) > UNSYNCED_BELIEVED or doubtful
    return now if doubtful else min(scanned_at, now)


# ---- a card is scanned --------------------------------------------------------------------------


def scan(h: Hospital, command: c.Scan, now: datetime) -> c.Decision:
    """Check in every visit of this card that can be; the second scan says where one stands.

    A guardian's card that is for several children, not all of them in, is answered with the question which.
    """
    at = trusted_moment(command.scanned_at, command.clock_synced, now)
    owner = h.cards.get(command.card) if command.card else None
    if owner is None:
        return _refuse(command, at, _refusal_of_card(command))
    visits = h.visits_on(owner, h.site.day(at))
    if command.visit is not None:
        visits = [visit for visit in visits if visit.id == command.visit]
    if not visits:
        return _refuse(command, at, _why_no_visit(h, owner, h.site.day(at), now))
    if command.visit is None and _must_ask(visits):
        return c.Decision((), c.WhichChild(tuple(visit.id for visit in visits)))
    return _signed_in(h, visits, _Signing(command, at, now))


def seek(h: Hospital, command: c.Seek, now: datetime) -> c.Decision:
    """Check in whom a family means by the end of its phone number and a birthday, and its other children here today.

    Several children are always asked about, those who are in already too: such a key is a weak one.
    """
    at = trusted_moment(command.sought_at, command.clock_synced, now)
    visits = _sought(h, command, h.site.day(at))
    if not visits:
        kept = e.ScanRefused(at, command.agent, c.Reason.NOT_FOUND.value)
        return c.Decision((kept,), c.Refused(c.Reason.NOT_FOUND))
    if len({visit.patient for visit in visits}) > 1 and command.visit is None:
        return c.Decision((), c.WhichChild(tuple(visit.id for visit in visits)))
    return _signed_in(h, visits, _Signing(command, at, now))


def _sought(h: Hospital, command: c.Seek, day: date) -> list[Visit]:
    if h.handle_of is None:
        return []
    found: dict[str, Visit] = {}
    for patient in h.findable.get(h.handle_of(command.phone_tail, command.born), ()):
        for visit in h.visits_on(patient, day):
            of_family = h.visits_on(visit.family, day)
            found.update((each.id, each) for each in (visit, *of_family))
    return [each for each in found.values() if command.visit in (None, each.id)]


def _signed_in(h: Hospital, visits: Sequence[Visit], how: "_Signing") -> c.Decision:
    outcomes = [_sign_in(h, visit, how) for visit in visits]
    stood = [visit.id for visit, out in zip(visits, outcomes, strict=True) if _stands(out)]
    if not stood:
        refused = next(out for out in outcomes if isinstance(out, c.Refused))
        return c.Decision((how.refused(refused),), refused)
    already = frozenset(v.id for v, out in zip(visits, outcomes, strict=True) if _stood(out))
    happened = tuple(ev for out in outcomes if not isinstance(out, c.Refused) for ev in out)
    return c.Decision(happened, c.Stood(tuple(stood), already))


class _Signing:
    """How somebody signs in: the trustworthy moment, the way, who saw it."""

    def __init__(
        self,
        command: c.Scan | c.Seek | c.PhoneAtDoor | c.CheckInAtDesk,
        at: datetime,
        now: datetime,
    ) -> None:
        self.at, self.moment = at, now
        self.doctor: str | None = None
        self.card: str | None = None
        match command:
            case c.Scan():
                self.way, self.by, self.doctor = command.way, command.agent, command.doctor
                self.card = command.card
            case c.Seek():
                self.way, self.by = Way.SEARCH, command.agent
            case c.PhoneAtDoor():
                self.way, self.by = Way.PHONE, command.agent
            case c.CheckInAtDesk():
                self.way, self.by = Way.DESK, command.by

    @property
    def at_desk(self) -> bool:
        return self.way is Way.DESK

    def refused(self, why: c.Refused) -> e.ScanRefused:
        """For the journal: it led to nothing, and why."""
        return e.ScanRefused(self.at, self.by, why.reason.value, self.card, why.visit)


Outcome = Sequence[e.Event] | c.Refused
"""Of one visit: what happens, nothing when it stands already, or why it can't."""


def _must_ask(visits: Iterable[Visit]) -> bool:
    """Several children, and at least one of them not in yet."""
    children = {visit.patient for visit in visits}
    return len(children) > 1 and any(visit.checked_in_at is None for visit in visits)


def _stands(outcome: Outcome) -> bool:
    return not isinstance(outcome, c.Refused)


def _stood(outcome: Outcome) -> bool:
    """Whether an earlier message had signed this visit in."""
    if isinstance(outcome, c.Refused):
        return False
    return not any(isinstance(ev, e.CheckedIn | e.Requeued) for ev in outcome)


def _refusal_of_card(command: c.Scan | c.GiveAlias) -> c.Refused:
    if command.card is None:
        return c.Refused(c.Reason.BAD_CARD, detail=command.problem or "")
    return c.Refused(c.Reason.UNKNOWN_CARD)


def _refuse(command: c.Scan, at: datetime, refused: c.Refused) -> c.Decision:
    reason = refused.detail if refused.reason is c.Reason.BAD_CARD else refused.reason.value
    kept = e.ScanRefused(at, command.agent, reason, command.card, refused.visit)
    return c.Decision((kept,), refused)


def _why_no_visit(h: Hospital, owner: str, day: date, now: datetime) -> c.Refused:
    if day < h.site.day(now):
        return c.Refused(c.Reason.STALE_SCAN, day=day)
    visits = [h.visits[id] for id in h.visits_of.get(owner, ())]
    given_back = [visit for visit in visits if visit.day == day and visit.cancelled]
    if given_back:
        return c.Refused(c.Reason.CANCELLED, given_back[0].id)
    later = min((visit for visit in visits if visit.day > day), key=_day, default=None)
    if later:
        return c.Refused(c.Reason.NOT_TODAY, later.id, day=later.day)
    return c.Refused(c.Reason.NO_VISIT)


def _day(visit: Visit) -> date:
    return visit.day


def _sign_in(h: Hospital, visit: Visit, how: _Signing) -> Outcome:
    if visit.campus:
        return c.Refused(c.Reason.WRONG_CAMPUS, visit.id, detail=visit.campus)
    first = visit.first_step()
    if first.state is StepState.READY:
        return _check_in(h, visit, first, how)
    missed = [step for step in visit.steps.values() if step.state is StepState.MISSED]
    if not missed:
        return _scanned_earlier(h, visit, first, how.at)
    # a scan from before the call, late on its way, does not say that the family is back
    since = [step for step in missed if step.called_at is None or how.at >= step.called_at]
    return _all_back(h, since, how.by, how.at)


def _all_back(
    h: Hospital, missed: Sequence[Step], by: str, at: datetime, *, forced: bool = False
) -> Sequence[e.Requeued] | c.Refused:
    """Whoever is back is back in every line where a call was missed; refused only when none takes it."""
    again = [back_in(h, step, by, at, forced=forced) for step in missed]
    refused = [each for each in again if isinstance(each, c.Refused)]
    if refused and len(refused) == len(again):
        return refused[0]
    return [each for each in again if not isinstance(each, c.Refused)]


def _scanned_earlier(h: Hospital, visit: Visit, step: Step, at: datetime) -> Outcome:
    """The place in line is by the earliest scan, whichever came in first; nobody who was called is moved."""
    waits = step.state in (StepState.WAITING, StepState.HELD) and not step.misses
    before = visit.checked_in_at
    if step.rank is None or not waits or before is None or at >= before:
        return ()
    if step.rank != _rank(h, visit, step, before):
        return ()  # not where its check-in had put it: moved by hand, or under rules that have changed
    opens = _opens(visit, h.rules(step.plan.group))
    if opens and at < opens:
        return ()
    rank = _rank(h, visit, step, at)
    return (e.ScannedEarlier(at, visit.id, step.plan.step, rank),) if rank < step.rank else ()


def _rank(h: Hospital, visit: Visit, step: Step, at: datetime) -> Rank:
    return rank_at_check_in(
        visit.slot,
        at,
        h.rules(step.plan.group),
        h.site,
        step.plan.step,
        serial=visit.serial,
        tier=h.tier(visit),
    )


def _check_in(h: Hospital, visit: Visit, step: Step, how: _Signing) -> Outcome:
    if step.plan.group not in h.site.groups:
        return c.Refused(c.Reason.UNKNOWN_GROUP, visit.id, detail=step.plan.group)
    rules = h.rules(step.plan.group)
    refused = _not_yet(visit, rules, how)
    if refused:
        return refused
    gate = _gate(h, visit, step, rules, how)
    if isinstance(gate, c.Refused):
        return gate
    moved = tuple(gate)
    goes_to = Step(visit.id, moved[-1].plan, StepState.READY) if moved else step
    chosen = _chosen(h, visit, goes_to, rules, how)
    if isinstance(chosen, c.Refused):
        return chosen
    if chosen:
        goes_to = Step(visit.id, goes_to.plan, StepState.READY, chosen[0].doctor)
    given = next_number(h, visit, goes_to, how.at)
    checked_in = e.CheckedIn(
        how.at,
        visit.id,
        goes_to.plan.step,
        given.ticket,
        given.number,
        _rank(h, visit, goes_to, how.at),
        how.way,
        how.by,
        how.moment,
        given.series,
    )
    return (*moved, *chosen, checked_in)


def _not_yet(visit: Visit, rules: Rules, how: _Signing) -> c.Refused | None:
    """The window, walk-ins, payment. A nurse at the desk lets in who comes early or without appointment."""
    opens = _opens(visit, rules)
    if opens and how.at < opens and not how.at_desk:
        return c.Refused(c.Reason.TOO_EARLY, visit.id, when=opens)
    walked_in = visit.slot is None and not visit.add_on
    if walked_in and not rules.walk_ins and not how.at_desk:
        return c.Refused(c.Reason.NO_WALK_INS, visit.id)
    if rules.pay_first and not visit.paid:
        return c.Refused(c.Reason.UNPAID, visit.id)
    return None


def _opens(visit: Visit, rules: Rules) -> datetime | None:
    if visit.slot is None or rules.early is None:
        return None
    return visit.slot.start - rules.early


def _gate(
    h: Hospital, visit: Visit, step: Step, rules: Rules, how: _Signing
) -> Sequence[e.Transferred] | c.Refused:
    """The screening form (流调问卷): without a good one nobody stands in the ordinary line."""
    if not rules.screening:
        return ()
    form = visit.screening
    if form is None or how.at - form.at > rules.screening_valid:
        return c.Refused(c.Reason.SCREENING_MISSING, visit.id)
    if not form.abnormal:
        return ()
    sent = to_fever(h, visit, step, how.by, how.at)
    return (sent,) if sent else c.Refused(c.Reason.SCREENED_OUT, visit.id)


def to_fever(h: Hospital, visit: Visit, step: Step, by: str, at: datetime) -> e.Transferred | None:
    """Off to the fever clinic; None when the line names none, or is the fever clinic's own."""
    group = h.rules(step.plan.group).fever_group
    if group is None or group not in h.site.groups or group == step.plan.group:
        return None
    kind = h.site.groups[group].kind
    plan = StepPlan(step_id(visit, visit.steps), kind, group)
    return e.Transferred(at, visit.id, step.plan.step, plan, "screening", by)


def _chosen(
    h: Hospital, visit: Visit, step: Step, rules: Rules, how: _Signing
) -> Sequence[e.DoctorAssigned] | c.Refused:
    """The doctor whom the family chose at check-in; who was booked with one keeps that one."""
    booked = step.doctor or step.plan.doctor
    if how.doctor is None or how.doctor == booked:
        return ()
    if how.doctor not in h.site.doctors_of(step.plan.group):
        return c.Refused(c.Reason.UNKNOWN_DOCTOR, visit.id, detail=how.doctor)
    if booked or not rules.choose_doctor:
        return ()
    return (e.DoctorAssigned(how.at, visit.id, step.plan.step, how.doctor, "check_in", how.by),)


# ---- a phone comes to a door --------------------------------------------------------------------


def phone_at_door(h: Hospital, command: c.PhoneAtDoor, now: datetime) -> c.Decision:
    """Check in the visit whose token was heard, at the door of the area where it begins, on its day; nowhere else.

    A family passes many doors on its way: another area's, or a second time at its own, is nothing to write down.
    """
    at = trusted_moment(command.heard_at, command.clock_synced, now)
    if command.problem is not None:
        if command.problem is c.Reason.UNCLEAR_PLACE and not _waits_for_check_in(h, command, at):
            return c.Decision((), c.Refused(command.problem, command.visit))
        kept = e.ScanRefused(at, command.agent, command.problem.value, None, command.visit)
        return c.Decision((kept,), c.Refused(command.problem, command.visit))
    visit = h.visits.get(command.visit or "")
    refused = _phone_refusal(h, visit, command, h.site.day(at))
    if refused or visit is None:
        return c.Decision((), refused or c.Refused(c.Reason.UNKNOWN_VISIT, command.visit))
    outcome = _sign_in(h, visit, _Signing(command, at, now))
    if isinstance(outcome, c.Refused):
        kept = e.ScanRefused(at, command.agent, outcome.reason.value, None, visit.id)
        return c.Decision((kept,), outcome)
    already = frozenset((visit.id,)) if _stood(outcome) else frozenset()
    return c.Decision(tuple(outcome), c.Stood((visit.id,), already))


def wants_proof(h: Hospital, command: c.PhoneAtDoor, now: datetime) -> bool:
    """Whether this phone would check its family in where the rules want it to prove first that it holds the key."""
    visit = h.visits.get(command.visit or "")
    at = trusted_moment(command.heard_at, command.clock_synced, now)
    if command.problem or _phone_refusal(h, visit, command, h.site.day(at)) or visit is None:
        return False
    signing = (StepState.READY, StepState.MISSED)
    steps = [step for step in visit.steps.values() if step.state in signing]
    return any(h.rules(step.plan.group).phone_proof for step in steps)


def _waits_for_check_in(h: Hospital, command: c.PhoneAtDoor, at: datetime) -> bool:
    """Whether this is the area where the family has yet to check in: elsewhere an unclear place troubles nobody."""
    visit = h.visits.get(command.visit or "")
    if visit is None or visit.first_step().state is not StepState.READY:
        return False
    return _phone_refusal(h, visit, command, h.site.day(at)) is None


def _phone_refusal(
    h: Hospital, visit: Visit | None, command: c.PhoneAtDoor, day: date
) -> c.Refused | None:
    if visit is None:
        return c.Refused(c.Reason.UNKNOWN_VISIT, command.visit)
    if visit.cancelled:
        return c.Refused(c.Reason.CANCELLED, visit.id)
    if visit.day != day:
        return c.Refused(c.Reason.NOT_TODAY, visit.id, day=visit.day)
    first = visit.first_step()
    expected = [first] if first.state is StepState.READY else list(visit.steps.values())
    wanted = (StepState.READY, StepState.MISSED, StepState.WAITING, StepState.HELD)
    groups = {step.plan.group for step in expected if step.state in wanted}
    areas = {h.site.groups[group].area for group in groups if group in h.site.groups}
    if command.area is None or command.area not in areas:
        return c.Refused(c.Reason.OTHER_AREA, visit.id)
    return None


# ---- at the desk --------------------------------------------------------------------------------


def at_desk(h: Hospital, command: c.CheckInAtDesk, now: datetime) -> c.Decision:
    """A nurse checks in: no window holds her back; the day, the campus, the form and the payment do."""
    visit = h.visits.get(command.visit)
    refused = _desk_refusal(h, visit, command.visit, now)
    if refused or visit is None:
        return c.Decision((), refused or c.Refused(c.Reason.UNKNOWN_VISIT, command.visit))
    outcome = _sign_in(h, visit, _Signing(command, now, now))
    if isinstance(outcome, c.Refused):
        return c.Decision((), outcome)
    return c.Decision(
        tuple(outcome), c.Stood((visit.id,), frozenset(() if outcome else (visit.id,)))
    )


def _desk_refusal(
    h: Hospital, visit: Visit | None, visit_id: str, now: datetime
) -> c.Refused | None:
    if visit is None:
        return c.Refused(c.Reason.UNKNOWN_VISIT, visit_id)
    if visit.cancelled:
        return c.Refused(c.Reason.CANCELLED, visit.id)
    if visit.day != h.site.day(now) and not visit.here():
        return c.Refused(c.Reason.NOT_TODAY, visit.id, day=visit.day)
    return None


def put_back(h: Hospital, command: c.PutBack, now: datetime) -> c.Decision:
    """A nurse puts a missed family back, however often it missed; with a delay, only after that."""
    visit = h.visits.get(command.visit)
    if visit is None:
        return unknown(command.visit)
    if refusal := bad_length(command.delay, visit):
        return refusal
    missed = [step for step in visit.steps.values() if step.state is StepState.MISSED]
    if not missed:
        return c.Decision((), c.Refused(c.Reason.NOT_MISSED, visit.id, visit.ticket))
    again = _all_back(h, missed, command.by, now, forced=True)
    if isinstance(again, c.Refused):
        return c.Decision((), again)
    happened: list[e.Event] = list(again)
    if command.delay:
        until = now + command.delay
        happened += [
            e.Held(now, visit.id, each.step, HoldReason.DELAYED, until, command.by)
            for each in again
        ]
    return c.Decision(tuple(happened), c.Stood((visit.id,)))


def screen(h: Hospital, command: c.Screen, now: datetime) -> c.Decision:
    """A screening form was filled in; whoever stands in a line already is sent on at once when it is abnormal."""
    visit = h.visits.get(command.visit)
    if visit is None:
        return unknown(command.visit)
    happened: list[e.Event] = [e.Screened(now, visit.id, command.abnormal, command.by)]
    waiting = step_in(visit, StepState.WAITING, StepState.AT_DOOR, StepState.HELD, StepState.MISSED)
    if command.abnormal and waiting and h.rules(waiting.plan.group).screening:
        sent = to_fever(h, visit, waiting, command.by, now)
        if sent:
            goes_to = Step(visit.id, sent.plan, StepState.READY)
            rank = _rank(h, visit, goes_to, now)
            happened += [sent, e.StepQueued(now, visit.id, sent.plan.step, rank)]
    return c.Decision(tuple(happened), c.Stood((visit.id,)))


# ---- provisional numbers ------------------------------------------------------------------------


def give_alias(h: Hospital, command: c.GiveAlias, now: datetime) -> c.Decision:
    """Join a kiosk's provisional number to the visit of the same card, checking it in if its scan got lost."""
    at = min(command.scanned_at, now)
    signed_in = scan(
        h, c.Scan(command.agent, command.scanned_at, True, command.card, command.problem), now
    )
    if isinstance(signed_in.answer, c.Stood):
        visit = h.visits[signed_in.answer.visits[0]]
        if command.alias in (visit.alias, visit.ticket):
            return signed_in
        if command.alias not in h.tickets:
            alias = e.AliasGiven(at, visit.id, command.alias)
            return c.Decision((*signed_in.events, alias), signed_in.answer)
        unmatched = e.ProvisionalUnmatched(at, command.agent, command.alias, "alias_taken")
        return c.Decision((*signed_in.events, unmatched), signed_in.answer)
    unmatched = e.ProvisionalUnmatched(at, command.agent, command.alias, _reason(signed_in.answer))
    return c.Decision((unmatched,), signed_in.answer)


def _reason(answer: c.Answer) -> str:
    match answer:
        case c.Refused():
            return answer.reason.value
        case c.WhichChild():
            return "which_child"
        case _:
            return ""
