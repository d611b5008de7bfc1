"""What people are shown: pure functions of the state, in the words of `protocol`."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from protocol import (
    BoardView,
    Called,
    CallMade,
    ChildChoice,
    PointView,
    Stand,
    StepView,
    Text,
    VoiceRules,
    WaitRange,
)
from queue_server.core.masking import masked
from queue_server.core.picking import ahead, upcoming
from queue_server.core.services import service_name
from queue_server.core.site import AreaVoice, Group, Point, Site
from queue_server.core.state import OVER, Hospital, Visit
from queue_server.core.steps import Step
from queue_server.core.vocabulary import Name, Need, Slot, StepKind, StepState
from queue_server.core.waiting import day_one

NEXT_SHOWN: Final = 2
"""How many are asked to wait at each door."""

_NOWHERE: Final = Name("请到咨询台", "Ask at the desk")
_FIRST_SHOWN: Final = (
    StepState.SERVING,
    StepState.CALLED,
    StepState.AT_DOOR,
    StepState.MISSED,
    StepState.WAITING,
    StepState.HELD,
    StepState.READY,
    StepState.PLANNED,
)
_MAY_PAY: Final = frozenset({StepState.WAITING, StepState.HELD, StepState.READY, StepState.PLANNED})
"""Who is not called anywhere, and so has time to pay."""
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


def stand(h: Hospital, visit: Visit, *, already: bool = False) -> Stand:
    """Where a visit stands now."""
    step = current_step(visit)
    point = h.site.points.get(step.point) if step.point else None
    at_point = step.state in (StepState.CALLED, StepState.SERVING, StepState.AT_DOOR)
    cashiers = _pays_first(h.site, visit, step)
    return Stand(
        visit=visit.id,
        ticket=visit.ticket or "",
        alias=visit.alias,
        masked_name=masked_name(h, visit),
        state=step.state.value,
        group=_group_name(h.site, step.plan.group),
        place=_place(h.site, step.plan.group),
        ahead=ahead(h, step, h.moment),
        wait=_wait(h, step),
        room=text(point.name) if point and at_point else None,
        slot=slot_text(h.site, visit.slot),
        is_return=step.plan.is_return,
        already=already,
        steps=tuple(_step_view(h, each) for each in visit.steps.values()),
        offer=offered(h, visit),
        to_pay=owes(visit),
        pay_at=_pay_at(h.site, cashiers) if cashiers else None,
    )


def destination(h: Hospital, visit: Visit) -> tuple[tuple[tuple[str, str], ...], bool]:
    """Where a visit goes now, as (kind, id of the site file), the best first, and whether it waits there to be called.

    Nowhere when all is done. Who is called, or served, goes to the room; who owes something, to a cashier; who waits,
    to the waiting area of the line.
    """
    step = current_step(visit)
    group = h.site.groups.get(step.plan.group)
    if group is None or step.state in OVER:
        return (), False
    if cashiers := _pays_first(h.site, visit, step):
        return tuple(
            end for each in cashiers for end in (("group", each.id), ("area", each.area))
        ), False
    line, area = ("group", group.id), ("area", group.area)
    at_point = step.state in (StepState.CALLED, StepState.SERVING, StepState.AT_DOOR)
    if at_point and step.point:
        return (("point", step.point), line, area), False
    if step.state is StepState.MISSED:
        return (area, line), False
    return (area, line), step.state is StepState.WAITING


def offered(h: Hospital, visit: Visit) -> tuple[Text, ...]:
    """Tests before the consult that are offered, and that nobody has said yes or no to."""
    if visit.offer_accepted is not None:
        return ()
    return tuple(text(service_name(h.site, service)) for service in visit.offer)


def owes(visit: Visit) -> bool:
    """Whether something that was ordered is not paid, and so can't be done."""
    return any(Need.PAID in step.lacks for step in visit.steps.values() if step.state not in OVER)


def _pays_first(site: Site, visit: Visit, step: Step) -> tuple[Group, ...]:
    """The cashiers that a visit should see before anything else, those of its own area first."""
    if step.state not in _MAY_PAY or not owes(visit):
        return ()
    cashiers = [each for each in site.groups.values() if each.kind is StepKind.CASHIER]
    line = site.groups.get(step.plan.group)
    return tuple(sorted(cashiers, key=lambda each: line is None or each.area != line.area))


def _pay_at(site: Site, cashiers: Sequence[Group]) -> Text:
    name, area = cashiers[0].name, site.areas.get(cashiers[0].area)
    place = area.place if area else _NOWHERE
    return Text(zh=f"{name.zh}，{place.zh}", en=f"{name.en}, {place.en}")


def child_choices(h: Hospital, visits: Iterable[str]) -> tuple[ChildChoice, ...]:
    """Visits, as those that a card may be about."""
    return tuple(_child_choice(h, h.visits[visit]) for visit in visits)


def _child_choice(h: Hospital, visit: Visit) -> ChildChoice:
    return ChildChoice(
        visit=visit.id,
        masked_name=masked_name(h, visit),
        group=_group_name(h.site, visit.first_step().plan.group),
        slot=slot_text(h.site, visit.slot),
        ticket=visit.ticket,
    )


