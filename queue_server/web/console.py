"""What one point's staff see: pure functions of the state. Full names stand here; nothing of this is public."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from pydantic import BaseModel, Field

from protocol import Text
from queue_server.core import Hospital, Step, views
from queue_server.core.picking import in_order
from queue_server.core.site import Group, Point
from queue_server.core.vocabulary import TESTS, StepKind

LINE_SHOWN: Final = 60


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
    where: Text | None = Field(
        default=None, description="Where the family is meanwhile, for those sent for tests."
    )
    where_state: str | None = Field(
        default=None, description="State of the step there, for those sent for tests."
    )


class Choice(BaseModel):
    """A line to which a doctor can send."""

    group: str = Field(description="Id of the group.")
    name: Text = Field(description="Its name.")
    test: bool = Field(description="Whether its results bring the family back.")
    waiting: int = Field(description="How many wait there now.")


class ConsoleView(BaseModel):
    """All that one point needs to work."""

    point: str = Field(description="Id of the point.")
    name: Text = Field(description="Its name.")
    staff: Text | None = Field(description="Who sits there.")
    group: Text = Field(description="Name of its line.")
    kind: StepKind = Field(description="What is done here.")
    area: str = Field(description="Id of its area.")
    open: bool = Field(description="Whether it takes families.")
    current: Entry | None = Field(description="Who is called to it, or served at it.")
    line: tuple[Entry, ...] = Field(description="Who may be called here, in order; the first 60.")
    waiting: int = Field(description="How many may be called here.")
    missed: tuple[Entry, ...] = Field(description="Missed in this line.")
    held: tuple[Entry, ...] = Field(description="Places kept in this line.")
    at_tests: tuple[Entry, ...] = Field(description="Sent for tests; they come back to this line.")
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
    missed = (h.steps[step] for step in h.missed.get(group.id, ()))
    return ConsoleView(
        point=point.id,
        name=views.text(point.name),
        staff=views.text(point.staff) if point.staff else None,
        group=views.text(group.name),
        kind=group.kind,
        area=group.area,
        open=h.is_open(point.id),
        current=entry(h, current) if current else None,
        line=tuple(entry(h, step) for step in line),
        waiting=views.lanes_length(h, group.id, (None, *h.doctors_at(point, h.now))),
        missed=tuple(entry(h, step) for step in missed if _for(h, step, point)),
        held=tuple(entry(h, step) for step in held if _for(h, step, point)),
        at_tests=tuple(_at_tests(h, group, point)),
        choices=_choices(h) if group.kind is StepKind.CLINIC else (),
    )


def _for(h: Hospital, step: Step, point: Point) -> bool:
    """Whether a family may be called to this point: it waits for no doctor, or for one who sits here."""
    doctors = h.doctors_at(point, h.now)
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


def _choices(h: Hospital) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            group=group.id,
            name=views.text(group.name),
            test=group.kind in TESTS,
            waiting=h.lines.length(group.id),
        )
        for group in h.site.groups.values()
        if group.kind is not StepKind.CLINIC
    )


def entry(h: Hospital, step: Step) -> Entry:
    """One family at a step."""
    visit = h.visits[step.visit]
    return Entry(
        visit=visit.id,
        step=step.plan.step,
        ticket=visit.ticket or "",
        alias=visit.alias,
        name=h.names.get(visit.patient, ""),
        state=step.state.value,
        is_return=step.plan.is_return,
        doctor=_doctor(h, step),
        slot=views.stand(h, visit).slot,
        since=step.queued_at,
        called_at=step.called_at,
        started_at=step.started_at,
        times=step.times,
        misses=step.misses,
    )


def _doctor(h: Hospital, step: Step) -> Text | None:
    if step.doctor is None:
        return None
    known = h.site.doctors.get(step.doctor)
    sits = (p.staff for p in h.site.points.values() if p.doctor == step.doctor and p.staff)
    name = known.name if known else next(sits, None)
    return views.text(name) if name else None
