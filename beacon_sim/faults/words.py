"""A day with faults in plain words, with times."""

from collections.abc import Iterator
from datetime import datetime

from beacon_sim.day.run import index_of
from beacon_sim.faults.causes import Difference, Way, calls, came_in_words
from beacon_sim.faults.check import Verdict
from beacon_sim.faults.lateness import CameIn, moment_of, scans_of
from beacon_sim.faults.schedule import in_words
from beacon_sim.faults.world import Story
from queue_server.core import events as e

Line = tuple[datetime, str]
NAMED: int = 4
"""So many families are named in a sentence; of more, how many."""


def story_lines(verdict: Verdict) -> list[str]:
    """The story of a short day: faults, scans, calls by the clock, and what is wrong with it."""
    lines: list[Line] = [(moment_of(fault.at), in_words(fault)) for fault in verdict.faults]
    story = verdict.story
    if story:
        lines += _scans(story, verdict)
        lines += _events(story)
        lines += [(each.at, "the server starts again from its journal") for each in story.restarts]
    told = [
        text if text[2:3] == ":" else f"{when:%H:%M:%S} {text}"
        for when, text in sorted(lines, key=lambda line: line[0])
    ]
    return [*told, *(f"✗ {problem.kind}: {problem.sentence}" for problem in verdict.problems)]


def _scans(story: Story, verdict: Verdict) -> Iterator[Line]:
    for several in scans_of(story, verdict.faults).values():
        for each in several:
            yield moment_of(each.scan.minute), _scan(each)


def _scan(each: CameIn) -> str:
    if each.late or each.misdated or each.arrival is None:
        return came_in_words(each)
    return f"v{each.scan.index} scans its card on {each.scan.kiosk}; the server hears it at once"


def _events(story: Story) -> Iterator[Line]:
    for event, when in zip(story.events, story.when, strict=True):
        match event:
            case e.CheckedIn(visit=visit, ticket=ticket, at=at):
                yield when, f"{visit} is checked in as of {at:%H:%M:%S} with number {ticket}"
            case e.ScannedEarlier(visit=visit, at=at):
                yield when, f"{visit} was here earlier: its place is by {at:%H:%M:%S} now"
            case e.Called(visit=visit, step=step, point=point):
                yield when, f"{visit} is called to {point} ({step})"
            case e.Missed(visit=visit):
                yield when, f"{visit} does not come"
            case e.Requeued(visit=visit):
                yield when, f"{visit} stands in line again"
            case _:
                pass


def explanation(calm: Story, rough: Story, difference: Difference, cause: CameIn | None) -> str:
    """One difference in words: who, what it led to, and why.

    Args:
        calm: the undisturbed day.
        rough: the disturbed one.
        difference: what is to be explained.
        cause: for `OWN_SCAN`, the family's scan.
    """
    visit, line = difference.visit, difference.line
    if difference.way is Way.OWN_SCAN and cause:
        return f"{difference.because}; {_outcome(calm, rough, visit, cause)}"
    where = line or "its own steps"
    way = difference.way or "unexplained"
    return f"{visit} at {where} since {difference.since:%H:%M:%S}: {way}, {difference.because}"


def _outcome(calm: Story, rough: Story, visit: str, cause: CameIn) -> str:
    before = _first_calls(calm, visit)
    after = _first_calls(rough, visit)
    if visit not in before or visit not in after:
        return "called on one of the two days only"
    when, other = after[visit], before[visit]
    if when == other:
        return f"called at {when:%H:%M:%S} all the same"
    ahead = [
        each
        for each, at in after.items()
        if each != visit
        and at < when
        and before.get(each, datetime.max.replace(tzinfo=at.tzinfo)) > other
    ]
    said = f"called at {when:%H:%M:%S} instead of {other:%H:%M:%S}"
    arrived = cause.arrival.moment if cause.arrival else None
    early = [each for each in ahead if arrived and after[each] < arrived]
    if early:
        return f"{said}, after {_names(early)} who {'were' if len(early) > 1 else 'was'} called before it came in"
    return f"{said}, after {_names(ahead)}" if ahead else said


def _first_calls(story: Story, visit: str) -> dict[str, datetime]:
    """Each family's first call in the line at which this one checks in."""
    department = story.plan.drawn.department
    line = int(department[index_of(visit)])
    found: dict[str, datetime] = {}
    for when, who, step, _ in calls(story):
        if step.endswith("/1") and int(department[index_of(who)]) == line:
            found.setdefault(who, when)
    return found


def _names(visits: list[str]) -> str:
    named = ", ".join(visits[:NAMED])
    more = len(visits) - NAMED
    return f"{named} and {more} more" if more > 0 else named


def explanations(calm: Story, verdict: Verdict) -> list[str]:
    """All differences of a day in words, by time."""
    rough = verdict.story
    if rough is None:
        return []
    scans = scans_of(rough, verdict.faults)
    found = []
    for difference in verdict.differences:
        several = scans.get(index_of(difference.visit), [])
        cause = next((s for s in several if came_in_words(s) == difference.because), None)
        found.append(explanation(calm, rough, difference, cause))
    return found
