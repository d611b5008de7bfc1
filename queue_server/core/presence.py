"""Presence (在场感知): what is made of a phone that is heard while its family waits. It helps, and never punishes.

Real systems miss 15 to 20 % of sightings, so that nothing follows from not being heard: a family that was never heard is called
like everybody. Only a phone that is heard clearly in *another* area says something: whoever is at the laboratory's window
would miss a call. Where the rules say so it is passed by, its place kept, as long as somebody else can be called instead, and
never longer than the rules allow. See docs/decisions/0013.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.rules import Presence, Rules
from queue_server.core.state import Hospital, Visit
from queue_server.core.steps import Step
from queue_server.core.vocabulary import StepState

NEAR_AGAIN: Final = timedelta(minutes=10)
"""A family that is where it waits is noted again only after so long: it changes nothing."""
WAITING: Final = (StepState.WAITING, StepState.HELD, StepState.AT_DOOR)


def see(h: Hospital, command: c.SeePhone, now: datetime) -> c.Decision:
    """Note where a waiting family's phone is heard, if that is news."""
    visit, at = h.visits.get(command.visit), min(command.heard_at, now)
    if visit is None or command.area not in h.site.areas:
        return c.Decision((), c.Refused(c.Reason.UNKNOWN_VISIT, command.visit))
    steps = list(_watched(h, visit))
    near = [step for step in steps if _area(h, step) == command.area]
    away = [step for step in steps if _area(h, step) != command.area]
    if not steps or not _is_news(h, visit, command.area, near, away, at):
        return c.Decision((), c.Accepted())
    seen = e.PhoneSeen(
        at,
        visit.id,
        command.area,
        command.agent,
        tuple(step.plan.step for step in near),
        tuple(step.plan.step for step in away),
    )
    return c.Decision((seen,), c.Accepted())


def _watched(h: Hospital, visit: Visit) -> Iterator[Step]:
    for step in visit.steps.values():
        group = h.site.groups.get(step.plan.group)
        if group and step.state in WAITING and group.rules.presence is not Presence.OFF:
            yield step


def _area(h: Hospital, step: Step) -> str:
    return h.site.groups[step.plan.group].area


def _is_news(
    h: Hospital, visit: Visit, area: str, near: list[Step], away: list[Step], at: datetime
) -> bool:
    """Another area than before, a step that did not know, or so long ago that it would be forgotten."""
    before = visit.seen
    if before is None:
        return True
    if at <= before.at:
        return False
    if before.area != area or any(step.away_at for step in near):
        return True
    again = [h.rules(step.plan.group).presence_fresh / 2 for step in away] or [NEAR_AGAIN]
    return any(step.away_at is None for step in away) or at - before.at >= min(again)


def is_away(step: Step, rules: Rules, now: datetime) -> bool:
    """Whether a family is to be passed by: heard elsewhere of late, and not passed by for too long already.

    All time counts from the first time it is heard elsewhere until it is heard here, so that the rule ends by itself
    whatever is heard: nobody waits longer by it than `presence_limit`.
    """
    if step.away_at is None:
        return False
    since = now - step.away_at
    return since <= rules.presence_fresh and step.away_for + since < rules.presence_limit
