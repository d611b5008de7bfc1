"""Coming back in after a missed call (过号重排)."""

from datetime import datetime

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.ranking import rank_back_in
from queue_server.core.rules import BackAt, Order, Rules, places
from queue_server.core.state import Hospital, Visit
from queue_server.core.steps import Step
from queue_server.core.vocabulary import FIRSTS, Lane


def back_in(
    h: Hospital, step: Step, by: str, at: datetime, *, forced: bool = False
) -> e.Requeued | c.Refused:
    """Where a missed family stands again; `forced`: a member of staff takes it in although the rules say void."""
    visit = h.visits[step.visit]
    if step.plan.group not in h.site.groups:
        return c.Refused(c.Reason.UNKNOWN_GROUP, step.visit, detail=step.plan.group)
    rules = h.rules(step.plan.group)
    back = rules.missed[min(step.misses, len(rules.missed)) - 1]
    if back.at is BackAt.VOID:
        if not forced:
            return c.Refused(c.Reason.TOO_MANY_MISSES, step.visit, visit.ticket)
        back = places(3)
    rank = rank_back_in(
        back,
        at,
        rules,
        h.site,
        step.plan.step,
        calls=h.lines.calls(step.plan.group, step.doctor),
        lane=own_lane(step, visit, rules),
        serial=visit.serial,
        tier=h.tier(visit),
    )
    return e.Requeued(at, step.visit, step.plan.step, rank, by)


def own_lane(step: Step, visit: Visit, rules: Rules) -> Lane:
    """Where the line's own order would put somebody who comes back in."""
    if rules.order is Order.INTERLEAVE and step.misses:
        return Lane.MISSED
    if step.plan.is_return:
        return Lane.RETURN
    was = step.rank.lane if step.rank else Lane.WALK_IN
    if was in FIRSTS:
        return was
    return Lane.BOOKED if visit.slot else Lane.WALK_IN
