"""Tests before the consult (诊前检验): whether they are due, the offer, the answer, the place that is kept."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.asking import nothing, refuse, unknown
from queue_server.core.itinerary import previsit_plans
from queue_server.core.site import PrevisitRule
from queue_server.core.state import Hospital, Visit
from queue_server.core.steps import Step
from queue_server.core.vocabulary import TESTS, StepKind, StepState

AHEAD_ALLOWED: Final = timedelta(minutes=5)
"""A specimen can't have been taken later than now; clocks differ a little."""


class Verdict(NamedTuple):
    """What a rule says of a visit: the services to offer, or why there are none."""

    rule: PrevisitRule
    services: tuple[str, ...]
    why_not: str = ""
    """`other_reason`, `age`, `age_unknown`, `ordered`, `recognised`, `closed`; empty when something is offered."""


def verdicts(h: Hospital, visit: Visit, group: str, now: datetime) -> Iterator[Verdict]:
    """What each rule for a clinic says of a visit, in the order of the site file."""
    for rule in h.site.previsit:
        if group in rule.groups:
            yield _verdict(h, visit, rule, now)


def _verdict(h: Hospital, visit: Visit, rule: PrevisitRule, now: datetime) -> Verdict:
    if rule.reasons and not set(rule.reasons) & set(visit.reasons):
        return Verdict(rule, (), "other_reason")
    wrong_age = _wrong_age(visit, rule)
    if wrong_age:
        return Verdict(rule, (), wrong_age)
    if any(s.plan.kind in TESTS for s in visit.steps.values()):
        return Verdict(rule, (), "ordered")
    wanted = [s for s in rule.tests if not _is_recognised(h, visit, s, rule, now)]
    if not wanted:
        return Verdict(rule, (), "recognised")
    able = tuple(service for service in wanted if _is_served(h, service))
    return Verdict(rule, able, "" if able else "closed")


def _wrong_age(visit: Visit, rule: PrevisitRule) -> str:
    if rule.min_age_months is None and rule.max_age_months is None:
        return ""
    if visit.born is None:
        return "age_unknown"
    age = months_old(visit.born, visit.day)
    too_young = rule.min_age_months is not None and age < rule.min_age_months
    too_old = rule.max_age_months is not None and age > rule.max_age_months
    return "age" if too_young or too_old else ""


def months_old(born: date, day: date) -> int:
    """Full months of age on a day."""
    return (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)


def _is_recognised(
    h: Hospital, visit: Visit, service: str, rule: PrevisitRule, now: datetime
) -> bool:
    taken = h.reports.get(visit.patient, {}).get(service)
    return taken is not None and now - taken <= rule.recognised


def _is_served(h: Hospital, service: str) -> bool:
    groups = h.site.serving.get(service, ())
    return any(h.is_open(point.id) for group in groups for point in h.site.points_of[group])


def consider(h: Hospital, command: c.ConsiderLab, now: datetime) -> c.Decision:
    """After a check-in: offer what the first fitting rule names, or note why that rule does not apply."""
    visit = h.visits.get(command.visit)
    step = _consult(visit) if visit else None
    if visit is None or step is None or visit.offer_rule is not None:
        return c.Decision((), c.Accepted())
    found = list(verdicts(h, visit, step.plan.group, now))
    offered = next((each for each in found if each.services), None)
    if offered is None:
        return c.Decision(tuple(_not_offered(visit, found, now)), c.Accepted())
    offer = e.LabOffered(now, visit.id, offered.rule.id, offered.services)
    if offered.rule.offer:
        return c.Decision((offer,), c.Accepted())
    return c.Decision(
        (offer, *_ordered(h, visit, offered.services, offered.rule, "", now)), c.Accepted()
    )


def _not_offered(visit: Visit, found: list[Verdict], now: datetime) -> Iterator[e.LabNotOffered]:
    """Only what somebody may ask about: the rule was for this child, and yet there is no test."""
    for each in found:
        if each.why_not in ("recognised", "ordered", "closed", "age_unknown"):
            yield e.LabNotOffered(now, visit.id, each.rule.id, each.why_not)
            return


def _consult(visit: Visit) -> Step | None:
    """The consult before which tests make sense: waiting, and not a return."""
    step = visit.first_step()
    waits = step.state in (StepState.WAITING, StepState.AT_DOOR, StepState.HELD)
    return step if waits and step.plan.kind is StepKind.CLINIC else None


def answer(h: Hospital, command: c.AnswerOffer, now: datetime) -> c.Decision:
    """The family takes the offer, or does not. The same answer again changes nothing."""
    visit = h.visits.get(command.visit)
    if visit is None:
        return unknown(command.visit)
    if not visit.offer:
        return refuse(c.Reason.NO_OFFER, visit)
    if visit.offer_accepted is not None:
        if visit.offer_accepted == command.accepted:
            return c.Decision((), c.Stood((visit.id,)))
        if visit.offer_accepted:
            return refuse(c.Reason.OFFER_OVER, visit, "ordered")
    if _consult(visit) is None:
        return refuse(c.Reason.OFFER_OVER, visit, "called")
    if not command.accepted:
        no = e.LabAnswered(now, visit.id, False, command.by)
        return c.Decision((no,), c.Stood((visit.id,)))
    rule = next((each for each in h.site.previsit if each.id == visit.offer_rule), None)
    services = tuple(s for s in visit.offer if _is_served(h, s))
    if rule is None or not services:
        return refuse(c.Reason.OFFER_OVER, visit, "closed")
    happened = _ordered(h, visit, services, rule, command.by, now)
    return c.Decision(tuple(happened), c.Stood((visit.id,)))


def _ordered(
    h: Hospital, visit: Visit, services: tuple[str, ...], rule: PrevisitRule, by: str, now: datetime
) -> Iterator[e.Event]:
    yield e.LabAnswered(now, visit.id, True, by)
    plans = previsit_plans(h, visit, services, rule.paid, now)
    yield e.StepsPlanned(now, visit.id, plans, by)


def note_report(h: Hospital, command: c.NoteReport, now: datetime) -> c.Decision:
    """A recognised report from outside; an older one than is known changes nothing."""
    if command.patient not in h.names:
        return nothing(c.Refused(c.Reason.UNKNOWN_PATIENT, detail=command.patient))
    if command.service not in h.site.serving:
        return nothing(c.Refused(c.Reason.UNKNOWN_SERVICE, detail=command.service))
    if command.taken_at > now + AHEAD_ALLOWED:
        return nothing(c.Refused(c.Reason.IN_FUTURE, when=command.taken_at))
    known = h.reports.get(command.patient, {}).get(command.service)
    if known and known >= command.taken_at:
        return c.Decision((), c.Accepted())
    noted = e.ReportRecognised(
        now, command.patient, command.service, command.taken_at, command.source
    )
    return c.Decision((noted,), c.Accepted())
