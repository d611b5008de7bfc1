"""Check-in (签到): idempotent, by QR or at the desk; missed families sign in the same way."""

from datetime import date, datetime, timedelta
from typing import Final

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.ranking import behind_nth, rank_at_check_in
from queue_server.core.site import Group
from queue_server.core.state import Hospital, Step, Visit
from queue_server.core.vocabulary import StepState, Way

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


def scan(h: Hospital, command: c.Scan, now: datetime) -> c.Decision:
    """Check in every visit of this card that can be; the second scan says where one stands."""
    at = trusted_moment(command.scanned_at, command.clock_synced, now)
    patient = h.cards.get(command.card) if command.card else None
    if patient is None:
        return _refuse(command, at, _refusal_of_card(command))
    visits = h.visits_on(patient, h.site.day(at))
    if not visits:
        return _refuse(command, at, _why_no_visit(h, patient, h.site.day(at), now))
    outcomes = [_sign_in(h, visit, command.way, command.agent, at, now) for visit in visits]
    stood = [visit.id for visit, out in zip(visits, outcomes, strict=True) if _stands(out)]
    if not stood:
        return _refuse(command, at, next(out for out in outcomes if isinstance(out, c.Refused)))
    already = frozenset(v.id for v, out in zip(visits, outcomes, strict=True) if _stood(out))
    happened = tuple(ev for out in outcomes if not isinstance(out, c.Refused) for ev in out)
    return c.Decision(happened, c.Stood(tuple(stood), already))


Outcome = tuple[e.Event, ...] | c.Refused
"""Of one visit: what happens, nothing when it stands already, or why it can't."""


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


def _why_no_visit(h: Hospital, patient: str, day: date, now: datetime) -> c.Refused:
    if day < h.site.day(now):
        return c.Refused(c.Reason.STALE_SCAN, day=day)
    visits = [h.visits[id] for id in h.visits_of.get(patient, ())]
    given_back = [visit for visit in visits if visit.day == day]
    if given_back:
        return c.Refused(c.Reason.CANCELLED, given_back[0].id)
    later = min((visit for visit in visits if visit.day > day), key=_day, default=None)
    if later:
        return c.Refused(c.Reason.NOT_TODAY, later.id, day=later.day)
    return c.Refused(c.Reason.NO_VISIT)


def _day(visit: Visit) -> date:
    return visit.day


def _sign_in(h: Hospital, visit: Visit, way: Way, by: str, at: datetime, now: datetime) -> Outcome:
    if visit.campus:
        return c.Refused(c.Reason.WRONG_CAMPUS, visit.id, detail=visit.campus)
    first = visit.first_step()
    if first.state is StepState.READY:
        return _check_in(h, visit, way, by, at, now)
    missed = next((s for s in visit.steps.values() if s.state is StepState.MISSED), None)
    if missed is None:
        return _scanned_earlier(h, visit, first, at)
    # a scan from before the call, late on its way, does not say that the family is back
    made_since = missed.called_at is None or at >= missed.called_at
    return _back_in(h, missed, by, at) if made_since else ()


def _scanned_earlier(h: Hospital, visit: Visit, step: Step, at: datetime) -> Outcome:
    """The place in line is by the earliest scan, whichever came in first; nobody who was called is moved."""
    group = h.site.groups.get(step.plan.group)
    waits = step.state in (StepState.WAITING, StepState.HELD) and not step.misses
    if group is None or step.rank is None or not waits:
        return ()
    opens = _opens(visit, group)
    if opens and at < opens:
        return ()
    rank = rank_at_check_in(visit.slot, at, group.late_after, step.plan.step)
    return (e.ScannedEarlier(at, visit.id, step.plan.step, rank),) if rank < step.rank else ()


def _check_in(h: Hospital, visit: Visit, way: Way, by: str, at: datetime, now: datetime) -> Outcome:
    step = visit.first_step()
    group = h.site.groups.get(step.plan.group)
    if group is None:
        return c.Refused(c.Reason.UNKNOWN_GROUP, visit.id, detail=step.plan.group)
    opens = _opens(visit, group)
    if opens and at < opens and way is not Way.DESK:
        return c.Refused(c.Reason.TOO_EARLY, visit.id, when=opens)
    number, ticket = _next_number(h, group)
    rank = rank_at_check_in(visit.slot, at, group.late_after, step.plan.step)
    return (e.CheckedIn(at, visit.id, step.plan.step, ticket, number, rank, way, by, now),)


def _opens(visit: Visit, group: Group) -> datetime | None:
    if visit.slot is None or group.early is None:
        return None
    return visit.slot.start - group.early


def _next_number(h: Hospital, group: Group) -> tuple[int, str]:
    """The next free number of a group: a number still carried since yesterday is passed over."""
    number = h.last_number[group.id] + 1
    while (ticket := f"{group.prefix}{number:03d}") in h.tickets:
        number += 1
    return number, ticket


def _back_in(h: Hospital, step: Step, by: str, at: datetime, *, forced: bool = False) -> Outcome:
    group = h.site.groups.get(step.plan.group)
    if group is None:
        return c.Refused(c.Reason.UNKNOWN_GROUP, step.visit, detail=step.plan.group)
    if step.misses > group.misses_allowed and not forced:
        return c.Refused(c.Reason.TOO_MANY_MISSES, step.visit)
    line = h.lines.eligible(group.id, step.plan.doctor)
    rank = behind_nth(line, group.missed_back_after, at, step.plan.step)
    return (e.Requeued(at, step.visit, step.plan.step, rank, by),)


def at_desk(h: Hospital, command: c.CheckInAtDesk, now: datetime) -> c.Decision:
    """A nurse checks in: no window holds her back; the day and the campus do."""
    visit = h.visits.get(command.visit)
    refused = _desk_refusal(h, visit, command.visit, now)
    if refused or visit is None:
        return c.Decision((), refused or c.Refused(c.Reason.UNKNOWN_VISIT, command.visit))
    outcome = _sign_in(h, visit, Way.DESK, command.by, now, now)
    if isinstance(outcome, c.Refused):
        return c.Decision((), outcome)
    return c.Decision(outcome, c.Stood((visit.id,), frozenset(() if outcome else (visit.id,))))


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
    """A nurse puts a missed family back, however often it missed."""
    visit = h.visits.get(command.visit)
    if visit is None:
        return c.Decision((), c.Refused(c.Reason.UNKNOWN_VISIT, command.visit))
    missed = next((s for s in visit.steps.values() if s.state is StepState.MISSED), None)
    if missed is None:
        return c.Decision((), c.Refused(c.Reason.NOT_MISSED, visit.id, visit.ticket))
    outcome = _back_in(h, missed, command.by, now, forced=True)
    if isinstance(outcome, c.Refused):
        return c.Decision((), outcome)
    return c.Decision(outcome, c.Stood((visit.id,)))


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
        reason = "alias_taken"
    else:
        reason = _reason(signed_in.answer)
    unmatched = e.ProvisionalUnmatched(at, command.agent, command.alias, reason)
    return c.Decision((unmatched,), signed_in.answer)


def _reason(answer: c.Answer) -> str:
    return answer.reason.value if isinstance(answer, c.Refused) else ""
