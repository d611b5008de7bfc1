"""What must hold on a disturbed day, and whether it did. Nothing here asks the rules of the queue what they think."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from beacon_sim.day.run import index_of, visit_id
from beacon_sim.faults.causes import (
    Calls,
    Difference,
    Way,
    came_in_words,
    compare_calls,
    differences,
)
from beacon_sim.faults.kiosks import Arrival, card_of, text_of
from beacon_sim.faults.lateness import CameIn, believed, scans_of
from beacon_sim.faults.schedule import Schedule
from beacon_sim.faults.world import Plan, Story, disturbed, retold, undisturbed
from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.journal import Journal, MemoryJournal


class Kind(StrEnum):
    """What went wrong."""

    LOST = "check-in lost"
    SCAN_LOST = "scan lost"
    DOUBLED = "checked in twice"
    NUMBER_TWICE = "number given twice"
    CALLED_TWICE = "called twice"
    UNSENT = "never acknowledged"
    TOO_LATE = "later than the faults account for"
    WRONG_PLACE = "place by the wrong moment"
    RETOLD = "not what the rules say"
    UNEXPLAINED = "difference without a cause"
    BROKE_OFF = "the day broke off"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that must not be."""

    kind: Kind
    sentence: str
    visit: str | None = None


NO_CALLS: Final = Calls(0, 0)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a day with faults."""

    seed: int
    faults: Schedule
    problems: tuple[Problem, ...]
    checked_in: int = 0
    late: int = 0
    """Scans that came in later than they were made, or with a time that is not the true one."""
    restarts: int = 0
    messages: int = 0
    calls: Calls = NO_CALLS
    differences: tuple[Difference, ...] = ()
    story: Story | None = None

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def count(self, kind: Kind) -> int:
        """How many problems of a kind."""
        return sum(problem.kind is kind for problem in self.problems)

    def reached(self, way: Way | None) -> int:
        """How many differences came about in a way."""
        return sum(each.way is way for each in self.differences)


def judge(
    plan: Plan,
    faults: Schedule,
    make_journal: Callable[[], Journal] = MemoryJournal,
    calm: Story | None = None,
) -> Verdict:
    """Run a day with faults and say what came of it; `calm` spares running the undisturbed day again."""
    try:
        rough = disturbed(plan, faults, make_journal())
    except Exception as error:  # whatever a broken server does to its day is a finding
        return Verdict(
            plan.seed, faults, (Problem(Kind.BROKE_OFF, f"{type(error).__name__}: {error}"),)
        )
    calm = calm or undisturbed(plan)
    scans = scans_of(rough, faults)
    changed = differences(calm, rough, scans)
    problems = [
        *_lost_or_doubled(rough),
        *_numbers(rough),
        *_called_twice(rough),
        *_unsent(rough),
        *_too_late(scans),
        *_places(rough),
        *_as_the_rules_say(rough),
        *_unexplained(changed),
    ]
    return Verdict(
        plan.seed,
        faults,
        tuple(problems),
        sum(isinstance(event, e.CheckedIn) for event in rough.events),
        sum(each.late or each.misdated for several in scans.values() for each in several),
        len(rough.restarts),
        len(rough.arrivals()),
        compare_calls(calm, rough),
        tuple(changed),
        rough,
    )


def _lost_or_doubled(story: Story) -> Iterator[Problem]:
    times = Counter(event.visit for event in story.events if isinstance(event, e.CheckedIn))
    for index in dict.fromkeys(scan.index for scan in story.scans):
        visit = visit_id(index)
        if times[visit] == 0:
            yield Problem(Kind.LOST, f"{visit} scanned its card and was never checked in", visit)
        if times[visit] > 1:
            yield Problem(Kind.DOUBLED, f"{visit} was checked in {times[visit]} times", visit)


def _numbers(story: Story) -> Iterator[Problem]:
    """Numbers that the server gave, and slips of the kiosks that it joined to visits."""
    owner: dict[str, str] = {}
    for event in story.events:
        match event:
            case e.CheckedIn(visit=visit, ticket=number) | e.AliasGiven(visit=visit, alias=number):
                had = owner.setdefault(number, visit)
                if had != visit:
                    said = f"number {number} was given to {had} and to {visit}"
                    yield Problem(Kind.NUMBER_TWICE, said, visit)
            case _:
                pass


def _called_twice(story: Story) -> Iterator[Problem]:
    at: dict[str, str] = {}
    for event in story.events:
        match event:
            case e.Called(step=step, point=point, visit=visit):
                if step in at:
                    said = f"{visit} was called to {point} while called to {at[step]}"
                    yield Problem(Kind.CALLED_TWICE, said, visit)
                at[step] = point
            case e.Missed(step=step):
                at.pop(step, None)
            case _:
                pass


def _unsent(story: Story) -> Iterator[Problem]:
    if story.unsent:
        yield Problem(Kind.UNSENT, f"{story.unsent} messages were never acknowledged")


def _too_late(scans: dict[int, list[CameIn]]) -> Iterator[Problem]:
    for several in scans.values():
        for each in several:
            visit = visit_id(each.scan.index)
            if each.arrival is None:
                yield Problem(Kind.SCAN_LOST, came_in_words(each), visit)
            elif not each.in_time or ((each.late or each.misdated) and not each.due.faults):
                yield Problem(Kind.TOO_LATE, came_in_words(each), visit)


def _places(story: Story) -> Iterator[Problem]:
    """The moment by which a family stands in line is the earliest believed one of all its messages that had come in."""
    arrivals: defaultdict[str | None, list[Arrival]] = defaultdict(list)
    for arrival in story.arrivals():
        if isinstance(arrival.command, c.Scan | c.GiveAlias):
            arrivals[arrival.command.card].append(arrival)
    stands: dict[str, datetime] = {}
    called: set[str] = set()
    for event, when in zip(story.events, story.when, strict=True):
        match event:
            case e.CheckedIn(visit=visit, at=at) | e.ScannedEarlier(visit=visit, at=at):
                stands[visit] = at
            case e.Called(visit=visit) if visit in stands and visit not in called:
                called.add(visit)
                yield from _place(visit, stands[visit], arrivals, when)
            case _:
                pass


def _place(
    visit: str,
    stands: datetime,
    arrivals: dict[str | None, list[Arrival]],
    called: datetime,
) -> Iterator[Problem]:
    card = card_of(text_of(index_of(visit)))
    moments = [believed(each) for each in arrivals[card] if each.moment < called]
    if moments and stands != min(moments):
        said = f"{visit} stands by {stands:%H:%M:%S}, its messages say {min(moments).astimezone(stands.tzinfo):%H:%M:%S}"
        yield Problem(Kind.WRONG_PLACE, said, visit)


def _as_the_rules_say(story: Story) -> Iterator[Problem]:
    """Event for event what the bare rules do with each message once, as it came in first."""
    try:
        told = retold(story)
    except Exception as error:  # a lost call leads people where the rules have nobody
        yield Problem(Kind.RETOLD, f"the same messages lead elsewhere: {type(error).__name__}")
        return
    for event, other in zip(story.events, told.events, strict=False):
        if event != other:
            said = f"the server has {_brief(event)}, the rules have {_brief(other)}"
            yield Problem(Kind.RETOLD, said, getattr(event, "visit", None))
            return
    if len(story.events) != len(told.events):
        said = f"the server has {len(story.events)} events, the rules have {len(told.events)}"
        yield Problem(Kind.RETOLD, said)


def _brief(event: e.Event) -> str:
    about = " ".join(
        str(getattr(event, name))
        for name in ("visit", "step", "point", "agent")
        if hasattr(event, name)
    )
    return f"{type(event).__name__} {about} at {event.at:%H:%M:%S}"


def _unexplained(changed: list[Difference]) -> Iterator[Problem]:
    for each in changed:
        if each.way is None:
            said = f"{each.visit} at {each.line or 'its own'} since {each.since:%H:%M:%S}: {each.because}"
            yield Problem(Kind.UNEXPLAINED, said, each.visit)
