"""Who is next: the head of each lane that a point may call, and the one whom the rules put first.

A lane keeps its order whatever the clock says, so a pick looks at the lanes' heads only, not at everybody.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import is_
from typing import Final, NamedTuple

from queue_server.core.events import Choice, Considered, PassedBy
from queue_server.core.lines import Ahead, Counted, LaneKey
from queue_server.core.overtaking import came, overtaken_by
from queue_server.core.presence import is_away
from queue_server.core.rules import Late, Order, Presence, Rules
from queue_server.core.scoring import AHEAD, Situation, score
from queue_server.core.site import Point
from queue_server.core.state import Hospital
from queue_server.core.steps import Step
from queue_server.core.vocabulary import FIRSTS, Lane, Rank, StepState, Why

PASSED_BY_KEPT = 12
"""A choice names at most so many of those who could not be called."""
NOBODY: Final = Ahead(0, 0)
POOL: Final[frozenset[str | None]] = frozenset({None})
"""The doctors waited for by those who wait for any."""


class Candidate(NamedTuple):
    """The first callable entry of a lane, and how it compares; the smallest `precedence` is called."""

    precedence: tuple[object, ...]
    rank: Rank
    score: float
    overtaken: int


@dataclass(slots=True)
class Walk:
    """What has been taken in thought, on top of the real state: for looking ahead."""

    taken: set[str] = field(default_factory=set)
    calls: dict[str | None, int] = field(default_factory=dict)
    firsts: dict[tuple[str | None, Lane], int] = field(default_factory=dict)
    begun: set[tuple[str | None, Lane]] = field(default_factory=set)
    """Lanes that had their turn in thought: their first visits are counted anew."""

    def take(self, rank: Rank, doctors: Sequence[str]) -> None:
        """Go on as if this one had been called to a point where `doctors` sit."""
        self.taken.add(rank.step)
        for doctor in (None, *doctors):
            self.calls[doctor] = self.calls.get(doctor, 0) + 1
            if rank.lane in FIRSTS:
                for other in (Lane.RETURN, Lane.MISSED, Lane.LATE):
                    self.firsts[doctor, other] = self.firsts.get((doctor, other), 0) + 1
            else:
                self.firsts[doctor, rank.lane] = 0
                self.begun.add((doctor, rank.lane))


class Line:
    """A group's line as one point sees it at a moment."""

    def __init__(self, h: Hospital, point: Point, now: datetime, walk: Walk | None = None) -> None:
        """Look at the line of the point's group with the eyes of who sits there."""
        self.group = point.group
        self.moment = now
        self.doctors = h.doctors_at(point, now)
        self.rules: Rules = h.rules(point.group)
        self._h = h
        self._walk = walk
        self._skips = self.rules.presence is Presence.SKIP
        self.tiers = tuple(sorted(h.site.tier(each) for each in point.classes))
        self.lanes = {
            key: lane for key, lane in h.lines.lanes(point.group).items() if self._sees(key, lane)
        }
        self._firsts = sum(len(lane) for key, lane in self.lanes.items() if key.lane in FIRSTS)
        self._returns = sum(
            len(lane) for key, lane in self.lanes.items() if key.lane is Lane.RETURN
        )

    def _sees(self, key: LaneKey, lane: list[Rank]) -> bool:
        if self.tiers and key.tier not in self.tiers:
            return False
        return key.doctor is None or key.doctor in self.doctors or self._any_doctor(key, lane[0])

    def _any_doctor(self, key: LaneKey, rank: Rank) -> bool:
        """Whether a return has waited so long for its own doctor that any may call it."""
        limit = self.rules.own_doctor_for
        return key.lane is Lane.RETURN and limit is not None and self.moment - rank.since >= limit

    def situation(self, key: LaneKey) -> Situation:
        """What an order may look at, for a lane."""
        lines, walk = self._h.lines, self._walk
        calls = lines.calls(self.group, key.doctor)
        firsts = lines.firsts_since(self.group, key.doctor, key.lane)
        if walk:
            calls += walk.calls.get(key.doctor, 0)
            turn = (key.doctor, key.lane)
            firsts = walk.firsts.get(turn, 0) + (0 if turn in walk.begun else firsts)
        return Situation(self.moment, self.rules, calls, firsts, self._firsts, self._returns)

    def candidates(self, passed_by: list[PassedBy] | None = None) -> Iterator[Candidate]:
        """The first callable entry of each lane, and those overtaken too often.

        Whose phone is heard elsewhere is among them only when there is nobody else: no room is idle for it.
        """
        found = list(self._callable(passed_by))
        if not found and self._skips:
            self._skips = False
            found = list(self._callable(None))
            self._skips = True
        yield from found

    def _callable(self, passed_by: list[PassedBy] | None) -> Iterator[Candidate]:
        for key, lane in self.lanes.items():
            rank = self._head(key, lane, passed_by)
            if rank:
                yield self._candidate(rank, self.situation(key))
        if self._h.most_overtaken[self.group] >= self.rules.overtake_cap:
            yield from self._capped()

    def _head(
        self, key: LaneKey, lane: list[Rank], passed_by: list[PassedBy] | None
    ) -> Rank | None:
        foreign = key.doctor is not None and key.doctor not in self.doctors
        for rank in lane:
            if self._walk and rank.step in self._walk.taken:
                continue
            if foreign and not self._any_doctor(key, rank):
                continue
            reason = self._elsewhere(rank)
            if reason is None:
                return rank
            if passed_by is not None:
                passed_by.append(PassedBy(rank.step, self._ticket(rank), reason))
        return None

    def _capped(self) -> Iterator[Candidate]:
        cap = self.rules.overtake_cap
        taken = self._walk.taken if self._walk else ()
        for key, lane in self.lanes.items():
            for rank in lane:
                often = self._h.steps[rank.step].overtaken >= cap
                if often and rank.step not in taken and self._elsewhere(rank) is None:
                    yield self._candidate(rank, self.situation(key))

    def _elsewhere(self, rank: Rank) -> str | None:
        """Why a family can't be called now; None when it can. An emergency is called wherever its phone is."""
        h = self._h
        step = h.steps[rank.step]
        if h.visits[step.visit].family in h.busy:
            return "elsewhere"
        if self._skips and step.away_at is not None and rank.tier not in h.site.urgent_tiers:
            return "heard_elsewhere" if is_away(step, self.rules, self.moment) else None
        return None

    def _ticket(self, rank: Rank) -> str:
        h = self._h
        return h.visits[h.steps[rank.step].visit].ticket or ""

    def _candidate(self, rank: Rank, at: Situation) -> Candidate:
        overtaken = self._h.steps[rank.step].overtaken
        points = score(rank, at)
        precedence: tuple[object, ...]
        if rank.tier in self._h.site.urgent_tiers:
            precedence = (0, rank.tier, -points, rank.since, rank.step)
        elif overtaken >= self.rules.overtake_cap:
            precedence = (1, *came(rank), rank.since, rank.step)
        else:
            precedence = (2, rank.tier, -points, rank.since, rank.step)
        return Candidate(precedence, rank, points, overtaken)


