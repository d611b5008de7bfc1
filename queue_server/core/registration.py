"""Registration (挂号) and giving it back (退号)."""

from datetime import datetime

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.state import Hospital, Visit


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
    if command.visit not in h.visits:
        happened.append(_registered(h, command, now))
    return c.Decision(tuple(happened), c.Accepted())


def _registered(h: Hospital, command: c.Register, now: datetime) -> e.VisitRegistered:
    group = h.site.groups[command.group]
    step = e.StepPlan(f"{command.visit}/1", group.kind, group.id, doctor=command.doctor)
    return e.VisitRegistered(
        now, command.visit, command.patient, command.day, (step,), command.slot, command.campus
    )


def _refusal(h: Hospital, command: c.Register, now: datetime) -> c.Refused | None:
    if command.group not in h.site.groups:
        return c.Refused(c.Reason.UNKNOWN_GROUP, command.visit, detail=command.group)
    if command.doctor and command.doctor not in _doctors(h, command.group):
        return c.Refused(c.Reason.UNKNOWN_DOCTOR, command.visit, detail=command.doctor)
    if command.slot and not _slot_fits(h, command):
        return c.Refused(c.Reason.BAD_SLOT, command.visit, day=command.day)
    if command.card and h.cards.get(command.card, command.patient) != command.patient:
        return c.Refused(c.Reason.CARD_TAKEN, command.visit)
    known = h.visits.get(command.visit)
    if known:
        return None if _same(known, command) else c.Refused(c.Reason.VISIT_DIFFERS, command.visit)
    if command.day < (h.day or h.site.day(now)):
        return c.Refused(c.Reason.PAST_DAY, command.visit, day=command.day)
    return None


def _slot_fits(h: Hospital, command: c.Register) -> bool:
    slot = command.slot
    return slot is None or (slot.start < slot.end and h.site.day(slot.start) == command.day)


def _doctors(h: Hospital, group: str) -> set[str]:
    return {p.doctor for p in h.site.points.values() if p.group == group and p.doctor}


def _same(visit: Visit, command: c.Register) -> bool:
    plan = visit.first_step().plan
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
    return c.Decision((e.VisitCancelled(now, visit.id, command.by),), c.Accepted())
