"""What one point's staff see: pure functions of the state. Full names stand here; nothing of this is public."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import BaseModel, Field

from protocol import Text
from queue_server.core import Hospital, Step, Visit, views
from queue_server.core.itinerary import is_settled
from queue_server.core.picking import in_order
from queue_server.core.presence import is_away
from queue_server.core.rules import Presence
from queue_server.core.services import service_name
from queue_server.core.site import Group, Point
from queue_server.core.state import OVER
from queue_server.core.vocabulary import TESTS, Need, StepKind, StepState
from queue_server.web.handles import doctor_name

LINE_SHOWN: Final = 60
NEAR_CAP: Final = 0.8
"""From here on staff see how often a family was overtaken."""
HEARD_FOR: Final = timedelta(minutes=15)
"""So long staff see where a phone was heard."""
NOT_DONE: Final = frozenset({StepState.CANCELLED, StepState.NO_SHOW, StepState.TRANSFERRED})
"""States of a test that has no result and will have none."""


class TestView(BaseModel):
    """One test of a visit, for its doctor."""

    service: Text = Field(description="What is tested.")
    ready_at: datetime | None = Field(description="When its result was there; null: awaited.")


class Entry(BaseModel):
    """One family, for staff."""

    visit: str = Field(description="Id of the visit.")
    step: str = Field(description="Id of the step.")
    ticket: str = Field(description="The number people read.", examples=["A023"])
    alias: str | None = Field(description="A kiosk's provisional number of the same visit.")
    name: str = Field(description="The child's name: full for people, masked for programs.")
    state: str = Field(description="State of the step.")
    is_return: bool = Field(description="Back with results (回诊).")
    doctor: Text | None = Field(description="The doctor the family chose or comes back to.")
    slot: str | None = Field(description="Booked hour, local time, e.g. `09:00–10:00`.")
    since: datetime | None = Field(description="In this line since.")
    called_at: datetime | None = Field(description="When last called.")
    started_at: datetime | None = Field(description="When the family came in.")
    times: int = Field(description="How often called for the present call.")
    misses: int = Field(description="How often missed at this step.")
    call: str | None = Field(description="Id of its latest call.")
    confirmed_at: datetime | None = Field(description="When it was seen at the door.")
    badge: str | None = Field(description="Character of the priority class.", examples=["急"])
    badge_en: str | None = Field(description="The same where English is read.", examples=["!"])
    priority: Text | None = Field(description="Name of the priority class.")
    late: bool = Field(description="Came after its slot was over.")
    add_on: bool = Field(description="Added beyond the slots (加号).")
    paid: bool = Field(description="Whether the registration is paid.")
    overtaken: int = Field(description="How often somebody was called before who came later.")
    at_cap: bool = Field(description="Overtaken nearly as often as the rules allow.")
    hold: str | None = Field(description="Why the place is kept.", examples=["nap"])
    held_until: datetime | None = Field(description="Until when; null: until it is released.")
    lacks: tuple[str, ...] = Field(description="What must be true before it stands in line.")
    services: tuple[Text, ...] = Field(description="What is to be done here, as ordered.")
    drugs: bool = Field(description="Has drugs still to be fetched, which could be sent home.")
    order: str | None = Field(description="Id of the order in the laboratory system.")
    offer: tuple[Text, ...] = Field(
        description="Tests before the consult that are offered and not yet answered."
    )
    results: tuple[TestView, ...] = Field(description="The tests of this visit.")
    heard_at: datetime | None = Field(
        default=None, description="When its phone was last heard where it waits; null: not lately."
    )
    heard_in: Text | None = Field(
        default=None, description="The other area in which its phone is heard; null: none."
    )
    passed_by: bool = Field(
        default=False, description="It is passed by for that, as long as others can be called."
    )
    where: Text | None = Field(
        default=None, description="Where the family is meanwhile, for those sent for tests."
    )
    where_state: str | None = Field(
        default=None, description="State of the step there, for those sent for tests."
    )


class Choice(BaseModel):
    """A line to which a doctor can send, or a service that several lines may do."""

    group: str = Field(description="Id of the service, or of the line where it names none.")
    name: Text = Field(description="Its name.")
    test: bool = Field(description="Whether its results bring the family back.")
    waiting: int = Field(description="How many wait there now.")


class ConsoleView(BaseModel):
    """All that one point needs to work."""

    point: str = Field(description="Id of the point.")
    name: Text = Field(description="Its name.")
    staff: Text | None = Field(description="Who sits there.")
    group: Text = Field(description="Name of its line.")
    line_id: str = Field(description="Id of its line.", examples=["resp"])
    kind: StepKind = Field(description="What is done here.")
    area: str = Field(description="Id of its area.")
    open: bool = Field(description="Whether it takes families.")
    reason: str = Field(description="Why it takes none, if somebody said why.")
    doctors: tuple[str, ...] = Field(description="Ids of the doctors whose families come here.")
    seated: tuple[Text, ...] = Field(description="Their names.")
    current: Entry | None = Field(description="Who is called to it, or served at it.")
    line: tuple[Entry, ...] = Field(description="Who may be called here, in order; the first 60.")
    waiting: int = Field(description="How many may be called here.")
    missed: tuple[Entry, ...] = Field(description="Missed in this line.")
    held: tuple[Entry, ...] = Field(description="Places kept in this line.")
    at_tests: tuple[Entry, ...] = Field(description="Sent for tests; they come back to this line.")
    work: tuple[Entry, ...] = Field(
        description="Still to come to this line and lacking something: to review, to prepare, to confirm, to pay."
    )
    results_due: tuple[Entry, ...] = Field(description="Done here, the result not there yet.")
    owing: tuple[Entry, ...] = Field(description="At a cashier: who has something to pay.")
    choices: tuple[Choice, ...] = Field(description="Where a doctor can send; empty elsewhere.")


def consoles(h: Hospital, area: str) -> dict[str, ConsoleView]:
    """What every console of an area shows, by point."""
    groups = [group for group in h.site.groups.values() if group.area == area]
    points = [p for p in h.site.points.values() if h.site.groups[p.group].area == area]
    held = {group.id: _held(h, group) for group in groups}
    return {point.id: _console(h, point, held[point.group]) for point in points}


def console(h: Hospital, point: str) -> ConsoleView:
    """What a point's console shows.

    Raises:
        KeyError: there is no such point.
    """
    known = h.site.points[point]
    return _console(h, known, _held(h, h.site.groups[known.group]))


def _held(h: Hospital, group: Group) -> list[Step]:
    held = (h.steps[id] for id in h.held.get(group.id, ()))
    return sorted(held, key=lambda step: step.rank or ())


def _console(h: Hospital, point: Point, held: Iterable[Step]) -> ConsoleView:
    group = h.site.groups[point.group]
    current = h.current(point.id)
    line = in_order(h, point, LINE_SHOWN)
    doctors = h.doctors_at(point, h.moment)
    missed = (h.steps[step] for step in h.missed.get(group.id, ()))
    return ConsoleView(
        point=point.id,
        name=views.text(point.name),
        staff=views.text(point.staff) if point.staff else None,
        group=views.text(group.name),
        line_id=group.id,
        kind=group.kind,
        area=group.area,
        open=h.is_open(point.id),
        reason=h.points[point.id].reason if point.id in h.points else "",
        doctors=doctors,
        seated=tuple(doctor_name(h, doctor) for doctor in doctors),
        current=entry(h, current) if current else None,
        line=tuple(entry(h, step) for step in line),
        waiting=views.lanes_length(h, group.id, (None, *doctors)),
        missed=tuple(entry(h, step) for step in missed if _for(h, step, point)),
        held=tuple(entry(h, step) for step in held if _for(h, step, point)),
        at_tests=tuple(_at_tests(h, group, point)),
        work=tuple(_work(h, group)),
        results_due=tuple(entry(h, h.steps[id]) for id in h.results_due.get(group.id, ())),
        owing=tuple(_owing(h)) if group.kind is StepKind.CASHIER else (),
        choices=_choices(h) if group.kind is StepKind.CLINIC else (),
    )


def _for(h: Hospital, step: Step, point: Point) -> bool:
    """Whether a family may be called to this point: it waits for no doctor, or for one who sits here."""
    doctors = h.doctors_at(point, h.moment)
    return not doctors or step.doctor is None or step.doctor in doctors


def _at_tests(h: Hospital, group: Group, point: Point) -> Iterator[Entry]:
    for step in sorted(h.expected_returns.get(group.id, ())):
        back = h.steps[step]
        if _for(h, back, point):
            now_at = views.current_step(h.visits[back.visit])
            where = h.site.groups.get(now_at.plan.group)
            yield entry(h, back).model_copy(
                update={
                    "where": views.text(where.name) if where else None,
                    "where_state": now_at.state.value,
                }
            )


def _work(h: Hospital, group: Group) -> Iterator[Entry]:
    """Steps of a line that lack something, and before which all is done: what can be done now first."""
    steps = [h.steps[id] for id in h.planned.get(group.id, ())]
    for step in sorted(steps, key=lambda step: Need.PAID in step.lacks):
        visit = h.visits[step.visit]
        if step.lacks and all(is_settled(visit, before) for before in step.plan.after):
            yield entry(h, step)


def _owing(h: Hospital) -> Iterator[Entry]:
    """Families in the hospital with something ordered that is not paid, each once."""
    seen = set()
    for planned in h.planned.values():
        for id in planned:
            step = h.steps[id]
            if Need.PAID in step.lacks and step.visit not in seen:
                seen.add(step.visit)
                yield entry(h, step)


def _choices(h: Hospital) -> tuple[Choice, ...]:
    """Services of the lines that name them, else the lines themselves; the wait is that of the shortest."""
    found: dict[str, Choice] = {}
    for group in h.site.groups.values():
        if group.kind is StepKind.CLINIC:
            continue
        waiting, test = h.lines.length(group.id), group.kind in TESTS
        for service in group.serves or (group.id,):
            known = found.get(service)
            least = min(waiting, known.waiting) if known else waiting
            name = views.text(service_name(h.site, service))
            found[service] = Choice(group=service, name=name, test=test, waiting=least)
    return tuple(found.values())


def entry(h: Hospital, step: Step) -> Entry:
    """One family at a step."""
    visit = h.visits[step.visit]
    known = h.site.classes.get(visit.priority or "")
    return Entry(
        visit=visit.id,
        step=step.plan.step,
        ticket=visit.ticket or "",
        alias=visit.alias,
        name=h.names.get(visit.patient, ""),
        state=step.state.value,
        is_return=step.plan.is_return,
        doctor=doctor_name(h, step.doctor) if step.doctor else None,
        slot=views.slot_text(h.site, visit.slot),
        since=step.queued_at,
        called_at=step.called_at,
        started_at=step.started_at,
        times=step.times,
        misses=step.misses,
        call=step.call,
        confirmed_at=step.confirmed_at,
        badge=known.badge if known else None,
        badge_en=known.english_badge if known else None,
        priority=views.text(known.name) if known else None,
        late=_came_late(h, visit, step),
        add_on=visit.add_on,
        paid=visit.paid,
        overtaken=step.overtaken,
        at_cap=step.overtaken >= NEAR_CAP * h.rules(step.plan.group).overtake_cap,
        hold=step.hold.value if step.hold else None,
        held_until=step.held_until,
        lacks=tuple(need.value for need in step.plan.needs if need in step.lacks),
        services=tuple(views.text(service_name(h.site, each)) for each in step.plan.services),
        drugs=has_drugs(visit),
        order=step.plan.order,
        offer=views.offered(h, visit),
        **_presence(h, visit, step),
        results=tuple(_tests(h, visit)) if step.plan.kind is StepKind.CLINIC else (),
    )


def _presence(h: Hospital, visit: Visit, step: Step) -> dict[str, Any]:  # fields of `Entry`
    """Where its phone is heard, as far as that says something still."""
    if step.away_at is not None and h.moment - step.away_at <= HEARD_FOR:
        area = h.site.areas.get(visit.seen.area) if visit.seen else None
        rules = h.rules(step.plan.group)
        skipped = rules.presence is Presence.SKIP and is_away(step, rules, h.moment)
        return {"heard_in": views.text(area.name) if area else None, "passed_by": skipped}
    if step.seen_at is not None and h.moment - step.seen_at <= HEARD_FOR:
        return {"heard_at": step.seen_at}
    return {}


def _came_late(h: Hospital, visit: Visit, step: Step) -> bool:
    came, slot = visit.checked_in_at, visit.slot
    if step.plan.is_return or came is None or slot is None:
        return False
    return came > slot.end + h.rules(step.plan.group).late_after


def has_drugs(visit: Visit) -> bool:
    """Whether a step at a pharmacy is still to come."""
    return any(
        step.plan.kind is StepKind.PHARMACY and step.state not in (*OVER, StepState.SERVING)
        for step in visit.steps.values()
    )


def _tests(h: Hospital, visit: Visit) -> Iterator[TestView]:
    for step in visit.steps.values():
        if step.plan.kind in TESTS and step.state not in NOT_DONE:
            ready = step.result_at or (None if step.result_due else step.finished_at)
            for service in step.plan.services or (step.plan.group,):
                yield TestView(service=views.text(service_name(h.site, service)), ready_at=ready)
