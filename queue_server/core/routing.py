"""Where to send a family when several lines can serve it: to the shortest expected wait."""

from collections.abc import Sequence
from datetime import datetime
from math import inf

from queue_server.core.state import HERE, Hospital, Visit
from queue_server.core.vocabulary import StepKind


def best_group(h: Hospital, visit: Visit, groups: Sequence[str], now: datetime) -> str:
    """One of `groups` (not empty): a pharmacy where the family already has drugs waiting, else the shortest wait.

    A line without an open point comes last. Equal waits: the first as the site lists them.
    """
    if len(groups) == 1:
        return groups[0]
    waits_there = _same_pharmacy(h, visit, groups)
    if waits_there:
        return waits_there
    return min(groups, key=lambda group: expected_wait(h, group, now))


def _same_pharmacy(h: Hospital, visit: Visit, groups: Sequence[str]) -> str | None:
    for person in visit.people():
        for id in h.visits_of.get(person, ()):
            for step in h.visits[id].steps.values():
                is_pharmacy = step.plan.kind is StepKind.PHARMACY
                if is_pharmacy and step.state in HERE and step.plan.group in groups:
                    return step.plan.group
    return None


def expected_wait(h: Hospital, group: str, now: datetime) -> float:
    """Minutes until somebody who joins a line now is called, as far as its length tells; inf without an open point."""
    points = [point for point in h.site.points_of.get(group, ()) if h.is_open(point.id)]
    if not points:
        return inf
    each = service_minutes(h, group)
    left = sum(residual(h, point.id, each, now) for point in points)
    return (h.lines.length(group) * each + left) / len(points)


def service_minutes(h: Hospital, group: str, is_return: bool = False) -> float:
    """How long one family takes at a line: as measured lately, else as the site file says."""
    usual = h.rules(group).service_minutes * (RETURN_SHARE if is_return else 1.0)
    pace = h.paces.get((group, is_return))
    if pace is None or not pace.count:
        return usual
    weight = pace.count / (pace.count + PRIOR)
    return weight * pace.mean + (1 - weight) * usual


PRIOR = 5.0
"""The site file's figure counts as much as so many measured families."""
LEFT_AT_LEAST = 0.3
"""Who has been in a room longer than usual stays for about so much of the usual time."""
RETURN_SHARE = 0.5
"""A return takes about half of a first consult, until it has been measured."""


def residual(h: Hospital, point: str, each: float, now: datetime) -> float:
    """Minutes until a point is free; at least a little while somebody is there."""
    step = h.current(point)
    if step is None:
        return 0.0
    if step.first_called_at is None:
        return each
    gone = (now - step.first_called_at).total_seconds() / 60
    return max(each - gone, LEFT_AT_LEAST * each)
