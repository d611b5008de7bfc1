"""What time brings, what the site file says, what is on the boards: the housekeeping of the queue."""

from collections.abc import Iterator
from datetime import datetime

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.asking import bad_length, bad_words, nothing
from queue_server.core.reload import reload_refusal
from queue_server.core.state import Hospital
from queue_server.core.vocabulary import StepState


def housekeeping(h: Hospital, command: c.Housekeeping, now: datetime) -> c.Decision:
    """Everything that concerns no single family."""
    if isinstance(command, c.LoadSite):
        return _load_site(h, command, now)
    return c.Decision(tuple(_noted(h, command, now)), c.Accepted())


def _noted(  # noqa: C901  # a table: one case a command
    h: Hospital, command: c.Housekeeping, now: datetime
) -> Iterator[e.Event]:
    match command:
        case c.OpenDay():
            day = h.site.day(now)
            # never back: a clock that was set back must not open yesterday again
            if h.day is None or day > h.day:
                yield e.DayOpened(now, day)
        case c.NoteSite(version, text):
            if version != h.site_version:
                yield e.SiteLoaded(now, version, text)
        case c.Tick():
            yield from _tick(h, now)
        case c.AskHelp(agent, pressed_at):
            if agent not in h.help_asked:
                yield e.HelpAsked(min(pressed_at, now), agent)
        case c.AnswerHelp(agent, by):
            if agent in h.help_asked:
                yield e.HelpAnswered(now, agent, by)
        case c.NoteGap(agent, install, first, last):
            yield e.SequenceGap(now, agent, install, first, last)
        case c.LoadSite():
            pass


def _load_site(h: Hospital, command: c.LoadSite, now: datetime) -> c.Decision:
    problems = reload_refusal(h, command.site)
    if problems:
        return nothing(c.Refused(c.Reason.SITE_IN_USE, detail="\n".join(problems)))
    if command.site.version == h.site_version:
        return c.Decision((), c.Accepted())
    loaded = e.SiteLoaded(now, command.site.version, command.site.text)
    return c.Decision((loaded,), c.Accepted())


def _tick(h: Hospital, now: datetime) -> Iterator[e.Event]:
    """Places whose time is over, tests that can't be done any more, messages that have ended."""
    for group in h.held.values():
        for id in group:
            step = h.steps[id]
            if step.held_until and step.held_until <= now:
                yield e.Released(now, step.visit, id)
    for id, before in h.deadlines.items():
        step = h.steps[id]
        if before <= now and step.state in (StepState.WAITING, StepState.AT_DOOR):
            yield e.StepExpired(now, step.visit, id, "too_late")
    for each in h.announcements.values():
        if each.until and each.until <= now:
            yield e.AnnouncementEnded(now, each.id, "")
    for closed in h.ways_closed.values():
        if closed.until and closed.until <= now:
            yield e.WayOpened(now, closed.feature, "")


def broadcast(h: Hospital, command: c.Broadcast | c.EndBroadcast, now: datetime) -> c.Decision:
    """Put a message on boards, or take it off (广播)."""
    if isinstance(command, c.EndBroadcast):
        if command.id not in h.announcements:
            return c.Decision((), c.Accepted())
        return c.Decision((e.AnnouncementEnded(now, command.id, command.by),), c.Accepted())
    if command.area is not None and command.area not in h.site.areas:
        return nothing(c.Refused(c.Reason.UNKNOWN_AREA, detail=command.area))
    refusal = bad_length(command.limit, None) or bad_words(command.zh, None)
    refusal = refusal or bad_words(command.en, None)
    if refusal:
        return refusal
    until = now + command.limit if command.limit else None
    said = e.Announced(
        now, command.id, command.area, command.zh.strip(), command.en.strip(), until, command.by
    )
    known = h.announcements.get(command.id)
    if known and (known.area, known.zh, known.en) == (said.area, said.zh, said.en):
        return c.Decision((), c.Accepted())
    return c.Decision((said,), c.Accepted())
