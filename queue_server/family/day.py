"""A family's day as its phone shows it: pure functions of the state. Siblings are cards, the most urgent first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import blake2b

from protocol import Text, WaitRange
from queue_server.core import HoldReason, Hospital, Step, StepKind, StepState, Visit, views
from queue_server.core.state import OVER
from queue_server.core.vocabulary import TESTS
from queue_server.family.bills import bill_of
from queue_server.family.situation import Situation, situation_of

ORDER = {each: place for place, each in enumerate(Situation)}


class Act(StrEnum):
    """What a family can do about a child from its phone."""

    AWAY = "away"
    BACK = "back"
    TAKE_TESTS = "take_tests"
    NO_TESTS = "no_tests"
    HAND_OVER = "hand_over"


@dataclass(frozen=True, slots=True)
class Stop:
    """A step of the day as a line of a list; `state` is `done`, `now`, `called` or `later`."""

    name: Text
    place: Text
    icon: str
    state: str
    is_return: bool


@dataclass(frozen=True, slots=True)
class Child:
    """One visit.

    Attributes:
        handle: names the visit to this page alone; not an id of anything.
        name: masked.
        line: the line that all of this speaks of, or where the child was last.
        ahead: how many are called before; None when not waiting.
        kept: the line in which a place is kept meanwhile.
        until: till when the place is kept.
        tests, results: how many tests there are, how many results are ready. What was tested is nobody's business on a screen.
        offer: tests before the consult that are offered.
        to_pay: something can be paid now.
        call: another one for each call and each repetition of it; empty when not called.
        acts: what the family can do.
        wanted: where it goes now, as (kind, id of the site file), the best first; `waits` there to be called.
        begun: where it was last, likewise.
    """

    handle: str
    name: str
    ticket: str
    alias: str
    situation: Situation
    line: Text
    place: Text
    kind: StepKind
    room: Text | None
    ahead: int | None
    wait: WaitRange | None
    slot: str
    kept: Text | None
    until: datetime | None
    hold: HoldReason | None
    tests: int
    results: int
    stops: tuple[Stop, ...]
    offer: tuple[Text, ...]
    to_pay: bool
    call: str
    acts: frozenset[Act]
    wanted: tuple[tuple[str, str], ...]
    waits: bool
    begun: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FamilyDay:
    """All that a family's page shows of the queue; no children: nothing (any more) today."""

    children: tuple[Child, ...]

    @property
    def over(self) -> bool:
        """Whether everything is done."""
        done = (Situation.FINISHED, Situation.CANCELLED, Situation.NO_SHOW)
        return all(each.situation in done for each in self.children)


def visits_of(h: Hospital, person: str, day: date) -> list[Visit]:
    """The visits of a child, or of a guardian's children, on a day; those given back too."""
    found = (h.visits[id] for id in h.visits_of.get(person, ()))
    return [visit for visit in found if visit.day == day]


def family_day(h: Hospital, person: str, day: date) -> FamilyDay:
    """What the page of a child, or of a guardian, shows."""
    children = [child(h, visit) for visit in visits_of(h, person, day)]
    return FamilyDay(tuple(sorted(children, key=lambda each: ORDER[each.situation])))


def handle_of(id: str) -> str:
    """Stands for a visit or a call on a page, 12 hex digits; only good together with a link to the family."""
    return blake2b(id.encode(), digest_size=6, person=b"page").hexdigest()


def areas_of(h: Hospital, person: str, day: date) -> Iterator[str]:
    """The areas in which something may happen that the page shows."""
    for visit in visits_of(h, person, day):
        for step in visit.steps.values():
            group = h.site.groups.get(step.plan.group)
            if group and (step.state not in OVER or step.result_due):
                yield group.area


