"""Registration (挂号) and giving it back (退号)."""

from datetime import datetime

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.asking import refuse, step_in
from queue_server.core.state import Hospital, Visit
from queue_server.core.steps import StepPlan
from queue_server.core.vocabulary import StepState


def register(h: Hospital, command: c.Register, now: datetime) -> c.Decision:
    """Enter a registration; the same one again changes nothing."""
    refused = _refusal(h, command, now)
    if refused:
        return c.Decision((), refused)
    happened: list[e.Event] = []
    if h.names.get(command.patient) != command.name:
        happened.append(e.PatientNamed(now, command.patient, command.name))
    if command.card and command.card not in h.cards:
        happened.append(e.CardBound(now, command.card, command.patient))
    if command.guardian and command.guardian_card and command.guardian_card not in h.cards:
        happened.append(e.CardBound(now, command.guardian_card, command.guardian))
    handle = _handle(h, command)
    if handle and command.patient not in h.findable.get(handle, ()):
        happened.append(e.PatientFindable(now, handle, command.patient))
    if command.visit not in h.visits:
        happened.append(_registered(h, command, now))
    return c.Decision(tuple(happened), c.Accepted())


def _handle(h: Hospital, command: c.Register) -> str | None:
    if h.handle_of is None or command.phone_tail is None or command.born is None:
        return None
    return h.handle_of(command.phone_tail, command.born)


def _registered(h: Hospital, command: c.Register, now: datetime) -> e.VisitRegistered:
    group = h.site.groups[command.group]
    step = StepPlan(f"{command.visit}/1", group.kind, group.id, doctor=command.doctor)
    return e.VisitRegistered(
        now,
        command.visit,
        command.patient,
        command.day,
        (step,),
        command.slot,
        command.campus,
        command.guardian,
        command.serial,
        command.paid,
        command.priority,
        command.reasons,
        command.born,
        command.add_on,
    )


def _refusal(h: Hospital, command: c.Register, now: datetime) -> c.Refused | None:
    if command.group not in h.site.groups:
        return c.Refused(c.Reason.UNKNOWN_GROUP, command.visit, detail=command.group)
    if command.doctor and command.doctor not in h.site.doctors_of(command.group):
        return c.Refused(c.Reason.UNKNOWN_DOCTOR, command.visit, detail=command.doctor)
    if command.slot and not _slot_fits(h, command):
        return c.Refused(c.Reason.BAD_SLOT, command.visit, day=command.day)
    if command.card and h.cards.get(command.card, command.patient) != command.patient:
        return c.Refused(c.Reason.CARD_TAKEN, command.visit)
    if command.guardian_card and _is_anothers(h, command.guardian_card, command.guardian):
        return c.Refused(c.Reason.CARD_TAKEN, command.visit)
    if command.priority and command.priority not in h.site.classes:
        return c.Refused(c.Reason.UNKNOWN_CLASS, command.visit, detail=command.priority)
    known = h.visits.get(command.visit)
    if known:
        return None if _same(known, command) else c.Refused(c.Reason.VISIT_DIFFERS, command.visit)
    if command.day < (h.day or h.site.day(now)):
        return c.Refused(c.Reason.PAST_DAY, command.visit, day=command.day)
    if command.day in h.site.hours.closed:
        return c.Refused(c.Reason.CLOSED_DAY, command.visit, day=command.day)
    return None


def _is_anothers(h: Hospital, card: str, guardian: str | None) -> bool:
    return guardian is None or h.cards.get(card, guardian) != guardian


def _slot_fits(h: Hospital, command: c.Register) -> bool:
    slot = command.slot
    return slot is None or (slot.start < slot.end and h.site.day(slot.start) == command.day)


def _same(visit: Visit, command: c.Register) -> bool:
    """Whether it is the registration that is known; what staff have changed since does not count."""
    plan = next(iter(visit.steps.values())).plan
    return (visit.patient, visit.day, visit.slot, visit.campus, plan.group, plan.doctor) == (
        command.patient,
        command.day,
        command.slot,
        command.campus,
        command.group,
        command.doctor,
    )


def cancel(h: Hospital, command: c.Cancel, now: datetime) -> c.Decision:
    """Give a registration back; twice is once."""
    visit = h.visits.get(command.visit)
    if visit is None:
        return c.Decision((), c.Refused(c.Reason.UNKNOWN_VISIT, command.visit))
    if visit.cancelled:
        return c.Decision((), c.Accepted())
    if step_in(visit, StepState.SERVING):
        return refuse(c.Reason.BEING_SERVED, visit)
    return c.Decision((e.VisitCancelled(now, visit.id, command.by),), c.Accepted())
