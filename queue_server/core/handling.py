"""What staff do with a family by hand: hold, release, move, doctor, priority, transfer, drop, hand over."""

from datetime import datetime
from typing import Final

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.asking import (
    IN_LINE,
    TO_MOVE,
    bad_length,
    bad_words,
    refuse,
    step_id,
    step_in,
    unknown,
)
from queue_server.core.missed import own_lane
from queue_server.core.ranking import rank_at_check_in, rank_back_in, rank_when_ready, turn_of
from queue_server.core.rules import Back, BackAt
from queue_server.core.site import ORDINARY
from queue_server.core.state import Hospital, Visit
from queue_server.core.steps import Step, StepPlan
from queue_server.core.vocabulary import FIRSTS, Lane, Rank, StepState

FAR_AHEAD: Final = 1_000
"""To the front of a line: due since so many calls."""


# ---- the place is kept --------------------------------------------------------------------------


def hold(h: Hospital, command: c.Hold, now: datetime) -> c.Decision:
    """Keep the place of a family that waits: a nap, feeding, away, paying."""
    visit = h.visits.get(command.visit)
    if visit is None:
        return unknown(command.visit)
    if refusal := bad_length(command.limit, visit):
        return refusal
    step = step_in(visit, *IN_LINE)
    if step is None:
        return refuse(c.Reason.NOT_WAITING, visit)
    until = now + command.limit if command.limit else None
    held = e.Held(now, visit.id, step.plan.step, command.reason, until, command.by)
    return c.Decision((held,), c.Stood((visit.id,)))


def release(h: Hospital, command: c.Release, now: datetime) -> c.Decision:
    """Back in the line, at the very place that was kept."""
    visit = h.visits.get(command.visit)
    if visit is None:
        return unknown(command.visit)
    step = step_in(visit, StepState.HELD)
    if step is None:
        return refuse(c.Reason.NOT_HELD, visit)
    back = e.Released(now, visit.id, step.plan.step, command.by)
    return c.Decision((back,), c.Stood((visit.id,)))


# ---- another place ------------------------------------------------------------------------------


def move(h: Hospital, command: c.Move, now: datetime) -> c.Decision:
    """Elsewhere in the same line; the reason is kept."""
    visit = h.visits.get(command.visit)
    if visit is None:
        return unknown(command.visit)
    if refusal := bad_words(command.reason, visit):
        return refusal
    if command.to is c.MoveTo.PLACES and not 1 <= command.places <= 99:
        return refuse(c.Reason.BAD_LENGTH, visit)
    step = step_in(visit, StepState.WAITING, StepState.HELD)
    if step is None or step.rank is None:
        return refuse(c.Reason.NOT_WAITING, visit)
    rank = _moved(h, visit, step, command, now)
    moved = e.Moved(now, visit.id, step.plan.step, rank, command.reason.strip(), command.by)
    return c.Decision((moved,), c.Stood((visit.id,)))


def _moved(h: Hospital, visit: Visit, step: Step, command: c.Move, now: datetime) -> Rank:
    if command.to is c.MoveTo.ORDER:
        return _in_order(h, visit, step, now)
    rules = h.rules(step.plan.group)
    calls = h.lines.calls(step.plan.group, step.doctor)
    back = {
        c.MoveTo.FRONT: Back(BackAt.PLACES, -FAR_AHEAD),
        c.MoveTo.PLACES: Back(BackAt.PLACES, command.places),
        c.MoveTo.END: Back(BackAt.HALF_DAY_END),
    }[command.to]
    return rank_back_in(
        back,
        now,
        rules,
        h.site,
        step.plan.step,
        calls=calls,
        lane=own_lane(step, visit, rules),
        serial=visit.serial,
        tier=h.tier(visit),
    )


def _in_order(h: Hospital, visit: Visit, step: Step, now: datetime) -> Rank:
    """The place that the rules give by when the family came, as if nobody had moved it."""
    rules, serial, tier = h.rules(step.plan.group), visit.serial, h.tier(visit)
    came, id = visit.checked_in_at, step.plan.step
    if step is visit.first_step() and came is not None:
        return rank_at_check_in(visit.slot, came, rules, h.site, id, serial=serial, tier=tier)
    return rank_when_ready(
        step.queued_at or now,
        id,
        rules,
        serial=serial,
        tier=tier,
        is_return=step.plan.is_return,
        before=step.plan.before,
    )


def assign_doctor(h: Hospital, command: c.AssignDoctor, now: datetime) -> c.Decision:
    """Wait for this doctor, or for anybody; the place in the order stays."""
    visit = h.visits.get(command.visit)
    if visit is None:
        return unknown(command.visit)
    step = step_in(
        visit,
        StepState.WAITING,
        StepState.HELD,
        StepState.MISSED,
        StepState.READY,
        StepState.PLANNED,
    )
    if step is None:
        return refuse(c.Reason.NOT_WAITING, visit)
    if command.doctor and command.doctor not in h.site.doctors_of(step.plan.group):
        return refuse(c.Reason.UNKNOWN_DOCTOR, visit, command.doctor)
    if command.doctor == step.doctor:
        return c.Decision((), c.Stood((visit.id,)))
    assigned = e.DoctorAssigned(
        now, visit.id, step.plan.step, command.doctor, command.reason.strip(), command.by
    )
    return c.Decision((assigned,), c.Stood((visit.id,)))