def child(h: Hospital, visit: Visit) -> Child:
    """One visit as its family sees it."""
    step = views.current_step(visit)
    stand, situation = views.stand(h, visit), situation_of(visit, step)
    kept = _kept(visit, step)
    tests = [each for each in visit.steps.values() if _is_test(each)]
    wanted, waits = views.destination(h, visit)
    return Child(
        handle=handle_of(visit.id),
        name=stand.masked_name,
        ticket=stand.ticket,
        alias=visit.alias or "",
        situation=situation,
        line=stand.group,
        place=stand.place,
        kind=step.plan.kind,
        room=stand.room,
        ahead=stand.ahead,
        wait=stand.wait,
        slot=stand.slot or "",
        kept=_line_name(h, kept) if kept else None,
        until=step.held_until,
        hold=step.hold,
        tests=len(tests),
        results=sum(_has_result(each) for each in tests),
        stops=tuple(_stop(h, each) for each in visit.steps.values() if _is_shown(each)),
        offer=stand.offer,
        to_pay=bill_of(h, visit) is not None,
        call=handle_of(f"{step.call}:{step.times}") if step.call and stand.room else "",
        acts=frozenset(_acts(visit, step)),
        wanted=wanted,
        waits=waits,
        begun=_begun(h, visit),
    )


def _acts(visit: Visit, step: Step) -> Iterator[Act]:
    if visit.cancelled or visit.is_over():
        return
    if step.state in (StepState.WAITING, StepState.AT_DOOR):
        yield Act.AWAY
    if step.state is StepState.HELD and step.hold in FAMILYS_OWN:
        yield Act.BACK
    if visit.offer and visit.offer_accepted is None:
        yield from (Act.TAKE_TESTS, Act.NO_TESTS)
    yield Act.HAND_OVER


FAMILYS_OWN = frozenset(
    {HoldReason.AWAY, HoldReason.NAP, HoldReason.FEEDING, HoldReason.PAYING, HoldReason.DELAYED}
)
"""Places that a family may take up again by itself; what was parked by a room, or is kept for tests, it may not."""


def _kept(visit: Visit, now: Step) -> Step | None:
    """Another line's place that is kept while the family is elsewhere."""
    others = (each for each in visit.steps.values() if each is not now)
    return next((each for each in others if each.state is StepState.HELD), None)


def _is_test(step: Step) -> bool:
    ended = step.state in (StepState.CANCELLED, StepState.NO_SHOW, StepState.TRANSFERRED)
    return step.plan.kind in TESTS and not ended


def _has_result(step: Step) -> bool:
    return step.state is StepState.DONE and not step.result_due


def _is_shown(step: Step) -> bool:
    return step.state not in (StepState.CANCELLED, StepState.TRANSFERRED)


def _line_name(h: Hospital, step: Step) -> Text:
    group = h.site.groups.get(step.plan.group)
    return views.text(group.name) if group else Text(zh=step.plan.group, en=step.plan.group)


_NOW = {
    StepState.CALLED: "called",
    StepState.AT_DOOR: "called",
    StepState.SERVING: "now",
    StepState.WAITING: "now",
    StepState.HELD: "now",
    StepState.MISSED: "now",
}
_ICONS = {
    StepKind.CLINIC: "clinic",
    StepKind.LAB: "lab",
    StepKind.EXAM: "exam",
    StepKind.CASHIER: "cashier",
    StepKind.PHARMACY: "pharmacy",
}


def _stop(h: Hospital, step: Step) -> Stop:
    group = h.site.groups.get(step.plan.group)
    place = views.text(h.site.area_of(group.id).place) if group else Text(zh="", en="")
    state = "done" if step.state in OVER else _NOW.get(step.state, "later")
    return Stop(_line_name(h, step), place, _ICONS[step.plan.kind], state, step.plan.is_return)


def _begun(h: Hospital, visit: Visit) -> tuple[tuple[str, str], ...]:
    """Where the family was last, as far as is known: the room in which it was seen last."""
    seen = [step for step in visit.steps.values() if step.finished_at and step.point]
    if not seen:
        return ()
    last = max(seen, key=lambda step: step.finished_at or h.moment)
    group = h.site.groups.get(last.plan.group)
    places = [("point", last.point or ""), ("group", last.plan.group)]
    return (*places, ("area", group.area)) if group else tuple(places)