def _wait(h: Hospital, step: Step) -> WaitRange | None:
    if step.state not in (StepState.WAITING, StepState.AT_DOOR, StepState.HELD):
        return None
    wait = (h.forecast or day_one)(h, step)
    return WaitRange(low=wait.low, high=wait.high) if wait else None


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


def slot_text(site: Site, slot: Slot | None) -> str | None:
    """A booked hour in local time of the site: `09:00–10:00`."""
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
    group = h.site.groups.get(step.plan.group) or h.site.groups[point.group]
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
    """All that a hall sees now.

    Raises:
        KeyError: the site has no such area.
    """
    known = h.site.areas[area]
    groups = [group for group in h.site.groups.values() if group.area == area]
    rooms = [room for group in groups for room in _rooms(h, group)]
    names = _names(h, rooms)
    return BoardView(
        area=area,
        name=text(known.name),
        revision=revision,
        points=tuple(_point(h, room, names) for room in rooms),
        missed=tuple(
            h.visits[h.steps[step].visit].ticket or ""
            for group in groups
            for step in h.missed.get(group.id, ())
        ),
        at_lab=sum(len(h.expected_returns.get(group.id, ())) for group in groups),
        preparing=tuple(
            h.visits[h.steps[step].visit].ticket or ""
            for group in groups
            for step in h.planned.get(group.id, ())
            if h.steps[step].lacks == {Need.PREPARED}
        ),
        notices=tuple(_notices(h, area)),
        voice=_voice(known.voice),
    )


@lru_cache(maxsize=1024)
def _voice(voice: AreaVoice) -> VoiceRules:
    return VoiceRules(
        languages=tuple(language for language in ("zh", "en") if language in voice.languages),
        times=voice.times,
        volume=voice.volume,
        quiet=voice.quiet,
        doors=voice.doors,
        notices=voice.notices,
        readings=dict(voice.readings),
    )


def _notices(h: Hospital, area: str) -> Iterator[Text]:
    for said in reversed(h.announcements.values()):
        if said.area in (None, area):
            yield Text(zh=said.zh, en=said.en)


class _Room(NamedTuple):
    """A point of a board, and whom it shows."""

    point: Point
    group: Group
    here: Step | None
    """Who is called to it or served at it."""
    next: Sequence[Step]
    waiting: int

    @property
    def shown(self) -> Iterator[Step]:
        if self.here and self.here.state in (StepState.SERVING, StepState.CALLED):
            yield self.here
        yield from self.next


def _rooms(h: Hospital, group: Group) -> Iterator[_Room]:
    next_ones = upcoming(h, group.id, h.moment, NEXT_SHOWN)
    pool = lanes_length(h, group.id, (None,))
    for point in h.site.points_of[group.id]:
        waiting = pool + lanes_length(h, group.id, h.doctors_at(point, h.moment))
        yield _Room(point, group, h.current(point.id), next_ones.get(point.id, ()), waiting)


def _names(h: Hospital, rooms: Iterable[_Room]) -> dict[str, str]:
    """The masked names on a board, by visit.

    Two children with the same one are shown by number only: neither could tell which of them is meant.
    """
    visits = {step.visit for room in rooms for step in room.shown}
    names = {visit: masked_name(h, h.visits[visit]) for visit in visits}
    counted = Counter(names.values())
    return {visit: name if counted[name] == 1 else "" for visit, name in names.items()}


def _point(h: Hospital, room: _Room, names: Mapping[str, str]) -> PointView:
    point, here = room.point, room.here
    state = here.state if here else None
    is_open = h.is_open(point.id)
    return PointView(
        point=point.id,
        name=text(point.name),
        staff=text(point.staff) if point.staff else None,
        open=is_open,
        group=text(room.group.name),
        kind=room.group.kind.value,
        serving=_called(h, here, names) if here and state is StepState.SERVING else None,
        called=_called(h, here, names) if here and state is StepState.CALLED else None,
        next=tuple(_called(h, each, names) for each in room.next),
        waiting=room.waiting,
        reason="" if is_open else h.points[point.id].reason,
    )


def lanes_length(h: Hospital, group: str, doctors: Collection[str | None]) -> int:
    """How many wait in a group for one of `doctors` (None: the pool)."""
    return sum(len(lane) for key, lane in h.lines.lanes(group).items() if key.doctor in doctors)


def _called(h: Hospital, step: Step, names: Mapping[str, str]) -> Called:
    visit = h.visits[step.visit]
    known = h.site.classes.get(visit.priority) if visit.priority else None
    return Called(
        ticket=visit.ticket or "",
        masked_name=names[visit.id],
        is_return=step.plan.is_return,
        times=max(step.times, 1),
        at=step.called_at,
        badge=known.badge if known else "",
        badge_en=known.english_badge if known else "",
        add_on=visit.add_on,
        at_door=step.state is StepState.AT_DOOR,
        urgent=known is not None and known.urgent,
    )
