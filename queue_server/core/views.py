"""What people are shown: pure functions of the state, in the words of `protocol`."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Final

from protocol import BoardView, Called, CallMade, PointView, Stand, StepView, Text
from queue_server.core.masking import masked
from queue_server.core.site import Group, Point, Site
from queue_server.core.state import Hospital, Step, Visit
from queue_server.core.vocabulary import Name, Slot, StepState

NEXT_SHOWN: Final = 2
"""How many are asked to wait at each door."""

_NOWHERE: Final = Name("请到咨询台", "Ask at the desk")
_FIRST_SHOWN: Final = (
    StepState.SERVING,
    StepState.CALLED,
    StepState.MISSED,
    StepState.WAITING,
    StepState.HELD,
    StepState.READY,
    StepState.PLANNED,
)
_URGENCY: Final = {state: place for place, state in enumerate(_FIRST_SHOWN)}


@lru_cache(maxsize=4096)
def text(name: Name) -> Text:
    """A name as it travels; both are frozen, and a site has few."""
    return Text(zh=name.zh, en=name.en)


def current_step(visit: Visit) -> Step:
    """The step that a family must think of now; the last one when all is done."""
    open_steps = [step for step in visit.steps.values() if step.state in _URGENCY]
    if open_steps:
        return min(open_steps, key=lambda step: _URGENCY[step.state])
    return list(visit.steps.values())[-1]


def masked_name(h: Hospital, visit: Visit) -> str:
    """The child's name as strangers may see it."""
    return masked(h.names.get(visit.patient, ""))


def ahead(h: Hospital, step: Step) -> int | None:
    """How many may be called before this step; None when it isn't waiting (or held, its place kept)."""
    if step.rank is None or step.state not in (StepState.WAITING, StepState.HELD):
        return None
    return h.lines.ahead(step.plan.group, step.plan.doctor, step.rank)


def stand(h: Hospital, visit: Visit, *, already: bool = False) -> Stand:
    """Where a visit stands now."""
    step = current_step(visit)
    point = h.site.points.get(step.point) if step.point else None
    at_point = step.state in (StepState.CALLED, StepState.SERVING)
    return Stand(
        visit=visit.id,
        ticket=visit.ticket or "",
        alias=visit.alias,
        masked_name=masked_name(h, visit),
        state=step.state.value,
        group=_group_name(h.site, step.plan.group),
        place=_place(h.site, step.plan.group),
        ahead=ahead(h, step),
        room=text(point.name) if point and at_point else None,
        slot=_slot(h.site, visit.slot),
        is_return=step.plan.is_return,
        already=already,
        steps=tuple(_step_view(h, each) for each in visit.steps.values()),
    )


def _step_view(h: Hospital, step: Step) -> StepView:
    return StepView(
        group=_group_name(h.site, step.plan.group),
        place=_place(h.site, step.plan.group),
        state=step.state.value,
        is_return=step.plan.is_return,
    )


def _group_name(site: Site, group: str) -> Text:
    known = site.groups.get(group)
    return text(known.name) if known else Text(zh=group, en=group)


def _place(site: Site, group: str) -> Text:
    return text(site.area_of(group).place if group in site.groups else _NOWHERE)


def _slot(site: Site, slot: Slot | None) -> str | None:
    if slot is None:
        return None
    start, end = (moment.astimezone(site.timezone) for moment in (slot.start, slot.end))
    return f"{start:%H:%M}–{end:%H:%M}"


def call_made(h: Hospital, step: Step) -> CallMade | None:
    """The call of a step, for voice and pushes; None when the site no longer knows its room."""
    point = h.site.points.get(step.point) if step.point else None
    if point is None or step.call is None or step.called_at is None:
        return None
    visit = h.visits[step.visit]
    group = h.site.groups[point.group]
    return CallMade(
        call=step.call,
        ticket=visit.ticket or "",
        masked_name=masked_name(h, visit),
        group=text(group.name),
        area=group.area,
        point=point.id,
        room=text(point.name),
        times=step.times,
        at=step.called_at,
    )


def board(h: Hospital, area: str, revision: int = 0) -> BoardView:
    """All that a hall sees.

    Raises:
        KeyError: the site has no such area.
    """
    known = h.site.areas[area]
    groups = [group for group in h.site.groups.values() if group.area == area]
    return BoardView(
        area=area,
        name=text(known.name),
        revision=revision,
        points=tuple(view for group in groups for view in _points(h, group)),
        missed=tuple(
            h.visits[h.steps[step].visit].ticket or ""
            for group in groups
            for step in h.missed.get(group.id, ())
        ),
        at_lab=sum(len(h.expected_returns.get(group.id, ())) for group in groups),
    )


def _points(h: Hospital, group: Group) -> Iterator[PointView]:
    points = [point for point in h.site.points.values() if point.group == group.id]
    upcoming = _upcoming(h, group, points)
    for point in points:
        step = h.current(point.id)
        yield PointView(
            point=point.id,
            name=text(point.name),
            staff=text(point.staff) if point.staff else None,
            open=h.is_open(point.id),
            group=text(group.name),
            serving=_called(h, step) if step and step.state is StepState.SERVING else None,
            called=_called(h, step) if step and step.state is StepState.CALLED else None,
            next=tuple(_called(h, each) for each in upcoming[point.id]),
            waiting=h.lines.count(group.id, point.doctor),
        )


def _upcoming(h: Hospital, group: Group, points: list[Point]) -> dict[str, list[Step]]:
    """Who is to wait at which door: in order, each family at one door only."""
    shown: dict[str, list[Step]] = {point.id: [] for point in points}
    open_points = [point for point in points if h.is_open(point.id)]
    for rank in islice(h.lines.everybody(group.id), NEXT_SHOWN * len(open_points) * 2):
        step = h.steps[rank.step]
        doors = [p for p in open_points if step.plan.doctor in (None, p.doctor)]
        door = min(doors, key=lambda p: len(shown[p.id]), default=None)
        if door and len(shown[door.id]) < NEXT_SHOWN:
            shown[door.id].append(step)
    return shown


def _called(h: Hospital, step: Step) -> Called:
    visit = h.visits[step.visit]
    return Called(
        ticket=visit.ticket or "",
        masked_name=masked_name(h, visit),
        is_return=step.plan.is_return,
        times=max(step.times, 1),
        at=step.called_at,
    )
