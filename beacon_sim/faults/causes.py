"""What differs between a disturbed day and the undisturbed one, and why it may.

**What a fault could not have changed.** The unit is a family at a line: all that happens to it there, with the moments. It
may differ from the undisturbed day from a moment t on only if, by the rules of how things touch each other, a fault had
reached it by t:

1. *its own scan*: the first thing that differs is the check-in itself, or the place it gives; a scan of the family came in later
   than it was made, or with another time than the true one, and a fault that stood between kiosk and server at that time
   accounts for it (`lateness`); t is not before the scan was made;
2. *carried*: the family itself was changed before t at another line, and comes from there;
3. *in line*: another family of the same line, changed there by t, stood before, behind or beside it, or held the room;
4. *shared window*: the same as 3, in another line that has a window in common with this one (it helps there when it has nothing
   to do at its own);
5. *one guardian*: a sibling was changed by t; they can only be in one place.

Nothing else is accepted: not "the server was killed", not "messages came doubled", not "a fault was going on". A kill, a
double or an acknowledgement lost has no way of its own to change anything. Causes are followed in time, so nothing explains
itself in a circle. All that is equal, and all families at lines that no fault reached, must be equal to the microsecond.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import zip_longest
from typing import Final

from beacon_sim.day.run import index_of, visit_id
from beacon_sim.day.site import site_of
from beacon_sim.faults.lateness import CameIn, moment_of
from beacon_sim.faults.schedule import in_words
from beacon_sim.faults.world import LEVERS, Plan, Story
from queue_server.core import events as e

Key = tuple[str, str]
"""A visit, and a line; the line is empty for what concerns the visit as a whole."""
Happening = tuple[datetime, str, str, str]
"""When, what, at which step, and the rest that matters for the order."""

NOT_OF_THE_ORDER: Final = (
    e.AliasGiven,
    e.PatientNamed,
    e.CardBound,
    e.ScanRefused,
    e.ProvisionalUnmatched,
)
BY_SCAN: Final = frozenset({"CheckedIn", "ScannedEarlier", "Requeued"})
"""What a scan can lead to by itself."""


class Way(StrEnum):
    """How a fault reached a family at a line."""

    OWN_SCAN = "own scan"
    CARRIED = "carried"
    IN_LINE = "in line"
    SHARED_WINDOW = "shared window"
    ONE_GUARDIAN = "one guardian"


@dataclass(frozen=True, slots=True)
class Difference:
    """A family at a line, where it first went otherwise."""

    visit: str
    line: str
    since: datetime
    way: Way | None
    """None: unexplained."""
    because: str
    """In words."""
    by: Key | None = None
    """The difference that led to this one."""


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls of a disturbed day against the undisturbed one."""

    total: int
    equal: int
    """Same family, room and moment."""


def happenings(story: Story) -> dict[Key, list[Happening]]:
    """What happened to each visit at each line, in order, without what has no say in the order (numbers, slips)."""
    lines: dict[str, str] = {}
    found: defaultdict[Key, list[Happening]] = defaultdict(list)
    for event, when in zip(story.events, story.when, strict=True):
        visit = getattr(event, "visit", None)
        if visit is None or isinstance(event, NOT_OF_THE_ORDER):
            continue
        for plan in getattr(event, "plan", ()):
            lines[plan.step] = plan.group
        step = getattr(event, "step", "")
        if isinstance(event, e.StepQueued) and event.group:
            lines[step] = event.group
        rest = " ".join(_rest(event))
        found[visit, lines.get(step, "")].append((when, type(event).__name__, step, rest))
    return found


def _rest(event: e.Event) -> Iterable[str]:
    if isinstance(event, e.CheckedIn | e.ScannedEarlier | e.StepQueued | e.Requeued):
        yield f"{event.rank.ref.timestamp():.6f}"
        yield f"{event.rank.since.timestamp():.6f}"
    for name in ("point", "need", "doctor", "accepted"):
        value = getattr(event, name, None)
        if value is not None:
            yield str(value)


@dataclass(frozen=True, slots=True)
class Parting:
    """Where two histories part: when, and by what."""

    moment: datetime
    by_scan: bool
    """Whether it is what a scan led to that differs."""


def parting(ours: list[Happening], theirs: list[Happening]) -> Parting | None:
    """Where two histories part; None when they don't."""
    for mine, other in zip_longest(ours, theirs):
        if mine != other:
            pair = [each for each in (mine, other) if each]
            by_scan = any(each[1] in BY_SCAN for each in pair)
            return Parting(min(each[0] for each in pair), by_scan)
    return None