def pick(h: Hospital, point: Point, now: datetime) -> tuple[Step, Choice] | None:
    """Whom a point calls next out of its line, and how that was found.

    Returns:
        None when nobody can be called: nobody waits, or all who wait are held or at other rooms.
    """
    line = Line(h, point, now)
    passed_by: list[PassedBy] = []
    found = sorted(line.candidates(passed_by), key=lambda each: each.precedence)
    if not found:
        return None
    best = found[0]
    return h.steps[best.rank.step], _choice(h, line, found, passed_by)


def _held(h: Hospital, group: str, called: Rank) -> Iterator[PassedBy]:
    """Whose place is kept, and would have come earlier."""
    for id in h.held.get(group, ()):
        step = h.steps[id]
        if step.rank is None or came(step.rank) >= came(called):
            continue
        yield PassedBy(id, h.visits[step.visit].ticket or "", step.hold.value if step.hold else "")


def _choice(
    h: Hospital, line: Line, found: Sequence[Candidate], passed_by: Sequence[PassedBy]
) -> Choice:
    best = found[0]
    overtook = sum(
        1 for _ in overtaken_by(h.lines, line.group, line.doctors, line.tiers, best.rank)
    )
    earlier = [*_held(h, line.group, best.rank)]
    earlier += (each for each in passed_by if _came_earlier(h, each.step, best.rank))
    return Choice(
        policy=line.rules.order.value,
        why=why(line.rules, best, found[1:], overtook, h.site.urgent_tiers),
        doctors=line.doctors,
        tiers=line.tiers,
        candidates=tuple(_considered(h, each) for each in dict.fromkeys(found)),
        passed_by=tuple(earlier[:PASSED_BY_KEPT]),
        overtook=overtook,
        rules=h.site_version or "",
    )