def set_priority(h: Hospital, command: c.SetPriority, now: datetime) -> c.Decision:
    """A priority class with its reason, or none any more; every place the visit has moves to its class."""
    visit = h.visits.get(command.visit)
    if visit is None:
        return unknown(command.visit)
    if refusal := bad_words(command.reason, visit):
        return refusal
    if command.priority and command.priority not in h.site.classes:
        return refuse(c.Reason.UNKNOWN_CLASS, visit, command.priority)
    if command.priority == visit.priority:
        return c.Decision((), c.Stood((visit.id,)))
    tier = h.site.tier(command.priority) if command.priority else ORDINARY
    in_line = (StepState.WAITING, StepState.AT_DOOR, StepState.HELD)
    ranks = tuple(
        step.rank._replace(tier=tier)
        for step in visit.steps.values()
        if step.rank and step.state in in_line
    )
    given = e.PriorityGiven(
        now, visit.id, command.priority, ranks, command.reason.strip(), command.by
    )
    return c.Decision((given,), c.Stood((visit.id,)))


# ---- another line -------------------------------------------------------------------------------


def transfer(h: Hospital, command: c.Transfer, now: datetime) -> c.Decision:
    """To another line (改诊). Where the rules say so, the waiting that was earned counts there."""
    visit = h.visits.get(command.visit)
    if visit is None:
        return unknown(command.visit)
    if refusal := bad_words(command.reason, visit) or _no_such_line(h, visit, command):
        return refusal
    step = step_in(visit, StepState.SERVING, *TO_MOVE, StepState.READY)
    if step is None:
        return refuse(c.Reason.NOT_WAITING, visit)
    if step.plan.group == command.group:
        return refuse(c.Reason.SAME_LINE, visit)
    plan = StepPlan(
        step_id(visit, visit.steps),
        h.site.groups[command.group].kind,
        command.group,
        doctor=command.doctor,
        is_return=step.plan.is_return and command.doctor is not None,
        services=step.plan.services,
        previsit=step.plan.previsit,
    )
    moved = e.Transferred(now, visit.id, step.plan.step, plan, command.reason.strip(), command.by)
    happened: tuple[e.Event, ...] = (moved,)
    if visit.checked_in_at:
        rank = _rank_there(h, visit, step, plan, now)
        happened += (e.StepQueued(now, visit.id, plan.step, rank),)
    return c.Decision(happened, c.Stood((visit.id,)))


def _no_such_line(h: Hospital, visit: Visit, command: c.Transfer) -> c.Decision | None:
    if command.group not in h.site.groups:
        return refuse(c.Reason.UNKNOWN_GROUP, visit, command.group)
    if command.doctor and command.doctor not in h.site.doctors_of(command.group):
        return refuse(c.Reason.UNKNOWN_DOCTOR, visit, command.doctor)
    return None


def _rank_there(h: Hospital, visit: Visit, step: Step, plan: StepPlan, now: datetime) -> Rank:
    rules, tier = h.rules(plan.group), h.tier(visit)
    fresh = rank_when_ready(
        now, plan.step, rules, serial=visit.serial, tier=tier, is_return=plan.is_return
    )
    kept = step.rank
    if kept is None or not h.rules(step.plan.group).transfer_keeps:
        return fresh
    lane = kept.lane if kept.lane in FIRSTS or plan.is_return else Lane.WALK_IN
    return Rank(turn_of(rules, visit.serial), min(kept.ref, now), kept.since, plan.step, lane, tier)


# ---- the visit ----------------------------------------------------------------------------------


def drop(h: Hospital, command: c.Drop, now: datetime) -> c.Decision:
    """Out of the day, for a reason that is kept; not while being served."""
    visit = h.visits.get(command.visit)
    if visit is None:
        return unknown(command.visit)
    if refusal := bad_words(command.reason, visit):
        return refusal
    if visit.cancelled:
        return c.Decision((), c.Accepted())
    if step_in(visit, StepState.SERVING):
        return refuse(c.Reason.BEING_SERVED, visit)
    dropped = e.VisitCancelled(now, visit.id, command.by, command.reason.strip())
    return c.Decision((dropped,), c.Accepted())


def hand_over(h: Hospital, command: c.HandOver, now: datetime) -> c.Decision:
    """Another guardian goes on; a card that nobody knew becomes that guardian's."""
    visit = h.visits.get(command.visit)
    if visit is None:
        return unknown(command.visit)
    if not command.card:
        return refuse(c.Reason.UNKNOWN_CARD, visit)
    guardian = h.cards.get(command.card)
    happened: list[e.Event] = []
    if guardian is None:
        guardian = f"guardian:{command.card}"
        happened.append(e.CardBound(now, command.card, guardian))
    if guardian == visit.guardian:
        return c.Decision((), c.Stood((visit.id,)))
    if guardian == visit.patient:
        return refuse(c.Reason.CARD_TAKEN, visit)
    happened.append(e.GuardianChanged(now, visit.id, guardian, command.by))
    return c.Decision(tuple(happened), c.Stood((visit.id,)))