def differences(calm: Story, rough: Story, scans: dict[int, list[CameIn]]) -> list[Difference]:
    """All families at lines that went otherwise, by time, each with its cause if it has one."""
    before, after = happenings(calm), happenings(rough)
    parted: dict[Key, Parting] = {}
    for key in before.keys() | after.keys():
        found = parting(before.get(key, []), after.get(key, []))
        if found:
            parted[key] = found
    return _Causes(calm.plan, scans).explain(parted)


class _Causes:
    def __init__(self, plan: Plan, scans: dict[int, list[CameIn]]) -> None:
        self.plan = plan
        self.scans = scans
        self.parted: dict[Key, Parting] = {}
        self.of_visit: defaultdict[str, list[Difference]] = defaultdict(list)
        self.sharing = _sharing(plan)
        self.of_line: defaultdict[str, list[Difference]] = defaultdict(list)

    def explain(self, parted: dict[Key, Parting]) -> list[Difference]:
        self.parted = parted
        order = sorted(parted, key=lambda key: (parted[key].moment, index_of(key[0]), key[1]))
        found: list[Difference] = []
        position = 0
        while position < len(order):
            moment = parted[order[position]].moment
            together = [key for key in order[position:] if parted[key].moment == moment]
            found += self._at(moment, together)
            position += len(together)
        return found

    def _at(self, moment: datetime, keys: list[Key]) -> list[Difference]:
        """What parts at one moment may be explained by what else does: until nothing more is."""
        found: list[Difference] = []
        open_ = list(keys)
        while True:
            explained = [each for key in open_ if (each := self._explained(key, moment))]
            if not explained:
                break
            for each in explained:
                self.of_visit[each.visit].append(each)
                self.of_line[each.line].append(each)
                open_.remove((each.visit, each.line))
            found += explained
        nothing = "nothing that a fault could have done"
        return found + [Difference(*key, moment, None, nothing) for key in open_]

    def _explained(self, key: Key, since: datetime) -> Difference | None:
        visit, line = key
        scan = self._own_scan(visit, since) if self.parted[key].by_scan else None
        if scan:
            return Difference(visit, line, since, Way.OWN_SCAN, scan)
        for way, others in (
            (Way.CARRIED, self.of_visit[visit]),
            (Way.IN_LINE, self.of_line[line] if line else []),
            (Way.SHARED_WINDOW, [d for other in self.sharing[line] for d in self.of_line[other]]),
            (
                Way.ONE_GUARDIAN,
                [d for other in self._siblings(visit) for d in self.of_visit[other]],
            ),
        ):
            if others:
                first = others[0]
                words = f"{first.visit} went otherwise at {first.line or 'its own'}"
                return Difference(visit, line, since, way, words, (first.visit, first.line))
        return None

    def _own_scan(self, visit: str, since: datetime) -> str | None:
        for each in self.scans.get(index_of(visit), ()):
            off = each.late or each.misdated
            accounted = each.in_time and each.due.faults
            if off and accounted and moment_of(each.scan.minute) <= since:
                return came_in_words(each)
        return None

    def _siblings(self, visit: str) -> list[str]:
        drawn, index = self.plan.drawn, index_of(visit)
        found = []
        if index and drawn.with_previous[index]:
            found.append(index - 1)
        if index + 1 < drawn.count and drawn.with_previous[index + 1]:
            found.append(index + 1)
        return [visit_id(each) for each in found]


def _sharing(plan: Plan) -> defaultdict[str, list[str]]:
    """Lines that have a window in common, by line."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for point in site_of(plan.drawn, LEVERS).points.values():
        for other in point.helps:
            found[point.group].append(other)
            found[other].append(point.group)
    return found


def came_in_words(each: CameIn) -> str:
    """What became of a scan, in one sentence."""
    said = (
        f"scan of v{each.scan.index} at {_clock(moment_of(each.scan.minute))} on {each.scan.kiosk}"
    )
    if each.arrival is None:
        return f"{said} never came in"
    late = (each.arrival.moment - moment_of(each.scan.minute)).total_seconds()
    span = f"{late / 60:.0f} min" if late >= 90 else f"{late:.0f} s"
    how = f"{said} came in {span} later" if each.late else f"{said} carries a wrong time"
    return f"{how} ({'; '.join(in_words(fault) for fault in each.due.faults)})"


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M:%S}"


def calls(story: Story) -> list[tuple[datetime, str, str, str]]:
    """Calls in order: when, visit, step, point."""
    return [
        (when, event.visit, event.step, event.point)
        for event, when in zip(story.events, story.when, strict=True)
        if isinstance(event, e.Called)
    ]


def compare_calls(calm: Story, rough: Story) -> Calls:
    """How many calls of the disturbed day are just as they would have been."""
    ours = calls(rough)
    return Calls(len(ours), len(set(ours) & set(calls(calm))))