def _came_earlier(h: Hospital, step: str, called: Rank) -> bool:
    rank = h.steps[step].rank
    return rank is not None and came(rank) < came(called)


def _considered(h: Hospital, each: Candidate) -> Considered:
    rank = each.rank
    return Considered(
        rank.step,
        h.visits[h.steps[rank.step].visit].ticket or "",
        rank.lane,
        rank.tier,
        round(each.score, 2),
        rank.ref,
        each.overtaken,
    )


def why(
    rules: Rules,
    best: Candidate,
    others: Sequence[Candidate],
    overtook: int,
    urgent: frozenset[int],
) -> Why:
    """The reason in one word. `FIRST` is given only when nobody was overtaken."""
    rank = best.rank
    by_class = any(other.rank.tier > rank.tier for other in others)
    if rank.tier in urgent and by_class:
        return Why.CLASS
    if best.precedence[0] == 1 and any(other.precedence[0] == 2 for other in others):
        return Why.CAP
    if by_class and overtook:
        return Why.CLASS
    if not overtook:
        return Why.FIRST
    return _by_lane(rules, rank, best.score)


def _by_lane(rules: Rules, rank: Rank, points: float) -> Why:
    match rank.lane:
        case Lane.PLACED:
            return Why.BACK_IN
        case Lane.LATE if rules.late is Late.EVERY_NTH:
            return Why.LATE_TURN
        case _:
            return _by_order(rules, rank, points)


def _by_order(rules: Rules, rank: Rank, points: float) -> Why:
    is_return = rank.lane is Lane.RETURN
    match rules.order:
        case Order.NUMBER:
            return Why.NUMBER
        case Order.RETURNS_FIRST if is_return:
            return Why.RETURN_FIRST
        case Order.INTERLEAVE:
            return Why.MISSED_TURN if rank.lane is Lane.MISSED else Why.INTERLEAVE
        case Order.BOOKED_FIRST if rank.lane is Lane.BOOKED:
            return Why.BOOKED
        case Order.ACCUMULATING if is_return:
            return Why.RETURN_SCORE
        case Order.ACCUMULATING if rank.lane in FIRSTS and points >= AHEAD / 2:
            return Why.OVERDUE
        case _:
            return Why.SCORE


def upcoming(h: Hospital, group: str, now: datetime, each: int) -> dict[str, list[Step]]:
    """Who will be called where, as far as can be told now: at most so `each` at every open point.

    The points take turns, each calling as it would; nobody stands at two doors. Who was asked to a door comes first.
    """
    points = [point for point in h.site.points_of[group] if h.is_open(point.id)]
    shown = {point.id: [h.steps[id] for id in door_of(h, point.id)] for point in points}
    walk = Walk()
    lines = {point.id: Line(h, point, now, walk) for point in points}
    for _ in range(each):
        for point in points:
            if len(shown[point.id]) < each:
                step = _take(h, lines[point.id], walk)
                if step:
                    shown[point.id].append(step)
    return shown


def in_order(h: Hospital, point: Point, most: int) -> list[Step]:
    """Who would be called to this point one after the other if nobody came or went: the door first, then the line."""
    found = [h.steps[id] for id in door_of(h, point.id)]
    walk = Walk()
    line = Line(h, point, h.moment, walk)
    while len(found) < most:
        step = _take(h, line, walk)
        if step is None:
            break
        found.append(step)
    return found[:most]


def door_of(h: Hospital, point: str) -> list[str]:
    """Steps that wait at the door of a point."""
    state = h.points.get(point)
    return state.door if state else []


def _take(h: Hospital, line: Line, walk: Walk) -> Step | None:
    best = min(line.candidates(), key=lambda each: each.precedence, default=None)
    if best is None:
        return None
    walk.take(best.rank, line.doctors)
    return h.steps[best.rank.step]


def ahead(h: Hospital, step: Step, now: datetime) -> int | None:
    """How many may be called before this step; None when it isn't waiting (or held, its place kept)."""
    lanes = ahead_by_doctor(h, step, now)
    if lanes is None:
        return None
    if step.doctor is not None:
        return sum([lanes[each].total for each in (None, step.doctor) if each in lanes])
    if lanes.keys() <= POOL:
        return sum([each.total for each in lanes.values()])
    named = _named_at_each(h, step.plan.group, now, lanes)
    return lanes.get(None, NOBODY).total + min(named, default=0)


