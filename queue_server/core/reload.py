"""Whether a new version of the site file can take over while families are in the hospital (规则热更新).

Whoever waits keeps the place that the rules gave on joining. What must not happen is that somebody stands in a line, waits
for a doctor, is at a room, or has booked at a line that is no longer there: such a version is refused, and says who.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from queue_server.core.site import Site
from queue_server.core.state import HERE, Hospital
from queue_server.core.steps import Step
from queue_server.core.transitions import OPEN_STATES

NAMED: Final = 5
"""So many numbers are named; of the others only how many there are."""


def reload_refusal(h: Hospital, new: Site) -> tuple[str, ...]:
    """Why a new site can't take over.

    Returns:
        One sentence a problem, without full stop, with the numbers of the families it is about; none when it can.
    """
    return (
        *_another_site(h.site, new),
        *_lost_lines(h, new),
        *_lost_points(h, new),
        *_lost_doctors(h, new),
        *_lost_classes(h, new),
    )


def _another_site(old: Site, new: Site) -> Iterator[str]:
    if new.id != old.id:
        yield f"it is for another site, {new.id}; the journal and all kiosks are those of {old.id}"
    if str(new.timezone) != str(old.timezone):
        yield f"the time zone can't change under way from {old.timezone} to {new.timezone}; restart the server"


def _lost_lines(h: Hospital, new: Site) -> Iterator[str]:
    """Lines that are gone, or of another kind, although somebody stands in them or has yet to come."""
    here: defaultdict[str, list[Step]] = defaultdict(list)
    to_come: defaultdict[str, list[Step]] = defaultdict(list)
    for step in h.steps.values():
        old, kept = h.site.groups.get(step.plan.group), new.groups.get(step.plan.group)
        if old and (kept is None or kept.kind is not old.kind) and step.state in OPEN_STATES:
            (here if step.state in HERE else to_come)[old.id].append(step)
    for group, steps in here.items():
        yield f"the line {group} {_fate(group, new)}, but {_tickets(h, steps)} there; transfer them first"
    for group, steps in to_come.items():
        yield (
            f"the line {group} {_fate(group, new)}, but {len(steps)} registered for it have yet to come; "
            "move or cancel their registrations first"
        )


def _fate(group: str, new: Site) -> str:
    return f"would become a {new.groups[group].kind}" if group in new.groups else "would be gone"


def _lost_points(h: Hospital, new: Site) -> Iterator[str]:
    """Points that are gone, or belong to another line, although somebody is called, served or at the door there."""
    for id, state in h.points.items():
        old, kept = h.site.points.get(id), new.points.get(id)
        there = [h.steps[step] for step in (state.step, *state.door) if step]
        if there and old and (kept is None or kept.group != old.group):
            fate = "would be gone" if kept is None else f"would serve {kept.group}"
            yield f"the point {id} {fate}, but {_tickets(h, there)} there; finish first"


def _lost_doctors(h: Hospital, new: Site) -> Iterator[str]:
    """Doctors whom somebody waits for, and who would sit at no point of that line."""
    waiting: defaultdict[tuple[str, str], list[Step]] = defaultdict(list)
    for step in h.steps.values():
        group = step.plan.group
        if step.doctor and step.state in HERE and group in new.groups:
            was_there = step.doctor in h.site.doctors_of(group)
            if was_there and step.doctor not in new.doctors_of(group):
                waiting[group, step.doctor].append(step)
    for (group, doctor), steps in waiting.items():
        yield (
            f"the doctor {doctor} would sit at no point of {group}, but {_tickets(h, steps)} "
            "in the line of that doctor; assign them to another first"
        )


def _lost_classes(h: Hospital, new: Site) -> Iterator[str]:
    """Priority classes that are gone although somebody who is here has them."""
    having: defaultdict[str, list[Step]] = defaultdict(list)
    for visit in h.visits.values():
        lost = visit.priority and visit.priority in h.site.classes
        if lost and visit.priority and visit.priority not in new.classes and visit.here():
            having[visit.priority].append(next(iter(visit.steps.values())))
    for priority, steps in having.items():
        yield f"the priority class {priority} would be gone, but {_tickets(h, steps)} here with it"


def _tickets(h: Hospital, steps: Iterable[Step]) -> str:
    """`A003, A007 and 4 more are`: numbers are no secrets, names are."""
    visits = dict.fromkeys(step.visit for step in steps)
    tickets = [h.visits[visit].ticket or "one without a number" for visit in visits]
    more = f" and {len(tickets) - NAMED} more" if len(tickets) > NAMED else ""
    verb = "is" if len(tickets) == 1 else "are"
    return f"{', '.join(tickets[:NAMED])}{more} {verb}"
