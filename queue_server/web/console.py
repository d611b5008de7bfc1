"""What staff see: pure functions of the state. Full names stand here; nothing of this is public."""

from datetime import datetime
from itertools import islice
from typing import Final

from pydantic import BaseModel, Field

from protocol import Text
from queue_server.core import Hospital, Step, Visit, views
from queue_server.core import events as e
from queue_server.core.vocabulary import TESTS, StepKind, StepState

LINE_SHOWN: Final = 60


class Entry(BaseModel):
    """One family, for staff."""

    visit: str = Field(description="Id of the visit.")
    step: str = Field(description="Id of the step.")
    ticket: str = Field(description="The number people read.")
    name: str = Field(description="The child's full name.")
    state: str = Field(description="State of the step.")
    is_return: bool = Field(description="Back with results (回诊).")
    slot: str | None = Field(description="Booked hour, local time, e.g. `09:00–10:00`.")
    since: datetime | None = Field(description="In this line since.")
    times: int = Field(description="How often called for the present call.")
    misses: int = Field(description="How often missed at this step.")


class Choice(BaseModel):
    """A line to which a doctor can send."""

    group: str = Field(description="Id of the group.")
    name: Text = Field(description="Its name.")
    test: bool = Field(description="Whether its results bring the family back.")


class ConsoleView(BaseModel):
    """All that one point needs to work."""

    point: str = Field(description="Id of the point.")
    name: Text = Field(description="Its name.")
    group: Text = Field(description="Name of its line.")
    kind: StepKind = Field(description="What is done here.")
    area: str = Field(description="Id of its area.")
    open: bool = Field(description="Whether it takes families.")
    current: Entry | None = Field(description="Who is called to it, or served at it.")
    line: tuple[Entry, ...] = Field(description="Who may be called here, in order; the first 60.")
    waiting: int = Field(description="How many may be called here.")
    missed: tuple[Entry, ...] = Field(description="Missed in this line.")
    held: tuple[Entry, ...] = Field(description="Places kept in this line.")
    choices: tuple[Choice, ...] = Field(description="Where a doctor can send; empty elsewhere.")


def console(h: Hospital, point_id: str) -> ConsoleView:
    """What a point's console shows.

    Raises:
        KeyError: there is no such point.
    """
    point = h.site.points[point_id]
    group = h.site.groups[point.group]
    current = h.current(point.id)
    line = islice(h.lines.eligible(group.id, point.doctor), LINE_SHOWN)
    held = [s for s in h.steps.values() if s.plan.group == group.id and s.state is StepState.HELD]
    return ConsoleView(
        point=point.id,
        name=views.text(point.name),
        group=views.text(group.name),
        kind=group.kind,
        area=group.area,
        open=h.is_open(point.id),
        current=entry(h, current) if current else None,
        line=tuple(entry(h, h.steps[rank.step]) for rank in line),
        waiting=h.lines.count(group.id, point.doctor),
        missed=tuple(entry(h, h.steps[step]) for step in h.missed.get(group.id, ())),
        held=tuple(entry(h, step) for step in held),
        choices=_choices(h) if group.kind is StepKind.CLINIC else (),
    )


def _choices(h: Hospital) -> tuple[Choice, ...]:
    return tuple(
        Choice(group=group.id, name=views.text(group.name), test=group.kind in TESTS)
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
        name=h.names.get(visit.patient, ""),
        state=step.state.value,
        is_return=step.plan.is_return,
        slot=views.stand(h, visit).slot,
        since=step.queued_at,
        times=step.times,
        misses=step.misses,
    )


class Attention(BaseModel):
    """Something a nurse should see."""

    at: datetime = Field(description="When it happened.")
    kind: str = Field(
        description="`ScanRefused`, `ProvisionalUnmatched`, `SequenceGap` or `HelpAsked`."
    )
    agent: str = Field(description="At which agent.")
    reason: str = Field(description="Code of the reason.")
    detail: str = Field(description="The provisional number, or which seqs are missing.")


def attention(h: Hospital) -> list[Attention]:
    """What waits for a nurse's eye, newest first."""
    found = [_attention(event) for event in h.attention]
    found += [
        Attention(at=at, kind="HelpAsked", agent=agent, reason="help", detail="")
        for agent, at in h.help_asked.items()
    ]
    return sorted(found, key=lambda each: each.at, reverse=True)


def _attention(event: e.Event) -> Attention:
    agent = reason = detail = ""
    match event:
        case e.ScanRefused():
            agent, reason = event.agent, event.reason
        case e.ProvisionalUnmatched():
            agent, reason, detail = event.agent, event.reason, event.alias
        case e.SequenceGap():
            agent, reason, detail = event.agent, "gap", f"{event.first}–{event.last}"
        case _:
            pass
    return Attention(
        at=event.at, kind=type(event).__name__, agent=agent, reason=reason, detail=detail
    )


class VisitRow(BaseModel):
    """A visit of today, for the desk."""

    visit: str = Field(description="Id of the visit.")
    name: str = Field(description="The child's full name.")
    ticket: str | None = Field(description="The number, once checked in.")
    alias: str | None = Field(description="A provisional number of a kiosk.")
    group: Text = Field(description="The line of the present step.")
    slot: str | None = Field(description="Booked hour, local time.")
    state: str = Field(description="State of the present step; `cancelled` when given back.")


def visits_found(h: Hospital, search: str, most: int = 50) -> list[VisitRow]:
    """Today's visits whose number, id or name contains `search`; all when it is empty."""
    wanted = search.strip().casefold()
    found = (
        visit
        for visit in h.visits.values()
        if visit.day == h.day and (not wanted or wanted in _searchable(h, visit))
    )
    return [_row(h, visit) for visit in islice(found, most)]


def _searchable(h: Hospital, visit: Visit) -> str:
    words = (visit.id, visit.ticket or "", visit.alias or "", h.names.get(visit.patient, ""))
    return " ".join(words).casefold()


def _row(h: Hospital, visit: Visit) -> VisitRow:
    stand = views.stand(h, visit)
    return VisitRow(
        visit=visit.id,
        name=h.names.get(visit.patient, ""),
        ticket=visit.ticket,
        alias=visit.alias,
        group=stand.group,
        slot=stand.slot,
        state="cancelled" if visit.cancelled else stand.state,
    )