def _named_at_each(
    h: Hospital, group: str, now: datetime, lanes: Mapping[str | None, Ahead]
) -> Iterator[int]:
    """At each open point: how many who wait for its doctors stand before a family of the pool."""
    for point in h.site.points_of.get(group, ()):
        if h.is_open(point.id):
            doctors = h.doctors_at(point, now)
            yield sum(lanes[doctor].total for doctor in doctors if doctor in lanes)


def ahead_by_doctor(h: Hospital, step: Step, now: datetime) -> Mapping[str | None, Ahead] | None:
    """How many stand before a step, by the doctor they wait for (None: the pool).

    For a step that names a doctor, those who wait for other doctors are counted too: they keep the other rooms from the
    pool. Each lane costs a binary search. Asked again while nothing has changed (for the place in line, then for the time
    to wait), it is not counted anew.
    """
    rank = step.rank
    if rank is None or step.state not in (StepState.WAITING, StepState.AT_DOOR, StepState.HELD):
        return None
    asked = (step, rank, now, h.lines.changes, h.rules(step.plan.group))
    if not (h.lines.counted.asked and all(map(is_, h.lines.counted.asked, asked))):
        h.lines.counted = Counted(asked, ahead_at(h, step, now))
    return h.lines.counted.ahead


def ahead_at(h: Hospital, step: Step, now: datetime) -> dict[str | None, Ahead]:
    """Who will stand ahead at a moment, of those who wait now: scores grow at different rates.

    Raises:
        ValueError: the step has no place in a line.
    """
    rank, group = step.rank, step.plan.group
    if rank is None:
        raise ValueError(f"{step.plan.step} has no place in a line")
    rules = h.rules(group)
    found: dict[str | None, Ahead] = {}
    firsts, returns = h.lines.firsts_waiting(group), h.lines.returns_waiting(group)

    def at(doctor: str | None, lane: Lane) -> Situation:
        calls = h.lines.calls(group, doctor)
        since = h.lines.firsts_since(group, doctor, lane)
        return Situation(now, rules, calls, since, firsts, returns)

    mine = score(rank, at(step.doctor, rank.lane))
    for key, lane in h.lines.lanes(group).items():
        if key.tier > rank.tier or (key.lane is Lane.PLACED and key.tier == rank.tier):
            continue
        if step.doctor == key.doctor and key.tier == rank.tier and key.lane is rank.lane:
            before = bisect_left(lane, rank)
        else:
            before = _before(key, lane, rank, mine, at(key.doctor, key.lane))
        if before:
            known = found.get(key.doctor, NOBODY)
            if key.lane is Lane.RETURN:
                found[key.doctor] = Ahead(known.firsts, known.returns + before)
            else:
                found[key.doctor] = Ahead(known.firsts + before, known.returns)
    if rank.lane is Lane.PLACED:
        return _placed_behind(h, step, rank, found)
    _count_placed(h, group, rank, found)
    return found


def _placed_behind(
    h: Hospital, step: Step, rank: Rank, found: Mapping[str | None, Ahead]
) -> dict[str | None, Ahead]:
    """Who was put in behind n calls has as many ahead as calls are missing, or all who wait if they are fewer."""
    missing = max(0, rank.turn - h.lines.calls(step.plan.group, step.doctor))
    asked = found if step.doctor is None else {None, step.doctor}
    waiting = sum([found[doctor].total for doctor in asked if doctor in found])
    return {step.doctor: Ahead(min(missing, waiting), 0)}


def _count_placed(h: Hospital, group: str, rank: Rank, found: dict[str | None, Ahead]) -> None:
    """Those put in behind n calls whose turn comes before as many have gone as stand ahead."""
    for key, lane in h.lines.lanes(group).items():
        if key.lane is not Lane.PLACED or key.tier != rank.tier:
            continue
        calls = h.lines.calls(group, key.doctor)
        for placed in lane:
            ahead = sum([each.total for each in found.values()])
            if placed.turn - calls <= ahead:
                known = found.get(key.doctor, NOBODY)
                found[key.doctor] = Ahead(known.firsts + 1, known.returns)


def _before(key: LaneKey, lane: list[Rank], rank: Rank, mine: float, at: Situation) -> int:
    """How many of a lane are called before somebody whose score is `mine`."""
    if key.tier < rank.tier or score(lane[-1], at) > mine:
        return len(lane)
    if score(lane[0], at) < mine:
        return 0
    return bisect_left(
        lane, (-mine, rank.since, rank.step), key=lambda r: (-score(r, at), r.since, r.step)
    )
